# %% user: two mappings side by side
return {"display_name": user.name}
# %% and
return {"account_enabled": user.is_active}

# %% user: the later one wins
return {"display_name": user.name, "department": "first"}
# %% and
return {"department": user.attributes.get("department")}

# %% user: None contributes nothing
return {"display_name": user.name}
# %% and
if user.is_active:
    return None
return {"display_name": f"{user.name} (left)"}

# %% user: nothing at all from two
pass
# %% and
return None

# %% user: dicts deeply
return {"settings": {"mail": {"quota": 1, "kept": True}, "first": 1}}
# %% and
return {"settings": {"mail": {"quota": 2, "new": user.username}, "second": 2}}

# %% user: lists are appended
return {"business_phones": ["+1"]}
# %% and
return {"business_phones": user.attributes.get("offices", []) or []}

# %% user: lists are appended with their doubles
return {"tags": ["vpn", "a"]}
# %% and
return {"tags": ["vpn"]}
# %% and
return {"tags": user.attributes.get("tags") or []}

# %% user: sets are united
return {"tags": {"vpn", "all"}}
# %% and
return {"tags": set(user.attributes.get("tags") or [])}

# %% user: tuples are replaced
return {"phones": ("a", "b")}
# %% and
return {"phones": ("c",)}

# %% user: a list over a dict
return {"value": {"a": 1}}
# %% and
return {"value": [1]}

# %% user: a dict over a list
return {"value": [1]}
# %% and
return {"value": {"a": 1}}

# %% user: text over a dict, then a dict over text
return {"value": {"a": {"b": 1}}}
# %% and
return {"value": "text"}
# %% and
return {"value": {"c": 1}}

# %% user: a list over a tuple, a set over a list
return {"first": (1, 2), "second": [1, 2]}
# %% and
return {"first": [3], "second": {3}}

# %% user: None over a value
return {"department": "x", "deep": {"a": {"b": 1}}, "list": [1]}
# %% and
return {"department": None, "deep": {"a": None}, "list": None}

# %% user: a value over None
return {"department": None, "list": None, "deep": None}
# %% and
return {"department": user.attributes.get("department", "none"), "list": [1], "deep": {"a": 1}}

# %% user: type mismatch deep inside
return {"a": {"b": {"c": [1], "d": {"e": 1}, "f": 1}}}
# %% and
return {"a": {"b": {"c": {"x": 1}, "d": [2], "f": [3]}}}

# %% user: lists of dicts are not merged inside
return {"identities": [{"issuer": "a", "id": 1}]}
# %% and
return {"identities": [{"issuer": "a", "id": 2}]}

# %% user: numbers, truth and text
return {"a": 1, "b": True, "c": "x", "d": 1.5}
# %% and
return {"a": "1", "b": 0, "c": None, "d": False}

# %% user: a model over a dict
return {"password_profile": {"password": "x", "force_change_password_next_sign_in": True}}
# %% and
from msgraph.generated.models.password_profile import PasswordProfile

return {"password_profile": PasswordProfile(password="replaced-entirely")}

# %% user: a dict over a model
from msgraph.generated.models.password_profile import PasswordProfile

return {"password_profile": PasswordProfile(password="gone", force_change_password_next_sign_in=True)}
# %% and
return {"password_profile": {"password": "fixed"}}

# %% user: lists of models
from msgraph.generated.models.object_identity import ObjectIdentity

return {"identities": [ObjectIdentity(issuer="one")]}
# %% and
from msgraph.generated.models.object_identity import ObjectIdentity

return {"identities": [ObjectIdentity(issuer="two", issuer_assigned_id=user.username)]}

# %% user: empty containers
return {"list": [], "dict": {}, "set": set(), "text": ""}
# %% and
return {"list": [1], "dict": {"a": []}, "set": {1}, "text": "x"}
# %% and
return {"list": [], "dict": {}, "set": set(), "text": ""}

# %% user: three at one dict
return {"extension": {"extension_attribute1": user.username}}
# %% and
return {"extension": {"extension_attribute2": user.path}}
# %% and
return {"extension": {"extension_attribute1": user.type, "extension_attribute3": None}}

# %% user: names of one mapping are not those of the next
shared = user.username
return {"shared": shared}
# %% and
try:
    return {"leaked": shared}
except NameError:
    return {"leaked": None}

# %% user: a random value covered by a later mapping
return {"password_profile": {"password": {request.user.password}}}
# %% and
return {"password_profile": {"password": {request.user.password}}}
# %% and
return {"password_profile": {"password": None}, "long": len(request.user.password) >= 16}

# %% user: subclasses of dict merge like dicts
from collections import OrderedDict

return OrderedDict(settings=OrderedDict(a=1), first=True)
# %% and
from collections import defaultdict

result = defaultdict(dict)
result["settings"]["b"] = user.username
return result

# %% group: default and addition
return {"display_name": group.name, "mail_enabled": False, "security_enabled": True, "mail_nickname": slugify(group.name)}
# %% and
return {"description": f"{group.users.count()} direct members"}

# %% group: attributes over defaults
return {"visibility": "Private", "settings": {"mail": {"quota_gb": 10}}}
# %% and
return {key: value for key, value in group.attributes.items() if key in ("visibility", "settings", "licenses")}
# %% and
return {"licenses": ["BASE"]}
