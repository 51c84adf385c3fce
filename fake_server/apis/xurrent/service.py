"""The views of the API itself: its root and its rate limit."""

from flask import Blueprint, Response

from fake_server.api.serve import current_request, json_answer
from fake_server.apis.xurrent.dialect.access import limits

blueprint = Blueprint("xurrent", __name__)


@blueprint.get("/v1")
def root() -> Response:
    """Answer an empty object to any client."""
    return json_answer({})


@blueprint.get("/v1/rate_limit")
def rate_limit() -> Response:
    """Show the usage of the rate limit without adding to it."""
    usage = limits.peek(current_request())
    core = {
        "limit": usage.limit,
        "remaining": usage.remaining,
        "reset": int(usage.closes.timestamp()),
    }
    return json_answer({"resources": {"core": core}})
