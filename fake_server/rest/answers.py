"""Answers as Rails makes them: compact JSON, ETag, 304."""

from collections.abc import Mapping
from datetime import datetime
from email.utils import formatdate
from functools import lru_cache
from hashlib import sha256

import orjson
from flask import Request, Response

JSON = "application/json; charset=utf-8"
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


def json_answer(
    value: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Return an answer with a JSON body."""
    return Response(to_json(value), status, dict(headers or {}), content_type=JSON)


def answer(status: int, body: object, headers: Mapping[str, str] | None = None) -> Response:
    """Return an answer whose body is text (str), raw (bytes), empty (None) or JSON (the rest)."""
    if body is None:
        response = Response(b"", status, dict(headers or {}))
        response.headers.pop("Content-Type", None)
        return response
    if isinstance(body, str):
        return Response(body, status, dict(headers or {}), content_type="text/plain; charset=utf-8")
    if isinstance(body, bytes):
        return Response(body, status, dict(headers or {}))
    return json_answer(body, status, headers)


def dated(response: Response, now: datetime) -> Response:
    """Add the Date, which is that of the world: what a client counts from it must come true."""
    if "Date" not in response.headers:
        response.headers["Date"] = _http_date(int(now.timestamp()))
    return response


@lru_cache(64)
def _http_date(second: int) -> str:
    return formatdate(second, usegmt=True)


def etag_of(body: bytes) -> str:
    """Return the weak ETag that Rack gives a body: 32 hexadecimal digits of its SHA-256."""
    return f'W/"{sha256(body).hexdigest()[:32]}"'


def with_etag(response: Response, request: Request) -> Response:
    """Add the ETag to a 200 or 201; turn a 200 the client already has (GET, HEAD) into a 304."""
    if response.status_code not in {200, 201}:
        return response
    etag = etag_of(response.get_data())
    response.headers["ETag"] = etag
    known = request.headers.get("If-None-Match")
    if (
        known is not None
        and response.status_code == 200
        and request.method in {"GET", "HEAD"}
        and _matches(known, etag)
    ):
        response.status_code = 304
        response.set_data(b"")
        for header in ("Content-Length", "Content-Type"):
            response.headers.pop(header, None)
    return response


def _matches(known: str, etag: str) -> bool:
    bare = etag.removeprefix("W/")
    return known.strip() == "*" or bare in {
        item.strip().removeprefix("W/") for item in known.split(",")
    }
