# Name: guests: external users
# Kind: user
# About: Makes external users guests, who sign in with a code sent to their own address or by an invitation. Use it
#        together with the default mapping, which serves all other users. Adapt the rule for external users.
#
# A guest is created in one of two ways:
#
# 1. By an invitation, in Entra or through Graph's /invitations with the address and a target page
#    (invitedUserEmailAddress, inviteRedirectUrl). An invitation is a separate request, not a property of a user, so
#    a mapping cannot send it. Once the guest exists, the account is found by its mail address and kept up to date.
# 2. Without an invitation the account is created with the mail address as its identity; the guest signs in with a one-time
#    code that Entra sends there. This needs the permission User.ManageIdentities.All.
#
# The address of an existing guest is not changed: Entra requires a new invitation for that (resetRedemption).
#
# The name of this mapping must come after the default mapping's, since the later of two values for a property counts.

from msgraph.generated.models.object_identity import ObjectIdentity
from msgraph.generated.models.password_profile import PasswordProfile

# Whether to create accounts for guests who were not invited. If not, the plan reports for each of them that a
# user principal name is missing, until the invitation is sent.
MAKE_ACCOUNTS = True
# The paths of guests, in addition to users of the type "external".
PATHS = ["external"]
# "Guest" sees little of the directory, "Member" as much as employees.
USER_TYPE = "Guest"

in_path = any((request.user.path + "/").startswith(path + "/") for path in PATHS)
if request.user.type != "external" and not in_path:
    return {}

properties = {
    "display_name": request.user.name or request.user.email,
    "account_enabled": request.user.is_active,
    "user_type": USER_TYPE,
}

if connection:
    # Entra chose the names of this account, such as ada_partner.com#EXT#@company.onmicrosoft.com, and it keeps them.
    for name in ["user_principal_name", "mail_nickname", "on_premises_immutable_id"]:
        properties[name] = connection.attributes.get(name)
    return properties

# Only the address identifies a guest, and Entra accepts 64 plain characters of it. Without one, no account is created.
email = request.user.email.strip()
if not regex_match(email, r"^[!-?A-~]+@[!-?A-~]+$") or len(email) > 64:
    raise SkipObject

properties["mail"] = email
# The address is outside the tenant's domains, and Entra chooses a name. None overrides what the default mapping
# returns.
properties["user_principal_name"] = None
properties["on_premises_immutable_id"] = None
if MAKE_ACCOUNTS:
    properties["identities"] = [ObjectIdentity(sign_in_type="federated", issuer="mail", issuer_assigned_id=email)]
    # Entra requires a password that does not expire, although it is never used.
    properties["password_policies"] = "DisablePasswordExpiration"
    properties["password_profile"] = PasswordProfile(password=request.user.password)
return properties
