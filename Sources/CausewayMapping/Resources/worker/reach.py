"""Whether an expression could change what the evaluations of all objects share, judged by its text.

Most expressions compute values from what they are given, with modules that have no state. Of those it is certain that they set no
name of a module, a class or a function. Whatever is not certain is taken for possible.
"""

import ast
import sys
import types

from modules import PACKAGES

# Built-in functions with which anything can be reached or changed.
FUNCTIONS = frozenset("breakpoint compile delattr eval exec getattr globals setattr vars".split())
# Attributes that lead from values to other names, and those that change a state without a name.
ATTRIBUTES = frozenset("attrgetter methodcaller register update_wrapper wraps".split())
LEADING = ("_", "ag_", "cr_", "f_", "gi_", "tb_")
# Modules whose calls do not change them, and whose tables are all compared.
STATELESS = frozenset(
    "base64 binascii collections datetime difflib hashlib hmac html ipaddress itertools json math re string textwrap unicodedata urllib "
    "urllib.parse uuid zlib".split()
)
# Causeway's own: they have no state, and their classes cannot be changed.
OURS = {"msgraph", *PACKAGES}


def sets_names(tree):
    """Whether an expression may set names outside of itself."""
    risky = ("globals", "vars", "exec", "eval", "compile", "__import__")
    return any(
        isinstance(n, ast.Global)
        or (isinstance(n, ast.Name) and n.id in risky)
        or (isinstance(n, ast.Attribute) and n.attr.startswith("__"))
        for n in ast.walk(tree)
    )


def may_change_shared(tree):
    """Whether an expression could change more than its own object."""
    nodes = list(ast.walk(tree))
    plain = {id(n.func) for n in nodes if is_plain_getattr(n)}
    return any(id(n) not in plain and is_means(n) for n in nodes) or reaches_others({name for n in nodes for name in attributes(n)})


def is_plain_getattr(node):
    """Whether it reads an attribute with a literal name."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "getattr"
        and len(node.args) > 1
        and isinstance(node.args[1], ast.Constant)
        and not is_risky(str(node.args[1].value))
    )


def is_risky(attribute):
    return attribute.startswith(LEADING) or attribute in ATTRIBUTES


def is_means(node):
    if isinstance(node, ast.Name):
        return node.id.startswith("__") or node.id in FUNCTIONS
    if isinstance(node, ast.Attribute):
        return not isinstance(node.ctx, ast.Load) or is_risky(node.attr)
    if isinstance(node, ast.Import):
        return not all(is_stateless(alias.name) for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        return not is_stateless(node.module or "") or any(a.name == "*" or is_risky(a.name) for a in node.names)
    return isinstance(node, ast.Global)


def is_stateless(module):
    return module in STATELESS or module.split(".")[0] in OURS


def attributes(node):
    """The attributes that a node reads."""
    if isinstance(node, ast.Attribute):
        yield node.attr
    elif isinstance(node, ast.ImportFrom):
        yield from (alias.name for alias in node.names)
    elif is_plain_getattr(node):
        yield str(node.args[1].value)


def reaches_others(names):
    """Whether an attribute of a stateless module is a module with state: `uuid.sys` is, `textwrap.re` is not."""
    modules = [vars(sys.modules[name]) for name in STATELESS if name in sys.modules]
    found = (module.get(name) for module in modules for name in names)
    return any(isinstance(value, types.ModuleType) and not is_stateless(value.__name__) for value in found)
