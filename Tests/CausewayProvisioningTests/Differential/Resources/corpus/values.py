# %% user: sets become sorted lists
return {"tags": set(user.attributes.get("tags") or ["none"]), "frozen": frozenset({3, 1, 2}), "empty": set()}

# %% user: a set of mixed kinds
return {"tags": {1, "a"} if user.is_superuser else {1, 2}}

# %% user: tuples become lists
return {"phones": ("a", user.username), "nested": (1, (2, [3, (4,)])), "empty": ()}

# %% user: times with and without a zone
from datetime import datetime, timedelta, timezone

return {
    "naive": datetime(2026, 3, 1, 12, 30), "utc": datetime(2026, 3, 1, 12, 30, tzinfo=timezone.utc),
    "east": datetime(2026, 3, 1, 1, 30, tzinfo=timezone(timedelta(hours=9))),
    "west": datetime(2025, 12, 31, 20, 0, tzinfo=timezone(-timedelta(hours=5))),
}

# %% user: dates
from datetime import date

return {"day": date(2024, 2, 29), "hired": date.fromisoformat(user.attributes["hired"]) if user.attributes.get("hired") else None}

# %% user: the times of the account, moved
from datetime import timedelta

return {"expires": user.date_joined + timedelta(days=365), "before": user.date_joined < user.date_joined + timedelta(1)}

# %% user: UUIDs
import uuid

return {"id": uuid.uuid5(uuid.NAMESPACE_DNS, user.username), "own": uuid.UUID(str(user.uuid)), "list": [uuid.UUID(int=1)]}

# %% user: addresses
return {"v4": ip_address("192.0.2.1"), "v6": ip_address("2001:DB8::0:1"), "list": [ip_address("10.0.0.1")]}

# %% user: enumerations
from enum import Enum, IntEnum


class Kind(Enum):
    INTERNAL = "Member"
    EXTERNAL = "Guest"
    OTHER = None


class Level(IntEnum):
    LOW = 1
    HIGH = 2


class Colour(str, Enum):
    RED = "red"


kind = getattr(Kind, user.type.upper(), Kind.OTHER)
return {"user_type": kind, "level": Level.HIGH if user.is_superuser else Level.LOW, "colour": Colour.RED, "all": list(Kind)}

# %% user: decimals
from decimal import Decimal

return {"fte": Decimal(str(user.attributes.get("fte", "1.0"))), "sum": Decimal("0.1") + Decimal("0.2"), "whole": Decimal(7)}

# %% user: numbers of every size
return {"zero": 0, "negative": -17, "large": 2 ** 53 - 1, "float": 0.1, "tiny": 1e-9, "third": 1 / 3, "big": 1.5e300, "whole": 2.0}

# %% user: truth is not a number
return {"true": True, "one": 1, "list": [True, 1, False, 0, None]}

# %% user: not a number
return {"value": float("nan")}

# %% user: infinity for some
return {"value": float("inf") if user.type == "external" else 1.5}

# %% user: infinity deep inside
return {"a": [{"b": (1, [-float("inf")])}]}

# %% user: a decimal that is none
from decimal import Decimal

return {"value": Decimal("NaN") if not user.is_active else Decimal("1.25")}

# %% user: bytes cannot be sent
return {"photo": user.username.encode()}

# %% user: functions cannot be sent
return {"value": slugify if user.is_active else None}

# %% user: classes and modules cannot be sent
import math

return {"value": [int, math][len(user.username) % 2]}

# %% user: an object of one's own cannot be sent
class Address:
    def __init__(self, street):
        self.street = street


address = Address((user.attributes.get("address") or {}).get("street"))
return {"street": address.street, "address": vars(address)} if address.street else {"address": address}

# %% user: generators, ranges and iterators cannot be sent
choices = [range(3), (number for number in range(3)), iter([1]), {"a": 1}.keys(), map(str, [1]), zip([1], [2])]
return {"value": choices[len(user.username) % len(choices)]}

# %% user: complex numbers and time spans cannot be sent
from datetime import time, timedelta

choices = [timedelta(days=1), time(12), complex(1, 2), ..., NotImplemented]
return {"value": choices[len(user.username) % len(choices)]}

# %% user: a user becomes its key
manager = ak_user_by(username=user.attributes.get("manager") or "")
return {"manager": manager, "me": user, "list": [request.user]}

# %% user: groups cannot be sent as they are
return {"group": user.groups.first()}

# %% user: a query cannot be sent as it is
return {"names": user.groups.values_list("name", flat=True)}

# %% user: queries made into lists
return {"names": list(user.groups.values_list("name", flat=True)), "keys": [str(found.pk) for found in user.groups.all()], "users": list(user.groups.all()[:0])}

# %% user: named tuples
from collections import namedtuple
from typing import NamedTuple

Point = namedtuple("Point", "x y")


class Entry(NamedTuple):
    name: str
    rank: int = 5


return {"point": Point(1, user.username), "entry": Entry(user.name), "x": Point(1, 2).x}

# %% user: kinds of dicts
from collections import ChainMap, Counter, OrderedDict, defaultdict

counted = Counter(user.username)
grouped = defaultdict(list)
for letter in user.username:
    grouped[letter.isalpha()].append(letter)
return {"counted": counted, "ordered": OrderedDict(b=1, a=2), "letters": grouped[True], "chained": dict(ChainMap({"a": 1}, {"a": 2, "b": 3}))}

# %% user: text of every kind
return {"empty": "", "quotes": "\"'\\", "lines": "a\nb\r\n\tc", "null": "a\0b", "wide": "🚀 東京 \u200d\ufeff", "sep": "\u2028", "del": "\x7f\x80"}

# %% user: subclasses of text and numbers
class Text(str):
    pass


class Number(int):
    pass


return {"text": Text(user.username), "number": Number(7), "list": [Text("a")]}

# %% user: deep nesting
value = user.username
for level in range(30):
    value = {"level": value} if level % 2 else [value]
return {"value": value}

# %% user: a long list
return {"numbers": list(range(500)), "text": user.username * 100}

# %% user: keys need not be properties
return {"": 1, "a b": 2, "ünï": 3, "camelCase": 4, user.username: 5, "__x__": 6}

# %% user: the same object in two places
shared = {"city": (user.attributes.get("address") or {}).get("city")}
return {"home": shared, "work": shared, "list": [shared, shared]}

# %% user: attributes as they are
return dict(user.attributes)

# %% user: fractions cannot be sent
from fractions import Fraction

share = Fraction(1, 3) + Fraction(1, 6)
return {"text": str(share), "number": float(share), "value": share if user.is_superuser else None}

# %% group: attributes of a group as they are
return {"attributes": group.attributes, "keys": sorted(group.attributes), "pk": group.pk, "matches": int(str(group.num_pk)) == group.num_pk}

# %% group: members as keys
return {"members": list(group.users.all()), "first": group.users.first(), "set": set(group.users.values_list("pk", flat=True))}
