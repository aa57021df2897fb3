# %% user: slugs with the letters of every script
return {"mail_nickname": slugify(user.name, allow_unicode=True), "plain": slugify(user.name), "positional": slugify(user.name, True)}

# %% user: slugs by Django's own name
from django.utils.text import slugify as django_slugify

return {
    "same": django_slugify is slugify,
    "slug": django_slugify("Größe & Maß", allow_unicode=True),
    "off": django_slugify("Größe", allow_unicode=False),
}

# %% group: slugs of groups, however they are written
from django.utils import text

return {
    "mail_nickname": text.slugify(group.name) or text.slugify(group.name, allow_unicode=True),
    "edges": text.slugify("__-ä ö_-__", allow_unicode=True),
}

# %% user: slugs of what is no text
return {
    "none": slugify(None),
    "number": slugify(1234.5),
    "list": slugify(["a b", "C"]),
    "user": slugify(user),
    "truth": slugify(True, allow_unicode=True),
}

# %% group: slugs of a group itself
return {"slug": slugify(group), "unicode": slugify(group, allow_unicode=True)}

# %% user: compatibility forms in slugs
samples = ["ﬁne ①", "Ⅳ x²", "ＡＢＣ　ｄ", "½ cup", "naïve\u00a0café", "ǅungla", "A\u0301rbol", "İstanbul", "straße—weg", "a…b"]
return {"plain": [slugify(sample) for sample in samples], "unicode": [slugify(sample, allow_unicode=True) for sample in samples]}

# %% user: an unknown argument of slugs
return {"slug": slugify(user.name, unicode=True) if user.groups.exists() else slugify(value=user.name)}

# %% user: a first letter made large
from django.utils.text import capfirst

return {
    "display_name": capfirst(user.username),
    "rest": capfirst("mcDONALD von x"),
    "empty": capfirst(""),
    "none": capfirst(None),
    "number": capfirst(7),
    "accent": capfirst("élan"),
    "other": capfirst("ßen"),
}

# %% user: titles cut to a length
from django.utils.text import Truncator

title = user.attributes.get("title") or user.path
return {
    "job_title": Truncator(title).chars(10),
    "dots": Truncator(title).chars(10, "..."),
    "bare": Truncator(title).chars(10, ""),
    "long": Truncator(title).chars(128),
}

# %% user: cut after words
from django.utils.text import Truncator

return {
    "one": Truncator(user.name).words(1),
    "two": Truncator(user.name).words(2, truncate=" (…)"),
    "three": Truncator(user.name).words(3, ""),
    "text": Truncator(user.name).words("2"),
}

# %% user: cut to nothing
from django.utils.text import Truncator

cut = Truncator(user.username)
return {
    "zero": cut.chars(0),
    "less": cut.chars(-3),
    "words": cut.words(0),
    "one": cut.chars(1),
    "mark": cut.chars(2, "[more]"),
    "text": str(cut),
}

# %% user: cut with a pattern
from django.utils.text import Truncator

return {
    "chars": Truncator(user.name).chars(8, "<%(truncated_text)s>"),
    "words": Truncator(user.name).words(1, "%(truncated_text)s et al."),
    "ends": Truncator("one two...").words(1, "e"),
}

# %% user: cut between letters and their marks
import unicodedata

from django.utils.text import Truncator

spread = unicodedata.normalize("NFD", user.attributes.get("nickname") or user.name)
return {
    "short": Truncator(spread).chars(5),
    "length": len(Truncator(spread).chars(100)),
    "loose": Truncator("x\u0323\u0301y\u0323\u0301z\u0323\u0301").chars(2, ""),
}

# %% user: cut at a number that is none
from django.utils.text import Truncator

return {"job_title": Truncator(user.name).chars(user.attributes.get("employee_id") or 5)}

# %% user: cut what is no text
from django.utils.text import Truncator

return {
    "none": Truncator(None).chars(3),
    "number": Truncator(123456).chars(4),
    "user": Truncator(user).words(1),
    "list": Truncator([1, 2, 3]).chars(6, ""),
}

# %% group: a description within the limit
from django.utils.text import Truncator

people = ", ".join(member.name for member in group.users.all())
return {"description": Truncator(f"{group.name}: {people}").chars(40), "words": Truncator(people).words(3, truncate=" and more")}

# %% user: words out of camel case
from django.utils.text import camel_case_to_spaces

return {
    "words": [
        camel_case_to_spaces(name) for name in ("displayName", "HTTPServerName", "onPremisesImmutableId", "ABC", "aB", " x Y ", "")
    ],
    "name": camel_case_to_spaces(user.name),
}

# %% user: snake case of property names
from django.utils.text import camel_case_to_spaces

known = ("userPrincipalName", "mailNickname", "accountEnabled")
return {"names": {name: camel_case_to_spaces(name).replace(" ", "_") for name in known}}

# %% user: names of files
from django.utils.text import get_valid_filename

return {
    "file": get_valid_filename(f" {user.name or user.username} (photo).jpg "),
    "path": get_valid_filename(user.path),
    "mail": get_valid_filename(user.email or "none"),
}

# %% user: a name of a file that cannot be
from django.utils.text import get_valid_filename

return {"file": get_valid_filename(user.name)}

# %% user: lists in words
from django.utils.text import get_text_list

names = [found.name for found in user.groups.all()]
return {
    "or": get_text_list(names),
    "and": get_text_list(names + ["x"], "and"),
    "three": get_text_list([1, None, user], last_word="und"),
    "none": get_text_list([]),
}

# %% user: line ends brought into order
from django.utils.text import normalize_newlines

title = user.attributes.get("title", "a")
return {
    "job_title": normalize_newlines(title).replace("\n", " "),
    "all": normalize_newlines("a\r\nb\rc\n\r\nd"),
    "number": normalize_newlines(5),
}

# %% user: a text utility that is not offered
from django.utils.text import phone_to_words

return {"phone": phone_to_words("555")}

# %% user: a part of Django that is not there
from django.contrib.weather import forecast

return {"about_me": str(forecast)}

# %% user: Django where it may be missing
try:
    from django.utils.text import slugify as slug, Truncator
except ImportError:
    slug, Truncator = str.lower, None
return {"mail_nickname": slug(user.username), "cut": Truncator(user.path).chars(8) if Truncator else user.path[:8]}

# %% user: a nickname of at most twenty letters
from django.utils.text import Truncator, slugify as slug

return {"mail_nickname": Truncator(slug(user.name).replace("-", ".")).chars(20, "").rstrip(".") or user.username[:20]}
