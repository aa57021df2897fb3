# Name: extension attributes: from attributes
# Kind: user
# About: Copies attributes into Entra's fifteen extension attributes and into directory extensions of an application.
#        Adapt both tables and the application's id.
#
# Attributes that are missing or empty are left out, so that existing values in Entra stay. To clear one, return
# None for it.

# Entra's on-premises extension attributes, by number from 1 to 15, and the attributes that fill them. They are
# texts. Of accounts that Entra Connect manages they are read-only.
NUMBERED = {
    1: "cost_center",
    2: "badge",
    3: "projects",
}

# Directory extensions by their registered names, and the attributes that fill them. The value must
# be of the type that was registered: text, number, True or False, or a list where it may have several values.
REGISTERED = {
    "badge": "badge",
    "isLead": "is_lead",
    "projects": "projects",
}
# The application (client) id that the extensions were registered for, with or without hyphens. Without an id, there
# are none.
APPLICATION_ID = "00000000-0000-0000-0000-000000000000"

# The maximum number of characters of each.
LONGEST_NUMBERED = 1024
LONGEST_REGISTERED = 256

attributes = {name: value for name, value in request.user.attributes.items() if value not in (None, "", [])}


def text(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ";".join(filter(None, map(text, value)))
    return str(value).strip()


def plain(value):
    """A value that a directory extension accepts, or None."""
    if isinstance(value, str):
        return value.strip()[:LONGEST_REGISTERED] or None
    if isinstance(value, list):
        return [each for each in map(plain, value) if each is not None] or None
    return value if isinstance(value, (bool, int)) else None


properties = {}
numbered = {
    f"extension_attribute{number}": text(attributes[name])[:LONGEST_NUMBERED]
    for number, name in NUMBERED.items()
    if not isinstance(attributes.get(name), (dict, type(None)))
}
numbered = {name: value for name, value in numbered.items() if value}
if numbered:
    properties["on_premises_extension_attributes"] = numbered

application = APPLICATION_ID.replace("-", "").lower()
registered = REGISTERED if application.strip("0") else {}
for extension, name in registered.items():
    value = plain(attributes.get(name))
    if value is not None:
        properties[f"extension_{application}_{extension}"] = value
return properties
