"""django.utils.text, as far as mappings use it."""

import re
import unicodedata


class SuspiciousFileOperation(Exception):
    """A name contains nothing that a file name may contain."""


def slugify(value, allow_unicode=False):
    text = str(value)
    if allow_unicode:
        text = unicodedata.normalize("NFKC", text)
    else:
        text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", text.lower())).strip("-_")


def capfirst(value):
    text = str(value) if value else value
    return text[0].upper() + text[1:] if text else text


def normalize_newlines(value):
    return re.sub(r"\r\n|\r", "\n", str(value))


def camel_case_to_spaces(value):
    return re.sub(r"(?<=[a-z])[A-Z]|[A-Z](?![A-Z]|$)", r" \g<0>", value).strip().lower()


def get_valid_filename(value):
    name = re.sub(r"[^-\w.]", "", str(value).strip().replace(" ", "_"))
    if name in ("", ".", ".."):
        raise SuspiciousFileOperation(f"Could not derive file name from {value!r}")
    return name


def get_text_list(values, last_word="or"):
    words = [str(value) for value in values]
    if len(words) < 2:
        return words[0] if words else ""
    return f"{', '.join(words[:-1])} {last_word} {words[-1]}"


class Truncator:
    """Cuts a text to a number of letters or words, with a mark after the rest."""

    ELLIPSIS = "%(truncated_text)s\u2026"

    def __init__(self, text):
        self.text = str(text)

    def __str__(self):
        return self.text

    def chars(self, num, truncate=None):
        length, text = int(num), unicodedata.normalize("NFC", self.text)
        # Combining marks belong to the letters before them.
        letters = [place for place, letter in enumerate(text) if not unicodedata.combining(letter)]
        if length <= 0:
            return ""
        if len(letters) <= length:
            return text
        mark = self.marked("", truncate)
        kept = length - sum(not unicodedata.combining(letter) for letter in mark)
        return self.marked(text[: letters[max(kept, 0)]], truncate)

    def words(self, num, truncate=None):
        length, words = int(num), self.text.split()
        if length <= 0:
            return ""
        kept = " ".join(words[:length])
        return self.marked(kept, truncate) if len(words) > length else kept

    def marked(self, text, truncate):
        mark = self.ELLIPSIS if truncate is None else truncate
        if "%(truncated_text)s" in mark:
            return mark % {"truncated_text": text}
        return text if text.endswith(mark) else text + mark
