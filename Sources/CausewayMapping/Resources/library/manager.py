# Name: manager: from an attribute
# Kind: user
# About: Links each user to the manager that their attribute "manager" names: by username, address or employee id. Adapt
#        the names of the attributes.
#
# The manager must be a user of the directory, and is linked once both have accounts. An attribute that is missing, or
# matches no user, changes nothing: the manager in Entra stays. An empty attribute means that there is none: the
# manager in Entra is removed.

# The attribute that names a user's manager.
MANAGER = "manager"
# The attribute with the number by which a manager may be named.
EMPLOYEE_ID = "employee_id"

if MANAGER not in request.user.attributes:
    return {}
value = list_flatten(request.user.attributes[MANAGER])
name = "" if value is None else str(value).strip()
if not name:
    return {"manager": None}

manager = (
    ak_user_by(username=name)
    or ak_user_by(email=name)
    or ak_user_by(email=name.lower())
    or ak_user_by(**{"attributes__" + EMPLOYEE_ID: name})
)
if manager is None and isinstance(value, int):
    # A number may be stored as a number on both sides, not as a text.
    manager = ak_user_by(**{"attributes__" + EMPLOYEE_ID: value})
# The head of an organization is often entered as their own manager.
if manager is None or manager.username == request.user.username:
    return {}
return {"manager": manager}
