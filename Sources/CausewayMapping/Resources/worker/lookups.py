"""The lookups of conditions (`name__startswith`): each makes a test from the field's kind and the wanted value."""

import operator
import re
import uuid

from fields import FieldError, document

# The value of a path that leads nowhere.
NOTHING = object()


def given(wanted):
    if wanted is None:
        raise ValueError("Cannot use None as a query value")
    return wanted


def isnull(kind, wanted):
    if not isinstance(wanted, bool):
        raise ValueError("The value of isnull must be either True or False.")
    # A key of JSON whose value is null exists.
    return lambda value: (value is NOTHING or (value is None and kind is not document)) == wanted


def same(value, wanted):
    """Whether two values are equal in JSON, where 1 is not true."""
    if isinstance(value, dict) and isinstance(wanted, dict):
        return value.keys() == wanted.keys() and all(same(part, wanted[key]) for key, part in value.items())
    if isinstance(value, list) and isinstance(wanted, list):
        return len(value) == len(wanted) and all(map(same, value, wanted))
    return isinstance(value, bool) == isinstance(wanted, bool) and value == wanted


def exact(kind, wanted):
    if wanted is None:
        return (lambda value: value is None) if kind is document else isnull(kind, True)
    wanted, equals = kind(wanted), same if kind is document else operator.eq
    return lambda value: value is not NOTHING and equals(value, wanted)


def within(kind, wanted):
    tests = [exact(kind, choice) for choice in wanted if choice is not None]
    return lambda value: any(test(value) for test in tests)


def compared(test):
    def lookup(kind, wanted):
        wanted = kind(given(wanted))

        def compare(value):
            try:
                return value is not NOTHING and value is not None and test(value, wanted)
            except TypeError:
                return False

        return compare

    return lookup


at_least, at_most = compared(operator.ge), compared(operator.le)


def between(kind, wanted):
    lowest, highest = wanted
    from_there, up_to = at_least(kind, lowest), at_most(kind, highest)
    return lambda value: from_there(value) and up_to(value)


def as_text(value, kind):
    """The text of a value for searches; None if it has none."""
    if isinstance(value, bool):
        return ("false", "true")[value] if kind is document else None
    if isinstance(value, uuid.UUID) or (kind is document and isinstance(value, (int, float))):
        return str(value)
    return value if isinstance(value, str) else None


def on_text(test):
    def lookup(kind, wanted):
        wanted = str(given(wanted))

        def compare(value):
            text = as_text(value, kind)
            return text is not None and bool(test(text, wanted))

        return compare

    return lookup


def on_folded(test):
    return on_text(lambda value, wanted: test(value.casefold(), wanted.casefold()))


def iexact(kind, wanted):
    return isnull(kind, True) if wanted is None else on_folded(operator.eq)(kind, wanted)


def includes(value, wanted):
    """PostgreSQL's containment of JSON: objects by key, lists by element, single values if they are equal."""
    if isinstance(value, dict) and isinstance(wanted, dict):
        return all(key in value and includes(value[key], part) for key, part in wanted.items())
    if isinstance(value, list) and isinstance(wanted, list):
        return all(any(includes(element, part) for element in value) for part in wanted)
    return same(value, wanted)


def holds(value, wanted):
    """The same of whole values: a list includes a single value."""
    return includes(value, [wanted] if isinstance(value, list) and not isinstance(wanted, (dict, list)) else wanted)


def on_document(test):
    def lookup(kind, wanted):
        if kind is not document:
            raise FieldError("Unsupported lookup: only attributes can be asked for keys and parts.")
        wanted = document(given(wanted))
        return lambda value: value is not NOTHING and test(value, wanted)

    return lookup


def has_key(value, key):
    return isinstance(value, (dict, list)) and key in value


in_document, in_text = on_document(holds), on_text(operator.contains)


def contains(kind, wanted):
    return (in_document if kind is document else in_text)(kind, wanted)


LOOKUPS = {
    "exact": exact,
    "iexact": iexact,
    "contains": contains,
    "icontains": on_folded(operator.contains),
    "startswith": on_text(str.startswith),
    "istartswith": on_folded(str.startswith),
    "endswith": on_text(str.endswith),
    "iendswith": on_folded(str.endswith),
    "in": within,
    "isnull": isnull,
    "gt": compared(operator.gt),
    "gte": at_least,
    "lt": compared(operator.lt),
    "lte": at_most,
    "range": between,
    "regex": on_text(lambda value, wanted: re.search(wanted, value)),
    "iregex": on_text(lambda value, wanted: re.search(wanted, value, re.IGNORECASE)),
    "contained_by": on_document(lambda value, wanted: holds(wanted, value)),
    "has_key": on_document(has_key),
    "has_keys": on_document(lambda value, keys: all(has_key(value, key) for key in keys)),
    "has_any_keys": on_document(lambda value, keys: any(has_key(value, key) for key in keys)),
}
