# %% user: the names of Django's users are empty
return {
    "given_name": user.first_name,
    "surname": user.last_name,
    "full": user.get_full_name(),
    "short": user.get_short_name(),
    "kinds": [isinstance(user.first_name, str), user.last_name is None],
}

# %% user: a given name that Django does not know
return {"given_name": user.first_name or user.name.split(" ")[0] or user.username, "display_name": user.get_full_name() or user.name}

# %% user: names of the account by Django's methods
return {
    "username": user.get_username(),
    "natural": user.natural_key(),
    "one": len(user.natural_key()),
    "same": user.natural_key()[0] == user.username,
}

# %% user: constants of the class
from authentik.core.models import User

return {
    "username": getattr(user, User.USERNAME_FIELD),
    "email": getattr(user, user.EMAIL_FIELD),
    "required": User.REQUIRED_FIELDS,
    "field": user.USERNAME_FIELD,
}

# %% user: looked up by the field of the name
from authentik.core.models import User

return {
    "same": User.objects.get(**{User.USERNAME_FIELD: user.get_username()}) == user,
    "nobody": User.objects.exclude(**{User.USERNAME_FIELD: "alice"}).filter(username="alice").exists(),
}

# %% user: signed in or not
return {
    "authenticated": user.is_authenticated,
    "anonymous": user.is_anonymous,
    "account_enabled": request.user.is_authenticated and request.user.is_active,
}

# %% user: a property that is called
return {"account_enabled": user.is_authenticated()}

# %% group: the blank user is nobody anonymous
blank = request.user
return {
    "authenticated": blank.is_authenticated,
    "anonymous": blank.is_anonymous,
    "username": blank.get_username(),
    "natural": blank.natural_key(),
    "locale": blank.locale(),
    "full": blank.get_full_name(),
}

# %% user: the language of a user
return {"preferred_language": user.locale()}

# %% user: the language with a request
return {"plain": user.locale(request.http_request), "named": user.locale(request=None), "policy": user.locale(request)}

# %% user: too many requests for a language
return {"preferred_language": user.locale(None, None)}

# %% user: the language only where there is one
locale = request.user.locale()
if locale == "":
    locale = None
return {"preferred_language": locale, "usage_location": locale[-2:].upper() if locale and "-" in locale else None}

# %% user: the language of the user, then of the groups, then a default
own = user.group_attributes().get("settings")
return {"preferred_language": user.locale() or (own.get("locale") if isinstance(own, dict) else None) or "en-US"}

# %% user: settings that cannot have a language
user.attributes["settings"] = None if user.is_active else "de"
return {"preferred_language": user.locale()}

# %% user: a language set by the mapping itself
user.attributes.setdefault("settings", {})
if isinstance(user.attributes["settings"], dict):
    user.attributes["settings"]["locale"] = ["fr", "de"]
return {"languages": user.locale()}

# %% user: a picture
picture = user.avatar
return {
    "text": isinstance(picture, str),
    "photos": [{"value": picture, "type": "photo"}] if "://" in picture else None,
    "inline": picture.startswith("data:"),
}

# %% user: a password that can be used
return {"usable": user.has_usable_password(), "enabled": request.user.has_usable_password() and user.is_active}

# %% group: the blank user's password
return {"usable": request.user.has_usable_password(), "picture": bool(request.user.avatar)}

# %% user: no roles
return {
    "all": list(user.roles.all()),
    "count": user.roles.count(),
    "exists": user.roles.exists(),
    "first": user.roles.first(),
    "names": [role.name for role in user.roles.all()],
    "inherited": list(user.all_roles()),
    "flat": list(user.roles.values_list("name", flat=True)),
}

# %% user: a role by name
if user.roles.filter(name="Global Reader").exists() or user.all_roles().filter(name__startswith="Global").exists():
    return {"job_title": "reader"}
return {
    "job_title": user.attributes.get("title"),
    "others": user.roles.exclude(name="x").count(),
    "ordered": bool(user.roles.order_by("name")),
}

# %% user: a role by what it has not
return {"exists": user.roles.filter(colour="red").exists()}

# %% group: roles of a group
return {
    "roles": [str(role) for role in group.roles.all()],
    "inherited": group.all_roles().count(),
    "last": group.roles.last(),
    "empty": not group.roles.all(),
}

# %% user: attributes with a request
return {
    "same": user.group_attributes(request) == user.group_attributes(),
    "named": user.group_attributes(request=request.http_request).get("cost_center"),
}

# %% user: entitlements that are none
return {"names": [found.name for found in user.app_entitlements(None)], "attributes": user.app_entitlements_attributes(None),
        "quota": user.app_entitlements_attributes(None).get("quota") or user.group_attributes().get("nextcloud_quota")}

# %% user: the path where users are made
return {
    "default": user.default_path(),
    "elsewhere": user.path != user.default_path(),
    "office_location": user.path.replace(user.default_path(), "", 1).strip("/") or None,
}

# %% user: fields of Django in conditions
from authentik.core.models import User

return {
    "all": User.objects.filter(first_name="").count() == User.objects.count(),
    "none": User.objects.filter(last_name__startswith="D").exists(),
    "both": user.all_groups().filter(users__first_name="").exists() or user.groups.count() == 0,
    "values": list(User.objects.filter(pk=user.pk).values("username", "first_name")),
}

# %% user: a request at hand
return {
    "debug": request.debug,
    "http": request.http_request,
    "expression": request.obj.expression.startswith("return"),
    "context": sorted(request.context),
}

# %% user: verbose only when asked
if request.debug or request.http_request:
    ak_logger.info("evaluating", user=user)
    return {"about_me": "debug"}
return {"about_me": None}

# %% group: what a request of a group has
return {"debug": request.debug, "name": request.obj.name, "context": sorted(request.context), "user": request.user.username}

# %% user: the mapping knows its own text
# marker: 7f3a
return {"own": "marker: 7f3a" in request.obj.expression, "name": request.obj.name}
# %% and
return {"second": "marker: 7f3a" in request.obj.expression, "name": request.obj.name}

# %% user: the context as a place for notes
request.context["seen"] = request.context.get("seen", 0) + 1
request.context.setdefault("names", []).append(user.username)
return {"seen": request.context["seen"], "names": request.context["names"], "keys": len(request.context)}

# %% user: a user without what Django's users lack too
return {"value": user.middle_name}
