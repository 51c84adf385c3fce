"""The rate limits of an application."""

from datetime import timedelta
from functools import partial
from typing import Any

from flask import g

from fake_server.api.serve import (
    RateCounters,
    Usage,
    current_request,
    has_quirk,
    now,
    repeat,
    world,
    world_of,
)
from fake_server.apis.intra42.dialect.errors import LimitError
from fake_server.apis.intra42.login.registered_applications import Application
from fake_server.apis.intra42.resources import API

PER_HOUR = 1200
PER_SECOND = 2
_HOUR = timedelta(hours=1)
_SECOND = timedelta(seconds=1)


def count_request(application: Application) -> None:
    """Count a request of an application.

    Raises `LimitError` if the world enforces limits and the application exceeds one.
    """
    usages = repeat(current_request().environ, partial(_counted, application.uid), _headers_of)
    g.rate_limits = _headers_of(usages)
    exceeded = [usage for usage in usages if usage.exceeded]
    if exceeded and world().enforce_limits:
        raise LimitError(None if has_quirk("no-retry-after") else _wait(exceeded))


def _counted(uid: str, environ: dict[str, Any]) -> tuple[Usage, Usage]:
    """Count a request of an application, and return its usage of the hour and of the second."""
    world = world_of(environ)
    counters, at = world.part(RateCounters), world.clock.now()
    key = f"{API} {uid}"
    return (
        counters.count(key, PER_HOUR, _HOUR, at),
        counters.count(key, PER_SECOND, _SECOND, at),
    )


def _headers_of(usages: tuple[Usage, Usage]) -> dict[str, str]:
    hourly, secondly = usages
    return {
        "X-Hourly-RateLimit-Limit": str(hourly.limit),
        "X-Hourly-RateLimit-Remaining": str(hourly.remaining),
        "X-Secondly-RateLimit-Limit": str(secondly.limit),
        "X-Secondly-RateLimit-Remaining": str(secondly.remaining),
    }


def second_limit_reached() -> LimitError:
    """Return the error for the third request in a second, and set its rate limit headers."""
    g.rate_limits = {
        "X-Hourly-RateLimit-Limit": str(PER_HOUR),
        "X-Hourly-RateLimit-Remaining": str(PER_HOUR - PER_SECOND - 1),
        "X-Secondly-RateLimit-Limit": str(PER_SECOND),
        **rate_limit_headers(),
        "X-Secondly-RateLimit-Remaining": "0",
    }
    return LimitError(None if has_quirk("no-retry-after") else 1)


def hour_limit_reached(application: Application | None) -> LimitError:
    """Return the error for a request beyond the limit of the hour, and set its headers.

    The window is that of the application, or one that opens now.
    """
    counters = world().part(RateCounters)
    key = "" if application is None else f"{API} {application.uid}"
    usage = counters.peek(key, PER_HOUR, _HOUR, now())
    g.rate_limits = {
        "X-Hourly-RateLimit-Limit": str(PER_HOUR),
        "X-Hourly-RateLimit-Remaining": "0",
        "X-Secondly-RateLimit-Limit": str(PER_SECOND),
        "X-Secondly-RateLimit-Remaining": str(PER_SECOND - 1),
    }
    return LimitError(None if has_quirk("no-retry-after") else _wait([usage]))


def _wait(exceeded: list[Usage]) -> int:
    longest = max(usage.closes for usage in exceeded) - now()
    return max(1, -(-longest // _SECOND))


def rate_limit_headers() -> dict[str, str]:
    """Return the headers with the rest of the current application's rate limits."""
    headers: dict[str, str] = g.get("rate_limits", {})
    return headers
