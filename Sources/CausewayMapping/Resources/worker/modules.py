"""The modules of authentik, Django and two libraries that its mappings import, as far as they use them."""

import datetime
import enum
import sys
import types

import django_text
import django_time
from fields import FieldError, ValidationError
from helpers import SkipObjectException
from letters import unidecode
from queries import MultipleObjectsReturned, ObjectDoesNotExist
from records import Group, User


class Choices(enum.EnumMeta):
    """Django's text choices: a class with values and labels that accepts a value for a member."""

    def __contains__(cls, value):
        return any(value == member for member in cls)

    @property
    def names(cls):
        return [member.name for member in cls]

    @property
    def values(cls):
        return [member.value for member in cls]

    @property
    def labels(cls):
        return [member.label for member in cls]

    @property
    def choices(cls):
        return [(member.value, member.label) for member in cls]


class UserTypes(str, enum.Enum, metaclass=Choices):
    INTERNAL = "internal"
    EXTERNAL = "external"
    SERVICE_ACCOUNT = "service_account"
    INTERNAL_SERVICE_ACCOUNT = "internal_service_account"

    @property
    def label(self):
        return self.name.replace("_", " ").title()

    def __str__(self):
        return self.value

    __format__ = str.__format__


class Merger:
    """deepmerge: the target changes, and shares objects with the merged value."""

    def merge(self, base, more):
        if isinstance(base, dict) and isinstance(more, dict):
            for key, value in more.items():
                base[key] = self.merge(base[key], value) if key in base else value
            return base
        if isinstance(base, list) and isinstance(more, list):
            return base + more
        if isinstance(base, (set, frozenset)) and isinstance(more, (set, frozenset)):
            return base | more
        return more


def of(module, names):
    return {name: getattr(module, name) for name in names.split()}


MODULES = {
    "authentik.core.models": {"User": User, "Group": Group, "UserTypes": UserTypes},
    "authentik.core.expression.exceptions": {"SkipObjectException": SkipObjectException},
    "deepmerge": {"always_merger": Merger()},
    "django.core.exceptions": {
        "FieldError": FieldError, "MultipleObjectsReturned": MultipleObjectsReturned, "ObjectDoesNotExist": ObjectDoesNotExist,
        "ValidationError": ValidationError,
    },
    "django.utils.text": of(
        django_text,
        "slugify capfirst normalize_newlines camel_case_to_spaces get_valid_filename get_text_list Truncator",
    ),
    "django.utils.timezone": {
        **of(django_time, "now localtime localdate make_aware make_naive is_aware is_naive timedelta"),
        "datetime": datetime.datetime, "timezone": datetime.timezone,
    },
    "unidecode": {"unidecode": unidecode},
}
# Their packages.
PACKAGES = {name.split(".")[0] for name in MODULES}


def offer():
    """Makes them importable."""
    for name, contents in MODULES.items():
        package(name).__dict__.update(contents)


def package(name):
    if name not in sys.modules:
        # Nothing else is looked for.
        module = sys.modules[name] = types.ModuleType(name)
        module.__path__ = []
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(package(parent), child, module)
    return sys.modules[name]
