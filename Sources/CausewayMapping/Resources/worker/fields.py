"""Kinds of fields: each makes a condition's value comparable with the field's value, or refuses it, as Django's fields do."""

import datetime
import json
import uuid


class ValidationError(Exception):
    """A condition compares a field with a value that it can never have."""


class FieldError(Exception):
    """A condition names an unknown field, or uses a lookup that the field does not support."""


def anything(value):
    return value


def integer(value):
    try:
        return int(value)
    except ValueError:
        raise ValueError(f"Field 'id' expected a number but got {value!r}.") from None


def identifier(value):
    if isinstance(value, uuid.UUID):
        return value
    try:
        return uuid.UUID(int=value) if isinstance(value, int) else uuid.UUID(value)
    except (AttributeError, TypeError, ValueError):
        raise ValidationError(f"“{value}” is not a valid UUID.") from None


def read(kind, value):
    if not isinstance(value, str):
        raise TypeError(f"expected a text or a {kind.__name__}, not {value!r}")
    try:
        return kind.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        raise ValidationError(f"“{value}” is not a valid {kind.__name__} (ISO 8601).") from None


def in_utc(moment):
    return moment.replace(tzinfo=datetime.timezone.utc) if moment.tzinfo is None else moment.astimezone(datetime.timezone.utc)


def moment(value):
    if isinstance(value, datetime.datetime):
        return in_utc(value)
    if isinstance(value, datetime.date):
        return in_utc(datetime.datetime.combine(value, datetime.time()))
    return in_utc(read(datetime.datetime, value))


def day(value):
    if isinstance(value, datetime.datetime):
        return in_utc(value).date()
    return value if isinstance(value, datetime.date) else read(datetime.date, value)


def clock(value):
    return value if isinstance(value, datetime.time) else read(datetime.time, value)


def document(value):
    """A value in its JSON form."""
    return json.loads(json.dumps(value))


# Parts of a time that a condition may name, and the kind of each.
PARTS = {
    "year": (lambda time: time.year, integer),
    "iso_year": (lambda time: time.isocalendar()[0], integer),
    "month": (lambda time: time.month, integer),
    "day": (lambda time: time.day, integer),
    "week": (lambda time: time.isocalendar()[1], integer),
    "week_day": (lambda time: time.isoweekday() % 7 + 1, integer),
    "iso_week_day": (lambda time: time.isoweekday(), integer),
    "quarter": (lambda time: (time.month + 2) // 3, integer),
    "hour": (lambda time: time.hour, integer),
    "minute": (lambda time: time.minute, integer),
    "second": (lambda time: time.second, integer),
    "date": (lambda time: time.date(), day),
    "time": (lambda time: time.time(), clock),
}
