"""What Django's query sets answer, over records that are fetched when they are looked at."""

import itertools
import operator
import re


class FieldError(Exception):
    """A condition names a field that there is not."""


class DoesNotExist(Exception):
    """Nothing meets the conditions of get()."""


class MultipleObjectsReturned(Exception):
    """More than one record meets the conditions of get()."""


NOTHING = object()


def on_text(test):
    return lambda value, wanted: isinstance(value, str) and test(value, str(wanted))


def on_folded(test):
    return on_text(lambda value, wanted: test(value.casefold(), wanted.casefold()))


def contains(value, wanted):
    if isinstance(value, str):
        return str(wanted) in value
    return isinstance(value, (list, dict)) and wanted in value


def compared(test):
    def compare(value, wanted):
        try:
            return value is not None and test(value, wanted)
        except TypeError:
            return False

    return compare


LOOKUPS = {
    "exact": operator.eq,
    "iexact": on_folded(operator.eq),
    "contains": contains,
    "icontains": on_folded(lambda value, wanted: wanted in value),
    "startswith": on_text(str.startswith),
    "istartswith": on_folded(str.startswith),
    "endswith": on_text(str.endswith),
    "iendswith": on_folded(str.endswith),
    "in": lambda value, wanted: value in wanted,
    "gt": compared(operator.gt),
    "gte": compared(operator.ge),
    "lt": compared(operator.lt),
    "lte": compared(operator.le),
    "regex": on_text(lambda value, wanted: re.search(wanted, value) is not None),
    "iregex": on_text(lambda value, wanted: re.search(wanted, value, re.IGNORECASE) is not None),
}


class Condition:
    """One keyword of filter(): a path to a value, how to compare it, and what with."""

    def __init__(self, kind, keyword, wanted):
        parts = keyword.split("__")
        is_lookup = len(parts) > 1 and (parts[-1] in LOOKUPS or parts[-1] == "isnull")
        self.lookup = parts.pop() if is_lookup else "exact"
        self.path = parts
        self.wanted = getattr(wanted, "pk", wanted)
        kind.check(self.path)

    def holds(self, record):
        return any(self.compare(value) for value in values(record, self.path))

    def compare(self, value):
        value = getattr(value, "pk", value)
        if self.lookup == "isnull":
            return (value is NOTHING or value is None) == bool(self.wanted)
        return value is not NOTHING and bool(LOOKUPS[self.lookup](value, self.wanted))


def values(record, path):
    """Everything that a path leads to: one value, or one for each related record."""
    value = getattr(record, path[0])
    rest = path[1:]
    if isinstance(value, Query):
        found = [v for related in value for v in (values(related, rest) if rest else [related])]
        return found or [NOTHING]
    for key in rest:
        value = value[key] if isinstance(value, dict) and key in value else NOTHING
    return [value]


def sorting(value):
    # None comes first, and what cannot be compared is compared as text.
    return (value is not None, isinstance(value, str), str(value) if isinstance(value, (dict, list)) else value or 0)


class Query:
    def __init__(self, kind, fetch, narrow=None, shape=None):
        """kind knows the fields; fetch() gives the records; narrow(conditions) those that may meet conditions, sooner; shape(record)
        what is shown of one."""
        self._kind = kind
        self._fetch = fetch
        self._narrow = narrow
        self._shape = shape or (lambda record: record)
        self._found = None

    def _records(self):
        if self._found is None:
            self._found = list(self._fetch())
        return self._found

    def _stream(self):
        return iter(self._found) if self._found is not None else iter(self._fetch())

    def _derived(self, fetch, shape=None):
        return Query(self._kind, fetch, shape=shape or self._shape)

    def all(self):
        return self

    select_related = prefetch_related = all

    def none(self):
        return self._derived(list)

    def filter(self, **keywords):
        conditions = [Condition(self._kind, k, v) for k, v in keywords.items()]
        source = (self._narrow and self._narrow(conditions)) or self._stream
        return self._derived(lambda: (r for r in source() if all(c.holds(r) for c in conditions)))

    def exclude(self, **keywords):
        conditions = [Condition(self._kind, k, v) for k, v in keywords.items()]
        return self._derived(lambda: (r for r in self._stream() if not all(c.holds(r) for c in conditions)))

    def get(self, **keywords):
        found = list(itertools.islice(self.filter(**keywords)._stream(), 2))
        if not found:
            raise DoesNotExist(f"{self._kind.__name__} matching query does not exist.")
        if len(found) > 1:
            raise MultipleObjectsReturned(f"get() returned more than one {self._kind.__name__}")
        return self._shape(found[0])

    def first(self):
        return next(map(self._shape, self._stream()), None)

    def last(self):
        records = self._records()
        return self._shape(records[-1]) if records else None

    def exists(self):
        return next(self._stream(), None) is not None

    def count(self):
        return len(self._records())

    def contains(self, record):
        return record in self

    def distinct(self):
        def fetch():
            shown = []
            for record in self._records():
                row = self._shape(record)
                if row not in shown:
                    shown.append(row)
                    yield record

        return self._derived(fetch)

    def order_by(self, *names):
        paths = [(self._path(name.lstrip("-")), name.startswith("-")) for name in names]

        def fetch():
            records = list(self._records())
            for path, is_reversed in reversed(paths):
                records.sort(key=lambda r: sorting(plain_value(r, path)), reverse=is_reversed)
            return records

        return self._derived(fetch)

    def reverse(self):
        return self._derived(lambda: reversed(self._records()))

    def values_list(self, *names, flat=False):
        paths = [self._path(n) for n in names or self._kind.FIELDS]
        if flat:
            return self._derived(self._records, lambda r: plain_value(r, paths[0]))
        return self._derived(self._records, lambda r: tuple(plain_value(r, p) for p in paths))

    def values(self, *names):
        paths = {n: self._path(n) for n in names or self._kind.FIELDS}
        return self._derived(self._records, lambda r: {n: plain_value(r, p) for n, p in paths.items()})

    def _path(self, name):
        path = name.split("__")
        self._kind.check(path)
        return path

    def __iter__(self):
        return map(self._shape, self._records())

    def __len__(self):
        return len(self._records())

    def __bool__(self):
        return self.exists()

    def __contains__(self, shown):
        return any(row == shown for row in self)

    def __getitem__(self, place):
        if isinstance(place, slice):
            return self._derived(lambda: self._records()[place])
        return self._shape(self._records()[place])

    def __eq__(self, other):
        return list(self) == (list(other) if isinstance(other, Query) else other)

    __hash__ = None

    def __repr__(self):
        return f"<{self._kind.__name__}s {list(self)!r}>"


def plain_value(record, path):
    value = values(record, path)[0]
    return None if value is NOTHING else getattr(value, "pk", value)
