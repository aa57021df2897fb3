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
import re
import secrets
import sys
import types
import unicodedata
import uuid

UTC = datetime.timezone.utc
MISSING = object()


class SkipObject(Exception):
    pass


class DoesNotExist(Exception):
    pass


class MultipleObjectsReturned(Exception):
    pass


class FieldError(Exception):
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


# Queries


def plain(value):
    """Objects are compared by their keys, and keys as the directory writes them."""
    if isinstance(value, Record):
        return value.pk
    return str(value) if isinstance(value, uuid.UUID) else value


def contains(value, wanted):
    if isinstance(value, dict) and isinstance(wanted, dict):
        return all(key in value and value[key] == part for key, part in wanted.items())
    if isinstance(value, list):
        return all(part in value for part in wanted) if isinstance(wanted, list) else wanted in value
    return isinstance(value, str) and str(wanted) in value


def on_text(test):
    return lambda value, wanted: isinstance(value, str) and bool(test(value, str(wanted)))


def ignoring_case(test):
    return on_text(lambda value, wanted: test(value.lower(), wanted.lower()))


def ordered(test):
    def compare(value, wanted):
        try:
            return value is not None and test(value, wanted)
        except TypeError:
            return False
    return compare


LOOKUPS = {
    "exact": lambda value, wanted: value == plain(wanted),
    "iexact": ignoring_case(lambda value, wanted: value == wanted),
    "contains": contains,
    "icontains": ignoring_case(lambda value, wanted: wanted in value),
    "startswith": on_text(str.startswith),
    "istartswith": ignoring_case(str.startswith),
    "endswith": on_text(str.endswith),
    "iendswith": ignoring_case(str.endswith),
    "in": lambda value, wanted: value in [plain(item) for item in wanted],
    "gt": ordered(lambda value, wanted: value > wanted),
    "gte": ordered(lambda value, wanted: value >= wanted),
    "lt": ordered(lambda value, wanted: value < wanted),
    "lte": ordered(lambda value, wanted: value <= wanted),
    "regex": on_text(lambda value, wanted: re.search(wanted, value)),
}


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


def steps_of(model, names):
    """The steps of a path; unknown names are refused here, even when there is no row to look at."""
    steps = []
    while names:
        name, *names = names
        if name in model.relations:
            steps.append(follow_relation(name))
            model = model.related(name)
        elif name in model.fields and (not names or name == "attributes"):
            return steps + [follow_field(name)] + [follow_key(key) for key in names]
        else:
            raise FieldError(f"{model.__name__} has no field {name}")
    return steps


def values_at(record, steps):
    values = [record]
    for step in steps:
        values = [found for value in values for found in ([MISSING] if value is MISSING else step(value))]
    return values


def condition(model, path, wanted):
    """One keyword of a filter as a test of a record; over a relation one match suffices."""
    *names, last = path.split("__")
    lookup = last if names and (last in LOOKUPS or last == "isnull") else "exact"
    steps = steps_of(model, names if lookup == last else [*names, last])
    if lookup == "isnull":
        return lambda record: any((value in (None, MISSING)) == wanted for value in values_at(record, steps))
    test = LOOKUPS[lookup]
    return lambda record: any(value is not MISSING and test(plain(value), wanted) for value in values_at(record, steps))


def column(model, path):
    steps = steps_of(model, path.split("__"))

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
    fields, relations = (), ()

    def __init__(self, directory, row):
        self._directory = directory
        for name, value in row.items():
            # Relations are read from the directory; the keys they are given as are kept aside.
            setattr(self, f"_{name}" if name in self.relations else name, value)

    def __eq__(self, other):
        return type(self) is type(other) and self.pk is not None and self.pk == other.pk

    def __hash__(self):
        return hash((type(self), self.pk))

    @property
    def roles(self):
        return QuerySet(Record, [])


class User(Record):
    fields = ("pk", "id", "uuid", "username", "name", "email", "is_active", "type", "path", "attributes",
              "date_joined", "last_login", "password_change_date", "last_updated")
    relations = ("groups",)
    last_login = None

    def __init__(self, directory, row):
        super().__init__(directory, row)
        self.date_joined, self.last_updated = moment(self.date_joined), moment(self.last_updated)
        self.password_change_date = self.date_joined
        self.id = self.pk

    @staticmethod
    def related(name):
        return Group

    @property
    def groups(self):
        return self._directory.group_set(self._groups)

    ak_groups = groups

    def all_groups(self):
        return self._directory.group_set(self._directory.with_ancestors(self._groups))

    def group_attributes(self):
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


class Group(Record):
    fields = ("pk", "group_uuid", "name", "is_superuser", "attributes")
    relations = ("users", "parents", "children")

    def __init__(self, directory, row):
        super().__init__(directory, row)
        self.group_uuid = self.pk

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


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


class Directory:
    def __init__(self, data):
        self.provider = types.SimpleNamespace(id=data["provider"]["pk"], **data["provider"])
        self.groups = {row["pk"]: Group(self, row) for row in data["groups"]}
        self.users = {row["pk"]: User(self, row) for row in data["users"]}
        self._connections = data["connections"]

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
        return known and types.SimpleNamespace(provider=self.provider, **{kind: subject}, **known)

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


def slugify(text):
    folded = unicodedata.normalize("NFKD", str(text)).encode("ascii", "ignore").decode().lower()
    kept = re.sub(r"[^a-z0-9_\s-]", "", folded)
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
    "SkipObject": SkipObject,
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
    install_module("authentik.core.models", User=User, Group=Group)
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
    request = types.SimpleNamespace(user=user or directory.blank_user(), context=context, http_request=None, obj=None)
    return {**HELPERS, "request": request, "user": user, "group": group, "connection": connection,
            "provider": directory.provider,
            # What the default of the first release asked for (section 12: a flag `creating` was in scope).
            "creating": connection is None}


def evaluated(expressions, scope):
    merged = {}
    named = sorted((str(number), expression) for number, expression in enumerate(expressions, 1))
    for name, expression in named:
        scope["request"].obj = types.SimpleNamespace(name=name, expression=expression)
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
    except SkipObject:
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
