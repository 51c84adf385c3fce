"""A fault under interception: the client library raises what it raises of a fault on the wire."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import requests

from fake_server import FakeServer
from fake_server.testing import FakeWorld, intercept

REAL = "https://api.4me.com/v1/calendars"
HEADERS = {"Authorization": "Bearer api-token"}

Send = Callable[[str], Any]


def by_requests(url: str) -> Any:
    """Send a request by requests."""
    return requests.get(url, headers=HEADERS, timeout=0.5)


def by_httpx(url: str) -> Any:
    """Send a request by httpx."""
    return httpx.get(url, headers=HEADERS, timeout=0.5)


def by_async_httpx(url: str) -> Any:
    """Send a request by httpx, asynchronously."""

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(timeout=0.5) as client:
            return await client.get(url, headers=HEADERS)

    return asyncio.run(ask())


@pytest.fixture(scope="module")
def server() -> Iterator[FakeServer]:
    with FakeServer(dataset="documented") as server:
        yield server


def fail(world: FakeWorld, **attributes: Any) -> None:
    """Set a fault."""
    wanted = {"pattern": "xurrent.list_calendars", **attributes}
    world.plane.ask("POST", f"/worlds/{world.name}/faults", wanted)


def outcome(send: Send, url: str) -> tuple[Any, ...]:
    """Return what a client gets: what was raised, or status and body."""
    try:
        answer = send(url)
    except (requests.RequestException, httpx.HTTPError) as raised:
        return (type(raised), type(raised.__cause__ or raised.__context__))
    return (answer.status_code, answer.content, answer.headers.get("X-Fake-Fault"))


@pytest.mark.parametrize("send", [by_requests, by_httpx, by_async_httpx])
@pytest.mark.parametrize(
    ("attributes", "raises"),
    [
        ({"close": "before"}, True),
        ({"close": "mid", "cut": 0}, None),
        ({"close": "mid", "cut": 20}, None),
        ({"close": "mid-chunked", "cut": 0}, True),
        ({"close": "mid-chunked", "cut": 20}, True),
        ({"latency": 60}, True),
        ({"latency": 60, "close": "before"}, True),
        ({"latency": 0.05}, False),
        ({"cut": 20}, False),
        ({"not_json": True}, False),
        ({"status": 503}, False),
        ({"rate_limited": True}, False),
    ],
)
def test_a_client_gets_what_it_gets_from_a_server(
    server: FakeServer, send: Send, attributes: dict[str, Any], raises: bool | None
) -> None:
    with server.create_world() as world:
        fail(world, **attributes)
        served = outcome(send, f"{world.xurrent.base_url}/calendars")
    with intercept(dataset="documented") as world:
        fail(world, **attributes)
        intercepted = outcome(send, REAL)
    assert intercepted == served
    # Of a body that is shorter than announced, urllib3 1 says nothing.
    if raises is not None:
        assert isinstance(served[0], type) is raises
