# Name: guests: external users
# Kind: user
# About: Makes external users guests, who sign in with a code sent to their own address or by an invitation. Use it
#        beside the default mapping, which gives what everybody else needs. Adapt whom you call external.
#
# A guest arrives in one of two ways:
#
# 1. Somebody invites them, in Entra or through Graph's /invitations with their address and a page to land on
#    (invitedUserEmailAddress, inviteRedirectUrl). An invitation is a request of its own and no property of a user, so
#    no mapping can send one. Once the guest exists, the account is found by its mail address and kept up to date.
# 2. Without an invitation the account is made with the mail address as its identity; the guest signs in with a one-time
#    code that Entra sends there. This needs the permission User.ManageIdentities.All.
#
# The address of a guest who exists is not changed: Entra asks for a new invitation then (resetRedemption).
#
# The name of this mapping must come after the default mapping's, since the later of two values for a property counts.

from msgraph.generated.models.object_identity import ObjectIdentity
from msgraph.generated.models.password_profile import PasswordProfile

# Whether to make accounts for guests whom nobody has invited. If not, the plan says of each of them that a
# user principal name is missing, until the invitation is sent.
MAKE_ACCOUNTS = True
# Whose accounts are guests', beside users of the type "external".
PATHS = ["external"]
# "Guest" sees little of the directory, "Member" what employees see.
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
    # Entra made up the names of this account, such as ada_partner.com#EXT#@company.onmicrosoft.com, and it keeps them.
    for name in ["user_principal_name", "mail_nickname", "on_premises_immutable_id"]:
        properties[name] = connection.attributes.get(name)
    return properties

# A guest is known by the address alone, of which Entra takes 64 plain characters. Without one there is nothing to make.
email = request.user.email.strip()
if not regex_match(email, r"^[!-?A-~]+@[!-?A-~]+$") or len(email) > 64:
    raise SkipObject

properties["mail"] = email
# The address is in no domain of ours, and Entra makes up a name of its own. None takes back what the default mapping
# gives.
properties["user_principal_name"] = None
properties["on_premises_immutable_id"] = None
if MAKE_ACCOUNTS:
    properties["identities"] = [ObjectIdentity(sign_in_type="federated", issuer="mail", issuer_assigned_id=email)]
    # Entra asks for a password that does not expire, though nobody ever uses it.
    properties["password_policies"] = "DisablePasswordExpiration"
    properties["password_profile"] = PasswordProfile(password=request.user.password)
return properties
