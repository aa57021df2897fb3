# %% user: an id by hash
import hashlib

return {"employee_id": hashlib.sha256(user.username.encode()).hexdigest()[:16], "short": hashlib.md5(user.name.encode()).hexdigest()[:8],
        "blake": hashlib.blake2b(user.username.encode(), digest_size=6).hexdigest()}

# %% user: a keyed hash
import hashlib
import hmac

digest = hmac.new(b"key", user.username.encode(), hashlib.sha256).hexdigest()
return {"token": digest[:20], "same": hmac.compare_digest(digest, digest)}

# %% user: an immutable id in base 64
import base64
import uuid

source = uuid.uuid5(uuid.NAMESPACE_URL, f"https://company.com/{user.username}")
return {"on_premises_immutable_id": base64.b64encode(source.bytes_le).decode(), "url": base64.urlsafe_b64encode(user.username.encode()).decode()}

# %% user: base 64 that can be read back
import base64

try:
    plain = base64.b64decode((connection.attributes.get("on_premises_immutable_id") or "") if connection else "", validate=True).decode()
except ValueError:
    plain = None
return {"plain": plain}

# %% user: years of service
from datetime import date

hired = user.attributes.get("hired")
if not hired:
    return {"years": None}
start, day = date.fromisoformat(hired), date(2026, 6, 30)
return {"years": day.year - start.year - ((day.month, day.day) < (start.month, start.day)), "days": (day - start).days}

# %% user: dates in several forms
from datetime import datetime


def parsed(text):
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    return None


found = parsed(user.attributes.get("hired") or "")
return {"employee_hire_date": found, "text": found and found.strftime("%d %b %Y"), "weekday": found and found.isoweekday()}

# %% user: the end of an account
from datetime import datetime, timedelta, timezone

expires = user.attributes.get("expires")
if expires is None:
    return {"employee_leave_date_time": None}
end = datetime.fromisoformat(expires).replace(tzinfo=timezone.utc) + timedelta(days=1, seconds=-1)
return {"employee_leave_date_time": end, "expired": end < datetime(2026, 1, 1, tzinfo=timezone.utc)}

# %% user: calendars
import calendar
from datetime import date

birthday = user.attributes.get("birthday")
if birthday:
    born = date.fromisoformat(birthday)
    return {"leap": calendar.isleap(born.year), "day": calendar.day_name[born.weekday()], "last": calendar.monthrange(born.year, born.month)[1]}
return {"leap": None}

# %% user: time as numbers
import time

return {"start": time.strftime("%Y-%m-%d", time.gmtime(0)), "parsed": time.strptime("2026-02-03", "%Y-%m-%d")[:3]}

# %% user: words counted
from collections import Counter

counted = Counter(letter for letter in user.name.lower() if letter.isalpha())
return {"most": sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:3]}

# %% user: grouped with itertools
from itertools import chain, groupby

values = chain(user.attributes.get("tags") or [], user.attributes.get("licenses") or [])
return {"by_letter": {key: list(found) for key, found in groupby(sorted(values), key=lambda value: value[0])}}

# %% user: more of itertools
from itertools import accumulate, combinations, islice, product, zip_longest

return {"sums": list(accumulate([1, 2, 3])), "pairs": list(combinations(user.username[:3], 2)), "some": list(islice(product("ab", repeat=2), 3)),
        "longest": list(zip_longest("ab", user.username[:3], fillvalue="-"))}

# %% user: folded with functools
from functools import lru_cache, partial, reduce

shout = partial(str.replace, user.username, "a")


@lru_cache(maxsize=None)
def fibonacci(number):
    return number if number < 2 else fibonacci(number - 1) + fibonacci(number - 2)


return {"deep": reduce(lambda found, key: (found or {}).get(key), ["address", "city"], user.attributes), "shout": shout("4"), "fib": fibonacci(40)}

# %% user: keys by operator
from operator import attrgetter, itemgetter

rows = [{"n": 2, "v": "b"}, {"n": 1, "v": user.username}]
return {"sorted": sorted(rows, key=itemgetter("n")), "names": list(map(attrgetter("name"), user.all_groups()))}

# %% user: JSON in an attribute
import json

text = json.dumps(user.attributes, sort_keys=True, ensure_ascii=False)
return {"text": text, "back": json.loads(text) == user.attributes, "bad": None if text == "{}" else json.loads('{"a": [1, 2.5, null, true]}')}

# %% user: JSON that cannot be read
import json

return {"value": json.loads(user.attributes.get("title", "null"))}

# %% user: money and rounding
from decimal import ROUND_HALF_UP, Decimal

amount = Decimal(str(user.attributes.get("commission", 0.5))) * Decimal("199.99")
return {"amount": amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP), "text": str(amount), "bank": round(2.5), "half": round(0.125, 2)}

# %% user: fractions and mathematics
import math
from fractions import Fraction

share = Fraction(str(user.attributes.get("fte", 1)))
return {"share": f"{share.numerator}/{share.denominator}", "root": math.isqrt(len(user.username)), "floor": math.floor(-1.5), "gcd": math.gcd(12, 18), "log": math.log2(8)}

# %% user: statistics of a group
import statistics

sizes = [found.users.count() for found in user.all_groups()]
return {"mean": statistics.mean(sizes), "median": statistics.median(sizes)} if sizes else {"mean": None}

# %% user: seeded choice
import random

generator = random.Random(user.username)
return {"pool": generator.choice(["a", "b", "c"]), "number": generator.randint(1, 100), "order": generator.sample(range(5), 5)}

# %% user: addresses as networks
import ipaddress

interface = ipaddress.ip_interface("10.20.4.7/22")
return {"network": str(interface.network), "hosts": interface.network.num_addresses, "subnets": [str(net) for net in interface.network.subnets(new_prefix=24)],
        "valid": user.attributes.get("ip") not in (None, "not-an-address") and ipaddress.ip_address(user.attributes["ip"]).is_private}

# %% user: addresses of the web
from urllib.parse import parse_qs, quote, unquote, urlencode, urljoin, urlsplit

url = urljoin("https://people.company.com/staff/", quote(user.username)) + "?" + urlencode({"name": user.name, "q": "a b&c"})
split = urlsplit(url)
return {"my_site": url, "path": split.path, "host": split.hostname, "name": parse_qs(split.query).get("name"), "back": unquote(quote(user.name)) == user.name}

# %% user: the nearest spelling
import difflib

known = ["Engineering", "Sales", "Facilities", "Research"]
return {"department": difflib.get_close_matches((user.attributes.get("department") or "").strip().title(), known, n=1),
        "ratio": round(difflib.SequenceMatcher(None, user.username, "alice").ratio(), 3)}

# %% user: checksums
import struct
import zlib

checksum = zlib.crc32(user.username.encode())
return {"employee_id": f"{checksum:08x}", "packed": struct.pack(">I", checksum).hex(), "back": struct.unpack(">I", struct.pack(">I", checksum))[0] == checksum,
        "small": zlib.decompress(zlib.compress(user.name.encode())).decode() == user.name}

# %% user: UUIDs in parts
import uuid

made = uuid.uuid5(uuid.NAMESPACE_OID, user.username)
return {"text": str(made), "version": made.version, "hex": made.hex[:8], "number": made.int % 100000, "same": uuid.UUID(str(user.uuid).upper()) == user.uuid}

# %% user: typed functions
from typing import Any, Dict, List, Optional


def pick(source: Dict[str, Any], *keys: str, default: Optional[str] = None) -> Optional[str]:
    values: List[str] = [source[key] for key in keys if source.get(key)]
    return values[0] if values else default


return {"office_location": pick(user.attributes, "office", "country", default="remote")}

# %% user: a class with properties
class Person:
    count = 0

    def __init__(self, source):
        self.source = source
        Person.count += 1

    @property
    def department(self):
        return (self.source.attributes.get("department") or "").strip() or None

    @classmethod
    def of(cls, source):
        return cls(source)

    @staticmethod
    def shout(text):
        return text.upper()

    def __str__(self):
        return f"<{self.source.username}>"

    def __lt__(self, other):
        return str(self) < str(other)


person = Person.of(user)
return {"department": person.department, "text": str(person), "shout": Person.shout(user.username), "count": Person.count, "less": Person(user) < person}

# %% user: generators and delegation
def letters(text):
    for letter in text:
        if letter == "-":
            return
        yield letter


def doubled(text):
    yield from (letter * 2 for letter in letters(text))


return {"letters": list(doubled(user.username)), "sum": sum(1 for _ in letters(user.name)), "joined": "".join(doubled(user.username[:2]))}

# %% user: closures keep their state
def counter():
    count = 0

    def step(by=1):
        nonlocal count
        count += by
        return count
    return step


step = counter()
step()
return {"count": step(len(user.username)), "late": [function() for function in [lambda number=number: number for number in range(3)]]}

# %% user: the walrus
if (length := len(user.name)) > 10 and (found := user.attributes.get("title")):
    return {"job_title": found, "length": length}
return {"length": length, "words": [word for part in user.name.split() if (word := part.strip(",")) != ""]}

# %% user: comprehensions of every kind
numbers = range(6)
return {"list": [n * n for n in numbers if n % 2], "dict": {str(n): n for n in numbers if n > 3}, "set": {n % 3 for n in numbers},
        "nested": [[row[i] for row in user.attributes.get("matrix", [])] for i in range(2)], "flat": [x for row in user.attributes.get("matrix", []) for x in row]}

# %% user: loops with else
for letter in user.username:
    if not letter.isascii():
        found = letter
        break
else:
    found = None
index = 0
while index < 100:
    index += 7
    if index % 5 == 0:
        break
else:
    index = -1
return {"first_foreign": found, "index": index}

# %% user: context managers of one's own
class Recorder:
    def __init__(self):
        self.lines = []

    def __enter__(self):
        self.lines.append("in")
        return self

    def __exit__(self, kind, error, trace):
        self.lines.append(kind.__name__ if kind else "out")
        return kind is KeyError


with Recorder() as recorder:
    recorder.lines.append(user.attributes["department"])
return {"lines": recorder.lines}

# %% user: arguments of every kind
def describe(first, /, second="b", *rest, key=None, **others):
    return [first, second, list(rest), key, sorted(others)]


return {"plain": describe(user.username), "full": describe(1, 2, 3, 4, key=5, x=6), "spread": describe(*"abc", **{"key": "k", "z": 1})}

# %% user: sorted by several keys
rows = [("b", 2), ("a", 2), ("c", 1), (user.username[:1], 0)]
return {"sorted": sorted(rows, key=lambda row: (-row[1], row[0])), "reversed": sorted(rows, reverse=True)[:1], "max": max(rows, key=lambda row: row[1])}

# %% user: country to usage location
COUNTRIES = {"Switzerland": "CH", "Germany": "DE", "France": "FR", "Spain": "ES", "Japan": "JP", "USA": "US", "Ireland": "IE"}
location = COUNTRIES.get(user.attributes.get("country", ""))
return {"usage_location": location, "preferred_language": {"CH": "de-CH", "DE": "de-DE", "JP": "ja-JP"}.get(location, "en-US") if location else None}

# %% user: postal code as text
address = user.attributes.get("address") or {}
return {"street_address": address.get("street"), "city": address.get("city"), "postal_code": str(address["postal_code"]).zfill(5) if address else None, "country": address.get("country")}

# %% user: department names brought into order
import re

ALIASES = {r"^eng": "Engineering", r"^sales$": "Sales", r"r\s*&\s*d": "Research"}
own = (user.attributes.get("department") or "").strip()
return {"department": next((name for pattern, name in ALIASES.items() if re.search(pattern, own, re.I)), own or None)}

# %% user: flags and bits
from enum import Flag, auto


class Right(Flag):
    NONE = 0
    READ = auto()
    WRITE = auto()


rights = Right.READ | Right.WRITE if user.is_superuser else Right.READ
return {"value": rights.value, "write": Right.WRITE in rights, "bits": bin(user.attributes.get("salary_band", 0)), "shift": 1 << 4 | 3 & 6 ^ 1}

# %% user: chained comparisons and ternaries
size = len(user.name)
return {"size": "short" if size < 6 else "medium" if 6 <= size < 14 else "long", "between": 1 < 2 < 3 != 4, "either": user.name or user.username, "both": user.name and user.email}

# %% group: an expiry by calendar arithmetic
from datetime import date, timedelta

review = group.attributes.get("review", {})
last = date.fromisoformat(review.get("last", "2026-01-01"))
return {"next_review": last + timedelta(days=review.get("every_days", 365)), "quarter": (last.month - 1) // 3 + 1}

# %% group: an id by hash of the path
import hashlib

return {"unique_name": f"{slugify(group.name) or 'group'}-{hashlib.sha1(group.name.encode('utf-8')).hexdigest()[:6]}"}

# %% group: networks of a group
networks = [ip_network(text) for text in group.attributes.get("vpn", {}).get("networks", [])]
return {"networks": [str(network) for network in networks], "hosts": sum(network.num_addresses for network in networks if network.version == 4),
        "inside": [ip_address("10.20.9.9") in network for network in networks]}
