# %% user: a missing attribute
return {"department": user.attributes["department"]}

# %% user: a missing key in a nested dict
return {"city": user.attributes["address"]["city"]}

# %% user: a missing field
return {"job_title": user.job_title if not user.is_active else user.name}

# %% user: a missing name
return {"display_name": display_name} if user.attributes.get("licenses") else {"display_name": user.username}

# %% user: a local before it has a value
if user.email:
    address = user.email
return {"mail": address}

# %% user: None has no methods
return {"department": user.attributes.get("department", "").strip().title()}

# %% user: adding text and numbers
return {"employee_id": "ID-" + user.attributes.get("employee_id", "none")}

# %% user: division by zero
groups = user.groups.count()
return {"share": 100 / groups}

# %% user: an index too far
return {"surname": user.name.split()[1]}

# %% user: a number that is none
return {"number": int(str(user.attributes.get("employee_id", "")).lstrip("E"))}

# %% user: an error of one's own
class NoAddress(Exception):
    pass


if not user.email:
    raise NoAddress(user.username)
return {"mail": user.email}

# %% user: an assertion
assert "@" in user.email, f"{user.username} has no address"
return {"mail": user.email}

# %% user: a list instead of a dict
return [user.name]

# %% user: text instead of a dict
return user.name

# %% user: falsy, but not None
return "" if user.is_active else False

# %% user: a list now and then
return {"display_name": user.name} if user.name else []

# %% user: a tuple in the second mapping
return {"display_name": user.name}
# %% and
if user.type == "external":
    return ("guest",)
return {"user_type": "Member"}

# %% user: the first failing mapping counts
return {"display_name": user.name, "first": 1 / len(user.name)}
# %% and
return {"department": user.attributes["department"]}

# %% user: yielding instead of returning
yield {"display_name": user.name}

# %% user: the expression does not compile
return {"display_name": user.name

# %% user: wrong indentation
if user.name:
return {"display_name": user.name}

# %% user: everything imported
from math import *

return {"pi": pi}

# %% user: waiting outside of an async function
return {"value": await something()}

# %% user: importing what is not there
import ldap3_of_nobody

return {"display_name": user.name}

# %% user: an optional import
try:
    import phonenumbers_of_nobody as phonenumbers
except ImportError:
    phonenumbers = None
return {"library": phonenumbers is not None, "display_name": user.name}

# %% user: importing what a module lacks
from datetime import tomorrow

return {"day": tomorrow}

# %% user: the flag of the first release
if creating:
    return {"account_enabled": True}
return {"display_name": user.name}

# %% user: an error caught and replaced
try:
    department = user.attributes["department"].strip()
except KeyError as error:
    department = f"missing {error.args[0]}"
except AttributeError:
    department = "not text"
else:
    department = department.upper()
return {"department": department}

# %% user: names of errors
names = []
for attempt in (lambda: {}["x"], lambda: [][0], lambda: 1 / 0, lambda: int("x"), lambda: None.x, lambda: "a" + 1, lambda: undefined):
    try:
        attempt()
    except Exception as error:
        names.append(type(error).__name__)
return {"names": names}

# %% user: chained errors show the last one
try:
    value = user.attributes["employee_id"]
except KeyError as error:
    raise LookupError("no employee id") from error
return {"employee_id": value}

# %% user: no end to recursion
def again(number):
    return again(number + 1)


return {"value": again(0)} if user.attributes.get("manager") == "grace" else {"value": None}

# %% user: unicode errors
return {"mail_nickname": user.username.encode("ascii").decode("ascii")}

# %% user: unhashable keys
return {"count": len({user.attributes.get("tags"): 1})}

# %% user: an empty sequence has no largest
return {"largest": max(found.name for found in user.groups.all())}

# %% user: too many values
local, domain = user.email.split("@")
return {"local": local, "domain": domain}

# %% user: wrong arguments
return {"slug": slugify(user.name, "-", True) if user.groups.exists() else slugify(user.name)}

# %% user: stop iteration
return {"office": next(iter(user.attributes.get("offices") or []))}

# %% group: no user in group mappings
return {"display_name": user.name}

# %% group: an attribute only some groups have
return {"department": group.attributes["department"]}

# %% group: no connection yet
return {"mail_nickname": connection.attributes.get("mail_nickname")}

# %% group: one member only
from authentik.core.models import User

return {"owner": group.users.get().username}

# %% group: a missing field of a group
return {"members": [member.username for member in group.members]}

# %% group: integer division of members
weeks = group.attributes.get("rotation_weeks", 0)
return {"per_week": divmod(group.users.count(), weeks) if group.users.exists() else None}
