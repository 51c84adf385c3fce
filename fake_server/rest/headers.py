"""Header values as the text they stand for."""

from flask import Request


def header_text(request: Request, name: str) -> str:
    """Return a header as text, without white space around it; empty where it is not there.

    WSGI spells a header's bytes as Latin-1. Those that are UTF-8 are read as such, as Rails reads
    them; any others stay as they are.
    """
    value = request.headers.get(name, "").strip()
    if value.isascii():
        return value
    try:
        return value.encode("latin-1").decode()
    except UnicodeError:
        return value
