"""Slugs and casts of attributes, as Rails makes them."""

import re
import unicodedata
from typing import Any

RESERVED = frozenset(
    (
        *("new", "edit", "index", "session", "login", "logout", "users"),
        *("stylesheets", "assets", "javascripts", "images"),
    )
)
"""The slugs that no new record may have."""

_SPELLINGS = {
    "×": "x",
    "ß": "ss",
    "æ": "ae",
    "Æ": "AE",
    "ð": "d",
    "Ð": "D",
    "ø": "o",
    "Ø": "O",
    "þ": "th",
    "Þ": "Th",
    "đ": "d",
    "Đ": "D",
    "ħ": "h",
    "Ħ": "H",
    "ı": "i",
    "ĳ": "ij",
    "Ĳ": "IJ",
    "ĸ": "k",
    "ŀ": "l",
    "Ŀ": "L",
    "ł": "l",
    "Ł": "L",
    "ŉ": "'n",
    "ŋ": "ng",
    "Ŋ": "NG",
    "œ": "oe",
    "Œ": "OE",
    "ŧ": "t",
    "Ŧ": "T",
}
_LAST_LETTER = "ſ"
_OTHER = re.compile(r"[^a-z0-9_-]+", re.IGNORECASE | re.ASCII)
_HYPHENS = re.compile("-{2,}")
_FALSE = ("0", "f", "F", "false", "FALSE", "off", "OFF")


def slug_of(name: str) -> str:
    """Return a name as it stands in an address; empty for one without a letter of Latin."""
    plain = "".join(map(_plain, unicodedata.normalize("NFC", name)))
    return _HYPHENS.sub("-", _OTHER.sub("-", plain)).strip("-").lower()


def _plain(letter: str) -> str:
    if letter.isascii():
        return letter
    if letter in _SPELLINGS:
        return _SPELLINGS[letter]
    if not "\N{LATIN CAPITAL LETTER A WITH GRAVE}" <= letter < _LAST_LETTER:
        return "?"
    base = unicodedata.normalize("NFD", letter)[0]
    return base if base.isascii() else "?"


def as_text(value: Any) -> str | None:
    """Return a value as a column of text holds it."""
    if isinstance(value, bool):
        return "t" if value else "f"
    return value if value is None or isinstance(value, str) else str(value)


def as_flag(value: Any) -> bool | None:
    """Return a value as a boolean column holds it."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return value
    return value not in _FALSE if isinstance(value, str) else value != 0
