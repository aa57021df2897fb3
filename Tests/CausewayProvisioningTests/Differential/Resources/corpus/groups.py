# %% user: names of the direct groups
return {"groups": [group.name for group in user.groups.all()]}

# %% user: the former name of groups
return {"old": [found.name for found in user.ak_groups.all()], "same": list(user.ak_groups.all()) == list(user.groups.all())}

# %% user: direct and inherited groups
return {"groups": [found.name for found in user.all_groups()], "count": len(user.all_groups())}

# %% user: attributes of all groups
return {"attributes": user.group_attributes()}

# %% user: settings with the user's own on top
return {"settings": user.group_attributes().get("settings"), "cost_center": user.group_attributes().get("cost_center")}

# %% user: licences by group
LICENSES = {"Engineering": "E5", "Sales & Marketing": "E3"}
return {"licenses": sorted({LICENSES[found.name] for found in user.all_groups() if found.name in LICENSES})}

# %% user: licences of group and user, without doubles
licenses = user.group_attributes().get("licenses") or []
return {"licenses": list(dict.fromkeys(licenses)) if isinstance(licenses, list) else [licenses]}

# %% user: department by first matching group
for name, department in (("Site Reliability", "SRE"), ("Engineering", "ENG"), ("Everyone", "ALL")):
    if ak_is_group_member(request.user, name=name):
        return {"department": department}
return {"department": "NONE"}

# %% user: filters of direct groups
return {
    "by_name": user.groups.filter(name="Platform").exists(),
    "prefix": [found.name for found in user.groups.filter(name__startswith="S")],
    "without": [found.name for found in user.groups.exclude(name="Everyone")],
    "super": user.groups.filter(is_superuser=True).count(),
}

# %% user: the first and the last group
first, last = user.groups.first(), user.groups.all().last()
return {"first": first.name if first else None, "last": last and last.name, "any": bool(user.groups.all())}

# %% user: groups by their attributes
return {
    "teams": list(user.all_groups().filter(attributes__team__isnull=False).values_list("attributes__team", flat=True)),
    "on_call": user.all_groups().filter(attributes__on_call=True).exists(),
    "city": [found.attributes["office"]["city"] for found in user.all_groups() if "office" in found.attributes],
}

# %% user: values and lists of values
rows = user.all_groups()
return {"flat": list(rows.values_list("name", flat=True)), "pairs": list(rows.values_list("name", "is_superuser")),
        "dicts": list(rows.values("name")), "count": rows.values_list("name").count()}

# %% user: counted and compared by length
return {"count": user.groups.count(), "len": len(user.groups.all()), "all": user.all_groups().count()}

# %% user: slices of groups
rows = user.all_groups().order_by("-name")
return {"first_two": [found.name for found in rows[:2]], "rest": [found.name for found in rows[2:]], "total": len(rows)}

# %% user: the first of the groups by index
return {"office_location": user.groups.all()[0].name}

# %% user: membership by the group's own test
from authentik.core.models import Group

return {"member_of": [found.name for found in Group.objects.all() if found.is_member(user)]}

# %% user: who shares a group
mates = {mate.username for found in user.groups.all() for mate in found.users.all() if mate != user}
return {"mates": sorted(mates)}

# %% user: the deepest chain of groups
def depth(node):
    return 1 + max((depth(parent) for parent in node.parents.all()), default=0)


return {"depth": max((depth(found) for found in user.groups.all()), default=0)}

# %% user: cost centre of the nearest group
from collections import deque

waiting = deque(user.groups.all())
while waiting:
    node = waiting.popleft()
    if node.attributes.get("cost_center"):
        return {"cost_center": node.attributes["cost_center"], "from": node.name}
    waiting.extend(node.parents.all())
return {"cost_center": None}

# %% user: no application entitlements
return {"entitlements": user.app_entitlements(None)}

# %% user: membership in several ways
return {
    "by_pk": all(ak_is_group_member(user, pk=found.pk) for found in user.groups.all()),
    "contains": ak_is_group_member(user, name__icontains="e"),
    "listed": ak_is_group_member(user, name__in=["Platform", "Zürich Büro"]),
    "super": ak_is_group_member(user, is_superuser=True),
    "attribute": ak_is_group_member(user, attributes__department="Engineering"),
    "nobody": ak_is_group_member(user, name="No such group"),
    "both": ak_is_group_member(user, name="Everyone", is_superuser=True),
}

# %% group: members of a group
return {"members": [member.username for member in group.users.all()], "count": group.users.count()}

# %% group: members that are active and internal
people = group.users.filter(is_active=True, type="internal").exclude(email="")
return {"members": list(people.values_list("username", flat=True)), "description": f"{people.count()} people"}

# %% group: parents and children
return {"parents": [parent.name for parent in group.parents.all()], "children": [child.name for child in group.children.all()],
        "top": not group.parents.exists(), "leaf": not group.children.all()}

# %% group: everybody below
from authentik.core.models import User

return {"all": [person.username for person in User.objects.all() if group.is_member(person)]}

# %% group: all descendants
def below(node):
    for child in node.children.all():
        yield child.name
        yield from below(child)


return {"below": sorted(set(below(group)))}

# %% group: owner by attribute
owner = ak_user_by(username=group.attributes.get("owner", ""))
return {"owner": owner.name if owner else None, "owner_pk": owner}

# %% group: attributes inherited from above
def inherited(node):
    result = {}
    for parent in node.parents.all():
        result.update(inherited(parent))
    return {**result, **node.attributes}


return {"attributes": inherited(group)}

# %% group: the largest sibling
siblings = {sibling for parent in group.parents.all() for sibling in parent.children.all()} - {group}
largest = max(siblings, key=lambda sibling: (sibling.users.count(), sibling.name), default=None)
return {"largest": largest and largest.name, "siblings": len(siblings)}

# %% group: departments of the members
from collections import Counter

departments = Counter((member.attributes.get("department") or "unknown").strip() for member in group.users.all())
return {"departments": dict(departments), "top": departments.most_common(1)[0][0] if departments else None}

# %% group: dynamic membership rule
department = group.attributes.get("department")
if not department:
    return {"group_types": []}
return {"group_types": ["DynamicMembership"], "membership_rule": f'user.department -eq "{department}"',
        "membership_rule_processing_state": "On"}

# %% group: Microsoft 365 or security group
unified = "Unified" in (connection.attributes.get("group_types") or []) if connection else group.attributes.get("region") is not None
return {"mail_enabled": unified, "security_enabled": not unified, "group_types": ["Unified"] if unified else []}

# %% group: role-assignable when privileged
result = {"display_name": group.name}
if group.is_superuser:
    result |= {"is_assignable_to_role": True, "visibility": "Private"}
return result

# %% group: people by name of a parent
from authentik.core.models import Group

return {"sisters": [found.name for found in Group.objects.filter(parents__name="Everyone").exclude(pk=group.pk)]}
