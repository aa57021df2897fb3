# Name: groups: security
# Kind: group
# About: Makes every group a security group, with its description and a nickname that Entra accepts. Use it in place
#        of the default mapping for groups. Adapt where descriptions are kept.
#
# A description that is missing is left out, so that whatever Entra holds stays: an empty one would be refused.

# Where a group's description is kept.
DESCRIPTION = "description"
# What descriptions begin with, to tell in Entra where a group comes from.
PREFIX = ""
# How many characters Graph takes.
LONGEST_NAME = 256
LONGEST_DESCRIPTION = 1024

properties = {
    "display_name": group.name[:LONGEST_NAME].strip(),
    # Security groups have no mail, but Entra wants a nickname all the same. One that is there stays.
    "mail_nickname": connection and connection.attributes.get("mail_nickname") or mail_nickname(group),
    "mail_enabled": False,
    "security_enabled": True,
}
description = group.attributes.get(DESCRIPTION)
if isinstance(description, str) and description.strip():
    properties["description"] = (PREFIX + description.strip())[:LONGEST_DESCRIPTION].strip()
return properties
