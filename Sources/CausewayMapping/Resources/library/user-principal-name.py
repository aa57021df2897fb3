# Name: user principal name: in a verified domain
# Kind: user
# About: Makes user_principal_name from the nickname and a domain that is verified in Entra, whatever the user's
#        address. Adapt the domains; the first is for users whose address is in none of them.
#
# Guests keep the names that Entra makes for them, so external users are left out.
#
# If the names of two users become the same, such as jörg and joerg, Entra refuses the second; give one of them the
# attribute "nickname".
#
# The name of this mapping must come after the default mapping's, since the later of two values for a property counts.

import re

# Verified in Entra, in lower case.
DOMAINS = ["example.com", "example.org"]
# Whether existing accounts get the new name. If not, they keep theirs, with which people sign in.
RENAME = False
# Letters that would otherwise lose their mark, or that have none.
LETTERS = {
    "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss",
    "å": "aa", "æ": "ae", "ø": "oe", "œ": "oe",
    "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ŧ": "t", "ŋ": "n", "ı": "i",
}
# The maximum before the @.
LONGEST = 64


def local_part(text):
    text = transliterate(text, LETTERS).lower()
    # Entra accepts ' ! # ^ ~ as well, but few other programs do. There must be no dot before the @.
    text = re.sub(r"[^a-z0-9._-]", "", re.sub(r"\s+", ".", text.strip()))
    return re.sub(r"\.{2,}", ".", text).strip("._-")[:LONGEST].strip("._-")


if request.user.type == "external":
    return {}
if connection and connection.attributes.get("user_principal_name") and not RENAME:
    return {"user_principal_name": connection.attributes["user_principal_name"]}

domain = request.user.email.rpartition("@")[2].lower()
if domain not in DOMAINS:
    domain = DOMAINS[0]
stated = request.user.attributes.get("nickname")
for text in [stated if isinstance(stated, str) else "", request.user.username.split("@")[0], request.user.name]:
    made = local_part(text)
    if made:
        return {"user_principal_name": made + "@" + domain}
return {}
