"""What a mapping can import: pure modules of Python's library, `os` and `sys` as far as the sandbox allows, and Microsoft's models.

A module is loaded if an expression imports it, before the sandbox is closed: afterwards no file can be read.
"""

import ast
import builtins
import importlib
import importlib.machinery
import sys

# Always loaded: loaded modules import some of them at first use, and data decides which codecs are needed.
import copy
import encodings.ascii
import encodings.cp1252
import encodings.idna
import encodings.iso8859_15
import encodings.latin_1
import encodings.punycode
import encodings.utf_16
import encodings.utf_16_be
import encodings.utf_16_le
import encodings.utf_32
import encodings.utf_8_sig
import heapq
import warnings

import helpers
from graph_models import Models
from modules import MODULES

OFFERED = (
    "abc array ast base64 binascii bisect calendar cmath codecs collections collections.abc colorsys contextlib copy csv "
    "dataclasses datetime decimal difflib enum fnmatch fractions functools graphlib hashlib heapq hmac html io ipaddress "
    "itertools json keyword locale math numbers operator os os.path pprint quopri random re reprlib secrets shlex statistics string "
    "stringprep struct sys textwrap time types typing unicodedata urllib.parse uuid warnings weakref zlib"
).split()

# The modules that these load at first use.
LATER = {"functools": ("typing", "weakref"), "uuid": ("hashlib", "random")}


def is_offered(name):
    """Whether mappings can import such a module, or a package of one."""
    if name.split(".")[0] in ("msgraph", "__future__"):
        return True
    # `html` includes `html.entities`.
    if name in sys.modules and name.rpartition(".")[0] in OFFERED:
        return True
    return any(f"{module}.".startswith(f"{name}.") for module in (*OFFERED, *MODULES))


def refusal(name):
    """Why there is no such module."""
    if name.split(".")[0] in helpers.INSTEAD:
        return ModuleNotFoundError(f"'{name}' cannot be imported: {helpers.INSTEAD[name.split('.')[0]]}", name=name)
    if is_offered(name):
        return ModuleNotFoundError(f"'{name}' must be imported with an import statement", name=name)
    offered = ", ".join((*OFFERED, *MODULES))
    return ModuleNotFoundError(f"'{name}' cannot be imported in a mapping; available are {offered} and msgraph", name=name)


class Refuser:
    """The last finder: says which modules are available."""

    def find_spec(self, name, path, target=None):
        raise refusal(name)


def import_offered(name, globals=None, locals=None, fromlist=(), level=0):
    """The import of mappings. Modules that the worker has loaded for itself are not available to them.

    The interpreter's own code calls it as well, with a list where a statement passes a tuple: `strptime` does for `_strptime`.
    """
    if level == 0 and not isinstance(fromlist, list) and not is_offered(name):
        raise refusal(name)
    return builtins.__import__(name, globals, locals, fromlist, level)


# Python's own names, as mappings get them.
BUILTINS = {**vars(builtins), "__import__": import_offered}


def load(expressions):
    """Loads what expressions import."""
    for expression in expressions:
        for name in named(expression):
            for module in (name, *LATER.get(name, ())):
                # A package is imported without its modules: `import urllib`.
                if any(f"{offered}.".startswith(f"{module}.") for offered in OFFERED):
                    importlib.import_module(module)
        if "strptime" in expression:
            # Loaded by datetime and time at first use.
            importlib.import_module("_strptime")


def named(expression):
    """The modules that an expression names in its import statements."""
    try:
        tree = ast.parse(expression)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        # The compiler reports the error later.
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def close(type_data):
    """From here on no module is found in files."""
    sys.meta_path[:] = [m for m in sys.meta_path if m is not importlib.machinery.PathFinder]
    sys.meta_path.insert(0, Models(type_data))
    sys.meta_path.append(Refuser())
    sys.path.clear()
