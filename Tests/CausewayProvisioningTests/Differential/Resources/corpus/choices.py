# %% user: types of users by name
from authentik.core.models import UserTypes

return {
    "user_type": "Guest" if user.type == UserTypes.EXTERNAL else "Member",
    "service": user.type in (UserTypes.SERVICE_ACCOUNT, UserTypes.INTERNAL_SERVICE_ACCOUNT),
}

# %% user: service accounts skipped by type
from authentik.core.models import UserTypes

if user.type in [UserTypes.SERVICE_ACCOUNT, UserTypes.INTERNAL_SERVICE_ACCOUNT]:
    raise SkipObject
return {"employee_type": UserTypes(user.type).label}

# %% user: a choice is its value
from authentik.core.models import UserTypes

kind = UserTypes(user.type)
return {
    "value": kind.value,
    "name": kind.name,
    "label": kind.label,
    "text": str(kind),
    "formatted": f"{kind}|{kind:>12}|{kind!s}",
    "equal": kind == user.type,
    "upper": kind.upper(),
}

# %% user: choices as they are listed
from authentik.core.models import UserTypes

return {
    "choices": UserTypes.choices,
    "values": UserTypes.values,
    "labels": UserTypes.labels,
    "names": UserTypes.names,
    "count": len(UserTypes),
}

# %% user: choices as keys and in results
from authentik.core.models import UserTypes

licence = {UserTypes.INTERNAL: "E5", UserTypes.EXTERNAL: "guest"}
return {"licence": licence.get(user.type), "kind": UserTypes.EXTERNAL, "all": list(UserTypes), "plain": type(user.type) is str}

# %% user: values among the choices
from authentik.core.models import UserTypes

return {
    "known": user.type in UserTypes,
    "unknown": user.username in UserTypes,
    "member": UserTypes.INTERNAL in UserTypes,
    "by_name": UserTypes["INTERNAL"] is UserTypes.INTERNAL,
}

# %% user: a value that is no choice
from authentik.core.models import UserTypes

return {"kind": UserTypes(user.attributes.get("user_type", user.type) if user.is_active else "former")}

# %% user: a name that is no choice
from authentik.core.models import UserTypes

return {"kind": UserTypes["GUEST"] if user.type == "external" else UserTypes.INTERNAL.name}

# %% user: users of a type
from authentik.core.models import User, UserTypes

return {
    "external": list(User.objects.filter(type=UserTypes.EXTERNAL).values_list("username", flat=True)),
    "people": User.objects.filter(type__in=[UserTypes.INTERNAL, UserTypes.EXTERNAL]).count(),
    "by_text": ak_user_by(type=UserTypes.SERVICE_ACCOUNT.value).username,
    "not": User.objects.exclude(type=UserTypes.INTERNAL).count(),
}

# %% user: choices sorted and joined
from authentik.core.models import UserTypes

return {
    "sorted": sorted(UserTypes, reverse=True)[0],
    "joined": ", ".join(kind for kind in UserTypes),
    "longest": max(UserTypes.values, key=len),
    "prefix": [kind.name for kind in UserTypes if kind.startswith("int")],
}

# %% user: the exception behind skipping
from authentik.core.expression.exceptions import SkipObjectException

return {
    "same": SkipObject is SkipObjectException,
    "name": SkipObject.__name__,
    "plain": issubclass(SkipObjectException, Exception),
    "text": str(SkipObjectException("no", user.username)),
}

# %% user: skipping by the imported exception
from authentik.core.expression.exceptions import SkipObjectException

if not user.is_active:
    raise SkipObjectException
if not user.email:
    raise SkipObjectException(f"{user.username} has no address")
return {"mail": user.email}

# %% user: skipping swallowed by a broad handler
try:
    if user.type == "external":
        raise SkipObject("a guest")
    guest = False
except Exception as error:
    guest = str(error)
return {"guest": guest}

# %% user: the imported exception caught by its short name
from authentik.core.expression.exceptions import SkipObjectException as Skip

try:
    raise Skip(user.path)
except SkipObject as error:
    return {"office_location": error.args[0]}

# %% user: an exception that is not among them
from authentik.core.expression.exceptions import SkipUserException

raise SkipUserException

# %% user: a model that is not among them
from authentik.core.models import Robot

return {"kind": Robot.objects.count()}

# %% user: errors of look-ups imported
from django.core.exceptions import FieldError, MultipleObjectsReturned, ObjectDoesNotExist
from authentik.core.models import User


def outcome(**conditions):
    try:
        return User.objects.get(**conditions).username
    except (FieldError, MultipleObjectsReturned, ObjectDoesNotExist) as error:
        return [kind.__name__ for kind in (FieldError, MultipleObjectsReturned, ObjectDoesNotExist) if isinstance(error, kind)]


return {"one": outcome(pk=user.pk), "none": outcome(username="-"), "many": outcome(type="internal"), "field": outcome(shoe=1)}

# %% user: nobody found, by the common error
from django.core.exceptions import ObjectDoesNotExist
from authentik.core.models import User

try:
    manager = User.objects.get(username=user.attributes.get("manager") or "")
except ObjectDoesNotExist:
    raise SkipObject("no manager")
return {"department": manager.attributes.get("department")}
