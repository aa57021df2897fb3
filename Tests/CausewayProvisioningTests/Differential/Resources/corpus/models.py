# %% user: a password profile
from msgraph.generated.models.password_profile import PasswordProfile

return {"password_profile": PasswordProfile(password="Fixed-4-the-test", force_change_password_next_sign_in=True)}

# %% user: a password profile only at creation
from msgraph.generated.models.password_profile import PasswordProfile

result = {"display_name": user.name}
if not connection:
    profile = PasswordProfile(password=request.user.password)
    result["profile"] = {"set": profile.password == user.password, "force": profile.force_change_password_next_sign_in}
return result

# %% user: identities
from msgraph.generated.models.object_identity import ObjectIdentity

return {"identities": [
    ObjectIdentity(sign_in_type="emailAddress", issuer="tenant.onmicrosoft.com", issuer_assigned_id=user.email),
    ObjectIdentity(sign_in_type="userName", issuer="tenant.onmicrosoft.com", issuer_assigned_id=user.username),
]}

# %% user: extension attributes
from msgraph.generated.models.on_premises_extension_attributes import OnPremisesExtensionAttributes

extension = OnPremisesExtensionAttributes()
extension.extension_attribute1 = user.attributes.get("cost_center")
extension.extension_attribute15 = user.path
return {"on_premises_extension_attributes": extension}

# %% user: extension attributes set by number
from msgraph.generated.models.on_premises_extension_attributes import OnPremisesExtensionAttributes

extension = OnPremisesExtensionAttributes()
for number, tag in enumerate(user.attributes.get("tags") or [], start=1):
    setattr(extension, f"extension_attribute{number}", tag)
return {"on_premises_extension_attributes": extension}

# %% user: organisation data
from msgraph.generated.models.employee_org_data import EmployeeOrgData

own = user.group_attributes()
return {"employee_org_data": EmployeeOrgData(cost_center=own.get("cost_center"), division=own.get("department"))}

# %% user: licences as models
from msgraph.generated.models.assigned_license import AssignedLicense
from uuid import UUID

SKUS = {"E3": UUID("05e9a617-0261-4cee-bb44-138d3ef5d965"), "E5": UUID("06ebc4ee-1bb5-47dd-8120-11324bc54e06")}
codes = user.attributes.get("licenses") or []
return {"assigned_licenses": [AssignedLicense(sku_id=SKUS[code], disabled_plans=[]) for code in codes if code in SKUS]}

# %% user: what is not set reads as None
from msgraph.generated.models.password_profile import PasswordProfile

profile = PasswordProfile()
return {"password": profile.password, "force": profile.force_change_password_next_sign_in, "profile": profile}

# %% user: a keyword that is no property
from msgraph.generated.models.password_profile import PasswordProfile

return {"password_profile": PasswordProfile(passwort="x")}

# %% user: a camel case keyword
from msgraph.generated.models.password_profile import PasswordProfile

return {"password_profile": PasswordProfile(forceChangePasswordNextSignIn=True)}

# %% user: an attribute that is no property
from msgraph.generated.models.object_identity import ObjectIdentity

identity = ObjectIdentity(issuer="x")
identity.sign_in_typ = "federated"
return {"identities": [identity]}

# %% user: reading what is no property
from msgraph.generated.models.object_identity import ObjectIdentity

identity = ObjectIdentity(issuer="x")
if user.is_active:
    return {"has": hasattr(identity, "issuer"), "lacks": hasattr(identity, "nope"), "default": getattr(identity, "nope", "none")}
return {"value": identity.nope}

# %% user: a model without its class
from msgraph.generated.models.password_profile import Password

return {"password_profile": Password()}

# %% user: a module that does not exist
from msgraph.generated.models.pass_word_profile import PassWordProfile

return {"password_profile": PassWordProfile()}

# %% user: imported under another name
from msgraph.generated.models.object_identity import ObjectIdentity as Identity
import msgraph.generated.models.password_profile as profiles

return {"identities": [Identity(issuer=user.username)], "profile": profiles.PasswordProfile(password="a" * 16)}

# %% user: models inside models and dicts
from msgraph.generated.models.recipient import Recipient
from msgraph.generated.models.email_address import EmailAddress

recipient = Recipient(email_address=EmailAddress(address=user.email, name=user.name))
return {"recipient": recipient, "deep": {"list": [recipient]}, "address": recipient.email_address.address}

# %% user: a model changed after it was placed
from msgraph.generated.models.object_identity import ObjectIdentity

result = {"identities": [ObjectIdentity(issuer="first")]}
result["identities"][0].issuer = user.username
return result

# %% user: values inside a model are turned too
from datetime import datetime, timezone
from msgraph.generated.models.sign_in_activity import SignInActivity

return {"activity": SignInActivity(last_sign_in_date_time=datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc))}

# %% user: dicts instead of models
return {"identities": [{"sign_in_type": "federated", "issuer": "mail", "issuer_assigned_id": user.email}]}

# %% group: labels
from msgraph.generated.models.assigned_label import AssignedLabel

if group.is_superuser:
    return {"assigned_labels": [AssignedLabel(label_id="11111111-2222-3333-4444-555555555555", display_name="Restricted")]}
return {"assigned_labels": []}

# %% user: subclass of a model
from msgraph.generated.models.object_identity import ObjectIdentity


class Federated(ObjectIdentity):
    def describe(self):
        return f"{self.issuer}:{self.issuer_assigned_id}"


identity = Federated(issuer="mail", issuer_assigned_id=user.username)
return {"text": identity.describe(), "kind": isinstance(identity, ObjectIdentity)}

# %% user: models of users and groups
from authentik.core.models import Group, User

return {"user": isinstance(request.user, User), "groups": all(isinstance(found, Group) for found in user.groups.all()), "not": isinstance(user, Group)}
