# %% user: a user as text
return {
    "text": str(user),
    "formatted": f"{user}",
    "percent": "%s" % user,
    "format": "{}".format(user),
    "joined": ", ".join(map(str, [user, request.user])),
}

# %% group: a group as text
return {
    "display_name": str(group),
    "formatted": f"{group}",
    "percent": "%s!" % group,
    "own": str(group).removeprefix("Group ") == group.name,
}

# %% user: groups as text
return {"about_me": ", ".join(str(found) for found in user.groups.all()), "all": [f"{found}" for found in user.all_groups()]}

# %% user: the provider as text
return {"company_name": str(provider), "formatted": f"by {provider}", "same": str(provider) == str(request.context["provider"])}

# %% user: the mapping as text
return {"by": str(request.obj)}
# %% and
return {"second": f"{request.obj}", "name": request.obj.name}

# %% user: a link as text
return {"text": str(connection) == f"Microsoft Entra Provider User {user.pk} to {provider.pk}" if connection else str(connection)}

# %% group: a link of a group as text
if connection is None:
    return {"text": f"{connection}"}
return {
    "same": f"{connection}" == f"Microsoft Entra Provider Group {group.pk} to {provider.pk}",
    "start": str(connection).split(str(group.pk))[0],
}

# %% user: objects as Python shows them
return {
    "user": repr(user),
    "groups": repr(list(user.groups.all())),
    "formatted": f"{[user]}",
    "bang": f"{user!r}",
    "dict": str({"u": user}),
}

# %% group: a provider and a group as Python shows them
return {"provider": repr(provider), "group": f"{group!r}", "tuple": str((group,)), "parents": f"{list(group.parents.all())}"}

# %% user: a link as Python shows it
return {"start": repr(connection).split(" ")[0], "end": repr(connection)[-1:]}

# %% group: a group in a field of a width
return {"display_name": f"{group:>30}"}

# %% user: a width for the text instead
return {"display_name": f"{user!s:>20}", "left": f"{str(user):.3}", "percent": "%-8s|" % user}

# %% group: a group is no text
return {"display_name": group + " (managed)"}

# %% user: a user has no length
return {"length": len(user)}

# %% user: a user is no sequence
return {"first": user[0] if user.is_superuser else [letter for letter in user]}

# %% group: the blank user as text
return {"text": str(request.user), "formatted": f"<{request.user}>", "repr": repr(request.user)}

# %% user: objects compared with their text
return {
    "text": user == user.username,
    "str": str(user) == user.username,
    "groups": "Platform" in user.groups.all(),
    "names": "Platform" in [found.name for found in user.groups.all()],
}

# %% user: the longest text of a group
return {
    "longest": max(user.all_groups(), key=lambda found: len(str(found)), default=None)
    and str(max(user.all_groups(), key=lambda found: (len(str(found)), found.name))),
    "sorted": sorted(map(str, user.all_groups())),
}

# %% user: groups cannot be sorted as they are
return {"sorted": [found.name for found in sorted(user.all_groups())]}

# %% user: objects in text of templates
from string import Template

return {"text": Template("$who in $what").substitute(who=user, what=user.groups.first()), "map": "%(user)s" % {"user": user}}

# %% user: indented text keeps its blanks
text = """first
  second
        third
"""
return {"about_me": text, "widths": [len(line) - len(line.lstrip(" ")) for line in text.split("\n")]}

# %% user: text over several lines within a block
if user.is_active:
    note = f'''Name: {user.name}
Path:
    {user.path}
'''
else:
    note = ("left"
            " us")
return {"about_me": note}

# %% group: a default argument over several lines stays as written
def describe(name, text="""
Team %s,
      indented by six,

  then by two"""):
    return text % name


return {"description": describe(group.name), "widths": [len(line) - len(line.lstrip()) for line in describe("x").split("\n")]}

# %% user: a list of texts over several lines
lines = """
    alice
    grace

    o'brien
""".split()
return {"vip": user.username in lines, "count": len(lines)}

# %% user: a raw and a joined text over lines
pattern = r"""
    ^[a-z]+      # a name
    (-\w+)*$     # and what follows
"""
return {"match": regex_match(user.username, "(?x)" + pattern), "joined": "a\
b"}
