"""Faults under interception: what a client sees is what it sees of the server on a socket."""

import asyncio
import http.client
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import aiohttp
import httpx
import httpx2
import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from fake_server import Fault
from fake_server.testing import FakeServer, FakeWorld, intercept

LIST = "xurrent.list_calendars"
TIMEOUT = 0.2

FAULTS = [
    {"status": 503},
    {"rate_limited": True},
    {"token_expired": True},
    {"close": "before"},
    {"close": "mid"},
    {"close": "mid", "cut": 0},
    {"close": "mid-chunked"},
    {"close": "mid-chunked", "cut": 0},
    {"cut": 5},
    {"not_json": True},
    {"latency": 2 * TIMEOUT},
    {"latency": 2 * TIMEOUT, "close": "before"},
    {"latency": 0.01},
]


@pytest.fixture(scope="module")
def world() -> Iterator[FakeWorld]:
    with FakeServer(dataset="documented") as server, server.create_world() as world:
        yield world


def _by_requests(url: str, auth: Any) -> Any:
    return requests.get(url, auth=auth, timeout=TIMEOUT)


def _by_requests_read_later(url: str, auth: Any) -> Any:
    answer = requests.get(url, auth=auth, timeout=TIMEOUT, stream=True)
    _ = answer.content
    return answer


def _by_requests_that_tries_again(url: str, auth: Any) -> Any:
    session = requests.Session()
    retries = Retry(2, status_forcelist=[503], respect_retry_after_header=False)
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(max_retries=retries))
    return session.get(url, auth=auth, timeout=TIMEOUT)


def _by_httpx(url: str, auth: Any) -> Any:
    return httpx.get(url, auth=auth, timeout=TIMEOUT)


def _by_httpx_stream(url: str, auth: Any) -> Any:
    with httpx.stream("GET", url, auth=auth, timeout=TIMEOUT) as answer:
        answer.read()
        return answer


def _by_async_httpx(url: str, auth: Any) -> Any:
    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(auth=auth, timeout=TIMEOUT) as client:
            return await client.get(url)

    return asyncio.run(ask())


def _by_httpx2(url: str, auth: Any) -> Any:
    return httpx2.get(url, auth=auth, timeout=TIMEOUT)


def _by_async_httpx2(url: str, auth: Any) -> Any:
    async def ask() -> httpx2.Response:
        async with httpx2.AsyncClient(auth=auth, timeout=TIMEOUT) as client:
            return await client.get(url)

    return asyncio.run(ask())


def _by_aiohttp(url: str, auth: Any) -> Any:
    return _ask_aiohttp(url, auth, aiohttp.ClientTimeout(sock_read=TIMEOUT))


def _by_aiohttp_with_a_total(url: str, auth: Any) -> Any:
    return _ask_aiohttp(url, auth, aiohttp.ClientTimeout(total=TIMEOUT))


def _ask_aiohttp(url: str, auth: Any, timeout: aiohttp.ClientTimeout) -> Any:
    headers = auth(SimpleNamespace(headers={})).headers

    async def ask() -> Any:
        async with (
            aiohttp.ClientSession(headers=headers, timeout=timeout) as session,
            session.get(url) as answer,
        ):
            content = await answer.read()
            return SimpleNamespace(
                status_code=answer.status, headers=answer.headers, content=content
            )

    return asyncio.run(ask())


SENDERS = [
    _by_requests,
    _by_requests_read_later,
    _by_requests_that_tries_again,
    _by_httpx,
    _by_httpx_stream,
    _by_async_httpx,
    _by_httpx2,
    _by_async_httpx2,
    _by_aiohttp,
    _by_aiohttp_with_a_total,
]
EXCEPTIONS = (
    requests.RequestException,
    httpx.HTTPError,
    httpx2.HTTPError,
    aiohttp.ClientError,
    http.client.HTTPException,
    TimeoutError,
)


def outcome(send: Callable[[str, Any], Any], world: FakeWorld) -> Any:
    """Return the view of a client: status, header and body, or the exception."""
    try:
        answer = send(f"{world.xurrent.base_url}/calendars", world.xurrent.auth)
    except EXCEPTIONS as error:
        return type(error), type(error.__cause__ or error.__context__)
    return answer.status_code, answer.headers.get("X-Fake-Fault"), answer.content


@pytest.mark.parametrize("send", SENDERS)
@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_fault_is_the_same_on_a_socket_and_under_interception(
    world: FakeWorld, send: Callable[[str, Any], Any], fault: dict[str, Any]
) -> None:
    seen = []
    for where in ("socket", "memory"):
        world.reset()
        world.fail(LIST, **fault)
        if where == "socket":
            seen.append(outcome(send, world))
        else:
            with intercept(world) as here:
                seen.append(outcome(send, here))
    assert seen[0] == seen[1]


@pytest.mark.parametrize(
    ("fault", "of_requests", "of_httpx", "of_aiohttp"),
    [
        (Fault(LIST, latency=300), "ReadTimeout", "ReadTimeout", "SocketTimeoutError"),
        (
            Fault(LIST, close="before"),
            "ConnectionError",
            "RemoteProtocolError",
            "ServerDisconnectedError",
        ),
        (
            Fault(LIST, close="mid-chunked"),
            "ChunkedEncodingError",
            "RemoteProtocolError",
            "ClientPayloadError",
        ),
    ],
)
def test_the_library_s_own_exception_is_raised(
    fault: Fault, of_requests: str, of_httpx: str, of_aiohttp: str
) -> None:
    with intercept(dataset="documented", faults=[fault]) as world:
        for send in SENDERS[:2]:
            assert outcome(send, world)[0] is getattr(requests.exceptions, of_requests)
        for send in SENDERS[3:6]:
            assert outcome(send, world)[0] is getattr(httpx, of_httpx)
        for send in SENDERS[6:8]:
            assert outcome(send, world)[0] is getattr(httpx2, of_httpx)
        assert outcome(_by_aiohttp, world)[0] is getattr(aiohttp, of_aiohttp)


def test_latency_is_never_waited_for() -> None:
    before = time.monotonic()
    with intercept(dataset="documented", faults=[Fault(LIST, latency=300)]) as world:
        url = f"{world.xurrent.base_url}/calendars"
        with pytest.raises(requests.ReadTimeout):
            requests.get(url, auth=world.xurrent.auth, timeout=299)
        assert requests.get(url, auth=world.xurrent.auth, timeout=301).ok
        assert httpx.get(url, auth=world.xurrent.auth, timeout=None).is_success
        assert httpx2.get(url, auth=world.xurrent.auth, timeout=301).is_success
        for timeout in (aiohttp.ClientTimeout(total=299), aiohttp.ClientTimeout(sock_read=299)):
            with pytest.raises(TimeoutError):
                _ask_aiohttp(url, world.xurrent.auth, timeout)
        longer = aiohttp.ClientTimeout(total=0, sock_read=301)
        assert _ask_aiohttp(url, world.xurrent.auth, longer).status_code == 200
    assert time.monotonic() - before < 100


def test_an_adapter_s_retries_meet_the_fault_again() -> None:
    with intercept(dataset="documented") as world:
        fault = world.fail(LIST, status=503, times=2)
        status, _, _ = outcome(_by_requests_that_tries_again, world)
        assert (status, fault.fired) == (200, 2)
        fault = world.fail(LIST, close="before", times=2)
        status, _, _ = outcome(_by_requests_that_tries_again, world)
        assert (status, fault.fired) == (200, 2)
