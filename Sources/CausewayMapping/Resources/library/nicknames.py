# Name: nickname: transliterated
# Kind: user
# About: Makes mail_nickname from the attribute "nickname", the username or the display name, in plain ASCII: Jürgen
#        Großmann becomes juergen.grossmann. Adapt the letters to your languages.
#
# The name of this mapping must come after the default mapping's, since the later of two values for a property counts.
#
# Letters of other scripts need lines of their own in the table. If nothing of a name is left, the nickname is left
# out, and the default mapping's counts.

import re

# Whether accounts keep their nickname in Entra: mail addresses may be based on it.
KEEP = True
# Letters that would otherwise lose their mark, or that have none. In Swedish and Finnish, a replaces ä
# and o replaces ö: delete those two lines for them.
LETTERS = {
    "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss",
    "å": "aa", "æ": "ae", "ø": "oe", "œ": "oe",
    "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ŧ": "t", "ŋ": "n", "ı": "i",
}
# Graph accepts no more.
LONGEST = 64


def nickname(text):
    text = transliterate(text, LETTERS).lower()
    # Entra refuses spaces and @ ( ) \ [ ] " ; : < > , and other programs refuse more than that.
    text = re.sub(r"[^a-z0-9._-]", "", re.sub(r"\s+", ".", text.strip()))
    return re.sub(r"\.{2,}", ".", text).strip("._-")[:LONGEST].strip("._-")


if KEEP and connection and connection.attributes.get("mail_nickname"):
    return {"mail_nickname": connection.attributes["mail_nickname"]}

stated = request.user.attributes.get("nickname")
for text in [stated if isinstance(stated, str) else "", request.user.username.split("@")[0], request.user.name]:
    made = nickname(text)
    if made:
        return {"mail_nickname": made}
return {}
