"""Transliteration into plain ASCII."""

import unicodedata


def letters_of(pairs):
    """A table for translating small letters, and capital letters alike."""
    return str.maketrans({**pairs, **{k.upper(): v.capitalize() for k, v in pairs.items() if len(k.upper()) == 1}})


LATIN = {
    "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "å": "aa", "æ": "ae", "ø": "oe", "œ": "oe",
    "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ŧ": "t", "ŋ": "n", "ı": "i",
}
CYRILLIC = dict(zip(
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюяєіїґўђјљњћџ",
    "a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch  y  e yu ya ye i yi g u dj j lj nj c dz".split(" "),
))
GREEK = dict(zip("αβγδεζηθικλμνξοπρσςτυφχψω", "a v g d e z i th i k l m n x o p r s s t y f ch ps o".split(" ")))
LETTERS = letters_of({**LATIN, **CYRILLIC, **GREEK})


def transliterate(text, letters=None):
    """A text in plain ASCII: letters by a table, marks removed; other letters are left out."""
    table = LETTERS if letters is None else letters_of(letters)
    # A letter and its mark may be two characters; composed, they are in the table.
    text = unicodedata.normalize("NFC", str(text)).translate(table)
    return unicodedata.normalize("NFKD", text).translate(table).encode("ascii", "ignore").decode("ascii")


# As the library `unidecode` writes them, which differs from common usage: tables of other scripts are missing here, and letters in none of
# these are left out.
PLAIN = letters_of({
    **dict(zip(
        "абвгґдежзиклмнопрстуфхцчшщыэюяѐёђѓєѕіїјљњћќѝўџ",
        "a b v g g' d e zh z i k l m n o p r s t u f kh ts ch sh shch y e iu ia ie io dj gj ie dz i yi j lj nj tsh kj i u dzh".split(),
    )),
    **dict(zip("αβγδεζηθικλμνοπρστυφχψω", "a b g d e z e th i k l m n o p r s t u ph kh ps o".split())),
    **dict(zip("øđðłŧħþ", "o d d l t h th".split())),
})
PLAIN.update(str.maketrans({
    **dict(zip("ßẞæÆœŒıŋŊĸſξΞς", "ss SS ae AE oe OE i ng NG k s x Ks s".split())),
    **dict.fromkeys("ъЪьЬ‘’´", "'"), **dict.fromkeys("“”¨", '"'),
    **dict(zip("–—…€«»°©®£§×÷¡¿·µ", "- -- ... EUR << >> deg (c) (r) PS SS x / ! ? * u".split())), "\u00a0": " ",
}))


def unidecode(text):
    if text.isascii():
        return text
    return "".join(map(plain_letter, text))


def plain_letter(letter):
    """A letter by the table; if it is in none, the letter without its mark, or nothing."""
    if letter.isascii():
        return letter
    if ord(letter) in PLAIN:
        return PLAIN[ord(letter)]
    first = unicodedata.normalize("NFD", letter)[0]
    return "" if first == letter else plain_letter(first)
