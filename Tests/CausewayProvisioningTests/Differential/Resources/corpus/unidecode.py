# %% user: names in plain letters
from unidecode import unidecode

return {"display_name": unidecode(user.name), "ascii": unidecode(user.name).isascii()}

# %% user: letters that are more than a letter with a mark
from unidecode import unidecode

return {
    "latin": [
        unidecode(word)
        for word in (
            "Weiß",
            "Æsir",
            "encyclopædia",
            "Søren",
            "Łódź",
            "Đorđe",
            "Þór",
            "Œuvre",
            "ısı",
            "Gauß STRAẞE",
            "Ŋaire",
            "Għarb",
        )
    ]
}

# %% user: words with marks
from unidecode import unidecode

return {
    "marks": [
        unidecode(word)
        for word in (
            "Ångström",
            "Dvořák",
            "Nguyễn Thị Đào",
            "Şahin Öztürk",
            "Fuß & Nägel",
            "Žižek",
            "coração",
            "piñata",
            "ťažký",
            "Ōsaka",
            "ġebel",
        )
    ]
}

# %% user: Cyrillic names
from unidecode import unidecode

return {
    "cyrillic": [
        unidecode(word)
        for word in (
            "Щербаков",
            "Юлия Хрущёва",
            "Подъездной",
            "Ольга",
            "Київ",
            "Ґудзь",
            "Љубиша Ђорђевић",
            "Џон",
            "Эхо",
            "ЦЫГАН",
            "чай",
        )
    ]
}

# %% user: Greek names
from unidecode import unidecode

return {
    "greek": [unidecode(word) for word in ("Γεώργιος", "Ψυχή", "Θεοδωράκης", "Ξένος", "άξιος", "Ήλιος", "Χρήστος Φωτεινός")],
    "own": unidecode(user.attributes.get("greek", "Ωμέγα")),
}

# %% user: punctuation in plain signs
from unidecode import unidecode

return {"about_me": unidecode("O’Brien – “quoted” — «so» … 5 € 20° a\u00a0b"), "marks": unidecode("e\u0301 o\u0308 n\u0303")}

# %% user: what stays and what goes
from unidecode import unidecode

text = "plain ASCII: ~`\\\t\n" + user.username
return {
    "same": unidecode("plain") == "plain",
    "text": unidecode(text),
    "empty": unidecode(""),
    "emoji": unidecode("a🚀b"),
    "kind": type(unidecode("é")).__name__,
}

# %% user: None in plain letters
from unidecode import unidecode

return {"department": unidecode(user.attributes.get("department"))}

# %% user: a user name of plain letters
import re

from unidecode import unidecode

return {"mail_nickname": re.sub(r"[^a-z0-9]+", ".", unidecode(user.name or user.username).lower()).strip(".") or user.username.lower()}

# %% group: a nickname of plain letters
import unidecode

plain = unidecode.unidecode(group.name)
return {"mail_nickname": slugify(plain) or "group", "words": plain.split()}

# %% user: against slugs
from unidecode import unidecode

samples = ["Größe", "Łukasz", "Дмитрий", "Smörgåsbord"]
return {
    "pairs": [(unidecode(sample).lower(), slugify(sample)) for sample in samples],
    "slugs": [slugify(unidecode(sample)) for sample in samples],
}
