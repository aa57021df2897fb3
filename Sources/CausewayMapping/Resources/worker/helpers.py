"""The names that a mapping may use beside its objects."""

import ipaddress
import json
import re
import sys
import unicodedata

from queries import FieldError
from records import User, redacted


# The objects that a mapping is given, in order; `creating` is what the default of authentik's first release asked for.
PARAMETERS = ("request", "user", "group", "connection", "provider", "creating")


class SkipObject(Exception):
    """Raised by a mapping to leave an object alone."""


def regex_match(value, regex):
    return re.search(regex, value) is not None


def regex_replace(value, regex, repl):
    return re.sub(regex, repl, value)


def list_flatten(value):
    if not isinstance(value, list):
        return value
    return value[0] if value else None


def slugify(text):
    folded = unicodedata.normalize("NFKD", str(text)).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", folded)).strip("-_")


def ak_is_group_member(user, **filters):
    return user.all_groups().filter(**filters).exists()


def ak_user_by(**filters):
    try:
        return User.objects.filter(**filters).first()
    except FieldError:
        return None


def ak_user_has_authenticator(user, device_type=None):
    # People sign in to Entra with what they have there; none of it is kept here.
    return False


def ak_create_jwt(user, provider, scopes, validity="seconds=60"):
    # A token belongs to a request of a browser, and a sync has none.
    return None


def ip_address(text):
    return ipaddress.ip_address(text)


def ip_network(text):
    return ipaddress.ip_network(text)


INSTEAD = {
    "ak_call_policy": "policies are not evaluated here; use the provider's filter group, or ak_is_group_member",
    "ak_create_jwt_raw": "a sync holds no signing keys; keep what you need in an attribute",
    "ak_send_email": "mappings reach no mail server; use ak_create_event, which administrators see",
    "resolve_dns": "mappings reach no network; keep the addresses in an attribute",
    "reverse_dns": "mappings reach no network; keep the name in an attribute",
    "requests": "mappings reach no network; import what you need into attributes of users or groups",
}


def refuse(name):
    raise NotImplementedError(f"{name} is not available: {INSTEAD[name]}")


def unavailable(name):
    return lambda *args, **kwargs: refuse(name)


class UnavailableModule:
    def __getattr__(self, name):
        refuse("requests")


class Notes:
    """What a mapping logged, printed and recorded while it looked at one object."""

    MOST = 50
    LONGEST = 500
    # So much is kept until the passwords are known that nobody is to read, of which a part may stand at the end of a text.
    KEPT = 20 * LONGEST

    def __init__(self):
        self.clear()

    def clear(self):
        self.lines, self.events, self.printed = [], [], ""

    def log(self, level, text):
        if len(self.lines) < self.MOST:
            self.lines.append([level, text[: self.KEPT]])

    def print(self, text):
        *lines, rest = (self.printed + text).split("\n")
        self.printed = rest[: self.KEPT]
        for line in lines:
            self.log("print", line)

    def record(self, action, context):
        if len(self.events) < self.MOST:
            self.events.append({"action": f"custom_{action}", "context": context})

    def any(self):
        return self.lines or self.events or self.printed

    def taken(self):
        if self.printed:
            self.print("\n")
        lines = [[level, text[: self.LONGEST]] for level, text in redacted(self.lines)]
        events = [{**event, "action": event["action"][:255]} for event in redacted(self.events)]
        self.clear()
        return {k: v for k, v in (("log", lines), ("events", events)) if v}


notes = Notes()


def ak_create_event(action, **kwargs):
    notes.record(str(action), {k: readable(v) for k, v in kwargs.items()})


def readable(value):
    """A value in a form that JSON has, whatever it is."""
    try:
        return json.loads(json.dumps(value, default=str, allow_nan=False))
    except (TypeError, ValueError, RecursionError):
        return repr(value)[: Notes.KEPT]


class Logger:
    LEVELS = ("debug", "info", "warning", "warn", "error", "exception", "critical", "msg")

    def __init__(self, bound=None):
        self._bound = bound or {}

    def bind(self, **values):
        return Logger({**self._bound, **values})

    new = bind

    def __getattr__(self, level):
        if level not in self.LEVELS:
            raise AttributeError(f"the logger has no '{level}'")
        return lambda event="", *args, **values: self._log(level, event, args, values)

    def _log(self, level, event, args, values):
        text = str(event) % args if args else str(event)
        details = "".join(f" {k}={v!r}" for k, v in {**self._bound, **values}.items())
        notes.log(level, text + details)


class Printed:
    """Standard output and standard error of a mapping."""

    def write(self, text):
        notes.print(text)
        return len(text)

    def flush(self):
        pass


def listen():
    sys.stdin, sys.stdout, sys.stderr = None, Printed(), Printed()


NAMES = {
    "SkipObject": SkipObject,
    "regex_match": regex_match,
    "regex_replace": regex_replace,
    "list_flatten": list_flatten,
    "slugify": slugify,
    "ak_is_group_member": ak_is_group_member,
    "ak_user_by": ak_user_by,
    "ak_user_has_authenticator": ak_user_has_authenticator,
    "ak_create_event": ak_create_event,
    "ak_create_jwt": ak_create_jwt,
    "ak_logger": Logger(),
    "ip_address": ip_address,
    "ip_network": ip_network,
    "requests": UnavailableModule(),
    **{name: unavailable(name) for name in INSTEAD if name != "requests"},
}
