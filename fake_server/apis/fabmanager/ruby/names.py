"""Full names, as Rails' inflections write them."""

import re

_WORDS = re.compile(r"[a-z0-9]+", re.IGNORECASE | re.ASCII)
_CAPITALS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[a-z0-9](?=[A-Z])", re.ASCII)
_INITIAL = re.compile(r"\b(?<![A-Za-z0-9_]['\u2019`()])[a-z]")
_CAMEL_CASED = re.compile("[A-Z-]|::")


def full_name(first: str | None, last: str | None) -> str:
    """Return first and last name, joined by a space. A missing one leaves its space."""
    return f"{_titled(first or '')} {_titled(last or '')}"


def _titled(name: str) -> str:
    """Return a name with a capital letter at each of its words."""
    words = _spoken(_underscored(_spoken(name)))
    return _INITIAL.sub(lambda match: match[0].upper(), words)


def _spoken(name: str) -> str:
    """Return a name with spaces for underscores, in lower case behind its first letter.

    Letters beyond ASCII keep their case. An `_id` at the end goes.
    """
    words = name.replace("_", " ").lstrip().removesuffix(" id")
    words = _WORDS.sub(lambda match: match[0].lower(), words)
    return words[:1].upper() + words[1:] if words[:1].isascii() else words


def _underscored(name: str) -> str:
    if not _CAMEL_CASED.search(name):
        return name
    parted = _CAPITALS.sub(lambda match: f"{match[0]}_", name.replace("::", "/"))
    return parted.replace("-", "_").lower()
