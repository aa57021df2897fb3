# Name: groups: with a mailbox (Microsoft 365)
# Kind: group
# About: Makes groups whose attribute "microsoft_365" is true Microsoft 365 groups, with a mailbox, and leaves the
#        others to the other mappings. Adapt the attribute and who may see the groups.
#
# What an administrator should know of them:
# - Their members are users only, and they are members of nothing: groups within groups are refused by Entra.
# - Their nickname becomes their address and is unique among them; a group keeps the one that it has. New groups whose
#   names would give the same, such as R & D and r-d, get a piece of their key behind it; the attribute "nickname"
#   settles it.
# - Entra never turns a security group into one. A group that exists as such stays what it is; delete it there to have
#   it made anew.
# - They have no owner, unless somebody gives them one in Entra; some of their services wait for that.
#
# The name of this mapping must come after those of other mappings for groups, since the later of two values counts.

# Which attribute chooses a group, and whether all are chosen without it.
CHOICE = "microsoft_365"
ALL_GROUPS = False
# Who may see and join: "Private" or "Public"; a group's attribute "visibility" wins. That may also be
# "HiddenMembership", which only a new group can get.
VISIBILITY = "Private"
# Whether they can be given access to things as well.
SECURITY_ENABLED = False
# How many characters Graph takes.
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
    # Hidden or not is settled when a group is made.
    properties["visibility"] = known.get("visibility", VISIBILITY)

if not connection:
    # The kind of a group is settled when it is made.
    properties["group_types"] = ["Unified"]
    properties["mail_enabled"] = True
return properties
