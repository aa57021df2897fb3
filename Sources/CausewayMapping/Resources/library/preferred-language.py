# Name: preferred language: from the locale
# Kind: user
# About: Sets preferred_language, as in de-DE, from attributes such as locale or language. Adapt the attributes, and
#        the country of languages without one.
#
# Unclear languages are left out, so that the value in Entra stays.

import re

# Attributes that may contain a language, in any usual form: de, de-AT, de_AT.UTF-8, zh-Hans-CN. The first that does
# wins; after them comes the users' own choice, stored as "locale" in the attribute "settings".
ATTRIBUTES = ["preferred_language", "locale", "language"]
# Entra requires a language with a country. These are used for languages without one.
COUNTRIES = {
    "cs": "CZ", "da": "DK", "de": "DE", "el": "GR", "en": "US", "es": "ES", "fi": "FI", "fr": "FR", "hu": "HU",
    "it": "IT", "ja": "JP", "ko": "KR", "nb": "NO", "nl": "NL", "pl": "PL", "pt": "PT", "ro": "RO", "ru": "RU",
    "sv": "SE", "tr": "TR", "uk": "UA", "zh": "CN",
}

# Language, script, country, and the suffixes that systems add.
FORM = re.compile(r"([a-z]{2})(?:[-_][a-z]{4})?(?:[-_]([a-z]{2}))?(?:[.@].*)?", re.IGNORECASE | re.ASCII)


def tag(value):
    found = FORM.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found:
        return None
    language = found[1].lower()
    country = (found[2] or COUNTRIES.get(language, "")).upper()
    return f"{language}-{country}" if country else None


attributes = request.user.attributes
settings = attributes.get("settings")
values = [attributes.get(name) for name in ATTRIBUTES]
if isinstance(settings, dict):
    values.append(settings.get("locale"))
language = next((each for each in map(tag, values) if each), None)
return {"preferred_language": language} if language else {}
