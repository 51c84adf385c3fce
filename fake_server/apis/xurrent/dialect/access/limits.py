"""The rate limit, counted by token, or by address without a token."""

from datetime import timedelta

from flask import Request, Response, g

from fake_server.api.serve import RateCounters, Usage, now, world
from fake_server.apis.xurrent.dialect.errors import TooManyRequestsError

_WINDOW = timedelta(hours=1)
_PEEK_WINDOW = timedelta(seconds=1)
_DEFAULT_LIMIT = 3600


def _key(request: Request) -> str:
    identity = g.get("identity")
    return f"xurrent {identity.token}" if identity else f"xurrent @{request.remote_addr}"


def _limit() -> int:
    return int(world().section("xurrent").get("rate_limit", _DEFAULT_LIMIT))


def count(request: Request) -> None:
    """Count a request.

    Raises `TooManyRequestsError` if the world enforces limits and the client exceeds one.
    """
    usage = world().part(RateCounters).count(_key(request), _limit(), _WINDOW, now())
    g.usage = usage
    if usage.exceeded and world().enforce_limits:
        raise TooManyRequestsError


def peek(request: Request) -> Usage:
    """Return the usage that `show_usage` noted, and count the request for it.

    Raises `TooManyRequestsError` if the world enforces limits and the second request comes within a
    second.
    """
    counters = world().part(RateCounters)
    peeks = counters.count(f"{_key(request)} rate_limit", 1, _PEEK_WINDOW, now())
    if peeks.exceeded and world().enforce_limits:
        raise TooManyRequestsError
    usage: Usage = g.usage
    return usage


def show_usage(request: Request) -> None:
    """Note the usage for the answer's headers, without counting the request."""
    g.usage = world().part(RateCounters).peek(_key(request), _limit(), _WINDOW, now())


def with_rate_limit(response: Response) -> Response:
    """Add the three X-RateLimit headers, if the request has a usage."""
    usage = g.get("usage")
    if usage is not None:
        left = 0 if response.status_code == 429 else usage.remaining
        response.headers.add("X-RateLimit-Limit", str(usage.limit))
        response.headers.add("X-RateLimit-Remaining", str(left))
        response.headers.add("X-RateLimit-Reset", str(int(usage.closes.timestamp())))
    return response
