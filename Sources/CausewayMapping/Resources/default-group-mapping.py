# Microsoft Graph's group properties, in snake_case:
# https://learn.microsoft.com/en-us/graph/api/resources/group
return {
    "display_name": group.name,
    "mail_enabled": False,
    "security_enabled": True,
    "mail_nickname": slugify(group.name),
}
