"""The origins of all interceptions that are on."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from fake_server.testing.interception.hosts import Origin
from fake_server.testing.interception.url_locations import Location

_origins: list[Origin] = []
_task_origins: ContextVar[tuple[Origin, ...]] = ContextVar("_task_origins", default=())
"""The origins of the current task or thread, which concurrent ones do not see."""


@contextmanager
def opened(origin: Origin) -> Iterator[None]:
    """Let an origin answer while the block runs."""
    _origins.append(origin)
    try:
        outer_origins = (outer for outer in _task_origins.get() if outer in _origins)
        _task_origins.set((*outer_origins, origin))
        yield
    finally:
        _origins.remove(origin)


def find(url: str) -> Origin | None:
    """Return the innermost origin that answers a URL; those of the current task come first."""
    task_origins = (origin for origin in reversed(_task_origins.get()) if origin in _origins)
    return next(
        (origin for origin in (*task_origins, *reversed(_origins)) if origin.answers(url)), None
    )


def let_out(url: str) -> bool:
    """Return whether a request to a URL without an origin may go to the network."""
    return any(origin.lets_out(url) for origin in _origins)


def is_on() -> bool:
    """Return whether an interception is on."""
    return bool(_origins)


def is_guarded_url(location: Location, url: str) -> bool:
    """Return whether only an intercepted library may request a URL, which leads to a location."""
    host, port = location.host, location.port
    return _has_address(host, port) or (_is_real(host) and not let_out(url))


def is_guarded_address(host: str, port: int | None) -> bool:
    """Return whether nothing may connect to an address; port None: any port of the host.

    A request that `allow` lets out connects to the host of its URL.
    """
    allowed = any(
        location.host == host and port in (None, location.port)
        for origin in _origins
        for location in origin.allow
    )
    return _has_address(host, port) or (_is_real(host) and not allowed)


def _has_address(host: str, port: int | None) -> bool:
    return any(origin.hosts.has_address(host, port) for origin in _origins)


def _is_real(host: str) -> bool:
    return any(origin.hosts.is_real(host) for origin in _origins)
