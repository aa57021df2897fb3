"""Keeps the evaluation of one object from affecting the next one's.

What all evaluations share is made hard to change (modules), put back after each object (random numbers, decimal contexts, the locale
and their like) or compared, once a page, with what it was at first (the rest). A page that changed something is not answered. Names
are compared only where an expression could set some: that takes a third of the time again that a page of plain users takes.
"""

import _imp
import abc
import operator
import sys
import types

# Classes made by Python code; those of C code cannot be changed.
HEAP_TYPE = 1 << 9
FUNCTION = operator.attrgetter("__code__", "__defaults__", "__kwdefaults__")
# Names that the interpreter itself adds to classes and modules in use.
ADDED_LATER = frozenset(
    ("__annotations__", "__annotations_cache__", "__annotate__", "__annotate_func__", "__abstractmethods__", "__warningregistry__")
)


class SharedStateChanged(Exception):
    """Something that all evaluations share has changed."""


class FixedModule(types.ModuleType):
    """A module whose names cannot be set."""

    def __setattr__(self, name, value):
        raise AttributeError(f"'{self.__name__}.{name}' cannot be changed; all objects share the module")

    def __delattr__(self, name):
        raise AttributeError(f"'{self.__name__}.{name}' cannot be removed; all objects share the module")


def fix_abstract_classes():
    """Keeps shared classes from registering subclasses: they would remember that invisibly."""
    take_in = abc.ABCMeta.register

    def register(cls, subclass):
        if cls.__module__ != "mapping":
            raise AttributeError(f"'{cls.__name__}' cannot be changed; all objects share the class")
        return take_in(cls, subclass)

    abc.ABCMeta.register = register


def interpreter():
    """The settings of the interpreter."""
    return (
        ("sys.settrace", sys.gettrace()),
        ("sys.setprofile", sys.getprofile()),
        ("sys.setrecursionlimit", sys.getrecursionlimit()),
        ("sys.path", tuple(sys.path)),
        ("sys.meta_path", tuple(map(id, sys.meta_path))),
    )


def is_container(value):
    return type(value) in (dict, list, set, bytearray) and value is not sys.modules


def is_watched(name):
    """Private names are usually caches."""
    return isinstance(name, str) and (not name.startswith("_") or name.startswith("__")) and name not in ADDED_LATER


class Names:
    """The names of a module, a class or an object, and their values."""

    def __init__(self, owner, names):
        self.owner, self.names = owner, names
        self.known = [n for n in names if is_watched(n)]
        self.count = len(names)
        # An additional name makes the getter return a tuple, whatever the number.
        self.get = operator.itemgetter(*self.known, *self.known[:1]) if self.known else None
        self.values = self.get(names) if self.known else ()

    def changed(self):
        """The first name that was added, removed or given another value; None if nothing changed."""
        try:
            if self.get and not all(map(operator.is_, self.get(self.names), self.values)):
                return next(n for n, v in zip(self.known, self.values) if self.names[n] is not v)
        except KeyError as error:
            return error.args[0]
        if len(self.names) == self.count:
            return None
        known = set(self.known)
        return next((n for n in list(self.names) if is_watched(n) and n not in known), None)


class SharedState:
    """Everything that an evaluation could change for the others.

    The names of all modules are watched; of modules that mappings import, and of Causeway's own, classes, functions and containers too.
    Where expressions can change no names (`reach`), the containers alone are.
    """

    def __init__(self, imported, own, may_change_names):
        self.may_change_names = may_change_names
        self.names, self.functions, self.containers, self.seen = [], [], [], set()
        self.interpreter = interpreter()
        self.modules = {n: m for n, m in sys.modules.items() if isinstance(m, types.ModuleType)}
        for name, module in self.modules.items() if may_change_names else ():
            if not name.startswith("msgraph"):
                self.watch_names(name, vars(module))
            self.watch_tables(name, vars(module))
        for module in [sys.modules["builtins"], *imported]:
            for name, value in list(vars(module).items()):
                if is_watched(name):
                    self.watch(f"{module.__name__}.{name}", value)
        for name, value in own:
            self.watch(name, value)
            # Causeway's modules have no caches.
            for member, value in list(getattr(value, "__dict__", {}).items()):
                self.watch_container(f"{name}.{member}", value)

    def may_be_loaded(self, name):
        """Whether a mapping may have loaded a module of this name since: modules in files cannot be."""
        return name in self.modules or name in sys.builtin_module_names or name == "msgraph" or _imp.is_frozen(name)

    def fix_modules(self):
        for name, module in self.modules.items():
            # Modules of Microsoft's SDK are created, and nested, when they are imported; new modules get the type of `sys`.
            if type(module) is types.ModuleType and module is not sys and not name.startswith("msgraph"):
                module.__class__ = FixedModule

    def watch_names(self, owner, names):
        if self.may_change_names:
            self.names.append(Names(owner, names))

    def watch(self, name, value):
        if id(value) in self.seen or isinstance(value, types.ModuleType):
            return
        self.seen.add(id(value))
        if self.watch_container(name, value):
            return
        if isinstance(value, types.FunctionType):
            self.functions.append((name, value, FUNCTION(value)))
            self.watch_names(name, value.__dict__)
        elif isinstance(value, type):
            if value.__flags__ & HEAP_TYPE:
                self.watch_members(name, value.__dict__)
        elif isinstance(getattr(value, "__dict__", None), dict):
            self.watch_members(name, value.__dict__)

    def watch_members(self, owner, members):
        self.watch_names(owner, members)
        self.watch_tables(owner, members)

    def watch_tables(self, owner, members):
        for name, value in list(members.items()):
            if is_watched(name):
                self.watch_container(f"{owner}.{name}", value)

    def watch_container(self, name, value):
        if not is_container(value):
            return False
        if not any(value is known for _, known, _ in self.containers):
            self.containers.append((name, value, value.copy()))
        return True

    def check(self):
        """Raises SharedStateChanged if something has changed."""
        for name, container, saved in self.containers:
            if container != saved:
                raise SharedStateChanged(name)
        if self.may_change_names:
            self.check_names()

    def check_names(self):
        for names in self.names:
            if (name := names.changed()) is not None:
                raise SharedStateChanged(f"{names.owner}.{name}")
        for name, function, saved in self.functions:
            if not all(map(operator.is_, FUNCTION(function), saved)):
                raise SharedStateChanged(name)
        for name, module in self.modules.items():
            if sys.modules.get(name) is not module:
                raise SharedStateChanged(f"sys.modules[{name!r}]")
        for name in sys.modules.keys() - self.modules.keys():
            if not self.may_be_loaded(name.split(".")[0]):
                raise SharedStateChanged(f"sys.modules[{name!r}]")
        for (name, now), (_, before) in zip(interpreter(), self.interpreter):
            if now != before:
                raise SharedStateChanged(name)


def resets(imported):
    """Restores the state of some modules after each object, as far as mappings import them."""
    modules = {module.__name__: module for module in imported}
    found = []
    if "random" in modules:
        found.append(modules["random"].seed)
    if "decimal" in modules:
        decimal = modules["decimal"]
        fresh = decimal.Context()
        found.append(lambda: decimal.setcontext(fresh.copy()))
    if "locale" in modules:
        locale = modules["locale"]
        present = locale.setlocale(locale.LC_ALL)
        found.append(lambda: locale.setlocale(locale.LC_ALL, present))
    if "calendar" in modules:
        calendar = modules["calendar"]
        first = calendar.firstweekday()
        found.append(lambda: calendar.setfirstweekday(first))
    if "os" in modules:
        found.append(environment_reset(modules["os"]))
    if "csv" in modules:
        found.append(csv_reset(modules["csv"]))
    return found


def environment_reset(os):
    present = dict(os.environ)

    def reset():
        if dict(os.environ) != present:
            os.environ.clear()
            os.environ.update(present)

    return reset


def csv_reset(csv):
    limit, dialects = csv.field_size_limit(), {name: csv.get_dialect(name) for name in csv.list_dialects()}

    def reset():
        csv.field_size_limit(limit)
        for name in set(csv.list_dialects()) - dialects.keys():
            csv.unregister_dialect(name)
        for name, dialect in dialects.items():
            csv.register_dialect(name, dialect)

    return reset
