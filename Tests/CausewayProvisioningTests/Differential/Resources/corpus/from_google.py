# %% user: a person of the workspace
given, _, family = (request.user.name.strip() or request.user.username).partition(" ")
return {
    "primaryEmail": request.user.email,
    "name": {"givenName": given, "familyName": family.strip() or given, "fullName": request.user.name},
    "suspended": not request.user.is_active,
}

# %% user: units by path
parts = [part.replace("-", " ").title() for part in user.path.split("/") if part not in ("users", "goauthentik.io")]
return {"orgUnitPath": "/" + "/".join(parts), "top": parts[0] if parts else None}

# %% user: organisations with the primary one
own = user.attributes
if not own.get("title") and not own.get("department") and not own.get("company"):
    return {"organizations": []}
return {
    "organizations": [
        {
            "primary": True,
            "title": " ".join((own.get("title") or "").split()),
            "department": (own.get("department") or "").strip(),
            "name": own.get("company", "Company"),
            "costCenter": user.group_attributes().get("cost_center"),
        }
    ]
}

# %% user: relations to a manager of a manager
manager = ak_user_by(username=user.attributes.get("manager") or "")
above = manager and ak_user_by(username=manager.attributes.get("manager") or "")
return {
    "relations": [
        {"type": kind, "value": person.email}
        for kind, person in (("manager", manager), ("admin_assistant", None), ("dotted_line_manager", above))
        if person and person.email
    ]
}

# %% user: identifiers of several kinds
kinds = {"organization": user.attributes.get("employee_id"), "account": user.username, "network": user.attributes.get("ip")}
return {"externalIds": [{"type": kind, "value": str(value)} for kind, value in kinds.items() if value]}

# %% user: schemas with typed values
own = user.attributes
return {
    "customSchemas": {
        "HR": {
            "band": int(own["salary_band"]) if "salary_band" in own else None,
            "fte": float(own.get("fte", 1)),
            "flags": [name for name, on in (own.get("flags") or {}).items() if on],
            "left": "left" in own,
        }
    }
}

# %% user: visible to whom
hidden = user.type != "internal" or not user.is_active or user.path.startswith("users/board")
return {"includeInGlobalAddressList": not hidden, "ipWhitelisted": bool(user.attributes.get("ip")) and not hidden}

# %% group: an address for each group
slug = slugify(group.name) or f"group-{group.pk.hex[:8]}"
local = regex_replace(slug, r"-+", ".")
return {
    "email": f"{local}@groups.company.com",
    "name": group.name[:60],
    "description": f"{group.users.filter(is_active=True).count()} of {group.users.count()}",
}

# %% group: who may post
private = group.is_superuser or bool(group.attributes.get("privileged"))
external = group.users.exclude(type="internal").exists()
return {
    "whoCanPostMessage": "ALL_MEMBERS_CAN_POST" if private else "ANYONE_CAN_POST" if external else "ALL_IN_DOMAIN_CAN_POST",
    "allowExternalMembers": external and not private,
}

# %% user: languages with preferences
spoken = user.attributes.get("languages") or {}
ORDER = ["native", "fluent", "working"]
return {
    "languages": [
        {"languageCode": code, "preference": "preferred" if level in ORDER[:2] else "not_preferred"}
        for code, level in sorted(spoken.items(), key=lambda pair: ORDER.index(pair[1]))
    ]
}

# %% user: keys without their secrets
import hashlib

keys = user.attributes.get("ssh_keys") or []
return {
    "sshPublicKeys": [
        {"key": f"ssh-{key['type']}", "fingerprint": hashlib.sha256(key["name"].encode()).hexdigest()[:12]}
        for key in sorted(keys, key=lambda key: (key["type"] != "ed25519", key["name"]))
    ]
}

# %% user: places with floors
places = [
    {"area": name, "city": site["city"], "floor": max(site.get("floors", [0]))}
    for name, site in (user.attributes.get("sites") or {}).items()
    if site
]
offices = [
    {"area": "desk", "city": found.attributes["office"]["city"], "floor": found.attributes["office"].get("floor", 0)}
    for found in user.all_groups().filter(attributes__has_key="office")
]
return {"locations": places + offices}
