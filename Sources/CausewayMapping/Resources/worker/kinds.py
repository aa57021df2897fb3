"""Which Python types Graph's properties take.

Microsoft's SDK leaves a value of another type out silently (its writer checks `isinstance`), and authentik therefore too. What is left
out here is reported with the line that returns it.
"""

import ast
import datetime

TYPES = {
    "text": str,
    "truth": bool,
    "whole": int,
    "moment": (str, datetime.datetime),
    "list": list,
    # authentik's default mapping returned the immutable id in a tuple until 2026.2.
    "id": (str, tuple),
    # Values with members: Graph's types are checked when the result is read.
    "object": object,
}


class Kinds:
    """Finds the values of results that their properties do not accept."""

    def __init__(self, kinds):
        self.types = {name: TYPES[kind] for name, kind in kinds.items()}

    def odd(self, names, values):
        """The places of such values."""
        return [
            place for place, (name, value) in enumerate(zip(names, values))
            if value is not None and name in self.types and not isinstance(value, self.types[name])
        ]


def line_of(name, tree):
    """The line of an expression that returns a property, as far as its text shows it."""
    for node in ast.walk(tree):
        keys = node.keys if isinstance(node, ast.Dict) else [node.slice] if is_assigned(node) else ()
        for key in keys:
            if isinstance(key, ast.Constant) and key.value == name:
                return key.lineno
    return None


def is_assigned(node):
    return isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)
