# %% user: first and last name
first, _, last = user.name.partition(" ")
return {"given_name": first, "surname": last or None}

# %% user: last word is the surname
words = user.name.split()
return {"given_name": " ".join(words[:-1]) or None, "surname": words[-1] if words else None}

# %% user: surname with its particles
PARTICLES = {"van", "von", "der", "de", "la", "du"}
words = user.name.split()
start = next((index for index, word in enumerate(words) if index and word.lower() in PARTICLES), max(len(words) - 1, 0))
return {"given_name": " ".join(words[:start]), "surname": " ".join(words[start:])}

# %% user: unpacking exactly two words
given, family = user.name.split()
return {"given_name": given, "surname": family}

# %% user: starred unpacking
given, *middle, family = user.name.split() or ["", ""]
return {"given_name": given, "middle": middle, "surname": family}

# %% user: the display name falls back
return {"display_name": user.name.strip() or user.attributes.get("latin_name") or user.username}

# %% user: whitespace tidied
return {"display_name": " ".join(user.name.split())}

# %% user: accents stripped
import unicodedata

folded = unicodedata.normalize("NFKD", user.name)
return {"display_name": "".join(letter for letter in folded if not unicodedata.combining(letter))}

# %% user: normal forms
import unicodedata

nickname = user.attributes.get("nickname", user.name)
forms = {form.lower(): unicodedata.normalize(form, nickname) for form in ("NFC", "NFD", "NFKC", "NFKD")}
return {"lengths": {form: len(text) for form, text in forms.items()}, "composed": unicodedata.is_normalized("NFC", nickname)}

# %% user: transliteration by table
TABLE = {"Д": "D", "м": "m", "и": "i", "т": "t", "р": "r", "й": "y", "И": "I", "в": "v", "а": "a", "н": "n", "о": "o",
         "ß": "ss", "ø": "oe", "ü": "ue", "Å": "Aa"}
return {"display_name": "".join(TABLE.get(letter, letter) for letter in user.name)}

# %% user: categories of letters
import unicodedata
from collections import Counter

kinds = Counter(unicodedata.category(letter) for letter in user.name)
return {"kinds": dict(kinds), "first": unicodedata.name(user.name[0], "?") if user.name else None}

# %% user: initials
return {"initials": "".join(word[0].upper() for word in user.name.replace("-", " ").split())}

# %% user: family name first where that is the custom
parts = user.name.split(" ")
asian = any("\u4e00" <= letter <= "\u9fff" for letter in user.name)
surname, given = (parts[0], parts[-1]) if asian else (parts[-1], parts[0])
return {"surname": surname, "given_name": given, "display_name": f"{surname} {given}" if asian else user.name}

# %% user: a nickname of letters and digits
import re
import unicodedata

plain = unicodedata.normalize("NFKD", user.name or user.username).encode("ascii", "ignore").decode()
return {"mail_nickname": re.sub(r"[^a-z0-9]+", ".", plain.lower()).strip(".") or f"user{len(user.username)}"}

# %% user: generation suffix
name, *suffix = user.name.split(", ")
return {"display_name": name, "suffix": suffix[0] if suffix else None}

# %% user: name and department in brackets
department = (user.attributes.get("department") or "").strip().title()
return {"display_name": f"{user.name} ({department})" if department else user.name}

# %% user: emoji and width
import unicodedata

wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in user.name)
return {"wide": wide, "units": len(user.name.encode("utf-16-le")) // 2, "points": [ord(letter) for letter in user.name[-2:]]}

# %% user: sorting name
return {"sort_name": ", ".join(reversed(user.name.rsplit(" ", 1)))}

# %% user: guest marker
guest = user.type == "external"
return {"display_name": f"{user.name} (ext.)" if guest else user.name, "user_type": "Guest" if guest else "Member"}

# %% group: prefix for security groups
return {"display_name": f"SG-{group.name}" if not group.name.startswith("SG-") else group.name, "mail_nickname": f"sg-{slugify(group.name)}"}

# %% group: full name through the parents
def full(node):
    return " / ".join([full(parent) for parent in node.parents.all()] + [node.name])


return {"display_name": full(group)}
