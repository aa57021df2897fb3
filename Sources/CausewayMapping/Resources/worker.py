"""Evaluates property mappings for Causeway: one process, one set of mappings, messages over two pipes.

A message is four bytes of length (big endian) and that much JSON. The first one configures; every later one is a page of
objects. This file is sent to the interpreter over its standard input, so that nothing of Causeway needs to be readable to it.
"""

import ast
import base64
import calendar
import collections
import ctypes
import datetime
import decimal
import difflib
import enum
import fractions
import functools
import hashlib
import hmac
import importlib.abc
import importlib.machinery
import ipaddress
import itertools
import json
import linecache
import math
import operator
import os
import platform
import random
import re
import secrets
import statistics
import string
import struct
import sys
import textwrap
import time
import traceback
import types
import typing
import unicodedata
import urllib.parse
import uuid
import zlib

# Made before the door is shut: some of these load parts of themselves at first use.
import encodings.ascii
import encodings.idna
import encodings.latin_1
import encodings.punycode

STOP_MESSAGE = 1000


class SkipObject(Exception):
    """Raised by a mapping to leave an object alone."""


# Microsoft's SDK, as far as mappings use it: classes whose attributes are the properties of Graph's types.

SNAKE = re.compile(r"(?<!^)(?=[A-Z])")


def snake_case(name):
    return SNAKE.sub("_", name).lower()


class Model:
    _properties = frozenset()

    def __init__(self, **values):
        for name, value in values.items():
            setattr(self, name, value)

    def __setattr__(self, name, value):
        if name not in self._properties and name not in ("additional_data", "odata_type"):
            near = difflib.get_close_matches(name, self._properties, 1)
            hint = f"; did you mean '{near[0]}'?" if near else ""
            raise AttributeError(f"'{type(self).__name__}' has no property '{name}'{hint}")
        self.__dict__[name] = value

    def __getattr__(self, name):
        if name in self._properties or name in ("additional_data", "odata_type"):
            return None
        raise AttributeError(f"'{type(self).__name__}' has no property '{name}'")


class Models(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Answers imports of msgraph.generated.models."""

    PACKAGE = "msgraph.generated.models"
    PARENTS = ("msgraph", "msgraph.generated", PACKAGE)

    def __init__(self, type_data):
        self.classes = {}
        self.by_module = {}
        for name, properties in type_data["models"].items():
            members = {"_properties": frozenset(snake_case(p) for p in properties), "__module__": self.PACKAGE}
            self.add(name, type(name[0].upper() + name[1:], (Model,), members))
        for name, values in type_data["enumerations"].items():
            self.add(name, types.SimpleNamespace(**{v[0].upper() + v[1:]: v for v in values}))

    def add(self, name, value):
        self.classes[name[0].upper() + name[1:]] = value
        self.by_module[f"{self.PACKAGE}.{snake_case(name)}"] = name[0].upper() + name[1:]

    def find_spec(self, name, path, target=None):
        if name in self.PARENTS or name in self.by_module:
            return importlib.machinery.ModuleSpec(name, self, is_package=name in self.PARENTS)
        if name.startswith(self.PACKAGE + "."):
            near = difflib.get_close_matches(name, self.by_module, 1)
            hint = f"; did you mean '{near[0]}'?" if near else ""
            raise ModuleNotFoundError(f"Graph has no type for '{name}'{hint}", name=name)
        return None

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        if module.__name__ == self.PACKAGE:
            module.__dict__.update(self.classes)
        elif module.__name__ in self.by_module:
            class_name = self.by_module[module.__name__]
            setattr(module, class_name, self.classes[class_name])


class Refuser(importlib.abc.MetaPathFinder):
    """The last to be asked: says which modules there are."""

    def find_spec(self, name, path, target=None):
        offered = ", ".join(sorted(m for m in OFFERED if m in sys.modules))
        raise ModuleNotFoundError(f"'{name}' cannot be imported in a mapping; there are {offered} and msgraph", name=name)


OFFERED = (
    "base64 calendar collections datetime decimal difflib enum fractions functools hashlib hmac ipaddress itertools json "
    "math operator random re secrets statistics string struct textwrap time typing unicodedata urllib.parse uuid zlib"
).split()


# What a mapping sees.


class Record:
    """An object whose attributes are the members of a JSON object."""

    def __init__(self, values):
        self.__dict__.update(values)

    def __repr__(self):
        return f"<{type(self).__name__} {self.__dict__.get('username') or self.__dict__.get('name') or ''}>"


class Records(list):
    """A list that answers the calls of a query: all(), filter(name=...), first(), exists()."""

    def all(self):
        return self

    def filter(self, **conditions):
        return Records(r for r in self if all(getattr(r, k, None) == v for k, v in conditions.items()))

    def first(self):
        return self[0] if self else None

    def exists(self):
        return bool(self)

    def count(self, *value):
        return list.count(self, *value) if value else len(self)

    def values_list(self, *names, flat=False):
        if flat:
            return [getattr(r, names[0]) for r in self]
        return [tuple(getattr(r, n) for n in names) for r in self]


class Group(Record):
    pass


class Connection(Record):
    pass


class Provider(Record):
    pass


class User(Record):
    def __init__(self, values):
        self.__dict__.update(values)
        self.groups = Records(Group(g) for g in values.get("groups", ()))
        self.ak_groups = self.groups

    @property
    def password(self):
        # A hash would be of no use to Entra, and is nothing to hand out: every account starts with a password nobody knows.
        if "_password" not in self.__dict__:
            self.__dict__["_password"] = random_password()
        return self.__dict__["_password"]

    def all_groups(self):
        return Records(Group(g) for g in self.__dict__.get("inherited_groups", ())) or self.groups

    def group_attributes(self, request=None):
        merged = {}
        for group in sorted(self.all_groups(), key=lambda g: g.name):
            merge_dict(merged, group.attributes)
        merge_dict(merged, self.attributes)
        return merged


class Request:
    http_request = None

    def __init__(self, user, context):
        self.user = user
        self.context = context


PASSWORD_SETS = (string.ascii_uppercase, string.ascii_lowercase, string.digits, "!#$%*+-=?@_")


def random_password(length=32):
    # One of each class that Entra's policy knows, then from all of them.
    pool = "".join(PASSWORD_SETS)
    data = os.urandom(length)
    chosen = [s[b % len(s)] for s, b in zip(PASSWORD_SETS, data)]
    chosen += [pool[b % len(pool)] for b in data[len(PASSWORD_SETS):]]
    return "".join(chosen)


# The helpers that mappings may call.


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


def ip_address(text):
    return ipaddress.ip_address(text)


def ip_network(text):
    return ipaddress.ip_network(text)


def unavailable(name):
    def helper(*args, **kwargs):
        raise NotImplementedError(f"{name} is not available in a mapping here: mappings reach nothing outside")

    return helper


class Silence:
    """A logger, or anything to write to, that keeps nothing."""

    def __getattr__(self, name):
        return lambda *args, **kwargs: 0


HELPERS = {
    "SkipObject": SkipObject,
    "regex_match": regex_match,
    "regex_replace": regex_replace,
    "list_flatten": list_flatten,
    "slugify": slugify,
    "ak_is_group_member": ak_is_group_member,
    "ip_address": ip_address,
    "ip_network": ip_network,
    "ak_logger": Silence(),
}
for helper_name in (
    "ak_user_by ak_user_has_authenticator ak_call_policy ak_create_event ak_create_jwt ak_create_jwt_raw ak_send_email "
    "resolve_dns reverse_dns"
).split():
    HELPERS[helper_name] = unavailable(helper_name)


# Compiling and running.

PARAMETERS = "request, user, group, connection, provider"


class Mapping:
    """An expression as a function. It is the body of one, so `return` gives its value."""

    def __init__(self, name, expression):
        self.name = name
        self.file = f"<{name}>"
        body = ast.parse(expression, self.file).body
        module = ast.parse(f"def mapping({PARAMETERS}): pass", self.file)
        if body:
            module.body[0].body = body
        scope = dict(HELPERS, __name__="mapping")
        exec(compile(module, self.file, "exec"), scope)
        self.call = scope["mapping"]
        # No file holds the source, so a traceback finds it here.
        linecache.cache[self.file] = (len(expression), None, expression.splitlines(True), self.file)

    def problem(self, error):
        line = next((f.lineno for f in reversed(traceback.extract_tb(error.__traceback__)) if f.filename == self.file), None)
        return {
            "mapping": self.name,
            "type": type(error).__name__,
            "message": str(error)[:STOP_MESSAGE],
            "line": line,
        }


def merge_dict(into, more):
    for key, value in more.items():
        present = into.get(key)
        if isinstance(present, dict) and isinstance(value, dict):
            merge_dict(present, value)
        elif isinstance(present, list) and isinstance(value, list):
            into[key] = present + value
        elif isinstance(present, set) and isinstance(value, set):
            into[key] = present | value
        elif isinstance(value, dict):
            into[key] = {}
            merge_dict(into[key], value)
        else:
            into[key] = value


def plain(value):
    """What JSON has no form for."""
    if isinstance(value, Model):
        return {k: v for k, v in value.__dict__.items()}
    if isinstance(value, User):
        # Whom `manager` refers to.
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
    raise TypeError(f"a value of type '{type(value).__name__}' cannot be sent to Entra")


encoder = json.JSONEncoder(separators=(",", ":"), ensure_ascii=True, allow_nan=False, default=plain)


class Host:
    def __init__(self, configuration):
        sys.meta_path[:] = [m for m in sys.meta_path if m is not importlib.machinery.PathFinder]
        sys.meta_path.insert(0, Models(configuration["types"]))
        sys.meta_path.append(Refuser())
        sys.path.clear()
        self.provider = Provider(configuration["provider"])
        self.mappings = []
        self.faults = []
        for entry in sorted(configuration["mappings"], key=lambda m: m["name"]):
            try:
                self.mappings.append(Mapping(entry["name"], entry["expression"]))
            except (SyntaxError, ValueError) as error:
                self.faults.append(
                    {
                        "mapping": entry["name"],
                        "type": type(error).__name__,
                        "message": getattr(error, "msg", None) or str(error),
                        "line": getattr(error, "lineno", None),
                    }
                )

    def evaluate(self, entry):
        """[0, properties, password] or [1] for a skipped object or [2, problem]."""
        user = User(entry["user"]) if "user" in entry else None
        group = Group(entry["group"]) if "group" in entry else None
        connection = Connection(entry["connection"]) if entry.get("connection") is not None else None
        context = {"provider": self.provider, "connection": connection}
        if group is not None:
            group.parents = Records(Group(g) for g in entry["group"].get("parents", ()))
            context["group"] = group
        request = Request(user or BLANK_USER, context)
        merged = {}
        for mapping in self.mappings:
            request.obj = mapping
            try:
                value = mapping.call(request, user, group, connection, self.provider)
                if value is None:
                    continue
                if not isinstance(value, dict):
                    raise TypeError(f"the mapping returns a value of type '{type(value).__name__}'; it must return a dict")
                merge_dict(merged, value)
            except SkipObject:
                return [1]
            except (Exception, RecursionError) as error:
                return [2, mapping.problem(error)]
        return [0, merged, user.__dict__.get("_password") if user is not None else None]

    def answer(self, entries):
        results = [self.evaluate(entry) for entry in entries]
        try:
            return encoder.encode(results).encode()
        except (TypeError, ValueError, RecursionError):
            return ("[" + ",".join(self.encode(r) for r in results) + "]").encode()

    def encode(self, result):
        try:
            return encoder.encode(result)
        except (TypeError, ValueError, RecursionError) as error:
            name = self.mappings[-1].name if len(self.mappings) == 1 else "result"
            problem = {"mapping": name, "type": type(error).__name__, "message": str(error)[:STOP_MESSAGE], "line": None}
            return encoder.encode([2, problem])


BLANK_USER = User(
    {
        "pk": None, "uuid": None, "uid": "", "username": "", "name": "", "email": "", "is_active": False,
        "type": "internal", "path": "", "attributes": {}, "is_superuser": False,
    }
)


# The door behind us: after this nothing can be opened, started or looked at, whatever a mapping finds to call.

KEPT_CALLS = {
    "x86_64": (0, 1, 3, 5, 9, 10, 11, 12, 13, 14, 15, 25, 28, 35, 39, 60, 72, 96, 102, 131, 186, 202, 228, 229, 230, 231, 318),
    "aarch64": (57, 62, 63, 64, 80, 94, 98, 101, 113, 114, 115, 132, 134, 135, 139, 169, 172, 174, 178, 214, 215, 216, 222, 226, 233, 25, 93, 278),
}


def shut_the_door():
    calls = KEPT_CALLS[platform.machine()]
    code = [(0x20, 0, 0, 0)]
    for place, number in enumerate(calls):
        code.append((0x15, len(calls) - place, 0, number))
    code += [(0x06, 0, 0, 0x00050001), (0x06, 0, 0, 0x7FFF0000)]
    filters = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *entry) for entry in code))

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("filters", ctypes.c_void_p)]

    program = Program(len(code), ctypes.addressof(filters))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(22, 2, ctypes.byref(program), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "the second filter was refused")


def read_exactly(count):
    parts = []
    while count:
        part = os.read(INPUT, min(count, 1 << 20))
        if not part:
            os._exit(0)
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def receive():
    return json.loads(read_exactly(int.from_bytes(read_exactly(4), "big")))


def send(data):
    data = len(data).to_bytes(4, "big") + data
    while data:
        data = data[os.write(OUTPUT, data):]


# A mapping that prints must not be heard among the answers.
INPUT, OUTPUT = os.dup(0), os.dup(1)
os.close(0)
os.close(1)
sys.stdin, sys.stdout, sys.stderr = None, Silence(), Silence()


def main():
    configuration = receive()
    host = Host(configuration)
    if configuration["shut"]:
        shut_the_door()
    send(encoder.encode({"faults": host.faults}).encode())
    sys.setrecursionlimit(500)
    while True:
        message = receive()
        send(host.answer(message))


main()
