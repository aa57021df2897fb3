# %% user: people with an attribute
from authentik.core.models import User


def names(**conditions):
    return list(User.objects.filter(**conditions).values_list("username", flat=True))


return {
    "tags": names(attributes__has_key="tags"),
    "city": names(attributes__address__has_key="city"),
    "floors": names(attributes__sites__home__has_key="floors"),
    "in_list": names(attributes__tags__has_key="vpn"),
    "null": user in User.objects.filter(attributes__has_key="phone"),
}

# %% user: people with several attributes
from authentik.core.models import User

return {
    "all": list(User.objects.filter(attributes__has_keys=["tags", "ip"]).values_list("username", flat=True)),
    "any": User.objects.filter(attributes__has_any_keys=["company", "latin_name"]).count(),
    "nothing": User.objects.filter(attributes__has_keys=[]).count() == User.objects.count(),
    "none": User.objects.filter(attributes__has_any_keys=[]).exists(),
    "deep": User.objects.filter(attributes__address__has_keys=["city", "street"]).count(),
}

# %% user: a key with underscores is one key
from authentik.core.models import User

return {
    "one": User.objects.filter(attributes__has_key="settings__locale").exists(),
    "dotted": User.objects.filter(attributes__has_key="goauthentik.io/user/override-ips").get().username,
    "path": User.objects.filter(attributes__settings__has_key="locale").count(),
    "missing": User.objects.exclude(attributes__has_key="employee_id").count(),
}

# %% user: a key that is None
return {"found": ak_user_by(attributes__has_key=None)}

# %% user: keys of what has no keys
from authentik.core.models import User

return {"found": User.objects.filter(username__has_key="a").exists()}

# %% user: containment of objects
from authentik.core.models import User


def names(part):
    return [found.username for found in User.objects.filter(attributes__contains=part)]


return {
    "plain": names({"department": "Engineering", "manager": "alice"}),
    "deep": names({"address": {"country": "CH"}}),
    "list": names({"tags": ["vpn"]}),
    "truth": names({"flags": {"beta": True}}),
    "one": names({"flags": {"beta": 1}}),
    "own": user.username in names({"employee_id": user.attributes.get("employee_id")}),
    "all": len(names({})) == User.objects.count(),
}

# %% user: containment of lists
from authentik.core.models import User


def names(part):
    return list(User.objects.filter(attributes__tags__contains=part).values_list("username", flat=True))


return {
    "one": names(["vpn"]),
    "two": names(["vpn", "oncall"]),
    "twice": names(["guest", "guest"]),
    "single": names("vip"),
    "empty": len(names([])),
    "nothing": names(["vpn", "guest"]),
}

# %% user: an object does not contain a list
from authentik.core.models import User

return {
    "list": User.objects.filter(attributes__contains=["tags"]).exists(),
    "text": User.objects.filter(attributes__contains="tags").exists(),
    "object_in_list": User.objects.filter(attributes__tags__contains={"vpn": 1}).exists(),
}

# %% user: lists of objects contain objects
from authentik.core.models import User

return {
    "rsa": [found.username for found in User.objects.filter(attributes__ssh_keys__contains=[{"type": "rsa"}])],
    "bare": User.objects.filter(attributes__ssh_keys__contains={"type": "rsa"}).exists(),
    "rows": User.objects.filter(attributes__matrix__contains=[[4, 3]]).count(),
    "cells": User.objects.filter(attributes__matrix__contains=[4]).count(),
}

# %% user: text in attributes contains only itself
from authentik.core.models import User

return {
    "part": User.objects.filter(attributes__department__contains="Eng").exists(),
    "whole": User.objects.filter(attributes__department__contains="Engineering").count(),
    "text": User.objects.filter(attributes__department__icontains="eng").count(),
    "plain_field": User.objects.filter(username__contains="li").exists(),
    "number": User.objects.filter(attributes__salary_band__contains=7.0).count(),
}

# %% group: groups that contain
from authentik.core.models import Group

return {
    "e5": list(Group.objects.filter(attributes__licenses__contains=["E5"]).values_list("name", flat=True)),
    "both": Group.objects.filter(attributes__licenses__contains=["E5", "VISIO"]).get().name,
    "text": [found.name for found in Group.objects.filter(attributes__licenses__contains="P2")],
    "weights": Group.objects.filter(attributes__weights__contains=[None, 2.5]).count(),
    "true": Group.objects.filter(attributes__weights__contains=True).count(),
}

# %% user: through the groups' attributes
return {
    "vlan": user.groups.filter(attributes__has_key="vlan").exists(),
    "editor": ak_is_group_member(user, attributes__roles__contains=["editor"]),
    "quota": list(
        user.all_groups().filter(attributes__has_any_keys=["nextcloud_quota", "rotation_weeks"]).values_list("name", flat=True)
    ),
    "me": ak_user_by(pk=user.pk, groups__attributes__contains={"department": "Sales"}) == user,
}

# %% user: contained in something larger
from authentik.core.models import User

larger = {"company": "Partner OOO", "expires": "2026-12-31", "phone": "8 (495) 123-45-67", "tags": ["all"], "other": True}
return {
    "found": [found.username for found in User.objects.filter(attributes__contained_by=larger)],
    "tags": [found.username for found in User.objects.filter(attributes__tags__contained_by=["vpn", "oncall", "beta"])],
}

# %% user: nothing to contain
return {"found": ak_user_by(attributes__contains=None)}

# %% user: keys that are missing and keys that are null
from authentik.core.models import User


def names(**conditions):
    return [found.username for found in User.objects.filter(**conditions)]


return {
    "without": names(attributes__phone__isnull=True),
    "null": names(attributes__phone=None),
    "with": user.username in names(attributes__phone__isnull=False),
    "empty": names(attributes__phone=""),
    "deep_null": names(attributes__sites__work=None),
    "deep_there": names(attributes__sites__work__isnull=False),
    "deep_away": "LENA.S" in names(attributes__sites__away__isnull=True),
}

# %% user: a null question that is neither
return {"found": user.groups.filter(attributes__team__isnull="yes").exists()}

# %% user: equality as JSON has it
from authentik.core.models import User

return {
    "truth": User.objects.filter(attributes__email_verified=True).count(),
    "one": User.objects.filter(attributes__email_verified=1).count(),
    "number": User.objects.filter(attributes__salary_band=7.0).count(),
    "list": [found.username for found in User.objects.filter(attributes__licenses=["E5"])],
    "order": User.objects.filter(attributes__tags=["vpn", "beta"]).exists(),
    "weights": User.objects.filter(attributes__weights=[1, 1]).count(),
}

# %% user: places of lists in paths
from authentik.core.models import User

return {
    "first": [found.username for found in User.objects.filter(attributes__licenses__0="E5")],
    "second": User.objects.filter(attributes__sites__home__floors__1=2).get().username,
    "inner": User.objects.filter(attributes__ssh_keys__0__name="laptop").count(),
    "beyond": User.objects.filter(attributes__licenses__9__isnull=False).exists(),
    "values": list(User.objects.filter(attributes__matrix__isnull=False).values_list("attributes__matrix__1__0", flat=True)),
}

# %% user: a key is no JSON
first = user.groups.first()
return {"found": ak_user_by(attributes__owner=first.pk if first else user.uuid)}

# %% user: the text of a key is
first = user.groups.first()
return {
    "found": ak_user_by(attributes__owner=str(first.pk if first else user.uuid)),
    "within": ak_user_by(attributes__company__icontains=user.uuid),
}

# %% user: a set and a time are no JSON
outcomes = []
for value in ({"vpn"}, user.date_joined, user, [user.uuid], {"a": (1, 2)}, ("vpn",)):
    try:
        outcomes.append(ak_user_by(attributes__tags__contains=value) is not None)
    except TypeError as error:
        outcomes.append(type(error).__name__)
return {"outcomes": outcomes}

# %% user: None where a comparison needs a value
outcomes = {}
for path in (
    "username__gt",
    "email__icontains",
    "pk__lte",
    "attributes__salary_band__gte",
    "username__startswith",
    "email__iexact",
    "attributes__phone__iexact",
):
    try:
        outcomes[path] = ak_user_by(**{path: None}) is not None
    except ValueError as error:
        outcomes[path] = type(error).__name__
return outcomes

# %% user: a manager that is None, looked up without looking
return {"manager": ak_user_by(name__icontains=user.attributes.get("manager"))}

# %% user: ranges of every kind
from authentik.core.models import User

return {
    "keys": list(User.objects.filter(pk__range=(2, "4")).values_list("username", flat=True)),
    "names": [found.username for found in User.objects.filter(username__range=("bob", "dmitri"))],
    "numbers": User.objects.filter(attributes__salary_band__range=(5, 7)).count(),
    "regex": [found.username for found in User.objects.filter(attributes__title__iregex="ENGINEER$")],
}

# %% user: a list with None among its values
from authentik.core.models import User

wanted = [user.attributes.get("manager"), None, "grace"]
return {
    "found": sorted(User.objects.filter(username__in=wanted).values_list("username", flat=True)),
    "keys": User.objects.filter(pk__in=[None]).count(),
    "countries": User.objects.filter(attributes__country__in=["France", None]).count(),
}
