# %% user: default of May 2024, in development
return {"display_name": request.user.name, "account_enabled": request.user.is_active}

# %% user: default of 9 May 2024
from msgraph.generated.models.password_profile import PasswordProfile

properties = {
    "display_name": request.user.name,
    "account_enabled": request.user.is_active,
    "mail_nickname": request.user.username,
    "user_principal_name": request.user.email,
}
if creating:
    properties["password_profile"] = PasswordProfile(password=request.user.password)
return properties

# %% and
return {"password_profile": "covered" if creating else None}

# %% user: default of 30 May 2024, with the stray comma
from msgraph.generated.models.password_profile import PasswordProfile

properties = {
    "display_name": request.user.name,
    "account_enabled": request.user.is_active,
    "mail_nickname": request.user.username,
    "user_principal_name": request.user.email,
}
if connection:
    properties["on_premises_immutable_id"] = connection.attributes.get("on_premises_immutable_id")
else:
    properties["password_profile"] = PasswordProfile(password=request.user.password)
    properties["on_premises_immutable_id"] = request.user.uid,
return properties
# %% and
# Random by design, so it is covered up where it was given.
return None if connection else {"password_profile": "given"}

# %% user: default since February 2026
from msgraph.generated.models.password_profile import PasswordProfile

properties = {
    "display_name": request.user.name,
    "account_enabled": request.user.is_active,
    "mail_nickname": request.user.username,
    "user_principal_name": request.user.email,
}
if connection:
    properties["on_premises_immutable_id"] = connection.attributes.get("on_premises_immutable_id")
else:
    properties["password_profile"] = PasswordProfile(password=request.user.password)
    properties["on_premises_immutable_id"] = request.user.uid
return properties
# %% and
return None if connection else {"password_profile": "given"}

# %% user: default since February 2026 with another behind it
properties = {
    "display_name": request.user.name,
    "account_enabled": request.user.is_active,
    "mail_nickname": request.user.username,
    "user_principal_name": request.user.email,
}
properties["on_premises_immutable_id"] = connection.attributes.get("on_premises_immutable_id") if connection else request.user.uid
return properties
# %% and
if not request.user.email:
    raise SkipObject
return {"mail": request.user.email, "department": request.user.attributes.get("department")}

# %% user: users with and without a verified domain
from msgraph.generated.models.password_profile import PasswordProfile
from msgraph.generated.models.object_identity import ObjectIdentity

verified_domains = {
    "company.com",
    "example.com",
}

email = request.user.email
domain = email.split("@", 1)[-1].lower()

if domain in verified_domains:
    user = {
        "display_name": request.user.name,
        "account_enabled": request.user.is_active,
        "mail_nickname": request.user.username,
        "user_principal_name": request.user.email,
    }
    if connection:
        user["on_premises_immutable_id"] = connection.attributes.get("on_premises_immutable_id")
    else:
        user["password_profile"] = PasswordProfile(
            password=request.user.password
        )
        user["on_premises_immutable_id"] = request.user.uid
else:
    user = {
        "display_name": request.user.name,
        "mail": request.user.email,
        "password_policies": "DisablePasswordExpiration",
        "user_type": "member"
    }
    user["identities"] = [
        ObjectIdentity(
          sign_in_type = "federated",
          issuer = "mail",
          issuer_assigned_id = request.user.email,
        )
    ]

    user["password_profile"] = PasswordProfile(
        password=request.user.password
    )

return user
# %% and
return {"password_profile": {"password": "covered"}}

# %% user: the profile of the default, looked at
from msgraph.generated.models.password_profile import PasswordProfile

profile = PasswordProfile(password=request.user.password)
profile.password = "x" * min(len(profile.password), 16)
return {"password_profile": profile}

# %% group: group default of May 2024, in development
return {"display_name": group.name, "mail_enabled": False, "security_enabled": True}

# %% group: group default since the first release
return {
    "display_name": group.name,
    "mail_enabled": False,
    "security_enabled": True,
    "mail_nickname": slugify(group.name),
}

# %% group: group default with a description behind it
return {
    "display_name": group.name,
    "mail_enabled": False,
    "security_enabled": True,
    "mail_nickname": slugify(group.name),
}
# %% and
return {"description": group.attributes.get("description", group.name)[:1024], "mail_nickname": f"{slugify(group.name)}-{group.num_pk}"}
