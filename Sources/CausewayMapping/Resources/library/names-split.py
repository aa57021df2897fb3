# Name: names: given and family name
# Kind: user
# About: Splits the display name into given_name and surname. Attributes given_name and family_name win if they are
#        set. Adapt the particles to the names of your users.
#
# The directory stores one display name, Entra two parts of it. No rule fits all names: two family names
# without a hyphen ("Ana García Márquez"), or the family name first without a comma, need the attributes. A part that
# is unknown is left out, so that the value in Entra stays.

# Words that begin a family name. The first word of a name only counts as one if it is in lower case: "Van
# Morrison" has a given name, "van der Berg" has none.
PARTICLES = set(
    "af al av bin da das de degli dei del della den der des di do dos du el ibn la las le los op ten ter van vom von zu"
    " zum zur".split()
)
# Words that belong to neither part, without dots.
TITLES = set("dr prof mr mrs ms sir".split())
SUFFIXES = set("jr sr ii iii iv md phd".split())
# Graph accepts no more of either.
LONGEST = 64


def is_in(word, words):
    return word.replace(".", "").strip(",").lower() in words


def split(name):
    """The given name and the family name; an empty text for a missing one."""
    words = name.split()
    while len(words) > 1 and is_in(words[0], TITLES):
        words = words[1:]
    while len(words) > 1 and is_in(words[-1], SUFFIXES):
        words = words[:-1]
    family, comma, given = " ".join(words).strip(", ").partition(",")
    if comma:
        return given.strip(), family.strip()
    words = family.split()
    if words and words[0] in PARTICLES:
        return "", family
    if len(words) < 2:
        return family, ""
    begin = next((place for place in range(1, len(words)) if is_in(words[place], PARTICLES)), len(words) - 1)
    return " ".join(words[:begin]), " ".join(words[begin:])


def stated(attribute):
    value = request.user.attributes.get(attribute)
    return " ".join(value.split()) if isinstance(value, str) else ""


given, family = split(request.user.name)
properties = {
    "given_name": (stated("given_name") or given)[:LONGEST].strip(),
    "surname": (stated("family_name") or family)[:LONGEST].strip(),
}
return {name: value for name, value in properties.items() if value}
