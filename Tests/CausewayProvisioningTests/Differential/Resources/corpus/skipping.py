# %% user: service accounts are skipped
if user.type in ("service_account", "internal_service_account"):
    raise SkipObject
return {"display_name": user.name}

# %% user: skipping with a reason
if not user.email:
    raise SkipObject("no address")
return {"user_principal_name": user.email}

# %% user: skipping in the second mapping
return {"display_name": user.name}
# %% and
if user.type == "external":
    raise SkipObject()
return {"user_type": "Member"}

# %% user: skipping before a failure
if not user.attributes:
    raise SkipObject
return {"employee_id": user.attributes.get("employee_id")}
# %% and
return {"department": user.attributes["department"]}

# %% user: a failure before skipping
return {"department": user.attributes["department"]}
# %% and
if not user.attributes.get("department"):
    raise SkipObject

# %% user: skipping from a nested function
def required(value):
    if not value:
        raise SkipObject
    return value


return {"display_name": required(user.name), "mail": required(user.email)}

# %% user: skipping inside a comprehension
def checked(found):
    if found.is_superuser:
        raise SkipObject(found.name)
    return found.name


return {"groups": [checked(found) for found in user.all_groups()]}

# %% user: only members of one group
if not ak_is_group_member(request.user, name="Everyone"):
    raise SkipObject
return {"display_name": user.name}

# %% user: only those not yet known
if connection:
    raise SkipObject
return {"display_name": user.name, "account_enabled": user.is_active}

# %% user: leavers without an account are skipped
if not user.is_active and not connection:
    raise SkipObject
return {"account_enabled": user.is_active}

# %% user: finally still runs
seen = []
try:
    if user.type != "internal":
        raise SkipObject
    seen.append("try")
finally:
    seen.append("finally")
return {"seen": seen}

# %% user: skipping told from other errors
try:
    if not user.name:
        raise SkipObject
    title = user.attributes["title"]
except SkipObject:
    return {"display_name": user.username, "caught": True}
except KeyError:
    title = None
return {"job_title": title}

# %% user: a kind of skipping of one's own
class Expired(SkipObject):
    pass


if user.attributes.get("expires", "9999") < "2026-06-01":
    raise Expired(user.username)
return {"display_name": user.name}

# %% user: skipping by path
if user.path.startswith("goauthentik.io/") or regex_match(user.path, "^users/(former|external)"):
    raise SkipObject
return {"office_location": user.path}

# %% user: skipping in the handling of an error
try:
    number = int(user.attributes["employee_id"][1:])
except (KeyError, TypeError, ValueError) as error:
    raise SkipObject from error
return {"employee_id": f"{number:08d}"}

# %% group: empty groups are skipped
if not group.users.exists():
    raise SkipObject
return {"display_name": group.name}

# %% group: superuser groups are skipped
if group.is_superuser:
    raise SkipObject
return {"display_name": group.name}

# %% group: only leaves of the tree
if group.children.exists():
    raise SkipObject
return {"display_name": group.name}
# %% and
return {"mail_enabled": False}

# %% group: no nickname, no group
nickname = slugify(group.name)
if not nickname:
    raise SkipObject("no nickname")
return {"mail_nickname": nickname}

# %% user: only one office
if "Zürich" not in [found.attributes.get("office", {}).get("city") for found in user.all_groups()]:
    raise SkipObject
return {"office_location": "Zürich"}

# %% user: only people with a manager who exists
manager = ak_user_by(username=user.attributes.get("manager") or "")
if manager is None:
    raise SkipObject("no manager")
return {"department": manager.attributes.get("department")}

# %% user: a list of those left alone
LEFT_ALONE = {"alice", "bob", "joão.ninguém", "svc-backup"}
if user.username in LEFT_ALONE:
    raise SkipObject
return {"display_name": user.name}
# %% and
return {"account_enabled": user.is_active}

# %% user: skipping in the third mapping
return {"display_name": user.name}
# %% and
return {"business_phones": [list_flatten(user.attributes.get("phone"))]}
# %% and
if not list_flatten(user.attributes.get("phone")):
    raise SkipObject

# %% user: guests with an account elsewhere
domain = user.email.rpartition("@")[2]
if user.type == "external" and not regex_match(domain, r"onmicrosoft\.com$") or not domain:
    raise SkipObject
return {"mail": user.email}

# %% group: only groups with a department
if "department" not in group.attributes:
    raise SkipObject
return {"display_name": group.name, "description": group.attributes["department"]}

# %% group: groups with a mailbox are left to Exchange
if connection and connection.attributes.get("mail_enabled"):
    raise SkipObject
return {"display_name": group.name, "mail_enabled": False, "security_enabled": True, "mail_nickname": slugify(group.name) or "group"}
