"""Errors that are the fake's own: `application/problem+json` (RFC 9457)."""

import orjson
from flask import Response

from fake_server.errors import UserError

MADE_BY_FAKE = "X-Fake-Server"


def problem(status: int, title: str, error: UserError) -> Response:
    """Return the answer that says an error, with a header that says the fake itself does.

    An error with a position has it as data too, and its message without the position.
    """
    members = {"type": error.type, "title": title, "status": status, "detail": str(error)}
    if error.position is not None:
        members |= {"message": error.message, "position": error.position._asdict()}
    return Response(
        orjson.dumps(members),
        status,
        {MADE_BY_FAKE: "problem"},
        content_type="application/problem+json",
    )
