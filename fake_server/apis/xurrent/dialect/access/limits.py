"""The rate limits, counted by token, or by address without a token."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from flask import Request, Response, g

from fake_server.api.serve import RateCounters, RecentRequests, Usage, now, repeat, world, world_of
from fake_server.apis.xurrent.dialect.errors import TooManyRequestsError

_WINDOW = timedelta(hours=1)
_DEFAULT_LIMIT = 3600
_BURST_WINDOW = timedelta(seconds=2)
_BURST_LIMIT = 20
_PEEK_WINDOW = timedelta(seconds=1)
_SECOND = timedelta(seconds=1)


def _key(request: Request) -> str:
    identity = g.get("identity")
    return f"xurrent {identity.token}" if identity else f"xurrent @{request.remote_addr}"


def _limit() -> int:
    return int(world().section("xurrent").get("rate_limit", _DEFAULT_LIMIT))


def count(request: Request) -> None:
    """Count a request.

    Raises `TooManyRequestsError` if the world enforces limits and the client exceeds one.
    """
    usage = repeat(request.environ, partial(_counted, _key(request), _limit()), _headers_of)
    g.usage = usage
    if not world().enforce_limits:
        return
    if usage.exceeded:
        raise _too_many(usage.closes - now())
    burst = world().part(RecentRequests)
    wait = burst.count(_key(request), _BURST_LIMIT, _BURST_WINDOW, now())
    if wait is not None:
        raise _too_many(wait)


def _counted(key: str, limit: int, environ: dict[str, Any]) -> Usage:
    world = world_of(environ)
    return world.part(RateCounters).count(key, limit, _WINDOW, world.clock.now())


def _headers_of(usage: Usage) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(usage.limit),
        "X-RateLimit-Remaining": str(usage.remaining),
        "X-RateLimit-Reset": str(int(usage.closes.timestamp())),
    }


def peek(request: Request) -> Usage:
    """Return the usage that `show_usage` noted, and count the request for it.

    Raises `TooManyRequestsError` if the world enforces limits and the second request comes within a
    second.
    """
    counters = world().part(RateCounters)
    peeks = counters.count(f"{_key(request)} rate_limit", 1, _PEEK_WINDOW, now())
    if peeks.exceeded and world().enforce_limits:
        raise _too_many(peeks.closes - now())
    usage: Usage = g.usage
    return usage


def show_usage(request: Request) -> None:
    """Note the usage for the answer's headers, without counting the request."""
    g.usage = world().part(RateCounters).peek(_key(request), _limit(), _WINDOW, now())


def hour_limit_reached(request: Request) -> TooManyRequestsError:
    """Return the error for a request beyond the limit of the hour, and note its usage."""
    show_usage(request)
    g.usage = replace(g.usage, used=g.usage.limit + 1)
    return _too_many(g.usage.closes - now())


def burst_limit_reached(request: Request) -> TooManyRequestsError:
    """Return the error for the 21st request at one instant, and note the usage of the hour."""
    show_usage(request)
    return _too_many(_BURST_WINDOW)


def _too_many(wait: timedelta) -> TooManyRequestsError:
    return TooManyRequestsError(max(1, -(-wait // _SECOND)))


def with_rate_limit(response: Response) -> Response:
    """Add the three X-RateLimit headers, if the request has a usage. They tell of the hour."""
    usage = g.get("usage")
    if usage is not None:
        response.headers.extend(_headers_of(usage))
    return response
