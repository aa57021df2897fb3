# %% user: a person for services that insist on two names
givenName, familyName = request.user.name, " "
formatted = request.user.name + " "
if " " in request.user.name:
    givenName, _, familyName = request.user.name.partition(" ")
    formatted = request.user.name
return {
    "user_principal_name": request.user.email,
    "name": {"formatted": formatted, "givenName": givenName, "familyName": familyName},
    "active": request.user.is_active,
}

# %% user: a photo only by its address
avatar = request.user.avatar
photos = None
if "://" in avatar:
    photos = [{"value": avatar, "type": "photo"}]
locale = request.user.locale()
if locale == "":
    locale = None
return {"photos": photos, "locale": locale, "external_id": request.user.uid}

# %% user: addresses with the first as the primary one
emails = []
if request.user.email != "":
    emails = [{"value": request.user.email, "type": "work", "primary": True}]
own = user.attributes.get("settings")
for alias in (own.get("mail", {}).get("aliases", []) if isinstance(own, dict) else []):
    emails.append({"value": alias, "type": "other", "primary": not emails})
return {"emails": emails, "primary": [entry["value"] for entry in emails if entry["primary"]]}

# %% user: the enterprise extension with a manager
manager = ak_user_by(username=user.attributes.get("manager")) if user.attributes.get("manager") else None
extension = {
    "employeeNumber": str(user.attributes.get("employee_id") or ""),
    "department": user.attributes.get("department"),
    "costCenter": user.group_attributes().get("cost_center"),
}
if manager:
    extension["manager"] = {"displayName": str(manager), "value": manager.uuid}
return {"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": extension}

# %% user: a schema of one's own
SCHEMA = "urn:company:params:scim:schemas:extension:git:2.0:User"
keys = user.attributes.get("ssh_keys") or []
return {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"] + ([SCHEMA] if keys else []),
    SCHEMA: {"keys": [key["name"] for key in keys], "bits": sum(key.get("bits", 256) for key in keys)},
}
# %% and
return {"schemas": ["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]}

# %% user: one role, marked as the primary one
roles = []
if ak_is_group_member(request.user, name="Tenant Admins"):
    roles.append({"value": "enterprise_owner", "primary": True})
else:
    roles.append({"value": "user", "primary": True})
return {"roles": roles, "user_type": roles[0]["value"].partition("_")[0]}

# %% user: telephones with their kinds
own = user.attributes
work = own.get("phone") if isinstance(own.get("phone"), list) else [own.get("phone")]
numbers = [
    {"type": kind, "value": number.strip()}
    for kind, values in (("work", work), ("mobile", [own.get("mobile")]))
    for number in values
    if number
]
return {"phoneNumbers": [{**number, "primary": place == 0} for place, number in enumerate(numbers)]}

# %% group: a group with its members by id
return {
    "display_name": group.name,
    "external_id": str(group.pk),
    "members": [{"value": member.uid, "display": str(member)} for member in group.users.all()],
}

# %% user: a postal address in lines
address = user.attributes.get("address") or {}
lines = [address.get("street"), " ".join(str(address[key]) for key in ("postal_code", "city") if key in address), address.get("country")]
return {"formatted": "\n".join(line for line in lines if line) or None, "primary": bool(address), "type": "work" if address else "none"}

# %% user: languages and zones by country
ZONES = {"CH": ("de-CH", "Europe/Zurich"), "FR": ("fr-FR", "Europe/Paris"), "US": ("en-US", "America/New_York")}
country = (user.attributes.get("address") or {}).get("country")
language, zone = ZONES.get(country, ("en", "Etc/UTC"))
return {"preferred_language": language, "timezone": zone, "known": country in ZONES}

# %% user: a handle of limited letters
import re

handle = re.sub(r"[^a-z0-9._-]", "", slugify(user.username).replace("-", "_"))[:21]
return {"handle": handle or f"user{user.pk}", "short": len(handle) < 4, "taken": handle in ("admin", "root", "bob")}

# %% user: entitlements by licence
licences = user.group_attributes().get("licenses")
licences = [licences] if isinstance(licences, str) else licences or []
return {
    "entitlements": [
        {"value": code, "display": f"Microsoft 365 {code}", "primary": code == max(licences)} for code in sorted(set(licences))
    ]
}

# %% group: names for services without nesting
def path(node):
    first = node.parents.order_by("name").first()
    return (path(first) if first else []) + [node.name]


return {"display_name": " / ".join(path(group)), "depth": len(path(group)), "root": path(group)[0]}

# %% group: members of the groups below as well
def people(node):
    return {person.username for person in node.users.all()}.union(*(people(child) for child in node.children.all()))


return {
    "members": sorted(people(group)),
    "direct": sorted(group.users.values_list("username", flat=True)),
    "active": sum(ak_user_by(username=name).is_active for name in people(group)),
}

# %% group: groups chosen by attribute and size
if group.attributes.get("team") is None and group.users.count() < 2:
    raise SkipObject(f"{group} is too small")
return {"display_name": f"{group}", "size": group.users.count()}

# %% user: patches of what has changed
known = connection.attributes if connection else {}
wanted = {"display_name": user.name, "account_enabled": user.is_active, "mail_nickname": user.username}
operations = [
    {"op": "replace" if name in known else "add", "path": name, "value": value}
    for name, value in wanted.items()
    if known.get(name) != value
]
return {"operations": operations, "untouched": sorted(set(wanted) - {operation["path"] for operation in operations})}
