# %% user: exact and without case
from authentik.core.models import User

return {
    "exact": User.objects.filter(username=user.username).count(), "named": User.objects.filter(username__exact="alice").count(),
    "iexact": User.objects.filter(username__iexact=user.username.upper()).count(),
    "mail": User.objects.filter(email__iexact="chloe.dupont@company.com").count(),
    "case": User.objects.filter(email="chloe.dupont@company.com").count(),
}

# %% user: parts of text
from authentik.core.models import User


def names(**conditions):
    return [found.username for found in User.objects.filter(**conditions)]


return {
    "contains": names(username__contains="o"), "icontains": names(name__icontains="BER"), "start": names(email__startswith="z"),
    "istart": names(email__istartswith="CHLOE"), "end": names(email__endswith="@company.com"),
    "iend": names(email__iendswith="@COMPANY.COM"), "regex": names(username__regex="^[a-c]"),
}

# %% user: in a list
from authentik.core.models import User

wanted = [user.username, "alice", "nobody"]
return {"found": [found.username for found in User.objects.filter(username__in=wanted)], "none": User.objects.filter(username__in=[]).count(),
        "keys": User.objects.filter(pk__in=[user.pk]).get().username, "set": User.objects.filter(type__in={"external"}).count()}

# %% user: null and not null
from authentik.core.models import User

return {
    "never": User.objects.filter(last_login__isnull=True).count(), "login": User.objects.filter(last_login__isnull=False).exists(),
    "with_ip": list(User.objects.filter(attributes__ip__isnull=False).values_list("username", flat=True)),
    "grouped": User.objects.filter(groups__isnull=False).distinct().count(), "alone": User.objects.filter(groups__isnull=True).count(),
}

# %% user: greater and smaller
from authentik.core.models import User

return {
    "older": User.objects.filter(pk__lt=user.pk).count(), "newer": User.objects.filter(pk__gt=user.pk).count(),
    "at_most": User.objects.filter(pk__lte=user.pk).count(), "at_least": User.objects.filter(pk__gte=user.pk).count(),
    "joined": User.objects.filter(date_joined__lte=user.date_joined).exists(),
    "band": User.objects.filter(attributes__salary_band__gte=5).count(),
}

# %% user: paths into attributes
from authentik.core.models import User


def names(**conditions):
    return list(User.objects.filter(**conditions).values_list("username", flat=True))


return {
    "plain": names(attributes__department="Engineering"), "deep": names(attributes__address__country="CH"),
    "number": names(attributes__salary_band=7), "truth": names(attributes__flags__beta=True),
    "start": names(attributes__title__startswith="Staff"), "within": names(attributes__phone__icontains="555"),
    "either": names(attributes__country__in=["France", "Spain"]), "regex": names(attributes__employee_id__regex=r"^E10\d\d$"),
    "missing": names(attributes__shoe_size=42), "through_text": names(attributes__department__code="x"),
}

# %% user: keys that are not identifiers
from authentik.core.models import User

found = User.objects.filter(**{"attributes__goauthentik.io/user/override-ips": True})
return {"found": [account.username for account in found]}

# %% user: across to the groups
from authentik.core.models import User


def names(**conditions):
    return list(User.objects.filter(**conditions).distinct().values_list("username", flat=True))


return {
    "platform": names(groups__name="Platform"), "letters": names(groups__name__startswith="S"),
    "team": names(groups__attributes__team="sre"), "super": names(groups__is_superuser=True),
    "parent": names(groups__parents__name="Engineering"), "any": names(groups__name__in=["Everyone", "Zürich Büro"]),
}

# %% user: by object and by key
from authentik.core.models import Group, User

first = user.groups.first()
if first is None:
    return {"mates": []}
return {"object": list(User.objects.filter(groups=first).values_list("username", flat=True)),
        "key": User.objects.filter(groups__pk=first.pk).count(), "get": Group.objects.get(pk=first.pk).name}

# %% user: several conditions at once
from authentik.core.models import User

rows = User.objects.filter(is_active=True, type="internal").filter(email__endswith="example.com").exclude(username=user.username)
return {"found": [row.username for row in rows]}

# %% user: excluded
from authentik.core.models import User

return {
    "external": list(User.objects.exclude(type="internal").values_list("username", flat=True)),
    "both": User.objects.exclude(type="internal", is_active=True).count(),
    "chain": User.objects.exclude(email="").exclude(is_active=False).exclude(pk=user.pk).count(),
}

# %% user: exactly one
from authentik.core.models import User

return {"name": User.objects.get(username=user.username).name, "same": User.objects.get(pk=user.pk) == user}

# %% user: none where one was wanted
from authentik.core.models import User

return {"manager": User.objects.get(username=user.attributes.get("manager") or "").name}

# %% user: many where one was wanted
from authentik.core.models import User

return {"name": User.objects.get(attributes__department=user.attributes.get("department") or "none").name}

# %% user: a missing row is caught
from authentik.core.models import User

try:
    sponsor = User.objects.get(username=(user.attributes.get("sponsor") or {}).get("user", ""))
except User.DoesNotExist:
    sponsor = None
return {"sponsor": sponsor.username if sponsor else None}

# %% user: an unknown field
from authentik.core.models import User

return {"found": User.objects.filter(shoe_size=42).exists()}

# %% user: an unknown field beyond a relation
return {"found": user.groups.filter(users__shoe_size=1).exists()}

# %% user: an unknown lookup
return {"found": user.groups.filter(name__sounds_like="x").exists()}

# %% user: ordered
from authentik.core.models import User

rows = User.objects.filter(email__endswith="company.com")
return {"up": [row.username for row in rows.order_by("username")], "down": [row.username for row in rows.order_by("-username")],
        "keys": [row.username for row in rows.order_by("-pk")], "two": [row.username for row in User.objects.order_by("type", "-username")]}

# %% user: first and last of an order
from authentik.core.models import User

rows = User.objects.order_by("username")
return {"first": rows.first().username, "last": rows.last().username, "none": rows.filter(username="").first(), "third": rows[2].username}

# %% user: distinct values
from authentik.core.models import User

kinds = User.objects.order_by("type").values_list("type", flat=True).distinct()
return {"kinds": list(kinds), "count": len(kinds), "mine": user.type in kinds}

# %% user: rows as dicts and tuples
from authentik.core.models import User

rows = User.objects.filter(username__in=["alice", user.username])
return {"dicts": list(rows.values("username", "is_active")), "tuples": list(rows.values_list("username", "type")), "one": list(rows.values_list("username")),
        "deep": list(rows.values_list("attributes__address__city", flat=True))}

# %% user: a table from pairs
from authentik.core.models import User

table = dict(User.objects.filter(attributes__employee_id__startswith="E10").values_list("attributes__employee_id", "username"))
return {"table": table, "mine": table.get(user.attributes.get("employee_id"))}

# %% user: an index beyond the rows
from authentik.core.models import User

return {"value": User.objects.filter(username=user.username)[1].name}

# %% user: truth, length and membership
from authentik.core.models import User

rows = User.objects.filter(type="external")
return {"truth": bool(rows), "empty": not User.objects.filter(username=""), "length": len(rows), "inside": user in rows, "all": User.objects.all().count()}

# %% user: direct reports
from authentik.core.models import User

return {"reports": list(User.objects.filter(attributes__manager=user.username, is_active=True).values_list("username", flat=True))}

# %% user: nicknames already taken
from authentik.core.models import User

base = slugify(user.name or user.username).split("-")[0] or "user"
rank = User.objects.filter(name__istartswith=base, pk__lt=user.pk).count()
return {"mail_nickname": base if not rank else f"{base}{rank + 1}"}

# %% group: groups by name
from authentik.core.models import Group

return {"all": [found.name for found in Group.objects.all()], "me": Group.objects.get(name=group.name) == group,
        "down": Group.objects.order_by("-name").first().name, "count": Group.objects.count()}

# %% group: groups by their members
from authentik.core.models import Group

return {"alice": [found.name for found in Group.objects.filter(users__username="alice")],
        "active": Group.objects.filter(users__is_active=False).distinct().count(), "empty": list(Group.objects.filter(users__isnull=True).values_list("name", flat=True))}

# %% group: groups by their parents and children
from authentik.core.models import Group

return {"parents": [found.name for found in Group.objects.filter(parents__name=group.name)],
        "children": [found.name for found in Group.objects.filter(children__name=group.name)], "roots": Group.objects.filter(parents__isnull=True).count()}

# %% group: groups by attributes
from authentik.core.models import Group

return {"office": [found.name for found in Group.objects.filter(attributes__office__country="CH")],
        "floor": Group.objects.filter(attributes__office__floor__gt=2).count(), "region": Group.objects.filter(attributes__region__iexact="emea").get().name,
        "licence": [found.name for found in Group.objects.filter(attributes__licenses__contains="E5")]}

# %% group: a group that does not exist
from authentik.core.models import Group

return {"parent": Group.objects.get(name=f"{group.name} (parent)").name}

# %% group: members in order
return {"up": [member.username for member in group.users.order_by("username")], "last": getattr(group.users.last(), "username", None),
        "first": group.users.filter(is_active=True).values("username", "email").first()}
