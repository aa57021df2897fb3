# Microsoft Graph's group properties, in snake_case:
# https://learn.microsoft.com/en-us/graph/api/resources/group
properties = {
    "display_name": group.name,
    # The name as a slug, or the part of it that Entra accepts.
    "mail_nickname": mail_nickname(group, connection),
}
# A Microsoft 365 group that exists already stays what it is.
if not connection or "Unified" not in (connection.attributes.get("group_types") or []):
    properties["mail_enabled"] = False
    properties["security_enabled"] = True
return properties
