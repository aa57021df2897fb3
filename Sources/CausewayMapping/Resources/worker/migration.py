"""Differences in the behavior of a mapping that was written for authentik, found in its text."""

import ast
import io
import tokenize

from lint import finding, property_values

CALLS = {
    "ak_user_has_authenticator": "authentik says whether the user has one; here it is always False",
    "ak_create_jwt": "authentik returns a token if there is a request; here it is always None",
    "unidecode": "authentik's library supports other scripts too; here letters beyond Latin, Greek and Cyrillic are left out",
}
ATTRIBUTES = {
    "app_entitlements": "authentik returns the user's entitlements; here there are none",
    "app_entitlements_attributes": "authentik returns the attributes of entitlements; here there are none",
    "last_login": "authentik returns the last sign-in; here it is always None",
    "roles": "authentik returns roles; here there are none",
    "all_roles": "authentik returns roles; here there are none",
    "avatar": "authentik returns the user's picture; here it is always the default one",
    "save": "authentik writes to its database; here the directory cannot be changed by a mapping",
}
SETS_NAME = "authentik keeps the name's value for the next object of a page; here every object starts without it"
PASSWORD = "authentik returns the stored hash; here it is a new random password"
NO_DICT = "authentik ignores a result that is not a dict; here it is an error"
EMPTY = "authentik sends the empty text, which Entra refuses; here the property is cleared"
PERHAPS_NONE = "if this is None, authentik leaves the property as it is; here it is cleared, if it can be"
PLAIN_DICT = "authentik fails with a plain dict here; Causeway accepts it"
INDENTED = "authentik adds four blanks before each further line of this text; here it stays as written"


def differences(tree, expression, kinds):
    """Each as a finding, in the order of lines."""
    found = list(several_lines(expression))
    for node in ast.walk(tree):
        found += [finding(node, message) for message in differences_at(node)]
    for name, value in property_values(tree, kinds):
        found += in_property(kinds[name], value)
    return sorted(found, key=lambda f: (f["line"], f["column"]))


def differences_at(node):
    if isinstance(node, ast.Global):
        yield SETS_NAME
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
        yield CALLS[node.func.id]
    elif isinstance(node, ast.Attribute) and node.attr == "password" and is_user(node.value):
        yield PASSWORD
    elif isinstance(node, ast.Attribute) and node.attr in ATTRIBUTES and isinstance(node.ctx, ast.Load):
        yield ATTRIBUTES[node.attr]
    elif isinstance(node, ast.Return) and is_no_dict(node.value):
        yield NO_DICT


def is_user(node):
    return getattr(node, "id", getattr(node, "attr", None)) == "user"


def is_no_dict(value):
    if isinstance(value, ast.Constant):
        return value.value is not None
    return isinstance(value, (ast.List, ast.ListComp, ast.Set, ast.SetComp, ast.Tuple, ast.JoinedStr, ast.Compare))


def in_property(kind, value):
    """The differences for a value of a property of a kind."""
    if isinstance(value, ast.Constant) and value.value == "":
        yield finding(value, EMPTY)
    elif isinstance(value, ast.Dict) and kind == "object":
        yield finding(value, PLAIN_DICT)
    elif may_be_none(value):
        yield finding(value, PERHAPS_NONE)


def may_be_none(value):
    if isinstance(value, ast.Constant):
        return value.value is None
    if isinstance(value, ast.IfExp):
        return may_be_none(value.body) or may_be_none(value.orelse)
    if isinstance(value, ast.BoolOp) and isinstance(value.op, ast.Or):
        return may_be_none(value.values[-1])
    return isinstance(value, ast.Call) and getattr(value.func, "attr", None) == "get" and len(value.args) == 1 and not value.keywords


def several_lines(expression):
    """Texts that go over several lines: authentik indents the whole expression, including their content."""
    starts = []
    for token in tokenize.generate_tokens(io.StringIO(expression).readline):
        name = tokenize.tok_name[token.type]
        # From Python 3.12 on a formatted text is several tokens.
        if name == "FSTRING_START":
            starts.append(token.start)
        elif name == "FSTRING_END" or name == "STRING":
            start = starts.pop() if name == "FSTRING_END" else token.start
            if token.end[0] > start[0]:
                yield {"message": INDENTED, "line": start[0], "column": start[1] + 1}
