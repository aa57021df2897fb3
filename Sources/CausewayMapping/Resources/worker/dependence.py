"""Whether the result of an expression may change although nothing in the directory does, judged by its text.

A full sync evaluates an object again only if something that its result depends on has changed. The text shows whether that may be the
time, chance or the process; whatever is not certain is taken for possible. Questions to the directory are counted when they are
asked (`pipe.asked`).
"""

import ast

from reach import OURS, is_plain_getattr

# Modules whose results depend on their arguments alone, except for the attributes below.
PURE = frozenset(
    "__future__ abc array ast base64 binascii bisect calendar cmath codecs collections collections.abc colorsys contextlib copy csv "
    "dataclasses datetime decimal difflib enum fnmatch fractions functools graphlib hashlib heapq hmac html io ipaddress itertools json "
    "keyword math numbers operator pprint quopri re reprlib shlex statistics string stringprep struct textwrap types typing unicodedata "
    "urllib urllib.parse uuid zlib".split()
)
# Built-in functions that lead to the process, or to any other name.
FUNCTIONS = frozenset("breakpoint compile eval exec getattr globals hash id input locals open setattr vars".split())
# Functions of the modules above, and of Causeway's own, that lead to the time, to chance or to any other name.
ATTRIBUTES = frozenset(
    "attrgetter getnode localdate localtime methodcaller now random samples today utcnow uuid1 uuid4 uuid6 uuid7".split()
)


def may_change_by_itself(tree):
    """Whether an expression may return something else although neither its object nor the directory has changed."""
    nodes = list(ast.walk(tree))
    plain = {id(node.func) for node in nodes if is_plain_getattr(node) and not is_changing_attribute(str(node.args[1].value))}
    return any(id(node) not in plain and is_changing(node) for node in nodes)


def is_changing(node):
    if isinstance(node, ast.Name):
        return node.id in FUNCTIONS or is_changing_attribute(node.id)
    if isinstance(node, ast.Attribute):
        return is_changing_attribute(node.attr)
    if isinstance(node, ast.Import):
        return not all(is_pure(alias.name) for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        return not is_pure(node.module or "") or any(a.name == "*" or is_changing_attribute(a.name) for a in node.names)
    return isinstance(node, (ast.Global, ast.Nonlocal))


def is_changing_attribute(name):
    return name in ATTRIBUTES or (name.startswith("__") and name.endswith("__"))


def is_pure(module):
    return module in PURE or module.split(".")[0] in OURS
