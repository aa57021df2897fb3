"""Checks an expression without running it: unknown names, and the properties that it returns."""

import ast
import builtins

import helpers
import imports
from graph_models import hint
from kinds import TYPES


class Names(ast.NodeVisitor):
    """Every name that is set anywhere in an expression, and every name that is read."""

    def __init__(self):
        self.given, self.read = set(), []

    def visit_Name(self, node):
        if isinstance(node.ctx, ast.Load):
            self.read.append(node)
        else:
            self.given.add(node.id)

    def visit_FunctionDef(self, node):
        self.given.add(node.name)
        self.generic_visit(node)

    visit_AsyncFunctionDef = visit_ClassDef = visit_FunctionDef

    def visit_arg(self, node):
        self.given.add(node.arg)
        self.generic_visit(node)

    def visit_alias(self, node):
        self.given.add(node.asname or node.name.split(".")[0])

    def visit_ExceptHandler(self, node):
        self.given.add(node.name)
        self.generic_visit(node)

    def visit_MatchAs(self, node):
        self.given.add(node.name)
        self.generic_visit(node)

    visit_MatchStar = visit_MatchAs


def finding(node, message):
    return {"message": message, "line": node.lineno, "column": node.col_offset + 1}


def unknown_names(tree):
    names = Names()
    names.visit(tree)
    known = names.given | set(helpers.PARAMETERS) | set(helpers.NAMES) | set(dir(builtins))
    for node in names.read:
        if node.id not in known:
            yield finding(node, f"the name '{node.id}' is not defined{hint(node.id, known)}")
        elif node.id in helpers.INSTEAD:
            yield finding(node, f"'{node.id}' is not available: {helpers.INSTEAD[node.id]}")


def parameters(tree):
    """What an expression reads of its objects."""
    names = Names()
    names.visit(tree)
    return ({node.id for node in names.read} - names.given) & set(helpers.PARAMETERS)


def tuples(tree):
    """Values that a stray comma turned into a tuple, as in authentik's default mapping until 2026.2."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple) and len(node.value.elts) == 1:
            yield finding(node.value, "the comma after the value makes it a tuple")


def unknown_imports(tree):
    """Unknown modules."""
    for node in ast.walk(tree):
        named = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            named = [node.module or ""]
        for name in named:
            if not imports.is_offered(name):
                yield finding(node, f"'{name}' cannot be imported in a mapping")


def mistyped(tree, kinds):
    """Literal values of another type than their properties take."""
    for name, value in property_values(tree, kinds):
        found, wanted = written_type(value), TYPES[kinds[name]]
        if found is not None and not issubclass(found, wanted):
            yield finding(value, f"'{name}' takes {described(wanted)}, not '{found.__name__}'; it is left out")


def described(types):
    return " or ".join(f"'{one.__name__}'" for one in (types if isinstance(types, tuple) else (types,)))


def written_type(value):
    if isinstance(value, ast.Constant):
        return None if value.value is None else type(value.value)
    kinds = {ast.JoinedStr: str, ast.List: list, ast.ListComp: list, ast.Set: set, ast.SetComp: set, ast.Tuple: tuple, ast.Dict: dict}
    return kinds.get(type(value))


def unreturning(tree):
    if not any(isinstance(node, (ast.Return, ast.Raise)) for node in ast.walk(tree)):
        yield {"message": "nothing is returned; end with: return {…}", "line": 1, "column": 1}


def results(tree):
    """Keys and values of the apparent result: a dict that is returned, or that a returned name is built from."""
    returned = {n.value.id for n in ast.walk(tree) if isinstance(n, ast.Return) and isinstance(n.value, ast.Name)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Return):
            yield from members(node.value)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name) and target.id in returned:
                    yield from members(node.value)
                elif isinstance(target, ast.Subscript) and getattr(target.value, "id", None) in returned:
                    yield target.slice, node.value


def property_values(tree, kinds):
    """Properties in the apparent result, with their values."""
    for key, value in results(tree):
        if isinstance(key, ast.Constant) and key.value in kinds:
            yield key.value, value


def members(value):
    return zip(value.keys, value.values) if isinstance(value, ast.Dict) else ()


def properties(tree):
    """The names in the apparent result."""
    for name, _ in results(tree):
        yield from key(name)


def given(tree):
    """The names that are set anywhere: keys of dicts, named arguments, and assignments by key or attribute. More
    than the properties, and no names that are only read."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            yield from (found["key"] for found in keys(node))
        elif isinstance(node, ast.Call):
            yield from (keyword.arg for keyword in node.keywords if keyword.arg)
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            yield from (found["key"] for found in key(node.slice))
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr


def keys(value):
    for node in value.keys if isinstance(value, ast.Dict) else ():
        yield from key(node)


def key(node):
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield {"key": node.value, "line": node.lineno, "column": node.col_offset + 1}


SIGN_IN = {"account_enabled", "accountEnabled"}
DISPLAY_NAME = {"display_name", "displayName"}
SIGN_IN_NAMES = {"user_principal_name", "userPrincipalName", "identities"}


def silent_accounts(tree):
    """The place of a dict that creates an account without saying whether it may sign in."""
    results = {n.value.id for n in ast.walk(tree) if isinstance(n, ast.Return) and isinstance(n.value, ast.Name)}
    later = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Subscript) and getattr(target.value, "id", None) in results:
                    later.setdefault(target.value.id, set()).update(place["key"] for place in key(target.slice))
    for node in ast.walk(tree):
        if isinstance(node, ast.Return):
            names = {None}
        elif isinstance(node, ast.Assign):
            names = {target.id for target in node.targets if isinstance(target, ast.Name)} & results
        else:
            continue
        if not names or not isinstance(node.value, ast.Dict) or None in node.value.keys:
            continue  # An unpacked dict may contain anything.
        given = {place["key"] for place in keys(node.value)}.union(*(later.get(name, set()) for name in names))
        if given & DISPLAY_NAME and given & SIGN_IN_NAMES and not given & SIGN_IN:
            yield {"line": node.value.lineno, "column": node.value.col_offset + 1}


def look_over(name, expression, kinds):
    """The findings for an expression that compiles."""
    tree = ast.parse(expression)
    found = [*unknown_names(tree), *unknown_imports(tree), *tuples(tree), *mistyped(tree, kinds), *unreturning(tree)]
    return {
        "mapping": name,
        "findings": found,
        "properties": list(properties(tree)),
        "silent_accounts": list(silent_accounts(tree)),
        "given": sorted(set(given(tree))),
        "read": sorted(parameters(tree)),
    }
