"""Answers as Rails makes them: JSON with escapes, a weak ETag."""

from hashlib import sha256

import orjson

_ESCAPES = {b"&": b"\\u0026", b"<": b"\\u003c", b">": b"\\u003e"}
_LINE_ENDS = {"\u2028".encode(): b"\\u2028", "\u2029".encode(): b"\\u2029"}
_LEAD = b"\xe2"
"""The first byte of both: seldom there, and found a hundred times faster than three."""


def to_json(value: object) -> bytes:
    """Return a value as compact JSON in UTF-8, with `&`, `<`, `>` escaped as Rails does.

    Text that is JSON already may stand in it as an `orjson.Fragment`.
    """
    data = orjson.dumps(value)
    for character, escape in _ESCAPES.items():
        data = data.replace(character, escape)
    if _LEAD in data:
        for character, escape in _LINE_ENDS.items():
            data = data.replace(character, escape)
    return data


def etag_of(body: bytes) -> str:
    """Return the weak ETag that Rack gives a body: 32 hexadecimal digits of its SHA-256."""
    return f'W/"{sha256(body).hexdigest()[:32]}"'
