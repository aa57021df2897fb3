# %% user: the uuid of a user is a UUID
import uuid

return {"kind": type(user.uuid).__name__, "same": user.uuid == uuid.UUID(str(user.uuid)), "version": user.uuid.version,
        "text": str(user.uuid), "sizes": [len(user.uuid.hex), len(user.uuid.bytes)]}

# %% user: the classic immutable id of a GUID
import base64

return {"on_premises_immutable_id": base64.b64encode(user.uuid.bytes_le).decode()}

# %% user: an immutable id that can be turned back
import base64
import uuid

text = base64.b64encode(request.user.uuid.bytes_le).decode("ascii")
back = uuid.UUID(bytes_le=base64.b64decode(text))
return {"back": back, "same": back == user.uuid, "ends": text.endswith("==")}

# %% user: hex of the uuid as an employee id
return {"employee_id": request.user.uuid.hex[:16], "low": f"{user.uuid.time_low:08x}" == user.uuid.hex[:8]}

# %% user: numbers are keys of users
return {
    "pk": user.pk,
    "kinds": [type(user.pk).__name__, type(user.id).__name__, type(user.uid).__name__],
    "sum": user.pk + 2000,
    "same": user.pk == user.id,
}

# %% group: keys of a group
import uuid

return {"kind": isinstance(group.pk, uuid.UUID), "same": group.pk == group.group_uuid, "text": group.pk == str(group.pk),
        "hash": hash(group.pk) == hash(uuid.UUID(str(group.pk))), "number": type(group.num_pk).__name__}

# %% group: the number of a group comes from its key
return {"num_pk": group.num_pk, "computed": int(str(group.pk.int)[:5]) == group.num_pk, "gid": 4000 + group.num_pk}

# %% group: groups have no id
return {"id": group.id if group.is_superuser else getattr(group, "id", None)}

# %% group: a key is not text
return {"short": group.pk[:8]}

# %% group: a key has no methods of text
return {"unique_name": group.pk.upper() if group.is_superuser else str(group.pk).upper()}

# %% group: a key added to text
return {"unique_name": "group-" + group.pk}

# %% group: a key in formatted text
return {
    "unique_name": f"group-{group.pk}",
    "hex": f"{group.pk.hex:.8}",
    "percent": "%s" % group.pk,
    "joined": "/".join(map(str, [group.pk])),
}

# %% user: a key formatted with a width
return {"text": f"{user.uuid:>40}"}

# %% user: a UUID made of a UUID
import uuid

return {"id": uuid.UUID(user.uuid)}

# %% user: JSON has no UUIDs
import json

return {"about_me": json.dumps({"id": user.uuid})}

# %% group: JSON with text for what it has not
import json

text = json.dumps({"id": group.pk, "name": group.name}, default=str)
return {
    "back": json.loads(text)["id"] == str(group.pk),
    "hex": json.loads(json.dumps(group.pk, default=lambda value: value.hex)) == group.pk.hex,
}

# %% group: a key as a key of the result
return {"settings": {group.pk: group.name}}

# %% group: a key at every depth
return {
    "plain": group.pk,
    "list": [group.pk],
    "tuple": (group.group_uuid,),
    "set": {group.pk, group.group_uuid},
    "deep": {"a": [{"b": group.pk}]},
}

# %% user: keys in a model
from msgraph.generated.models.assigned_license import AssignedLicense

return {"assigned_licenses": [AssignedLicense(sku_id=found.pk) for found in user.groups.all()]}

# %% user: keys of the groups
import uuid

keys = list(user.groups.values_list("pk", flat=True))
return {
    "kinds": [isinstance(key, uuid.UUID) for key in keys],
    "same": keys == [found.group_uuid for found in user.groups.all()],
    "keys": keys,
}

# %% user: rows with keys
return {"dicts": list(user.groups.values("group_uuid", "name")), "tuples": list(user.groups.values_list("pk", "name"))}

# %% user: a table by key
names = dict(user.all_groups().values_list("pk", "name"))
return {"direct": [names[found.pk] for found in user.groups.all()], "text": [names.get(str(found.pk)) for found in user.groups.all()]}

# %% user: groups in the order of their keys
keys = [found.pk for found in user.all_groups().order_by("pk")]
return {
    "sorted": keys == sorted(keys),
    "ints": sorted(keys, key=lambda key: key.int) == keys,
    "last": user.all_groups().order_by("-group_uuid").first() == (user.all_groups().order_by("pk").last()),
}

# %% user: one group in every spelling of its key
from authentik.core.models import Group

first = user.groups.first()
if first is None:
    return None
spellings = [first.pk, str(first.pk), first.pk.hex, str(first.pk).upper(), "{" + str(first.pk) + "}", first.pk.urn, first.pk.int]
return {"found": [Group.objects.get(pk=spelling).name for spelling in spellings]}

# %% user: keys of both kinds in a list
from authentik.core.models import Group

keys = [str(found.pk) if number % 2 else found.pk for number, found in enumerate(user.groups.all())]
return {
    "names": list(Group.objects.filter(pk__in=keys).values_list("name", flat=True)),
    "none": Group.objects.filter(group_uuid__in=[]).exists(),
}

# %% user: across a relation by key
from authentik.core.models import User

first = user.groups.first()
if first is None:
    raise SkipObject
return {
    "object": User.objects.filter(groups=first).count(),
    "key": User.objects.filter(groups=first.pk).count(),
    "text": User.objects.filter(groups=str(first.pk)).count(),
    "several": User.objects.filter(groups__in=[first, str(first.pk)]).distinct().count(),
    "not": User.objects.exclude(groups=first.pk.hex).count(),
}

# %% user: text that is no UUID
from authentik.core.models import Group

return {"found": Group.objects.filter(pk=user.username).exists()}

# %% user: an empty key of a group
return {"member": ak_is_group_member(user, pk="")}

# %% user: no key at all
from authentik.core.models import Group, User

return {
    "group": Group.objects.filter(pk=None).exists(),
    "user": ak_user_by(pk=None),
    "uuid": ak_user_by(uuid=None),
    "in": User.objects.filter(pk__in=[None, user.pk]).count(),
}

# %% user: an object where a key is wanted
from authentik.core.models import Group

return {"found": Group.objects.filter(pk=user.groups.first() or "none").exists()}

# %% user: a wrong object for a relation
from authentik.core.models import User

return {"found": User.objects.filter(groups=user).exists()}

# %% user: text that is no number as a key
return {"found": ak_user_by(pk=user.username)}

# %% user: keys of users as text and as numbers
return {
    "text": ak_user_by(pk=str(user.pk)) == user,
    "blank": ak_user_by(id=f" {user.pk} ") == user,
    "float": ak_user_by(pk=float(user.pk)) == user,
    "uuid": ak_user_by(uuid=user.uuid) == user,
    "hex": ak_user_by(uuid=user.uuid.hex) == user,
    "many": ak_user_by(pk__in=["0", str(user.pk)]) == user,
}

# %% user: a number with a point as a key
return {"found": ak_user_by(pk=f"{user.pk}.0")}

# %% user: a list as a key
return {"found": ak_user_by(pk=[user.pk])}

# %% user: a user as a key of users
return {"found": ak_user_by(pk=user)}

# %% user: a uuid that is none
return {"found": ak_user_by(uuid=user.attributes.get("employee_id") or user.uuid)}

# %% user: several kinds of wrong keys, told apart
from django.core.exceptions import ValidationError
from authentik.core.models import Group, User

outcomes = []
for attempt in (
    lambda: ak_user_by(pk="x"),
    lambda: ak_user_by(pk={}),
    lambda: ak_user_by(uuid="x"),
    lambda: ak_user_by(nothing="x"),
    lambda: Group.objects.get(pk=1.5),
    lambda: Group.objects.filter(parents="x"),
    lambda: User.objects.filter(groups__pk__in=["x"]),
):
    try:
        outcomes.append(attempt() is None)
    except ValidationError:
        outcomes.append("validation")
    except (TypeError, ValueError) as error:
        outcomes.append(type(error).__name__)
return {"outcomes": outcomes}

# %% user: a validation error is no value error
try:
    member = ak_is_group_member(user, pk="zz")
except ValueError:
    member = False
return {"member": member}

# %% user: parts of a key as text
first = user.groups.first()
prefix = str(first.pk)[:9] if first else "none"
return {
    "start": user.groups.filter(pk__startswith=prefix).count(),
    "end": user.groups.filter(group_uuid__iendswith=str(first.pk)[-12:].upper() if first else "x").count(),
    "hyphen": user.groups.filter(pk__contains="-").count(),
    "regex": user.groups.filter(pk__regex=r"^[0-9a-f]{8}-").count(),
    "hex": user.groups.filter(pk__startswith=first.pk.hex if first else "x").count(),
}

# %% user: keys compared by size
import uuid

low, high = uuid.UUID(int=0), "ffffffff-ffff-ffff-ffff-ffffffffffff"
first = user.groups.order_by("pk").first()
return {"all": user.groups.filter(pk__gt=low, pk__lte=high).count(), "rest": user.groups.filter(pk__gt=first.pk).count() if first else None,
        "between": user.groups.filter(pk__range=(low, high)).count(), "users": ak_user_by(pk__gte=str(user.pk), pk__lte=user.pk) == user}

# %% group: members above a key that is no number
return {"found": group.users.filter(pk__gt="last").exists()}

# %% group: a set of keys
seen = {group.pk}
return {
    "inside": [found.pk in seen for found in (group,)],
    "text": str(group.pk) in seen,
    "union": len(seen | {found.pk for found in group.parents.all()}) - 1 == group.parents.count(),
}

# %% group: the blank user's keys
import uuid

return {
    "pk": request.user.pk,
    "id": request.user.id,
    "uuid": isinstance(request.user.uuid, uuid.UUID),
    "found": ak_user_by(uuid=request.user.uuid),
}

# %% group: the later mapping's key wins
return {"unique_name": group.name, "ids": [group.pk]}
# %% and
return {"unique_name": group.pk, "ids": [group.num_pk]}

# %% group: a stable nickname made of a key
from uuid import UUID, uuid5

return {
    "mail_nickname": f"{slugify(group.name)[:20] or 'group'}-{group.pk.hex[:6]}",
    "namespaced": uuid5(group.pk, "mail") == uuid5(UUID(str(group.pk)), "mail"),
    "version": uuid5(group.pk, "mail").version,
}

# %% user: memberships by query
from authentik.core.models import Group, User

return {
    "mates": User.objects.filter(groups__in=user.groups.all()).distinct().count(),
    "keys": Group.objects.filter(pk__in=user.groups.values_list("pk", flat=True)).count(),
    "objects": Group.objects.filter(pk__in=user.groups.all()).count(),
    "people": User.objects.filter(pk__in=User.objects.filter(type="external")).count(),
}

# %% user: keys as members of an Entra group
ids = {str(found.pk): found.attributes.get("department") for found in user.all_groups() if found.attributes.get("department")}
return {
    "about_me": "; ".join(sorted(f"{name}={key.count('-')}" for key, name in ids.items())),
    "cut": [key.split("-")[2][0] for key in sorted(ids)],
}
