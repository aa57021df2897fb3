"""Django's query sets, over records that are fetched when they are needed."""

import itertools

from fields import PARTS, FieldError, document, moment
from lookups import LOOKUPS, NOTHING


class ObjectDoesNotExist(Exception):
    """The object does not exist."""


class DoesNotExist(ObjectDoesNotExist):
    """No record meets the conditions of get()."""


class MultipleObjectsReturned(Exception):
    """More than one record meets the conditions of get()."""


class Path:
    """The path of a condition or a column: across relations, to a field, into JSON or to a part of a time."""

    def __init__(self, kind, names):
        self.names, self.relations, self.keys, self.part, self.kind = names, [], [], None, None
        rest = list(names)
        while rest and rest[0] in kind.RELATIONS:
            self.relations.append(rest[0])
            kind = kind.related(rest.pop(0))
            self.kind = kind.asked
        self.field = rest.pop(0) if rest else None
        if self.field is not None and self.field in kind.FIELDS:
            self.kind = kind.FIELDS[self.field]
            if self.kind is document:
                self.keys, rest = rest, []
            elif self.kind is moment and rest and rest[0] in PARTS:
                self.part, self.kind = PARTS[rest.pop(0)]
        elif self.field is not None:
            rest = [self.field]
        if rest:
            raise FieldError(f"Cannot resolve keyword '{'__'.join(names)}' into field.")

    def values(self, record):
        """All its values: one, or one for each related record."""
        records = [record]
        for relation in self.relations:
            # Without related records there is one empty row.
            records = [r for one in records for r in ([one] if one is NOTHING else list(getattr(one, relation)) or [NOTHING])]
        return [self.value(record) for record in records]

    def value(self, record):
        if record is NOTHING:
            return NOTHING
        if self.field is None:
            return record.pk
        value = getattr(record, self.field)
        for key in self.keys:
            value = member(value, key)
        return self.part(value) if self.part and value is not None else value

    def shown(self, record):
        """The first value, as a column shows it."""
        value = self.values(record)[0]
        return None if value is NOTHING else value


def member(value, key):
    if isinstance(value, list) and key.isdigit():
        return value[int(key)] if int(key) < len(value) else NOTHING
    return value.get(key, NOTHING) if isinstance(value, dict) else NOTHING


class Condition:
    """One keyword of filter(): a path to a value, how to compare it, and with what."""

    def __init__(self, kind, keyword, wanted):
        names = keyword.split("__")
        self.lookup = names.pop() if len(names) > 1 and names[-1] in LOOKUPS else "exact"
        self.path = Path(kind, names)
        if isinstance(wanted, Query):
            wanted = [getattr(row, "pk", row) for row in wanted]
        elif self.lookup == "exact" and wanted is not None:
            wanted = self.path.kind(wanted)
        self.wanted = wanted
        self.test = LOOKUPS[self.lookup](self.path.kind, wanted)

    def holds(self, record):
        return any(map(self.test, self.path.values(record)))


def sorting(value):
    # None comes first; values that cannot be compared are compared as text.
    return (value is not None, isinstance(value, str), str(value) if isinstance(value, (dict, list)) else value or 0)


class Query:
    def __init__(self, kind, fetch, narrow=None, shape=None):
        """kind has the fields; fetch() returns the records; narrow(conditions) those that may meet conditions, faster; shape(record)
        the visible part of one."""
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
        return self._derived(lambda: (r for r in self._stream() if not conditions or not all(c.holds(r) for c in conditions)))

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
                records.sort(key=lambda r: sorting(path.shown(r)), reverse=is_reversed)
            return records

        return self._derived(fetch)

    def reverse(self):
        return self._derived(lambda: reversed(self._records()))

    def values_list(self, *names, flat=False):
        paths = [self._path(n) for n in names or self._kind.FIELDS]
        if flat:
            return self._derived(self._records, paths[0].shown)
        return self._derived(self._records, lambda r: tuple(p.shown(r) for p in paths))

    def values(self, *names):
        paths = {n: self._path(n) for n in names or self._kind.FIELDS}
        return self._derived(self._records, lambda r: {n: p.shown(r) for n, p in paths.items()})

    def _path(self, name):
        return Path(self._kind, name.split("__"))

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
