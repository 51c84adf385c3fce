"""What a view may ask for: the world of its request, and that world's records and time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from flask import Request, request

from fake_server.world.world import World

if TYPE_CHECKING:
    from fake_server.world.storage.store import Store

WORLD = "fake_server.world"
API = "fake_server.api"
DECLARATION = "fake_server.declaration"
"""The key, in the environ, of the `Api` that a request is for; absent from the fake's own."""

BEGUN = "fake_server.begun"
"""The key, in the environ, of when the request began, in seconds of `perf_counter`."""

ROUTE = "fake_server.route"
"""The key, in the environ, of the rule a request was routed by, or None; see `operation_of`."""

FAULT = "fake_server.fault"
"""The key, in the environ, of the name of the fault that made the answer; absent without one."""

HOST_API = "fake_server.host_api"
"""The key, in the environ, of the one API that is served under the host the client used; absent:
all are."""

ANSWERED_INSTEAD = "fake_server.answered_instead"
"""The key, in the environ, that is there where a fault answered and nobody was to read anything."""

RAW_PATH = "fake_server.raw_path"
"""The key, in the environ, of the path as the client asked it, without the prefix of a world."""

GIVEN_HOST = "fake_server.given_host"
"""The Host header as it came, whether a URL can be made of it or not."""


current_request: Callable[[], Request] = request._get_current_object  # type: ignore[attr-defined]
"""Returns the current request.

`flask.request` stands for it: each use of that looks it up anew, at six times the cost.
"""


def world() -> World:
    """Return the world that the current request is for."""
    current: World = current_request().environ[WORLD]
    return current


def store() -> Store:
    """Return the records, in the current world, of the API that the current request is for."""
    environ = current_request().environ
    current: World = environ[WORLD]
    return current.store(environ[API])


def now() -> datetime:
    """Return the current world's time, in UTC."""
    return world().clock.now()


def has_quirk(name: str) -> bool:
    """Return whether a quirk of the API that the request is for is on in the current world."""
    environ = current_request().environ
    current: World = environ[WORLD]
    return current.has_quirk(f"{environ[API]}.{name}")
