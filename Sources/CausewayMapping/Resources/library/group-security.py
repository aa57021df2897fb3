# Name: groups: security
# Kind: group
# About: Makes every group a security group, with its description and a nickname that Entra accepts. Use it instead
#        of the default mapping for groups. Adapt the attribute of descriptions.
#
# A description that is missing is left out, so that the one in Entra stays: an empty one would be refused.

# The attribute with a group's description.
DESCRIPTION = "description"
# What descriptions begin with, to show in Entra where a group comes from.
PREFIX = ""
# How many characters Graph accepts.
LONGEST_NAME = 256
LONGEST_DESCRIPTION = 1024

properties = {
    "display_name": group.name[:LONGEST_NAME].strip(),
    # Security groups have no mail, but Entra requires a nickname. An existing one stays.
    "mail_nickname": connection and connection.attributes.get("mail_nickname") or mail_nickname(group),
    "mail_enabled": False,
    "security_enabled": True,
}
description = group.attributes.get(DESCRIPTION)
if isinstance(description, str) and description.strip():
    properties["description"] = (PREFIX + description.strip())[:LONGEST_DESCRIPTION].strip()
return properties
