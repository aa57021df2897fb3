# %% user: domain of the address
return {"domain": user.email.split("@", 1)[-1].lower()}

# %% user: address rewritten to the company's domain
local, _, domain = user.email.partition("@")
return {"user_principal_name": f"{local.lower()}@company.com" if local else None, "had_domain": bool(domain)}

# %% user: digits of the telephone
phone = user.attributes.get("phone") or ""
if isinstance(phone, list):
    phone = phone[0]
return {"business_phones": [regex_replace(phone, r"[^\d+]", "")]}

# %% user: E.164 from every way to write a number
import re

CODES = {"Germany": "49", "Switzerland": "41", "Spain": "34", "Japan": "81"}


def e164(text, country):
    number = re.sub(r"(?i)^tel:|;ext=\d+$|[\s().-]", "", text)
    if number.startswith("+"):
        return number
    if number.startswith("00"):
        return "+" + number[2:]
    if number.startswith("0") and country in CODES:
        return f"+{CODES[country]}{number[1:]}"
    return None


phones = user.attributes.get("phone")
phones = phones if isinstance(phones, list) else [phones or ""]
found = [number for number in (e164(text, user.attributes.get("country")) for text in phones) if number]
return {"business_phones": found[:1], "mobile_phone": found[1] if len(found) > 1 else None}

# %% user: percent formatting
return {"display_name": "%-10s|%5d|%05.1f|%x|%%" % (user.username[:5], 42, 3.14159, 255)}

# %% user: percent formatting with names
return {"display_name": "%(name)s <%(mail)s>" % {"name": user.name, "mail": user.email}}

# %% user: str.format with positions, names and widths
return {"display_name": "{0:>12}|{0!r}|{n:,}|{a[0]}".format(user.username, n=1234567, a=["x"])}

# %% user: f-string formats
band = user.attributes.get("salary_band", 3)
return {"text": f"{band:03d} {band / 7:.2%} {user.username!r:<20} {'a' 'b'}", "self": f"{band=}"}

# %% user: casefold, title and swapcase
return {"fold": user.name.casefold(), "title": user.name.title(), "upper": user.name.upper(), "swap": user.name.swapcase()}

# %% user: padding and cutting
return {"left": user.username.ljust(14, "."), "right": user.username.rjust(14), "mid": user.username.center(15, "*"),
        "zeros": user.username.zfill(12), "cut": user.name[:4], "back": user.name[::-1], "last": user.name[-3:]}

# %% user: prefix and suffix removed
return {"path": user.path.removeprefix("users").lstrip("/"), "user": user.username.removesuffix("-1")}

# %% user: parts of the path
parts = user.path.split("/")
return {"department": parts[1] if len(parts) > 1 else None, "depth": len(parts), "leaf": parts[-1].capitalize()}

# %% user: characters translated
table = str.maketrans({"'": "", " ": ".", "-": "_", "ß": "ss", "ü": "ue", "é": "e"})
return {"mail_nickname": user.name.translate(table).lower()}

# %% user: regex groups
import re

match = re.match(r"(?P<local>[^@+]+)(?:\+(?P<tag>[^@]+))?@(?P<domain>.+)", user.email)
return match.groupdict() if match else None

# %% user: regex with a function as replacement
import re

return {"name": re.sub(r"\b(\w)(\w*)", lambda m: m.group(1).upper() + m.group(2).lower(), user.name)}

# %% user: regex split and find all
import re

return {"words": re.split(r"[\s,'-]+", user.name.strip()), "capitals": re.findall(r"[A-ZÀ-Þ]", user.name)}

# %% user: regex flags
import re

pattern = re.compile(r"""
    ^(?P<kind>e)      # employees start with E
    (?P<number>\d+)$  # and go on in digits
""", re.VERBOSE | re.IGNORECASE)
match = pattern.match(str(user.attributes.get("employee_id", "")))
return {"number": int(match["number"])} if match else {"number": None}

# %% user: bytes and text
raw = user.name.encode("utf-8")
return {"bytes": len(raw), "letters": len(user.name), "hex": raw[:4].hex(), "ascii": ascii(user.name), "repr": repr(user.name)}

# %% user: text that will not be ASCII
return {"mail_nickname": user.username.encode("ascii").decode()}

# %% user: Latin-1 where it is possible
return {"size": len(user.name.encode("latin-1", errors="replace")), "kept": user.name.encode("latin-1", "ignore").decode("latin-1")}

# %% user: joined with a separator
attributes = user.attributes
return {"office_location": ", ".join(str(attributes[key]) for key in ("country", "department", "title") if attributes.get(key))}

# %% user: wrapped text
import textwrap

text = f"{user.name} works at {user.path} and can be reached at {user.email or 'no address'}."
return {"lines": textwrap.wrap(text, 30), "short": textwrap.shorten(text, 40, placeholder="...")}

# %% user: templates
from string import Template, ascii_lowercase

template = Template("$name ($user) costs $$5")
return {"display_name": template.substitute(name=user.name, user=user.username),
        "plain": all(letter in ascii_lowercase for letter in user.username),
        "open": Template("$nope $user").safe_substitute(user=user.username)}

# %% user: control characters cleaned
title = user.attributes.get("title", "")
return {"job_title": " ".join(title.split()), "printable": title.isprintable(), "lines": title.splitlines()}

# %% group: nickname without forbidden characters
forbidden = '@()\\[]";:<>, '
return {"mail_nickname": "".join(letter for letter in group.name if letter not in forbidden and ord(letter) < 128) or "group"}

# %% group: slug and its pieces
slug = slugify(group.name)
return {"mail_nickname": slug, "pieces": slug.split("-"), "length": len(slug), "empty": slug == ""}
