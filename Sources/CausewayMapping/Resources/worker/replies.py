"""Results as they are sent: most in marshal, which is written and read the fastest, the others as JSON."""

import datetime
import decimal
import enum
import ipaddress
import json
import marshal
import re
import uuid

from graph_models import Model
from queries import Query
from records import User

# The version of marshal's format without references.
FORMAT = 2
# Half a pair of surrogates, as marshal writes it. No receiver accepts one.
SURROGATE = re.compile(rb"\xed[\xa0-\xbf]")
SMALLEST, LARGEST = -(2**63), 2**63 - 1
# What needs no second look.
CLEAR = {str, bool, type(None)}


class NotSimple(Exception):
    """A value that only JSON can represent, or nothing."""


def simple(value):
    """The same value in types that marshal and JSON write alike."""
    kind = type(value)
    if kind in CLEAR or (kind is int and SMALLEST <= value <= LARGEST):
        return value
    if kind is list:
        return [simple(element) for element in value]
    if kind is dict or isinstance(value, Model):
        members = value if kind is dict else value.__dict__
        if any(type(name) is not str for name in members):
            raise NotSimple
        return {name: simple(member) for name, member in members.items()}
    raise NotSimple


def page(shapes, results):
    """The reply to a page, from results that are bytes of JSON or simple."""
    return marshal.dumps((encoded(shapes), results), FORMAT)


def has_surrogates(data):
    """Whether a reply may have a text that nothing reads."""
    return SURROGATE.search(data) is not None


def plain(value):
    """Converts values that JSON does not have."""
    if isinstance(value, Model):
        return dict(value.__dict__)
    if isinstance(value, User):
        # The user that `manager` refers to.
        return value.pk
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, datetime.datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=datetime.timezone.utc)
        return moment.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, (uuid.UUID, ipaddress.IPv4Address, ipaddress.IPv6Address)):
        return str(value)
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, decimal.Decimal):
        return float(value)
    advice = "; make a list of it with list(…)" if isinstance(value, Query) else ""
    raise TypeError(f"a value of type '{type(value).__name__}' cannot be sent to Entra{advice}")


encoder = json.JSONEncoder(separators=(",", ":"), allow_nan=False, default=plain)


def encoded(value):
    """JSON in ASCII, which is faster to write and to read than wider text."""
    text = encoder.encode(value)
    if "\\ud" in text:
        # Perhaps half a pair of surrogates, which no receiver would accept.
        json.dumps(value, ensure_ascii=False, default=plain).encode()
    return text.encode()


def has_form(value):
    """Whether JSON can represent a value."""
    try:
        encoded(value)
        return True
    except (TypeError, ValueError, RecursionError):
        return False


def unsendable(value, path=""):
    """The place in a result of the value that JSON cannot represent."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, (list, tuple)) else ()
    for key, member in members:
        if not has_form(member):
            inner = f"{path}.{key}" if path else str(key)
            return unsendable(member, inner) or inner
    return path
