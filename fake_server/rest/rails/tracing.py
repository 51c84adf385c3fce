"""The headers by which Rails lets a request be traced: X-Request-Id and X-Runtime."""

import re
from time import perf_counter

from flask import Request, Response

from fake_server.rest.context import world
from fake_server.world.seeded_random import SeededRandom

_BEGUN = "fake_server.begun"
_ODD = re.compile(r"[^\w\-@]", re.ASCII)
_LONGEST = 255


class RequestCount:
    """How many requests a world has had; the source of their ids."""

    def __init__(self) -> None:
        self.value = 0


def begin_trace(request: Request) -> None:
    """Note when a request began; call it from an API's `before`."""
    request.environ[_BEGUN] = perf_counter()


def add_trace(response: Response, request: Request) -> Response:
    """Add X-Request-Id (the client's own, without odd characters, or a new one) and X-Runtime."""
    count = world().part(RequestCount)
    count.value += 1
    given = _ODD.sub("", request.headers.get("X-Request-Id", ""))[:_LONGEST]
    own = given or SeededRandom(world().seed, "requests", count.value).uuid()
    response.headers.add("X-Request-Id", own)
    begun = request.environ.get(_BEGUN, perf_counter())
    response.headers.add("X-Runtime", f"{perf_counter() - begun:.6f}")
    return response
