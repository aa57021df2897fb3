# %% user: dicts merged by the library
from deepmerge import always_merger

return always_merger.merge(
    {"display_name": user.name, "settings": {"a": 1, "list": [1]}},
    {"settings": {"b": user.username, "list": [2]}, "mail": user.email},
)

# %% user: the first of both is changed
from deepmerge import always_merger

first, second = {"a": {"b": [1]}, "c": 1}, {"a": {"b": [2], "d": 3}}
merged = always_merger.merge(first, second)
return {"same": merged is first, "first": first, "second": second, "inner": merged["a"] is first["a"]}

# %% user: what is new is shared
from deepmerge import always_merger

first, second = {}, {"deep": {"list": [1]}}
always_merger.merge(first, second)
always_merger.merge(first, {"deep": {"more": user.username, "list": [2]}})
return {"first": first, "second": second, "shared": first["deep"] is second["deep"]}

# %% user: lists and sets of the library
from deepmerge import always_merger

numbers = [1, 2]
joined = always_merger.merge(numbers, [2, 3])
return {
    "joined": joined,
    "unchanged": numbers,
    "sets": always_merger.merge({1, 2}, {2, 3}),
    "nested": always_merger.merge({"s": {"x"}}, {"s": {user.username}}),
}

# %% user: kinds that do not fit
from deepmerge import always_merger

samples = [
    ({"a": 1}, [1]),
    ([1], {"a": 1}),
    ("a", None),
    (None, {"a": 1}),
    ((1,), (2,)),
    ([1], (2,)),
    (1, "x"),
    (True, 2),
    ({1}, [2]),
    ("a", "b"),
]
return {"merged": [always_merger.merge(first, second) for first, second in samples]}

# %% user: None inside of what is merged
from deepmerge import always_merger

return {"value": always_merger.merge({"a": {"b": 1}, "c": None, "d": [1]}, {"a": None, "c": {"x": user.type}, "d": None})}

# %% user: attributes of groups merged by hand
from deepmerge import always_merger

merged = {}
for found in user.all_groups().order_by("-name"):
    always_merger.merge(merged, {key: value for key, value in found.attributes.items() if key in ("department", "roles", "licenses")})
return {"merged": merged}

# %% user: defaults under the attributes
from copy import deepcopy

from deepmerge import always_merger

DEFAULTS = {"department": "none", "settings": {"locale": "en", "mail": {"archive": False}}, "tags": ["all"]}
return always_merger.merge(deepcopy(DEFAULTS), {key: user.attributes[key] for key in DEFAULTS if user.attributes.get(key) is not None})

# %% group: the library under its module's name
import deepmerge

return {
    "value": deepmerge.always_merger.merge(
        {"name": group.name}, {"name": group.attributes.get("department"), "tags": group.attributes.get("tags", ["none"])}
    )
}

# %% user: merged in a row
from functools import reduce

from deepmerge import always_merger

parts = [{"a": [1]}, {"a": [2], "b": {"c": 1}}, {"b": {"c": user.pk > 0, "d": 2}}, {"a": "over"}]
return {"value": reduce(always_merger.merge, parts, {}), "first": parts[0], "second": parts[1]}

# %% user: a merge that misses a part
from deepmerge import always_merger

return {"value": always_merger.merge({"a": 1})}

# %% user: attributes changed by a merge
from deepmerge import always_merger

always_merger.merge(user.attributes, {"tags": ["merged"], "settings": {"mail": {"archive": True}}})
return {"attributes": {key: user.attributes[key] for key in ("tags", "settings")}}
# %% and
return {"later": user.attributes.get("tags", [])[-1:]}

# %% user: a merger that is not offered
from deepmerge import sometimes_merger

return sometimes_merger.merge({}, {})
