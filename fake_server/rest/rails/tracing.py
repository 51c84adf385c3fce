"""The headers by which Rails lets a request be traced: X-Request-Id and X-Runtime."""

import re
from time import perf_counter
from typing import Any

from flask import Request, Response

from fake_server.rest.context import BEGUN
from fake_server.rest.remembering.repeating import repeat, world_of
from fake_server.world.seeded_random import SeededRandom

_ODD = re.compile(r"[^\w\-@]", re.ASCII)
_LONGEST = 255


class RequestCount:
    """How many requests a world has had; the source of their ids."""

    def __init__(self) -> None:
        self.value = 0


def begin_trace(request: Request) -> None:
    """Note when a request began; call it from an API's `before`."""
    request.environ[BEGUN] = perf_counter()


def add_trace(response: Response, request: Request) -> Response:
    """Add X-Request-Id (the client's own, without odd characters, or a new one) and X-Runtime."""
    response.headers.extend(repeat(request.environ, _trace, _as_they_are))
    return response


def _trace(environ: dict[str, Any]) -> dict[str, str]:
    world = world_of(environ)
    count = world.part(RequestCount)
    count.value += 1
    client_id = _ODD.sub("", environ.get("HTTP_X_REQUEST_ID", ""))[:_LONGEST]
    own = client_id or SeededRandom(world.seed, "requests", count.value).uuid()
    begun = environ.get(BEGUN, perf_counter())
    return {"X-Request-Id": own, "X-Runtime": f"{perf_counter() - begun:.6f}"}


def _as_they_are(headers: dict[str, str]) -> dict[str, str]:
    return headers
