"""Parts of HTTP messages as text: phrases of statuses, header values, requests as commands."""

import shlex
from collections.abc import Mapping
from functools import lru_cache

from flask import Request
from werkzeug.http import HTTP_STATUS_CODES

_AS_RACK_HAS_IT = {413: "Payload Too Large", 511: "Network Authentication Required"}
_AS_THE_STATUS_LINE_HAS_IT = {418: "I'm a Teapot"}
_PHRASES = HTTP_STATUS_CODES | _AS_RACK_HAS_IT | _AS_THE_STATUS_LINE_HAS_IT
_UNKNOWN = "Internal Server Error"


def phrase_of(status: int) -> str:
    """Return the phrase of Rails for a status; for an unregistered one, that of 500."""
    return _PHRASES.get(status, _UNKNOWN)


def header_text(request: Request, name: str) -> str:
    """Return a header as text, without white space around it; empty where it is not there.

    WSGI spells a header's bytes as Latin-1. Those that are UTF-8 are read as such, as Rails reads
    them; any others stay as they are.
    """
    # `request.headers` takes five times as long for a header that is not there.
    value: str = request.environ.get(_key(name), "").strip()
    if value.isascii():
        return value
    try:
        return value.encode("latin-1").decode()
    except UnicodeError:
        return value


@lru_cache(256)
def _key(name: str) -> str:
    return f"HTTP_{name.upper().replace('-', '_')}"


def curl(
    url: str, headers: Mapping[str, str] | None = None, *, fields: Mapping[str, str] | None = None
) -> str:
    """Return a `curl` command: a GET, or the POST of a form with `fields`; quoted for a shell."""
    words = ["curl"]
    for name, value in (headers or {}).items():
        words += ["-H", f"{name}: {value}"]
    for name, value in (fields or {}).items():
        words += ["--data-urlencode", f"{name}={value}"]
    return shlex.join([*words, url])
