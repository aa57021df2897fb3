"""django.utils.timezone, with UTC as the time zone."""

import datetime
from datetime import timedelta

from fields import in_utc

UTC = datetime.timezone.utc


def now():
    return datetime.datetime.now(UTC)


def is_aware(value):
    return value.utcoffset() is not None


def is_naive(value):
    return value.utcoffset() is None


def localtime(value=None, timezone=None):
    value = now() if value is None else value
    if is_naive(value):
        raise ValueError("localtime() cannot be applied to a naive datetime")
    return value.astimezone(timezone or UTC)


def localdate(value=None, timezone=None):
    return localtime(value, timezone).date()


def make_aware(value, timezone=None):
    if is_aware(value):
        raise ValueError(f"make_aware expects a naive datetime, got {value}")
    return value.replace(tzinfo=timezone) if timezone else in_utc(value)


def make_naive(value, timezone=None):
    if is_naive(value):
        raise ValueError("make_naive() cannot be applied to a naive datetime")
    return localtime(value, timezone).replace(tzinfo=None)
