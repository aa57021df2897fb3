# Name: groups: with a mailbox (Microsoft 365)
# Kind: group
# About: Makes groups whose attribute "microsoft_365" is true Microsoft 365 groups, with a mailbox, and leaves all
#        others to the other mappings. Adapt the attribute and who may see the groups.
#
# What an administrator should know about them:
# - Their members are users, and they cannot be members of groups: Entra refuses nested groups.
# - Their nickname becomes their address and is unique among them; a group keeps its nickname. New groups whose
#   names would give the same nickname, such as R & D and r-d, get a part of their key after it; the attribute "nickname"
#   overrides it.
# - Entra never turns a security group into one. A group that exists as such stays what it is; delete it in Entra to
#   have it created again.
# - They have no owner until one is added in Entra; some of their services need one.
#
# The name of this mapping must come after those of other mappings for groups, since the later of two values counts.

# Which attribute selects a group, and whether all are selected without it.
CHOICE = "microsoft_365"
ALL_GROUPS = False
# Who may see and join: "Private" or "Public"; a group's attribute "visibility" wins. It may also be
# "HiddenMembership", which only a new group can get.
VISIBILITY = "Private"
# Whether access to resources can be assigned to them as well.
SECURITY_ENABLED = False
# How many characters Graph accepts.
LONGEST_NAME = 256
LONGEST_DESCRIPTION = 1024

chosen = str(group.attributes.get(CHOICE, ALL_GROUPS)).strip().lower() in ["true", "yes", "1"]
known = connection.attributes if connection else {}
if not chosen or (connection and "Unified" not in (known.get("group_types") or [])):
    return {}

stated = group.attributes.get("nickname")
properties = {
    "display_name": group.name[:LONGEST_NAME].strip(),
    "mail_nickname": known.get("mail_nickname") or stated or mail_nickname(group, unique=True),
    "security_enabled": SECURITY_ENABLED,
}
description = group.attributes.get("description")
if isinstance(description, str) and description.strip():
    properties["description"] = description.strip()[:LONGEST_DESCRIPTION].strip()

wanted = group.attributes.get("visibility")
properties["visibility"] = wanted if wanted in ["Private", "Public", "HiddenMembership"] else VISIBILITY
if connection and "HiddenMembership" in [wanted, known.get("visibility")]:
    # Hidden membership can be set only when a group is created.
    properties["visibility"] = known.get("visibility", VISIBILITY)

if not connection:
    # The kind of a group can be set only when it is created.
    properties["group_types"] = ["Unified"]
    properties["mail_enabled"] = True
return properties
