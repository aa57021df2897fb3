"""Compiles expressions and runs them over objects."""

import ast
import sys
import types

import dependence
import helpers
import imports
import pipe
import reach
import records
import replies
from graph_models import hint
from isolation import SharedState, SharedStateChanged, fix_abstract_classes, resets
from kinds import Kinds, line_of
from modules import MODULES
from queries import Query
from records import (
    BLANK_USER, Group, MicrosoftEntraProvider, MicrosoftEntraProviderGroup, MicrosoftEntraProviderUser, Role, User, issued, merge_dict,
    shortened,
)

# The names that mappings see.
OFFERED = (
    Group, MicrosoftEntraProvider, MicrosoftEntraProviderGroup, MicrosoftEntraProviderUser, Query, Role, User, type(User.objects),
)
LONGEST_MESSAGE = 1000
LONGEST_VALUE = 120
MOST_VALUES = 5


class Request:
    http_request = None
    debug = False

    def __init__(self, user, context):
        self.user = user
        self.context = context

    def __str__(self):
        return f"<PolicyRequest user={self.user} obj={self.obj}>"


class Mapping:
    """An expression as a function. It is the body of one, so `return` sets its value."""

    def __init__(self, name, expression, context):
        self.name = name
        self.expression = expression
        self.file = f"<{name}>"
        self.tree = ast.parse(expression, self.file)
        imported, body = self.imports()
        module = ast.parse(f"def mapping({', '.join([*helpers.PARAMETERS, *imported])}): pass", self.file)
        if body:
            module.body[0].body = body
        scope = dict(helpers.NAMES, **context, __name__="mapping", __builtins__=imports.BUILTINS)
        exec(compile(module, self.file, "exec"), scope)
        self.shared = scope.pop("mapping")
        self.shared.__defaults__ = tuple(imported.values())
        # An expression that may set names gets a function with its own names for each object.
        self.call = None if reach.sets_names(self.tree) else self.shared

    def fresh(self):
        """The function with its own names."""
        return types.FunctionType(self.shared.__code__, dict(self.shared.__globals__), "mapping", self.shared.__defaults__)

    def imports(self):
        """The names from the imports at the head of the expression, and the rest of it: they run once, not for every object.

        An import that fails stays where it is, and fails when the mapping runs.
        """
        imported, body = {}, list(self.tree.body)
        while body and isinstance(body[0], (ast.Import, ast.ImportFrom)):
            found = {"__builtins__": imports.BUILTINS}
            try:
                exec(compile(ast.Module([body[0]], []), self.file, "exec"), found)
            except Exception:
                break
            names = [alias.asname or alias.name.split(".")[0] for alias in body[0].names]
            if getattr(body[0], "module", None) == "__future__" or "*" in names or set(names) & set(helpers.PARAMETERS):
                break
            imported.update((name, found[name]) for name in names)
            del body[0]
        return imported, body

    def __str__(self):
        return f"Microsoft Entra Provider Mapping {self.name}"

    def problem(self, error):
        frame = next((f for f in reversed(list(frames(error))) if f[0].f_code.co_filename == self.file), None)
        problem = {"mapping": self.name, "type": type(error).__name__, "message": message(error)}
        if frame is None:
            return problem
        line, column, end_line, end_column = position(*frame)
        values = operands(self.tree, frame[0], line, column, end_line, end_column)
        return {**problem, "line": line, "column": column, "values": values}


def message(error):
    """The message of an exception; for an unknown name, with the one that was meant."""
    text = shortened(records.redacted(str(error)), LONGEST_MESSAGE)
    if isinstance(error, AttributeError) and getattr(error, "name", None) and "did you mean" not in text:
        return text + hint(error.name, [name for name in dir(error.obj) if not name.startswith("_")])
    return text


def frames(error):
    step = error.__traceback__
    while step is not None:
        yield step.tb_frame, step.tb_lasti, step.tb_lineno
        step = step.tb_next


def position(frame, instruction, line):
    """Line and column from 1 on, and where it ends; without columns before Python 3.11."""
    if not hasattr(frame.f_code, "co_positions"):
        return line, None, None, None
    start, end, column, end_column = list(frame.f_code.co_positions())[instruction // 2]
    if start is None or column is None:
        return line, None, None, None
    return start, column + 1, end, end_column + 1


def operands(tree, frame, line, column, end_line, end_column):
    """The names of the part that failed, with their values: what a person would print to understand it."""
    if column is None:
        return {}
    place = (line, column - 1, end_line, end_column - 1)
    found = {}
    # Columns are counted in bytes of UTF-8, by the compiler and by the tree alike.
    failed = next((n for n in ast.walk(tree) if extent(n) == place), None)
    for part in ast.walk(failed) if failed else ():
        if isinstance(part, (ast.Name, ast.Attribute)) and len(found) < MOST_VALUES:
            add_value(found, ast.unparse(part), frame.f_locals)
    return found


def extent(node):
    return tuple(getattr(node, name, None) for name in ("lineno", "col_offset", "end_lineno", "end_col_offset"))


def add_value(found, text, scope):
    """Adds the value of a name or a chain of attributes; only stored values, nothing is computed or requested."""
    name, *attributes = text.split(".")
    if "password" in text or name not in scope:
        return
    value = scope[name]
    for attribute in attributes:
        value = getattr(value, "__dict__", {}).get(attribute, found)
    if isinstance(value, (str, int, float, bool, list, tuple, dict, set, type(None))) and value is not found:
        found[text] = shortened(records.redacted(repr(value)), LONGEST_VALUE)


def type_name(value):
    # A mapping may give a class any name.
    return shortened(records.redacted(type(value).__name__), LONGEST_VALUE)


def fault(name, error):
    """What is wrong with an expression that does not compile."""
    return {
        "mapping": name,
        "type": type(error).__name__,
        "message": getattr(error, "msg", None) or str(error),
        "line": getattr(error, "lineno", None),
        "column": getattr(error, "offset", None),
    }


class Evaluation:
    def __init__(self, configuration):
        self.provider = configuration["provider"]
        # What a test passes in addition to its object.
        self.context = configuration.get("context", {})
        self.beside = configuration.get("group")
        self.mappings = []
        self.faults = []
        names = {name: value for name, value in self.context.items() if name.isidentifier()}
        for entry in sorted(configuration["mappings"], key=lambda m: m["name"]):
            try:
                self.mappings.append(Mapping(entry["name"], entry["expression"], names))
            except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
                self.faults.append(fault(entry["name"], error))
        self.shared_provider = None
        # A single result need not be copied.
        self.is_alone = len(self.mappings) == 1
        self.alone = self.mappings[0].name if self.is_alone else ""
        self.changes_by_itself = any(dependence.may_change_by_itself(mapping.tree) for mapping in self.mappings)
        self.shapes = Shapes(self.alone, {mapping.name: mapping.tree for mapping in self.mappings})
        self.kinds = Kinds(configuration["kinds"])

    def seal(self):
        """Records what all evaluations share, as it is before the first."""
        imported = [sys.modules[name] for name in self.imported()]
        self.resets = resets(imported)
        fix_abstract_classes()
        may_change = any(reach.may_change_shared(m.tree) for m in self.mappings)
        self.shared = SharedState(imported, self.own(), may_change)
        # Where no expression can change it, all objects get the same.
        self.shared_provider = None if may_change else MicrosoftEntraProvider(dict(self.provider))
        for mapping in self.mappings:
            self.shared.watch_names(mapping.name, mapping.shared.__globals__)
        self.shared.fix_modules()

    def imported(self):
        """The modules that the mappings import, by name."""
        names = {name for mapping in self.mappings for name in imports.named(mapping.expression)}
        return sorted(name for name in names if name in imports.OFFERED and name in sys.modules)

    def own(self):
        """What Causeway provides to mappings, by name."""
        for mapping in self.mappings:
            yield mapping.name, mapping
            yield mapping.name, mapping.shared
        yield "__builtins__", imports.BUILTINS
        yield from helpers.NAMES.items()
        for contents in MODULES.values():
            yield from contents.items()
        for kind in (Request, Mapping, *OFFERED):
            yield kind.__name__, kind
            for name, value in list(vars(kind).items()):
                yield f"{kind.__name__}.{name}", value.fget if isinstance(value, property) else value

    def evaluate(self, entry):
        """A result as it is sent: (shape, passwords, value, …), or bytes of JSON, [0, shape, values, passwords] or [1] for a skipped object
        or [2, problem], and then notes, if there are any."""
        issued.clear()
        pipe.asked.clear()
        result = self.result(entry)
        for reset in self.resets:
            reset()
        doubtful, odd = self.looked_over(result) if result[0] == 0 else ((), ())
        if odd or helpers.notes.any() or pipe.asked or self.changes_by_itself:
            return self.encode(self.with_notes(result, odd))
        return self.row(result, doubtful) if result[0] == 0 else self.encode(result)

    def row(self, result, doubtful):
        """A result with a value in marshal."""
        _, shape, values, passwords = result
        try:
            for place in doubtful:
                values[place] = replies.simple(values[place])
        except (replies.NotSimple, RecursionError):
            return self.encode(result)
        return (shape, passwords, *values)

    def with_notes(self, result, odd):
        if result[0] == 0:
            issued.extend(self.chosen_password(result))
        said = helpers.notes.taken()
        asked = pipe.asked | {"always"} if self.changes_by_itself else pipe.asked
        if asked:
            said["asked"] = sorted(asked)
        if odd:
            said["odd"] = [[place, type_name(result[2][place])] for place in odd]
            result[2] = [
                None if place in odd and not replies.has_form(value) else value for place, value in enumerate(result[2])
            ]
        return result + [said]

    def looked_over(self, result):
        """The places of values that may not be simple, and of those of another type than their properties take."""
        kinds = (result[1], *map(type, result[2]))
        doubtful = self.shapes.usual.get(kinds)
        if doubtful is not None:
            return doubtful, ()
        odd = self.kinds.odd(self.shapes.all[result[1]][0], result[2])
        # A query that was not evaluated yet is reported as such.
        odd = [place for place in odd if not isinstance(result[2][place], Query)]
        doubtful = [place for place, kind in enumerate(kinds[1:]) if kind not in replies.CLEAR]
        if not odd:
            self.shapes.usual[kinds] = doubtful
        return doubtful, odd

    def chosen_password(self, result):
        """The password that the mappings return themselves, if they do."""
        for name, value in zip(self.shapes.all[result[1]][0], result[2]):
            if name in ("password_profile", "passwordProfile"):
                password = (value if isinstance(value, dict) else getattr(value, "__dict__", {})).get("password")
                if isinstance(password, str) and password:
                    yield password

    def result(self, entry):
        user = User(entry["user"]) if "user" in entry else None
        given = entry.get("group", self.beside)
        group = Group(given) if given is not None else None
        provider = self.shared_provider or MicrosoftEntraProvider(dict(self.provider))
        blank = User({**BLANK_USER, "attributes": {}}) if user is None else user
        if user is None and group is None:
            user = blank
        connection = self.connection(entry, user, group, provider)
        context = {**self.context, "provider": provider, "connection": connection}
        if group is not None:
            context["group"] = group
        request = Request(blank, context)
        merged, origins = {}, {}
        for mapping in self.mappings:
            request.obj = mapping
            try:
                value = (mapping.call or mapping.fresh())(request, user, group, connection, provider, connection is None)
                if value is None:
                    continue
                if not isinstance(value, dict):
                    raise TypeError(f"the mapping returns a value of type '{type(value).__name__}'; it must return a dict")
                if self.is_alone:
                    merged = value
                else:
                    merge_dict(merged, value)
                    origins.update(dict.fromkeys(value, mapping.name))
            except helpers.SkipObjectException:
                return [1]
            except (Exception, RecursionError) as error:
                return [2, mapping.problem(error)]
        try:
            return [0, self.shapes.place(merged, origins), list(merged.values()), issued[:]]
        except (TypeError, ValueError) as error:
            return [2, {"mapping": self.alone, "type": type(error).__name__, "message": message(error)}]

    def connection(self, entry, user, group, provider):
        known = entry.get("connection")
        if known is None:
            return None
        known["provider"] = provider
        if "user" in entry:
            known["user"] = user
            return MicrosoftEntraProviderUser(known)
        known["group"] = group
        return MicrosoftEntraProviderGroup(known)

    def answer(self, entries):
        """The results of a page, and the shapes that they refer to; or what the page changed that it must not."""
        self.shapes.clear()
        results = [self.evaluate(entry) for entry in entries]
        try:
            self.shared.check()
        except SharedStateChanged as change:
            return replies.encoded({"changed": shortened(str(change), LONGEST_VALUE)})
        reply = replies.page(self.shapes.all, results)
        if replies.has_surrogates(reply):
            reply = replies.page(self.shapes.all, [self.as_json(result) for result in results])
        return reply

    def as_json(self, result):
        if isinstance(result, bytes):
            return result
        shape, passwords, *values = result
        return self.encode([0, shape, values, passwords])

    def encode(self, result):
        try:
            return replies.encoded(result)
        except (TypeError, ValueError, RecursionError) as error:
            names, mappings, _ = self.shapes.all[result[1]] if result[0] == 0 else ((), (), ())
            place = replies.unsendable(dict(zip(names, result[2]))) if names else ""
            mapping = dict(zip(names, mappings)).get(place.split(".")[0], self.alone)
            problem = {"mapping": mapping, "type": type(error).__name__}
            problem["message"] = shortened(f"{place}: {error}" if place else str(error), LONGEST_MESSAGE)
            return replies.encoder.encode([2, problem]).encode(errors="replace")


class Shapes:
    """The names of the properties that results of a page have: most results have the same, and these are sent once.

    A shape is the names, and for each the mapping that returned it last and its line, if the text shows it.
    """

    def __init__(self, default, trees):
        # The mapping's name if there is only one.
        self.default = default
        self.trees = trees
        self.lines = {}
        self.clear()

    def clear(self):
        self.all, self.places = [], {}
        # By the types of values that are those of their properties: the places of values that may not be simple.
        self.usual = {}

    def place(self, merged, origins):
        key = (*merged, None, *origins.values()) if origins else tuple(merged)
        place = self.places.get(key)
        if place is None:
            for name in merged:
                if not isinstance(name, str):
                    raise TypeError(f"{name!r} is not a property; their names are strings")
                replies.encoded(name)
            place = self.places[key] = len(self.all)
            mappings = [origins.get(name, self.default) for name in merged]
            self.all.append((list(merged), mappings, [self.line(*given) for given in zip(merged, mappings)]))
        return place

    def line(self, name, mapping):
        if (name, mapping) not in self.lines:
            self.lines[name, mapping] = line_of(name, self.trees[mapping])
        return self.lines[name, mapping]
