"""Errors that are the fake's own: `application/problem+json` (RFC 9457)."""

import orjson
from flask import Response

MADE_BY_FAKE = "X-Fake-Server"


def problem(status: int, title: str, detail: str) -> Response:
    """Return an error of the fake itself, with a header that says so."""
    return Response(
        orjson.dumps({"type": "about:blank", "title": title, "status": status, "detail": detail}),
        status,
        {MADE_BY_FAKE: "problem"},
        content_type="application/problem+json",
    )
