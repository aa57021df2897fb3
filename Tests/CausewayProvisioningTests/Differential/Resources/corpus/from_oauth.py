# %% user: claims for given and family name
own = request.user.attributes
given = own.get("given_name") or own.get("first_name") or request.user.name.strip().split(" ")[0]
family = own.get("family_name") or own.get("last_name") or (request.user.name.strip().split(" ", 1)[1:] or [None])[0]
return {"given_name": given, "surname": family, "display_name": request.user.name or request.user.username}

# %% user: groups of one application without its prefix
PREFIX = "nextcloud-"
groups = []
for found in user.groups.all():
    if found.name.startswith(PREFIX):
        groups.append(found.name.removeprefix(PREFIX))
if user.is_superuser and "admin" not in groups:
    groups.append("admin")
return {"admin": "admin" in groups, "groups": groups}

# %% user: a quota of one's own, of a group, or by default
if user.attributes.get("nextcloud_quota") is not None:
    quota = user.attributes["nextcloud_quota"]
else:
    quota = user.group_attributes().get("nextcloud_quota", "1 GB")
number, _, unit = quota.partition(" ")
return {"quota": quota, "bytes": int(number) * {"GB": 10 ** 9, "MB": 10 ** 6}[unit]}

# %% user: the best of several roles
RANKS = {"viewer": 1, "editor": 2, "GrafanaAdmin": 3}
roles = [role for found in user.all_groups() for role in found.attributes.get("roles", [])] + [
    found.attributes["grafana_role"] for found in user.all_groups() if "grafana_role" in found.attributes
]
return {"role": max(roles, key=RANKS.get, default=None), "all": sorted(set(roles), key=RANKS.get)}

# %% user: group names exchanged for others
return {
    "groups": [
        "superusers" if found.is_superuser else "staff" if "Sales" in found.name else found.name
        for found in request.user.groups.all()
    ]
}

# %% user: teams with numbers of their own
teams = {"teams": []}
for found in request.user.ak_groups.all():
    teams["teams"].append({"name": found.name, "oidcID": found.num_pk, "isPublic": not found.is_superuser})
return teams

# %% user: a nickname by attribute where there is one
if "matrix_localpart" in request.user.attributes:
    localpart = request.user.attributes["matrix_localpart"]
else:
    localpart = request.user.username.split("@", 1)[0].lower()
return {"mail_nickname": localpart, "id": f"@{localpart}:company.com"}

# %% user: roles as a clean list
roles = request.user.attributes.get("roles", [])
if isinstance(roles, str):
    roles = [roles]
else:
    roles = list(roles or [])
if request.user.groups.filter(name="Grafana_Admins").exists():
    roles.append("charts")
return {"roles": sorted({str(role).strip() for role in roles if str(role).strip()})}

# %% user: the first group with an attribute decides
tenant = request.user.attributes.get("tenant_id", "tenant-1")
for found in request.user.all_groups().order_by("-name"):
    if found.attributes.get("vlan"):
        tenant = f"vlan-{found.attributes['vlan']}"
        break
return {"company_name": tenant}

# %% user: an address that somebody has looked at
verified = bool(request.user.attributes.get("email_verified", False))
return {
    "mail": request.user.email if verified else None,
    "other_mails": [] if verified or not request.user.email else [request.user.email],
    "raw": request.user.attributes.get("email_verified", "unknown"),
}

# %% user: groups that grant access
return {
    "groups": [
        found.name
        for found in request.user.all_groups()
        if found.name == "Everyone" or found.name.endswith(("-editors", "_Admins"))
    ]
}

# %% user: capabilities by membership
names = {found.name for found in request.user.all_groups()}
capabilities = [
    capability
    for capability, wanted in (
        ("talk", {"Everyone", "Platform"}),
        ("deploy", {"Site Reliability"}),
        ("sell", {"Sales & Marketing"}),
    )
    if wanted <= names
]
return {"capabilities": capabilities, "missing": sorted({"Everyone", "Platform"} - names)}

# %% user: headers for a proxy
headers = {
    "Remote-User": request.user.username,
    "Remote-Groups": "|".join(request.user.groups.values_list("name", flat=True)),
    "Remote-Admin": "admin" if request.user.is_superuser else "user",
}
return {
    "ak_proxy": {
        "user_attributes": request.user.group_attributes(request).get("department"),
        "additionalHeaders": {name: value.encode("ascii", "replace").decode() for name, value in headers.items()},
    }
}

# %% user: a policy for members, nothing for others
if ak_is_group_member(request.user, name="Tenant Admins"):
    return {"policy": "consoleAdmin"}
elif ak_is_group_member(request.user, name="Engineering"):
    return {"policy": ["readwrite", "diagnostics"]}
return None

# %% user: the first group of a prefix
def first_group(names, prefix):
    for name in names:
        if name.startswith(prefix):
            return name
    return None


return {
    "group": first_group([found.name for found in user.groups.all()], "S"),
    "office": first_group(sorted(found.name for found in user.all_groups()), "Z"),
}

# %% user: later groups outweigh earlier ones
claims = {"level": "restricted"}
if request.user.groups.filter(name__iendswith="-EDITORS").exists():
    claims["level"] = "user"
if (
    request.user.groups.filter(is_superuser=True).exists()
    or request.user.all_groups().filter(attributes__grafana_role__isnull=False).exists()
):
    claims["level"] = "admin"
return claims

# %% user: all groups but those of the system
from authentik.core.models import Group

SYSTEM = ["Tenant Admins", "__Mail_Lists -- (old)__", "Everyone"]
others = set(Group.objects.values_list("name", flat=True)) - set(SYSTEM)
mine = set(user.all_groups().values_list("name", flat=True))
return {"member": sorted(others & mine), "count": len(others - mine), "system": sorted(mine - others)}

# %% user: what is None leaves the claims
def without_none(value):
    if isinstance(value, dict):
        return {key: without_none(part) for key, part in value.items() if part is not None}
    return [without_none(part) for part in value if part is not None] if isinstance(value, list) else value


own = user.attributes
return without_none(
    {
        "name": user.name or None,
        "phone": own.get("phone"),
        "address": own.get("address"),
        "sites": own.get("sites"),
        "list": [own.get("title"), own.get("ip"), None],
    }
)

# %% user: an attribute by its dotted path
def at(path, fallback=None):
    value = user.attributes
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value if value is not None else (getattr(user, fallback) if fallback else None)


return {
    "given_name": at("given_name", "name"),
    "city": at("sites.home.city") or at("address.city"),
    "nothing": at("a.b.c"),
    "quota": at("settings.mail.archive"),
}

# %% user: a field that the user has not as a fallback
value = user.attributes.get("given_name")
return {"given_name": value if value is not None else getattr(user, "first_nam")}

# %% user: a subject for each application
import hashlib

parts = [str(user.pk), provider.client_id, "salt"]
return {
    "subject": hashlib.sha256("".join(parts).encode()).hexdigest(),
    "by_uuid": hashlib.sha3_256(user.uuid.bytes).hexdigest()[:24],
    "uid": user.uid,
}

# %% user: an id where there is none yet
return {"user_id": user.attributes.get("matrix_localpart", str(user.uuid)), "plain": user.attributes.get("matrix_localpart", user.uuid)}

# %% user: projects by regular expression
import re

projects = {}
for found in user.all_groups():
    match = re.fullmatch(r"(?P<project>[\w ]+?)[-_](?P<role>editors|admins)", found.name, re.IGNORECASE)
    if match:
        projects.setdefault(match["project"].lower(), []).append(match["role"].lower().rstrip("s"))
return {"projects": projects, "admin": any("admin" in roles for roles in projects.values())}

# %% user: names for an office suite
first, last = (request.user.name.split(" ", 1) + [""])[:2] if request.user.name else (request.user.username, "")
initials = "".join(part[:1] for part in (first, last)).upper()
return {"firstName": first, "lastName": last, "initials": initials, "same": f"{first} {last}".strip() == request.user.name.strip()}

# %% user: scopes as a text
scopes = [
    "openid",
    *(f"group:{slugify(found.name)}" for found in user.groups.all() if slugify(found.name)),
    *(["admin"] if user.is_superuser else []),
]
return {"scope": " ".join(scopes), "count": len(scopes), "last": scopes[-1]}
