# %% user: display name and state
return {"display_name": request.user.name, "account_enabled": request.user.is_active}

# %% user: user is the same as request.user
return {"same": user is request.user, "group": group, "http": request.http_request, "display_name": user.name}

# %% user: every plain field
return {
    "pk": user.pk, "id": user.id, "uuid": user.uuid, "uid": user.uid, "username": user.username, "name": user.name,
    "mail": user.email, "account_enabled": user.is_active, "type": user.type, "path": user.path, "attributes": user.attributes,
}

# %% user: times of the account
return {
    "joined": user.date_joined, "updated": user.last_updated, "last_login": user.last_login,
    "same": user.password_change_date == user.date_joined, "aware": user.date_joined.tzinfo is not None,
    "year": f"{user.date_joined:%Y}",
}

# %% user: superusers and staff
return {"superuser": user.is_superuser, "staff": user.is_staff}

# %% user: context of a user
return {
    "provider": request.context["provider"].name,
    "connection": request.context["connection"] is connection,
    "group": request.context.get("group"),
}

# %% group: context of a group
return {
    "provider": request.context["provider"] is provider, "connection": request.context["connection"] is connection,
    "group": request.context["group"] is group, "user": user, "http": request.http_request,
}

# %% group: the blank user of a group mapping
blank = request.user
return {
    "pk": blank.pk, "username": blank.username, "name": blank.name, "mail": blank.email, "active": blank.is_active,
    "type": blank.type, "path": blank.path, "attributes": blank.attributes, "last_login": blank.last_login,
}

# %% user: provider settings
return {
    "name": provider.name, "tenant": provider.tenant_id, "client": provider.client_id, "dry_run": provider.dry_run,
    "actions": [provider.user_delete_action, provider.group_delete_action],
    "excludes": provider.exclude_users_service_account, "filter": provider.filter_group,
}

# %% user: the provider keeps its secret
return {"secret": getattr(provider, "client_secret", None)}

# %% group: every plain field of a group
return {
    "display_name": group.name, "pk": group.pk, "group_uuid": group.group_uuid, "num_pk": group.num_pk,
    "superuser": group.is_superuser, "attributes": group.attributes, "pk_is_text": isinstance(group.pk, str),
}

# %% user: nothing returned
display_name = user.name

# %% user: bare return
if not user.attributes:
    return
return {"employee_id": user.attributes.get("employee_id")}

# %% user: an empty dict
return {}

# %% user: a fresh password, kept for one evaluation
first = request.user.password
kinds = [str.islower, str.isupper, str.isdigit, lambda letter: not letter.isalnum()]
return {
    "long": len(first) >= 16, "same": first == request.user.password == user.password, "text": isinstance(first, str),
    "mixed": sum(any(map(kind, first)) for kind in kinds) >= 3,
}

# %% user: printing does no harm
print("mapping", user.username)
print({"display_name": "printed"})
return {"display_name": user.name}

# %% user: comments, long lines and odd spacing
# The name comes first.
result = {
    "display_name":
        user.name  # as it is
        or user.username,
}


if user.is_active: result["account_enabled"] = True; result["note"] = 'one # not a comment'
return result

# %% user: text over several lines stays as written
text = """Dear %s,
    indented by four
  and by two
end""" % user.username
return {"about_me": text, "lines": text.count("\n"), "starts": [len(line) - len(line.lstrip()) for line in text.splitlines()]}

# %% user: user may be replaced by a local name
user = {"display_name": request.user.name}
user["account_enabled"] = request.user.is_active
return user

# %% group: group settings by attribute
return {
    "display_name": group.name,
    "mail_enabled": False,
    "security_enabled": group.attributes.get("privileged", True),
    "mail_nickname": slugify(group.name),
    "description": group.attributes.get("description") or f"Managed centrally ({group.name})",
}

# %% user: changes to attributes last for one evaluation
before = user.attributes.get("seen", 0)
user.attributes["seen"] = before + 1
return {"before": before}

# %% user: the username decides the nickname
return {"mail_nickname": user.username.split("@")[0][:64], "user_principal_name": user.email or f"{user.username}@company.com"}
