"""A second, independent reading of what a mapping may expect, in plain CPython.

Reads {"directory", "models", "cases"} from stdin and prints {"results": {case: [outcome for each subject]}}. It has no
limits and no protection: it exists so that the server's evaluation can be compared with something written separately.
"""

import ast
import contextlib
import datetime
import decimal
import enum
import functools
import io
import ipaddress
import json
import math
import operator
import re
import secrets
import sys
import types
import unicodedata
import uuid

UTC = datetime.timezone.utc
MISSING = object()


class SkipObjectException(Exception):
    pass


class FieldError(Exception):
    pass


class ValidationError(Exception):
    pass


class SuspiciousFileOperation(Exception):
    pass


class ObjectDoesNotExist(Exception):
    pass


class DoesNotExist(ObjectDoesNotExist):
    pass


class MultipleObjectsReturned(Exception):
    pass


# Merging


def merge(earlier, later):
    """Dicts deeply, lists appended, sets united; anything else, and any mismatch, is the later one's."""
    if isinstance(earlier, dict) and isinstance(later, dict):
        return {**earlier, **{key: merge(earlier.get(key), value) for key, value in later.items()}}
    if isinstance(earlier, list) and isinstance(later, list):
        return earlier + later
    if isinstance(earlier, (set, frozenset)) and isinstance(later, (set, frozenset)):
        return earlier | later
    return later


class AlwaysMerger:
    """The library's way of the same: what is merged into changes, and takes over the other's very objects."""

    def merge(self, base, nxt):
        if not (isinstance(base, dict) and isinstance(nxt, dict)):
            return merge(base, nxt)
        for key, value in nxt.items():
            base[key] = self.merge(base[key], value) if key in base else value
        return base


# Kinds of fields: each makes what a condition wants comparable with the field's values, or refuses it


def anything(value):
    return value


def integer(value):
    return int(value)


def identifier(value):
    if isinstance(value, uuid.UUID):
        return value
    try:
        return uuid.UUID(int=value) if isinstance(value, int) else uuid.UUID(value)
    except (AttributeError, ValueError) as error:
        raise ValidationError(f"{value} is not a valid UUID") from error


def parsed(kind, value):
    try:
        return kind.fromisoformat(value.replace("Z", "+00:00") if isinstance(value, str) else value)
    except ValueError as error:
        raise ValidationError(f"{value} is not a {kind.__name__}") from error


def moment(value):
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        value = datetime.datetime.combine(value, datetime.time())
    elif not isinstance(value, datetime.datetime):
        value = parsed(datetime.datetime, value)
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def day(value):
    if isinstance(value, datetime.datetime):
        return moment(value).astimezone(UTC).date()
    return value if isinstance(value, datetime.date) else parsed(datetime.date, value)


def clock(value):
    return value if isinstance(value, datetime.time) else parsed(datetime.time, value)


def document(value):
    return json.loads(json.dumps(value))


def key_of(model):
    def key(value):
        if not isinstance(value, Record):
            return model.fields["pk"](value)
        if not isinstance(value, model):
            raise ValueError(f"{value!r} has to be a {model.__name__}")
        return value.pk
    return key


# Parts of a time: what each is, and its kind
PARTS = {
    "year": (lambda time: time.year, integer),
    "iso_year": (lambda time: time.isocalendar()[0], integer),
    "month": (lambda time: time.month, integer),
    "day": (lambda time: time.day, integer),
    "week": (lambda time: time.isocalendar()[1], integer),
    "week_day": (lambda time: time.isoweekday() % 7 + 1, integer),
    "iso_week_day": (lambda time: time.isoweekday(), integer),
    "quarter": (lambda time: (time.month + 2) // 3, integer),
    "hour": (lambda time: time.hour, integer),
    "minute": (lambda time: time.minute, integer),
    "second": (lambda time: time.second, integer),
    "date": (lambda time: time.date(), day),
    "time": (lambda time: time.time(), clock),
}


# Lookups: each makes a test of a field's value out of the field's kind and what is wanted


def required(wanted):
    if wanted is None:
        raise ValueError("None cannot be asked for like this")
    return wanted


def alike(value, wanted):
    """Equality, except that JSON, unlike Python, does not take 1 for true."""
    if isinstance(value, dict) and isinstance(wanted, dict):
        return value.keys() == wanted.keys() and all(alike(value[key], wanted[key]) for key in value)
    if isinstance(value, list) and isinstance(wanted, list):
        return len(value) == len(wanted) and all(map(alike, value, wanted))
    return isinstance(value, bool) == isinstance(wanted, bool) and value == wanted


def is_null(kind, wanted):
    if not isinstance(wanted, bool):
        raise ValueError("isnull takes True or False")
    # A key whose value is null is a key that is there.
    nulls = (MISSING,) if kind is document else (MISSING, None)
    return lambda value: any(value is null for null in nulls) == wanted


def exact(kind, wanted):
    if wanted is None:
        return (lambda value: value is None) if kind is document else is_null(kind, True)
    wanted = kind(wanted)
    same = alike if kind is document else operator.eq
    return lambda value: value is not MISSING and same(value, wanted)


def one_of(kind, wanted):
    given = map(plain, wanted) if isinstance(wanted, QuerySet) else wanted
    tests = [exact(kind, item) for item in given if item is not None]
    return lambda value: any(test(value) for test in tests)


def ordered(test):
    def lookup(kind, wanted):
        wanted = kind(required(wanted))

        def compare(value):
            try:
                return value not in (MISSING, None) and test(value, wanted)
            except TypeError:
                return False
        return compare
    return lookup


def between(kind, wanted):
    lower, upper = (LOOKUPS[name](kind, end) for name, end in zip(("gte", "lte"), wanted))
    return lambda value: lower(value) and upper(value)


def on_text(test):
    def lookup(kind, wanted):
        wanted = str(required(wanted))

        def compare(value):
            text = str(value) if isinstance(value, uuid.UUID) else value
            return isinstance(text, str) and bool(test(text, wanted))
        return compare
    return lookup


def ignoring_case(test):
    return on_text(lambda value, wanted: test(value.lower(), wanted.lower()))


def or_null(lookup):
    return lambda kind, wanted: is_null(kind, True) if wanted is None else lookup(kind, wanted)


def within(value, wanted):
    """Containment of JSON: objects key by key, lists element by element, scalars when they are equal."""
    if isinstance(value, dict) and isinstance(wanted, dict):
        return all(key in value and within(value[key], part) for key, part in wanted.items())
    if isinstance(value, list) and isinstance(wanted, list):
        return all(any(within(element, part) for element in value) for part in wanted)
    return alike(value, wanted)


def holds(value, wanted):
    single = isinstance(value, list) and not isinstance(wanted, (dict, list))
    return within(value, [wanted] if single else wanted)


def on_document(test):
    def lookup(kind, wanted):
        if kind is not document:
            raise FieldError("only attributes can be asked like this")
        wanted = document(required(wanted))
        return lambda value: value is not MISSING and test(value, wanted)
    return lookup


def has_key(value, key):
    return isinstance(value, (dict, list)) and key in value


def contains(kind, wanted):
    return (on_document(holds) if kind is document else on_text(lambda value, part: part in value))(kind, wanted)


LOOKUPS = {
    "exact": exact,
    "iexact": or_null(ignoring_case(lambda value, wanted: value == wanted)),
    "contains": contains,
    "icontains": ignoring_case(lambda value, wanted: wanted in value),
    "startswith": on_text(str.startswith),
    "istartswith": ignoring_case(str.startswith),
    "endswith": on_text(str.endswith),
    "iendswith": ignoring_case(str.endswith),
    "in": one_of,
    "isnull": is_null,
    "gt": ordered(lambda value, wanted: value > wanted),
    "gte": ordered(lambda value, wanted: value >= wanted),
    "lt": ordered(lambda value, wanted: value < wanted),
    "lte": ordered(lambda value, wanted: value <= wanted),
    "range": between,
    "regex": on_text(lambda value, wanted: re.search(wanted, value)),
    "iregex": on_text(lambda value, wanted: re.search(wanted, value, re.IGNORECASE)),
    "contained_by": on_document(lambda value, wanted: holds(wanted, value)),
    "has_key": on_document(has_key),
    "has_keys": on_document(lambda value, keys: all(has_key(value, key) for key in keys)),
    "has_any_keys": on_document(lambda value, keys: any(has_key(value, key) for key in keys)),
}


# Queries


def plain(value):
    """Objects are compared by their keys."""
    return value.pk if isinstance(value, Record) else value


def follow_relation(name):
    # An object without relatives still has one row to be asked about, an empty one, so that __isnull can find it.
    return lambda record: list(getattr(record, name)) or [MISSING]


def follow_field(name):
    return lambda record: [getattr(record, name)]


def follow_key(key):
    def step(value):
        if isinstance(value, list) and key.isdigit():
            return value[int(key):int(key) + 1] or [MISSING]
        return [value.get(key, MISSING)] if isinstance(value, dict) else [MISSING]
    return step


def follow_part(read):
    return lambda time: [None if time is None else read(time)]


def path_of(model, names):
    """The steps of a path and the kind of its end; unknown names are refused here, even when there is no row to look at."""
    steps, kind = [], None
    while names and names[0] in model.relations:
        name, *names = names
        steps.append(follow_relation(name))
        model = model.related(name)
        kind = key_of(model)
    if names:
        name, *names = names
        if name not in model.fields:
            raise FieldError(f"{model.__name__} has no field {name}")
        steps.append(follow_field(name))
        kind = model.fields[name]
    if kind is document:
        return steps + [follow_key(key) for key in names], kind
    if kind is moment and names and names[0] in PARTS:
        part, *names = names
        read, kind = PARTS[part]
        steps.append(follow_part(read))
    if names:
        raise FieldError(f"{model.__name__} has nothing behind {name} by the name {names[0]}")
    return steps, kind


def values_at(record, steps):
    values = [record]
    for step in steps:
        values = [found for value in values for found in ([MISSING] if value is MISSING else step(value))]
    return values


def condition(model, path, wanted):
    """One keyword of a filter as a test of a record; over a relation one match suffices."""
    *names, last = path.split("__")
    named = bool(names) and last in LOOKUPS
    steps, kind = path_of(model, names if named else [*names, last])
    test = LOOKUPS[last if named else "exact"](kind, wanted)
    return lambda record: any(test(plain(value)) for value in values_at(record, steps))


def column(model, path):
    steps, _ = path_of(model, path.split("__"))

    def read(record):
        value = values_at(record, steps)[0]
        return None if value is MISSING else plain(value)
    return read


class QuerySet:
    def __init__(self, model, rows, shape=lambda record: record):
        self.model, self._rows, self._shape = model, list(rows), shape

    def _with(self, rows):
        return QuerySet(self.model, rows, self._shape)

    def _shaped(self, shape):
        return QuerySet(self.model, self._rows, shape)

    def _columns(self, fields):
        return {field: column(self.model, field) for field in fields or self.model.fields}

    def _tests(self, conditions):
        return [condition(self.model, path, wanted) for path, wanted in conditions.items()]

    def all(self):
        return self._with(self._rows)

    def filter(self, **conditions):
        tests = self._tests(conditions)
        return self._with(row for row in self._rows if all(test(row) for test in tests))

    def exclude(self, **conditions):
        tests = self._tests(conditions)
        return self._with(row for row in self._rows if not tests or not all(test(row) for test in tests))

    def get(self, **conditions):
        found = self.filter(**conditions)
        if not found:
            raise DoesNotExist(f"no {self.model.__name__} matches")
        if len(found) > 1:
            raise MultipleObjectsReturned(f"{len(found)} {self.model.__name__} objects match")
        return found[0]

    def first(self):
        return self[0] if self._rows else None

    def last(self):
        return self[len(self) - 1] if self._rows else None

    def exists(self):
        return bool(self._rows)

    def count(self):
        return len(self._rows)

    def order_by(self, *fields):
        rows = self._rows
        for field in reversed(fields):
            read = column(self.model, field.lstrip("-"))
            rows = sorted(rows, key=lambda row: (read(row) is not None, read(row)), reverse=field.startswith("-"))
        return self._with(rows)

    def values_list(self, *fields, flat=False):
        columns = list(self._columns(fields).values())
        return self._shaped(columns[0] if flat else lambda row: tuple(read(row) for read in columns))

    def values(self, *fields):
        columns = self._columns(fields)
        return self._shaped(lambda row: {field: read(row) for field, read in columns.items()})

    def distinct(self):
        seen, rows = [], []
        for row in self._rows:
            if self._shape(row) not in seen:
                seen.append(self._shape(row))
                rows.append(row)
        return self._with(rows)

    def __len__(self):
        return len(self._rows)

    def __iter__(self):
        return iter([self._shape(row) for row in self._rows])

    def __getitem__(self, index):
        if isinstance(index, slice):
            return self._with(self._rows[index])
        return self._shape(self._rows[index])


# Users and groups


class Record:
    DoesNotExist, MultipleObjectsReturned = DoesNotExist, MultipleObjectsReturned
    fields, relations = {}, ()

    def __init__(self, directory, row):
        self._directory = directory
        for name, value in row.items():
            # Relations are read from the directory; the keys they are given as are kept aside.
            setattr(self, f"_{name}" if name in self.relations else name, value)

    def __eq__(self, other):
        return type(self) is type(other) and self.pk is not None and self.pk == other.pk

    def __hash__(self):
        return hash((type(self), self.pk))

    def __repr__(self):
        return f"<{type(self).__name__}: {self}>"

    @property
    def roles(self):
        return QuerySet(Role, [])

    def all_roles(self):
        return self.roles


class Role(Record):
    fields = {"pk": identifier, "uuid": identifier, "name": anything}


class User(Record):
    fields = {
        "pk": integer, "id": integer, "uuid": identifier, "username": anything, "name": anything, "email": anything,
        "first_name": anything, "last_name": anything, "is_active": anything, "type": anything, "path": anything,
        "attributes": document, "date_joined": moment, "last_login": moment, "password_change_date": moment,
        "last_updated": moment,
    }
    relations = ("groups",)
    USERNAME_FIELD, EMAIL_FIELD, REQUIRED_FIELDS = "username", "email", ["email"]
    first_name = last_name = ""
    last_login = None
    is_authenticated, is_anonymous = True, False
    # What authentik shows when pictures are switched off.
    avatar = "/static/dist/assets/images/user_default.png"

    def __init__(self, directory, row):
        super().__init__(directory, row)
        self._groups = [uuid.UUID(key) for key in self._groups]
        self.uuid = uuid.UUID(self.uuid)
        self.date_joined, self.last_updated = moment(self.date_joined), moment(self.last_updated)
        self.password_change_date = self.date_joined
        self.id = self.pk

    def __str__(self):
        return self.username

    def get_username(self):
        return self.username

    def natural_key(self):
        return (self.username,)

    def get_full_name(self):
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self):
        return self.first_name

    def has_usable_password(self):
        return True

    def locale(self, request=None):
        settings = self.attributes.get("settings", {})
        return settings.get("locale", "") if isinstance(settings, dict) else ""

    @staticmethod
    def default_path():
        return "users"

    @staticmethod
    def related(name):
        return Group

    @property
    def groups(self):
        return self._directory.group_set(self._groups)

    ak_groups = groups

    def all_groups(self):
        return self._directory.group_set(self._directory.with_ancestors(self._groups))

    def group_attributes(self, request=None):
        owners = [*self.all_groups(), self]
        return functools.reduce(merge, (owner.attributes for owner in owners), {})

    @property
    def is_superuser(self):
        return any(group.is_superuser for group in self.all_groups())

    is_staff = is_superuser

    @functools.cached_property
    def password(self):
        return secrets.token_urlsafe(24) + "aA1!"

    def app_entitlements(self, app):
        return []

    def app_entitlements_attributes(self, app):
        return {}


class Group(Record):
    fields = {"pk": identifier, "group_uuid": identifier, "name": anything, "is_superuser": anything, "attributes": document}
    relations = ("users", "parents", "children")

    def __init__(self, directory, row):
        super().__init__(directory, row)
        self._parents = [uuid.UUID(key) for key in self._parents]
        self.pk = self.group_uuid = uuid.UUID(self.pk)

    def __str__(self):
        return f"Group {self.name}"

    @staticmethod
    def related(name):
        return User if name == "users" else Group

    @property
    def users(self):
        return self._directory.user_set(lambda user: self.pk in user._groups)

    @property
    def parents(self):
        return self._directory.group_set(self._parents)

    @property
    def children(self):
        return self._directory.group_set(key for key, group in self._directory.groups.items() if self.pk in group._parents)

    def is_member(self, user):
        return self in user.all_groups()


class Row:
    """What mappings see of other tables."""

    def __init__(self, **values):
        vars(self).update(values)

    def __repr__(self):
        return f"<{type(self).__name__}: {self}>"


class MicrosoftEntraProvider(Row):
    def __str__(self):
        return f"Microsoft Entra Provider {self.name}"


class MicrosoftEntraProviderMapping(Row):
    def __str__(self):
        return f"Microsoft Entra Provider Mapping {self.name}"


class MicrosoftEntraProviderUser(Row):
    def __str__(self):
        return f"Microsoft Entra Provider User {self.user.pk} to {self.provider.pk}"


class MicrosoftEntraProviderGroup(Row):
    def __str__(self):
        return f"Microsoft Entra Provider Group {self.group.pk} to {self.provider.pk}"


CONNECTIONS = {"user": MicrosoftEntraProviderUser, "group": MicrosoftEntraProviderGroup}


class Directory:
    def __init__(self, data):
        self.provider = MicrosoftEntraProvider(id=data["provider"]["pk"], **data["provider"])
        self.groups = {group.pk: group for group in (Group(self, row) for row in data["groups"])}
        self.users = {row["pk"]: User(self, row) for row in data["users"]}
        self._connections = {key.lower(): known for key, known in data["connections"].items()}

    def user_set(self, belongs=lambda user: True):
        return QuerySet(User, sorted(filter(belongs, self.users.values()), key=lambda user: user.pk))

    def group_set(self, keys):
        return QuerySet(Group, sorted((self.groups[key] for key in set(keys)), key=lambda group: group.name))

    def with_ancestors(self, keys):
        found, waiting = set(), list(keys)
        while waiting:
            key = waiting.pop()
            if key not in found:
                found.add(key)
                waiting += self.groups[key]._parents
        return found

    def connection(self, kind, subject):
        known = self._connections.get(f"{kind}:{subject.pk}")
        return known and CONNECTIONS[kind](provider=self.provider, **{kind: subject}, **known)

    def blank_user(self):
        now = datetime.datetime.now(UTC).isoformat()
        return User(self, {
            "pk": None, "uuid": str(uuid.uuid4()), "uid": "", "username": "", "name": "", "email": "", "is_active": True,
            "type": "internal", "path": "users", "attributes": {}, "groups": [], "date_joined": now, "last_updated": now,
        })


# Helpers


def regex_match(value, regex):
    return re.search(regex, value) is not None


def regex_replace(value, regex, repl):
    return re.sub(regex, repl, value)


def list_flatten(value):
    return next(iter(value), None) if isinstance(value, list) else value


def slugify(value, allow_unicode=False):
    if allow_unicode:
        text = unicodedata.normalize("NFKC", str(value))
    else:
        text = unicodedata.normalize("NFKD", str(value)).encode("ascii", "ignore").decode()
    kept = re.sub(r"[^\w\s-]", "", text.lower())
    return re.sub(r"[\s-]+", "-", kept).strip("-_")


def ak_is_group_member(user, **filters):
    return user.all_groups().filter(**filters).exists()


def ak_user_by(**filters):
    try:
        return User.objects.filter(**filters).first()
    except FieldError:
        return None


def nothing(*args, **kwargs):
    return None


def unavailable(*args, **kwargs):
    raise NotImplementedError("not available to mappings")


class Logger:
    def bind(self, **kwargs):
        return self

    def __getattr__(self, level):
        return nothing


class Requests:
    def __getattr__(self, name):
        return unavailable()


HELPERS = {
    "SkipObject": SkipObjectException,
    "regex_match": regex_match,
    "regex_replace": regex_replace,
    "list_flatten": list_flatten,
    "slugify": slugify,
    "ak_is_group_member": ak_is_group_member,
    "ak_user_by": ak_user_by,
    "ak_user_has_authenticator": lambda user, device_type=None: False,
    "ak_create_event": lambda action, **kwargs: None,
    "ak_create_jwt": nothing,
    "ak_create_jwt_raw": unavailable,
    "ak_call_policy": unavailable,
    "ak_send_email": unavailable,
    "resolve_dns": unavailable,
    "reverse_dns": unavailable,
    "ip_address": ipaddress.ip_address,
    "ip_network": ipaddress.ip_network,
    "ak_logger": Logger(),
    "requests": Requests(),
}


# What authentik's own modules and libraries offer


class ChoicesType(enum.EnumMeta):
    """A class of choices knows its values and labels, and takes a value for a member."""

    def __contains__(cls, value):
        return any(value == member for member in cls)

    names = property(lambda cls: [member.name for member in cls])
    values = property(lambda cls: [member.value for member in cls])
    labels = property(lambda cls: [member.label for member in cls])
    choices = property(lambda cls: [(member.value, member.label) for member in cls])


class UserTypes(str, enum.Enum, metaclass=ChoicesType):
    INTERNAL = "internal"
    EXTERNAL = "external"
    SERVICE_ACCOUNT = "service_account"
    INTERNAL_SERVICE_ACCOUNT = "internal_service_account"

    @property
    def label(self):
        return self.name.replace("_", " ").title()

    def __str__(self):
        return self.value


def capfirst(value):
    text = str(value) if value else value
    return text and text[0].upper() + text[1:]


def normalize_newlines(value):
    return str(value).replace("\r\n", "\n").replace("\r", "\n")


def camel_case_to_spaces(value):
    return re.sub(r"(?<=[a-z])[A-Z]|[A-Z](?![A-Z]|$)", r" \g<0>", value).strip().lower()


def get_valid_filename(value):
    name = re.sub(r"[^\w.-]", "", str(value).strip().replace(" ", "_"))
    if name in ("", ".", ".."):
        raise SuspiciousFileOperation(f"no file name can be made of {value!r}")
    return name


def get_text_list(values, last_word="or"):
    *others, last = map(str, values or [""])
    return f"{', '.join(others)} {last_word} {last}" if others else last


def with_mark(text, mark):
    mark = "%(truncated_text)s…" if mark is None else mark
    if "%(truncated_text)s" in mark:
        return mark % {"truncated_text": text}
    return text if text.endswith(mark) else text + mark


def places(text):
    """Where the letters of a text begin; a combining mark belongs to the letter before it."""
    return [place for place, letter in enumerate(text) if not unicodedata.combining(letter)]


class Truncator:
    def __init__(self, text):
        self._text = str(text)

    def __str__(self):
        return self._text

    def chars(self, num, truncate=None):
        length, text = int(num), unicodedata.normalize("NFC", self._text)
        letters = places(text)
        if length <= 0:
            return ""
        if len(letters) <= length:
            return text
        kept = max(length - len(places(with_mark("", truncate))), 0)
        return with_mark(text[:letters[kept]], truncate)

    def words(self, num, truncate=None):
        length, words = int(num), self._text.split()
        if length <= 0:
            return ""
        kept = " ".join(words[:length])
        return with_mark(kept, truncate) if len(words) > length else kept


def now():
    return datetime.datetime.now(UTC)


def is_naive(value):
    return value.utcoffset() is None


def aware(value):
    if is_naive(value):
        raise ValueError("the time has no time zone")
    return value


def localtime(value=None, timezone=None):
    return aware(now() if value is None else value).astimezone(timezone or UTC)


def make_aware(value, timezone=None):
    if not is_naive(value):
        raise ValueError("the time has a time zone already")
    return value.replace(tzinfo=timezone or UTC)


def make_naive(value, timezone=None):
    return localtime(aware(value), timezone).replace(tzinfo=None)


TIMEZONE = {
    "now": now, "localtime": localtime, "make_aware": make_aware, "make_naive": make_naive, "is_naive": is_naive,
    "is_aware": lambda value: not is_naive(value),
    "localdate": lambda value=None, timezone=None: localtime(value, timezone).date(),
    "datetime": datetime.datetime, "timedelta": datetime.timedelta, "timezone": datetime.timezone,
}


def pairs(letters, latin):
    return zip(letters, latin.split())


def with_capitals(table):
    return {**table, **{letter.upper(): latin[:1].upper() + latin[1:] for letter, latin in table.items()}}


# Letters that are not a plain letter with a mark; of all others the mark is dropped, and what is in no table is left out.
LATIN = {
    **with_capitals(dict(pairs("абвгґдежзиклмнопрстуфхцчшщыэюяѐёђѓєѕіїјљњћќѝўџ",
                               "a b v g g' d e zh z i k l m n o p r s t u f kh ts ch sh shch y e iu ia "
                               "ie io dj gj ie dz i yi j lj nj tsh kj i u dzh"))),
    **with_capitals(dict(pairs("αβγδεζηθικλμνοπρστυφχψω", "a b g d e z e th i k l m n o p r s t u ph kh ps o"))),
    **with_capitals(dict(pairs("øđðłŧħþ", "o d d l t h th"))),
    **dict(pairs("ßẞæÆœŒıŋŊĸſξΞς", "ss SS ae AE oe OE i ng NG k s x Ks s")),
    **dict.fromkeys("ъЪьЬ‘’´", "'"), **dict.fromkeys("“”¨", '"'),
    **dict(pairs("–—…€«»°©®£§×÷¡¿·µ", "- -- ... EUR << >> deg (c) (r) PS SS x / ! ? * u")), "\u00a0": " ",
}


def latin(letter):
    if letter.isascii():
        return letter
    plainest = unicodedata.normalize("NFD", letter)[0]
    return LATIN[letter] if letter in LATIN else "" if plainest == letter else latin(plainest)


def unidecode(text):
    return text if text.isascii() else "".join(map(latin, text))


# Modules that only exist inside expressions


class Model:
    """A type of Graph: knows its properties by name, and refuses any other."""

    properties = frozenset()

    def __init__(self, **values):
        for name, value in values.items():
            setattr(self, name, value)

    def __setattr__(self, name, value):
        self._check(name)
        super().__setattr__(name, value)

    def __getattr__(self, name):
        # Reached only for what was never set.
        self._check(name)
        return None

    def _check(self, name):
        if name not in self.properties:
            raise AttributeError(f"{type(self).__name__} has no property {name}")


def snake_case(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def install_module(name, **contents):
    parent, _, child = name.rpartition(".")
    module = sys.modules.setdefault(name, types.ModuleType(name))
    # An empty path makes it a package: importing what it lacks is then an ordinary ModuleNotFoundError.
    module.__path__ = []
    vars(module).update(contents)
    if parent:
        setattr(install_module(parent), child, module)
    return module


def install_modules(models):
    install_module("authentik.core.models", User=User, Group=Group, UserTypes=UserTypes)
    install_module("authentik.core.expression.exceptions", SkipObjectException=SkipObjectException)
    install_module("deepmerge", always_merger=AlwaysMerger())
    install_module("django.core.exceptions", FieldError=FieldError, MultipleObjectsReturned=MultipleObjectsReturned,
                   ObjectDoesNotExist=ObjectDoesNotExist, ValidationError=ValidationError)
    install_module("django.utils.text", slugify=slugify, capfirst=capfirst, Truncator=Truncator,
                   normalize_newlines=normalize_newlines, camel_case_to_spaces=camel_case_to_spaces,
                   get_valid_filename=get_valid_filename, get_text_list=get_text_list)
    install_module("django.utils.timezone", **TIMEZONE)
    install_module("unidecode", unidecode=unidecode)
    install_module("msgraph.generated.models")
    for name, properties in models.items():
        kind = name[0].upper() + name[1:]
        model = type(kind, (Model,), {"properties": frozenset(map(snake_case, properties))})
        install_module(f"msgraph.generated.models.{snake_case(name)}", **{kind: model})


# Results


def as_text_time(value):
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    return aware.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def as_number(value):
    if not math.isfinite(value):
        raise ValueError("not a number JSON can carry")
    return as_number(float(value)) if isinstance(value, decimal.Decimal) else value


def as_object(value):
    if not all(isinstance(key, str) for key in value):
        raise TypeError("keys have to be text")
    return {key: as_json(part) for key, part in value.items()}


def as_array(value):
    return [as_json(part) for part in value]


# The order matters: an enumeration may also be text or a number, a datetime is also a date.
CONVERSIONS = (
    (enum.Enum, lambda value: as_json(value.value)),
    ((str, bool, int, type(None)), lambda value: value),
    ((float, decimal.Decimal), as_number),
    (datetime.datetime, as_text_time),
    (datetime.date, datetime.date.isoformat),
    ((uuid.UUID, ipaddress.IPv4Address, ipaddress.IPv6Address), str),
    (User, lambda value: value.pk),
    (Model, lambda value: as_object(vars(value))),
    (dict, as_object),
    ((list, tuple), as_array),
    ((set, frozenset), lambda value: sorted(as_array(value))),
)


def as_json(value):
    for kinds, convert in CONVERSIONS:
        if isinstance(value, kinds):
            return convert(value)
    raise TypeError(f"{type(value).__name__} cannot be a property")


# Evaluation


@functools.lru_cache(maxsize=None)
def compiled(expression, names):
    """The expression as a function. Its statements are moved, not its text, so that long strings stay as written."""
    module = ast.parse(f"def mapping({', '.join(names)}): pass")
    module.body[0].body = ast.parse(expression).body or module.body[0].body
    found = {}
    exec(compile(module, "<mapping>", "exec"), found)
    return found["mapping"]


def scope_for(directory, kind, subject):
    user, group = (subject, None) if kind == "user" else (None, subject)
    connection = directory.connection(kind, subject)
    context = {"provider": directory.provider, "connection": connection, **({"group": group} if group else {})}
    request = types.SimpleNamespace(user=user or directory.blank_user(), context=context, http_request=None, obj=None,
                                    debug=False)
    return {**HELPERS, "request": request, "user": user, "group": group, "connection": connection,
            "provider": directory.provider,
            # What the default of the first release asked for (section 12: a flag `creating` was in scope).
            "creating": connection is None}


def evaluated(expressions, scope):
    merged = {}
    named = sorted((str(number), expression) for number, expression in enumerate(expressions, 1))
    for name, expression in named:
        scope["request"].obj = MicrosoftEntraProviderMapping(name=name, expression=expression)
        value = compiled(expression, tuple(scope))(**scope)
        if not isinstance(value, (dict, type(None))):
            raise TypeError("a mapping returns a dict or None")
        merged = merge(merged, value or {})
    return as_json(merged)


def outcome(expressions, scope):
    try:
        # What an expression prints must not end up among the results.
        with contextlib.redirect_stdout(io.StringIO()):
            return {"result": evaluated(expressions, scope)}
    except SkipObjectException:
        return {"skip": True}
    except (Exception, SystemExit) as error:
        return {"error": type(error).__name__}


def outcomes(case, directory_text):
    # Each evaluation has a directory of its own: what an expression changes is gone with it.
    kind = case["kind"]
    for index in range(len(json.loads(directory_text)[f"{kind}s"])):
        directory = Directory(json.loads(directory_text))
        User.objects, Group.objects = directory.user_set(), directory.group_set(directory.groups)
        subject = list((directory.users if kind == "user" else directory.groups).values())[index]
        yield outcome(case["expressions"], scope_for(directory, kind, subject))


def main():
    given = json.load(sys.stdin)
    install_modules(given["models"])
    directory_text = json.dumps(given["directory"])
    results = {case["name"]: list(outcomes(case, directory_text)) for case in given["cases"]}
    json.dump({"results": results}, sys.stdout)


if __name__ == "__main__":
    main()
