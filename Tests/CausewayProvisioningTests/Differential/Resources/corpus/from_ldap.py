# %% user: numbers of POSIX accounts
number = user.attributes.get("uidNumber")
first = user.groups.order_by("name").first()
return {
    "uid_number": number if number is not None else 2000 + user.pk,
    "primary_group": first and first.name,
    "gid_number": 4000 + first.num_pk if first else None,
    "home": f"/home/{slugify(user.username) or user.pk}",
}

# %% user: common names out of distinguished names
import re

names = user.attributes.get("memberOf") or []
return {
    "groups": [re.match(r"cn=([^,]+)", name, re.I).group(1) for name in names],
    "bases": sorted({name.split(",", 1)[1] for name in names}),
}

# %% user: an account name of the old kind
name = regex_replace(slugify(user.username), r"[^a-z0-9]", "")[:20]
return {"account": (name or f"u{user.pk:05d}").upper(), "domain_account": f"COMPANY\\{name}" if name else None, "length": len(name)}

# %% user: flags of an account control
NORMAL, DISABLED, NEVER_EXPIRES = 0x200, 0x2, 0x10000
control = NORMAL | (0 if user.is_active else DISABLED) | (NEVER_EXPIRES if user.type.endswith("service_account") else 0)
return {
    "control": control,
    "hex": hex(control),
    "enabled": not control & DISABLED,
    "flags": [name for name, bit in (("disabled", DISABLED), ("never", NEVER_EXPIRES)) if control & bit],
}

# %% user: file times and their end
from datetime import datetime, timedelta, timezone

EPOCH = datetime(1601, 1, 1, tzinfo=timezone.utc)
expires = user.attributes.get("expires")
ticks = (
    (datetime.fromisoformat(expires).replace(tzinfo=timezone.utc) - EPOCH) // timedelta(microseconds=1) * 10
    if expires
    else 0x7FFFFFFFFFFFFFFF
)
return {
    "ticks": str(ticks),
    "back": EPOCH + timedelta(microseconds=ticks // 10) if expires else None,
    "never": ticks in (0, 2**63 - 1),
}

# %% user: generalised times
from datetime import datetime, timezone

samples = ["20260131120000Z", "20251231235959.0Z", "20240229000000+0200", user.attributes.get("hired") or ""]
found = []
for text in samples:
    for form in ("%Y%m%d%H%M%SZ", "%Y%m%d%H%M%S.0Z", "%Y%m%d%H%M%S%z"):
        try:
            moment = datetime.strptime(text, form)
        except ValueError:
            continue
        found.append(moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc))
        break
return {"times": found, "latest": max(found), "count": len(found)}

# %% user: a distinguished name of the path
ESCAPED = str.maketrans({letter: "\\" + letter for letter in ',+"\\<>;='})
units = ",".join(f"ou={part}" for part in reversed(user.path.split("/")))
return {"dn": f"cn={user.name.translate(ESCAPED)},{units},dc=company,dc=com", "depth": units.count("ou=")}

# %% user: lists where single values are wanted
return {
    "phone": list_flatten(user.attributes.get("phone")),
    "office": list_flatten(user.attributes.get("offices")),
    "role": list_flatten(user.attributes.get("roles")),
    "tag": list_flatten(list_flatten([user.attributes.get("tags")])),
}

# %% user: a GUID in the order of a directory's bytes
import uuid

raw = user.uuid.bytes_le
escaped = "".join(f"\\{byte:02x}" for byte in raw)
return {
    "escaped": len(escaped),
    "back": uuid.UUID(bytes_le=bytes.fromhex(escaped.replace("\\", ""))) == user.uuid,
    "first": escaped[1:3] == user.uuid.hex[6:8],
    "same_end": raw[8:].hex() == user.uuid.hex[16:],
}

# %% user: addresses of a mailbox
own = user.attributes.get("settings")
aliases = own.get("mail", {}).get("aliases", []) if isinstance(own, dict) and isinstance(own.get("mail"), dict) else []
addresses = ([f"SMTP:{user.email}"] if user.email else []) + [
    f"smtp:{alias}" for alias in aliases if alias.lower() != user.email.lower()
]
return {
    "proxy_addresses": addresses,
    "primary": next((address[5:] for address in addresses if address.isupper() or address[:4] == "SMTP"), None),
}

# %% group: a group of names
members = [f"uid={member.username},ou=users,dc=company,dc=com" for member in group.users.order_by("username")]
return {
    "object_class": ["top", "groupOfNames" if members else "posixGroup"],
    "member": members or None,
    "gid": 4000 + group.num_pk,
    "cn": group.name.encode("utf-8").hex()[:12],
}

# %% user: a security identifier in pieces
import struct

authority, domain = 5, (21, 1004336348, 1177238915, 682003330)
binary = (
    struct.pack("<BB", 1, len(domain) + 1)
    + authority.to_bytes(6, "big")
    + struct.pack(f"<{len(domain) + 1}I", *domain, 1000 + user.pk)
)
numbers = struct.unpack(f"<{binary[1]}I", binary[8:])
return {"sid": "-".join(map(str, ["S", binary[0], int.from_bytes(binary[2:8], "big"), *numbers])), "bytes": len(binary)}

# %% user: filters with escaped values
ESCAPES = {"*": r"\2a", "(": r"\28", ")": r"\29", "\\": r"\5c", "\0": r"\00"}
value = "".join(ESCAPES.get(letter, letter) for letter in str(user.attributes.get("phone", user.name)))
return {"filter": f"(&(objectClass=person)(|(uid={user.username})(telephoneNumber={value})))"}
