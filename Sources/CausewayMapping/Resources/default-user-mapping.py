# Microsoft Graph's user properties, in snake_case:
# https://learn.microsoft.com/en-us/graph/api/resources/user
from msgraph.generated.models.password_profile import PasswordProfile

properties = {
    "display_name": request.user.name,
    "account_enabled": request.user.is_active,
    # The user name, or the part of it that Entra accepts: of an address the part before the @.
    "mail_nickname": mail_nickname(request.user, connection),
    "user_principal_name": request.user.email,
}
if connection:
    # The account exists: it keeps its immutable id.
    properties["on_premises_immutable_id"] = connection.attributes.get("on_premises_immutable_id")
else:
    # A new account gets a random password, to be changed at the first sign-in, and an id by which it is found again.
    properties["password_profile"] = PasswordProfile(password=request.user.password)
    properties["on_premises_immutable_id"] = request.user.uid
return properties
