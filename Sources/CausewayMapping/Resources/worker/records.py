"""The objects that a mapping sees. What did not come with an object is requested from the directory when it is needed."""

import operator
import os
import string
import uuid

import pipe
from fields import anything, document, identifier, integer, moment
from queries import DoesNotExist, MultipleObjectsReturned, Query


class Record:
    """An object whose attributes are the members of a JSON object."""

    # Each with its kind.
    FIELDS = {}
    RELATIONS = ()
    DoesNotExist = DoesNotExist
    MultipleObjectsReturned = MultipleObjectsReturned

    def __init__(self, values):
        # Takes ownership: a caller that needs them afterwards passes a copy.
        self.__dict__ = values

    @classmethod
    def asked(cls, value):
        """The key in a condition on a relation: from a record, or the key itself."""
        if not isinstance(value, Record):
            return cls.FIELDS["pk"](value)
        if not isinstance(value, cls):
            raise ValueError(f"Cannot query {value!r}: it must be a {cls.__name__}.")
        return value.pk

    def __eq__(self, other):
        key = self.__dict__["pk"]
        return type(other) is type(self) and key is not None and other.__dict__["pk"] == key

    def __hash__(self):
        return hash(self.__dict__["pk"])

    def __repr__(self):
        return f"<{type(self).__name__}: {self}>"

    @property
    def roles(self):
        return Query(Role, list)

    def all_roles(self):
        return self.roles


class Role(Record):
    """authentik's roles; there are none here."""

    FIELDS = {"pk": identifier, "uuid": identifier, "name": anything}


class Connection(Record):
    """The link of an object to its Entra object."""

    @property
    def pk(self):
        return identifier(self.__dict__["pk"])

    id = pk


class MicrosoftEntraProviderUser(Connection):
    def __str__(self):
        return f"Microsoft Entra Provider User {self.user.pk} to {self.provider.pk}"


class MicrosoftEntraProviderGroup(Connection):
    def __str__(self):
        return f"Microsoft Entra Provider Group {self.group.pk} to {self.provider.pk}"


class MicrosoftEntraProvider(Record):
    @property
    def id(self):
        return self.pk

    def __str__(self):
        return f"Microsoft Entra Provider {self.name}"


by_name = operator.itemgetter("name")


def copied(value):
    """A copy of a JSON value that may be changed."""
    if isinstance(value, dict):
        return {k: copied(v) for k, v in value.items()}
    return [copied(v) for v in value] if isinstance(value, list) else value


class Group(Record):
    def __init__(self, values):
        self.__dict__.update(values)
        # Groups of a page are sent once, whichever users are in them.
        self.attributes = copied(self.attributes)

    FIELDS = {
        "pk": identifier, "group_uuid": identifier, "num_pk": integer, "name": anything, "is_superuser": anything,
        "attributes": document,
    }
    RELATIONS = ("users", "parents", "children")

    @property
    def pk(self):
        return identifier(self.__dict__["pk"])

    group_uuid = pk

    def __str__(self):
        return f"Group {self.name}"

    @classmethod
    def related(cls, name):
        return User if name == "users" else Group

    @property
    def users(self):
        return Query(User, lambda: stream("members", User, group=self.pk))

    @property
    def parents(self):
        return Query(Group, lambda: map(Group, sorted(self._related("parents"), key=by_name)))

    @property
    def children(self):
        return Query(Group, lambda: map(Group, sorted(self._related("children"), key=by_name)))

    def _related(self, name):
        given = self.__dict__.get(f"_{name}")
        return pipe.ask(name, group=self.pk) if given is None else given

    def is_member(self, user):
        """Whether a user is in the group, or in one below it."""
        return user.pk is not None and pipe.ask("is_member", group=self.pk, user=user.pk)


class User(Record):
    FIELDS = {
        "pk": integer, "id": integer, "uuid": identifier, "uid": anything, "username": anything, "name": anything,
        "email": anything, "first_name": anything, "last_name": anything, "is_active": anything, "type": anything,
        "path": anything, "attributes": document, "is_superuser": anything, "is_staff": anything, "date_joined": moment,
        "last_login": moment, "last_updated": moment, "password_change_date": moment,
    }
    RELATIONS = ("groups", "ak_groups")
    USERNAME_FIELD, EMAIL_FIELD, REQUIRED_FIELDS = "username", "email", ["email"]

    # Django's, which authentik leaves empty.
    first_name = last_name = ""
    last_login = None
    is_authenticated, is_anonymous = True, False
    # What authentik shows if avatars are disabled.
    avatar = "/static/dist/assets/images/user_default.png"

    @property
    def uuid(self):
        if self.__dict__["uuid"] is None:
            self.__dict__["uuid"] = str(uuid.uuid4())
        return identifier(self.__dict__["uuid"])

    def __str__(self):
        return self.username

    def get_username(self):
        return self.username

    def natural_key(self):
        return (self.username,)

    def get_full_name(self):
        return ""

    get_short_name = get_full_name

    def has_usable_password(self):
        return True

    def locale(self, request=None):
        settings = self.attributes.get("settings", {})
        return settings.get("locale", "") if isinstance(settings, dict) else ""

    @staticmethod
    def default_path():
        return "users"

    @classmethod
    def related(cls, name):
        return Group

    @property
    def password(self):
        # A hash would be of no use to Entra, and must not be handed out: every account starts with an unknown password.
        if "_password" not in self.__dict__:
            self.__dict__["_password"] = random_password()
        return self.__dict__["_password"]

    def _records(self, name):
        if name not in self.__dict__:
            found = NO_GROUPS if self.pk is None else pipe.ask("groups", user=self.pk)
            pipe.groups.update(found["groups"])
            self.__dict__.update(_groups=found["direct"], _all_groups=found["all"])
        return sorted((pipe.groups[key] for key in self.__dict__[name]), key=by_name)

    @property
    def groups(self):
        return Query(Group, lambda: map(Group, self._records("_groups")))

    ak_groups = groups

    def all_groups(self):
        return Query(Group, lambda: map(Group, self._records("_all_groups")))

    def group_attributes(self, request=None):
        merged = {}
        for group in self.all_groups():
            merge_dict(merged, group.attributes)
        merge_dict(merged, self.attributes)
        return merged

    @property
    def is_superuser(self):
        return any(g.is_superuser for g in self.all_groups())

    is_staff = is_superuser

    def app_entitlements(self, app=None):
        return []

    def app_entitlements_attributes(self, app=None):
        return {}

    def _time(self, name):
        if name not in self.__dict__:
            self.__dict__.update(pipe.ask("times", user=self.pk) if self.pk is not None else {name: None})
        return self.__dict__[name] and moment(self.__dict__[name])

    @property
    def date_joined(self):
        return self._time("_date_joined")

    # Causeway stores no passwords of users; it is as old as the account.
    password_change_date = date_joined

    @property
    def last_updated(self):
        return self._time("_last_updated")


NO_GROUPS = {"groups": {}, "direct": [], "all": []}

BLANK_USER = {
    "pk": None, "id": None, "uuid": None, "uid": "", "username": "", "name": "", "email": "", "is_active": True,
    "type": "internal", "path": "users", "attributes": {},
}


def merge_dict(into, more):
    """Dicts deeply, lists appended, sets united, the rest and values of different kinds replaced."""
    for key, value in more.items():
        present = into.get(key)
        if isinstance(present, dict) and isinstance(value, dict):
            merge_dict(present, value)
        elif isinstance(present, list) and isinstance(value, list):
            into[key] = present + value
        elif isinstance(present, set) and isinstance(value, set):
            into[key] = present | value
        elif isinstance(value, dict):
            into[key] = {}
            merge_dict(into[key], value)
        else:
            into[key] = value


PASSWORD_SETS = (string.ascii_uppercase, string.ascii_lowercase, string.digits, "!#$%*+-=?@_")


# The passwords of the present object.
issued = []
MASK = "********"


def redacted(value):
    """A text, or a value of JSON, without passwords: the notes of a mapping are stored, and others read them."""
    if isinstance(value, str):
        for password in issued:
            value = value.replace(password, MASK)
    elif isinstance(value, dict):
        return {redacted(k): redacted(v) for k, v in value.items()}
    elif isinstance(value, list):
        return [redacted(v) for v in value]
    return value


def shortened(text, limit):
    """A human-readable text, with a maximum of characters: cut between words if possible, with an ellipsis for the rest."""
    if len(text) <= limit:
        return text
    kept = text[: limit - 1]
    gap = max(kept.rfind(" "), kept.rfind("\n"))
    return (kept[:gap] if gap > limit // 2 else kept).rstrip(" ,;:") + "…"


def table(letters):
    """The letter for each byte."""
    return bytes(ord(letters[byte % len(letters)]) for byte in range(256))


CLASS_TABLES = [table(letters) for letters in PASSWORD_SETS]
TABLE = table("".join(PASSWORD_SETS))


def random_password(length=32):
    # One of each class in Entra's policy, then from all of them.
    data = os.urandom(length)
    first = bytes(letters[byte] for letters, byte in zip(CLASS_TABLES, data))
    issued.append((first + data[len(first):].translate(TABLE)).decode())
    return issued[-1]


def stream(question, of, **details):
    """Records that the directory sends in pages, as far as they are needed."""
    last = None
    while True:
        page = pipe.ask(question, after=last, **details)
        yield from map(of, page)
        if len(page) < pipe.PAGE:
            return
        last = page[-1]["pk"]


class Manager:
    """`objects` of a class: everything of that kind, found by its key, its name or an attribute without reading all."""

    KEYS = {"User": ("pk", "id", "uuid", "username", "email"), "Group": ("pk", "group_uuid", "name")}

    def __init__(self, kind):
        self.kind = kind

    def __getattr__(self, name):
        return getattr(Query(self.kind, self.everything, self.narrow), name)

    def everything(self):
        # Groups are shown by name, as everywhere; users are too many to be sorted first.
        if self.kind is Group:
            return sorted(stream("groups", Group), key=lambda group: group.name)
        return stream("users", User)

    def narrow(self, conditions):
        for condition in conditions:
            wanted = str(condition.wanted) if isinstance(condition.wanted, uuid.UUID) else condition.wanted
            is_key = isinstance(wanted, (str, int)) and not isinstance(wanted, bool)
            if condition.lookup == "exact" and is_key and self.finds(condition.path):
                details = {"kind": self.kind.__name__, "path": condition.path.names, "value": wanted}
                return lambda: stream("find", self.kind, **details)
        return None

    def finds(self, path):
        # The directory finds attributes by name, not by position in a list.
        if path.relations or path.part or any(key.isdigit() for key in path.keys):
            return False
        return self.kind is User if path.keys else path.field in self.KEYS[self.kind.__name__]


User.objects = Manager(User)
Group.objects = Manager(Group)
