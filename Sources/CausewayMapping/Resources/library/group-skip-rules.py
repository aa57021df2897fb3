# Name: groups: only those chosen
# Kind: group
# About: Provisions only groups whose attribute "entra" is true, and those directly below some groups. Use it together
#        with the mapping that creates the groups. Adapt the attribute and the parents.
#
# A skipped group is left alone: not created, not changed and not deleted, and its members stay as they are. A
# group that was provisioned before stays in Entra. This mapping returns no properties.

# True, "true", "yes", "on" or 1 in this attribute selects a group; any other value that is not empty skips it.
CHOICE = "entra"
# Groups below these are selected if the attribute is missing.
PARENTS = ["Entra"]

answer = group.attributes.get(CHOICE)
answer = "" if answer is None else str(answer).strip().lower()
if answer:
    chosen = answer in ["true", "yes", "on", "1"]
else:
    chosen = any(parent.name in PARENTS for parent in group.parents.all())
if not chosen:
    raise SkipObject
return {}
