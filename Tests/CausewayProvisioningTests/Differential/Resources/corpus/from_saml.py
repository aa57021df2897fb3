# %% user: pairs of roles and providers
ACCOUNT = "123456789012"
roles = {"Platform": "PowerUser", "Site Reliability": "Administrator", "Everyone": "ReadOnly"}
return {
    "roles": [
        f"arn:aws:iam::{ACCOUNT}:role/{role},arn:aws:iam::{ACCOUNT}:saml-provider/authentik"
        for name, role in roles.items()
        if ak_is_group_member(request.user, name=name)
    ]
}

# %% user: a name that only members get
if ak_is_group_member(request.user, name="Tenant Admins"):
    result = "superAdmin"
return {"role": result}

# %% user: values given one after the other
def groups():
    for found in request.user.all_groups():
        yield found.name
    if ak_is_group_member(request.user, name="Grafana_Admins"):
        yield "admin"


return {"groups": list(groups())}

# %% user: the principal name by attribute or address
return {
    "user_principal_name": request.user.attributes.get("upn", request.user.email) or None,
    "suffix": (request.user.attributes.get("upn", request.user.email).rpartition("@")[2] or "none").lower(),
}

# %% user: the immutable id from the source, else from the key
import base64

stored = user.attributes.get("entra_immutable_id", "")
computed = base64.b64encode(user.uuid.bytes_le).decode()
return {
    "stored": stored or None,
    "matches": (stored or computed) == computed,
    "length": len(computed),
    "decoded": len(base64.b64decode(computed, validate=True)),
}

# %% user: names from attributes, else from words
return {
    "given_name": user.attributes.get("first_name") or user.name.split(" ")[0],
    "surname": user.attributes.get("last_name") or user.name.split(" ")[-1],
    "spaced": user.name.split(" ").count(""),
}

# %% user: a ladder of permissions
for name, level in (("Tenant Admins", 3), ("Site Reliability", 2), ("Engineering", 1)):
    if ak_is_group_member(request.user, name=name):
        break
else:
    level = 0
modules = {"wiki": level >= 1, "ip": level >= 2, "dns": level == 3}
return {"level": level, "modules": ";".join(f"{module}:{int(allowed)}" for module, allowed in modules.items())}

# %% user: a session as long as the trust
hours = 12 if user.type == "internal" and user.is_active else 1
if user.group_attributes().get("privileged"):
    hours = min(hours, 4)
return {"duration": hours * 60 * 60, "text": f"{hours:02d}:00:00", "until": f"PT{hours}H"}

# %% user: profiles of a firewall
PROFILES = {"Tenant Admins": "super_admin", "Platform": "prof_admin", "Everyone": "readonly"}
found = [PROFILES[name] for name in PROFILES if user.all_groups().filter(name=name).exists()]
return {"profile": next(iter(found), "none"), "others": found[1:]}

# %% user: a persistent name id
import hashlib
import hmac

secret = provider.tenant_id.encode()
value = hmac.new(secret, user.username.casefold().encode("utf-8"), hashlib.sha256).digest()
return {"name_id": "_" + value.hex()[:32], "short": int.from_bytes(value[:2], "big")}

# %% user: several values in one
values = [*(user.attributes.get("tags") or []), *filter(None, [user.attributes.get("department"), user.attributes.get("country")])]
return {
    "joined": ";".join(values),
    "escaped": ";".join(value.replace(";", "\\;").strip() for value in values),
    "unique": list(dict.fromkeys(values)),
}

# %% user: claims by their long names
CLAIMS = "http://schemas.company.com/identity/claims/"
values = {"name": user.name, "emailaddress": user.email, "groups": [found.name for found in user.groups.all()]}
return {CLAIMS + name: value for name, value in values.items() if value}

# %% user: a role for everybody but guests
role = "guest" if user.type != "internal" else "default"
if role == "default":
    for found in user.groups.filter(attributes__department__isnull=False).order_by("-name"):
        role = found.attributes["department"].lower()
return {"role": role, "known": role in ("engineering", "sales")}

# %% user: the scheme of the log-in names
style = {"engineering": "{first}.{last}", "sales": "{first[0]}{last}", "": "{last}"}
words = (slugify(user.name) or "x").split("-")
kind = user.path.split("/")[1] if "/" in user.path else ""
return {"login": style.get(kind, "{first}").format(first=words[0], last=words[-1])}

# %% user: attributes chosen and renamed
WANTED = {"employee_id": "employeeNumber", "title": "jobTitle", "address": "postal"}
return {new: user.attributes[old] for old, new in WANTED.items() if user.attributes.get(old) not in (None, "", {})}
