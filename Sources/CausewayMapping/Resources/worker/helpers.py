"""The names that a mapping may use in addition to its objects."""

import collections
import ipaddress
import json
import re
import sys

import pipe
from django_text import slugify
from fields import FieldError
from letters import transliterate
from records import Group, User, redacted, shortened, stream


# The objects that a mapping receives, in order; `creating` is for the default of authentik's first release.
PARAMETERS = ("request", "user", "group", "connection", "provider", "creating")


class SkipObjectException(Exception):
    """Raised by a mapping to leave an object alone."""


def regex_match(value, regex):
    return re.search(regex, value) is not None


def regex_replace(value, regex, repl):
    return re.sub(regex, repl, value)


def list_flatten(value):
    if not isinstance(value, list):
        return value
    return value[0] if value else None


# What Entra accepts as a nickname: ASCII except @ ( ) \\ [ ] " ; : < > , and blanks, 64 characters at most.
LONGEST_NICKNAME = 64
NICKNAME = re.compile(r"[!#-'*+\-./0-9=?A-Z^_`a-z{|}~]{1,%d}" % LONGEST_NICKNAME)
# The part of an object's key that makes a nickname unique.
KEY_LENGTH = 8


def mail_nickname(subject, connection=None, unique=False):
    """A nickname that Entra accepts for a user or a group, the same for every call.

    A user name, or the slug of a group's name, that Entra takes is left as it is. Otherwise what the Entra object has stays, and a
    new one gets what is left of the name: of an address the part before the @, other scripts in Latin letters, long names cut with a
    piece of the key behind them. Where nothing is left the key alone is it. `unique`: whether no other group may have the same, as
    among Microsoft 365 groups; new groups whose names have one slug then get a piece of the key behind it, each of them.
    """
    is_group = isinstance(subject, Group)
    given = slugify(subject.name) if is_group else subject.username.strip()
    if not is_group and NICKNAME.fullmatch(given):
        return given
    present = connection.attributes.get("mail_nickname") if connection else None
    # The nickname of an existing Microsoft 365 group is its address.
    if present and is_group and "Unified" in (connection.attributes.get("group_types") or ()):
        return present
    if is_group and NICKNAME.fullmatch(given) and not (unique and is_shared(given)):
        return given
    if present:
        return present
    key = re.sub("[^0-9A-Za-z]", "", str(subject.pk if is_group else subject.uid))[:KEY_LENGTH]
    made = slugify(transliterate(subject.name)) if is_group else name_of_account(subject)
    if not made:
        return f"{'group' if is_group else 'user'}-{key}"
    if len(made) <= LONGEST_NICKNAME and not unique:
        return made
    return f"{made[: LONGEST_NICKNAME - KEY_LENGTH - 1].rstrip('._-')}-{key}"


def is_shared(slug):
    """Whether several groups of the directory have this slug; counted once for a page of objects."""
    pipe.asked.add(pipe.GROUPS)
    if "slugs" not in pipe.answers:
        pipe.answers["slugs"] = collections.Counter(stream("groups", lambda group: slugify(group["name"])))
    return pipe.answers["slugs"][slug] > 1


def name_of_account(user):
    """A user name, or else the name, reduced to letters that every mail system accepts."""
    for text in (user.username.rpartition("\\")[2].partition("@")[0], user.name):
        if NICKNAME.fullmatch(text):
            return text
        plain = re.sub(r"[^A-Za-z0-9._-]", "", re.sub(r"\s+", ".", transliterate(text).strip()))
        plain = re.sub(r"\.{2,}", ".", plain).strip("._-")
        if plain:
            return plain
    return ""


def ak_is_group_member(user, **filters):
    return user.all_groups().filter(**filters).exists()


def ak_user_by(**filters):
    try:
        return User.objects.filter(**filters).first()
    except FieldError:
        return None


def ak_obj_attr(obj, path, fallback=None):
    """The value at a dotted path of an object's attributes, or else under a name of its own."""
    value = obj.attributes
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return getattr(obj, fallback, None) if value is None and fallback else value


def ak_user_has_authenticator(user, device_type=None):
    # Authenticators for Entra are registered there; Causeway stores none of them.
    return False


def ak_create_jwt(user, provider, scopes, validity="seconds=60"):
    # A token belongs to a browser's request, and a sync has none.
    return None


def ip_address(text):
    return ipaddress.ip_address(text)


def ip_network(text):
    return ipaddress.ip_network(text)


INSTEAD = {
    "ak_call_policy": "policies are not evaluated here; use the provider's filter group, or ak_is_group_member",
    "ak_create_jwt_raw": "a sync has no signing keys; store what you need in an attribute",
    "ak_send_email": "mappings cannot reach a mail server; use ak_create_event, which administrators see",
    "resolve_dns": "mappings have no network; store the addresses in an attribute",
    "reverse_dns": "mappings have no network; store the name in an attribute",
    "requests": "mappings have no network; import what you need into attributes of users or groups",
}


def refuse(name):
    raise NotImplementedError(f"{name} is not available: {INSTEAD[name]}")


def unavailable(name):
    return lambda *args, **kwargs: refuse(name)


class UnavailableModule:
    def __getattr__(self, name):
        refuse("requests")


class Notes:
    """What a mapping logged, printed and recorded for one object."""

    MOST = 50
    LONGEST = 500
    # This much is kept until the secret passwords are known, since a part of one may be at the end of a text.
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
        lines = [[level, shortened(text, self.LONGEST)] for level, text in redacted(self.lines)]
        events = [{**event, "action": event["action"][:255]} for event in redacted(self.events)]
        self.clear()
        return {k: v for k, v in (("log", lines), ("events", events)) if v}


notes = Notes()


def ak_create_event(action, **kwargs):
    notes.record(str(action), {k: readable(v) for k, v in kwargs.items()})


def readable(value):
    """Any value in a form that JSON can represent."""
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
    "SkipObject": SkipObjectException,
    "regex_match": regex_match,
    "regex_replace": regex_replace,
    "list_flatten": list_flatten,
    "slugify": slugify,
    "transliterate": transliterate,
    "mail_nickname": mail_nickname,
    "ak_is_group_member": ak_is_group_member,
    "ak_user_by": ak_user_by,
    "ak_obj_attr": ak_obj_attr,
    "ak_user_has_authenticator": ak_user_has_authenticator,
    "ak_create_event": ak_create_event,
    "ak_create_jwt": ak_create_jwt,
    "ak_logger": Logger(),
    "ip_address": ip_address,
    "ip_network": ip_network,
    "requests": UnavailableModule(),
    **{name: unavailable(name) for name in INSTEAD if name != "requests"},
}
