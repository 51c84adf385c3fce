"""Interception: requests arrive whole, and answers are those of the server."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Any

import aiohttp
import httpx
import httpx2
import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from fake_server import FakeServer
from fake_server.testing import FakeWorld, intercept
from tests.support.senders import LAB, Get, by_aiohttp, each_library


@each_library
def test_urls_in_answers_carry_the_real_host(world: FakeWorld, send: Get) -> None:
    url = f"{LAB}/open_api/v1/availabilities"
    answer = send("GET", url, params={"per_page": 1}, headers=dict(world.fabmanager.headers))
    assert f"<{url}?page=2&per_page=1>" in answer.headers["Link"]
    made = send(
        "POST",
        "https://api.4me.com/v1/calendars",
        json={"name": "mine"},
        headers=dict(world.xurrent.headers),
    )
    assert made.status_code in {200, 201}
    assert made.headers.get("Location", "https://api.4me.com/v1").startswith("https://api.4me.com")
    assert made.json()["name"] == "mine"


@each_library
def test_bodies_of_every_kind_arrive(world: FakeWorld, send: Get) -> None:
    url = "https://api.intra.42.fr/oauth/token"
    (application,) = world.intra42.credentials["applications"]
    form = {
        "grant_type": "client_credentials",
        "client_id": application["uid"],
        "client_secret": application["secret"],
    }
    assert send("POST", url, data=form).json()["expires_in"] == 7200
    assert send("POST", url, json=form).json()["expires_in"] == 7200


def test_a_body_in_chunks_arrives(world: FakeWorld) -> None:
    url = "https://api.4me.com/v1/calendars"
    headers = {**world.xurrent.headers, "Content-Type": "application/json"}

    def parts(name: bytes) -> Iterator[bytes]:
        yield b'{"name": "' + name
        yield b'"}'

    assert requests.post(url, data=parts(b"one"), headers=headers).json()["name"] == "one"
    assert httpx.post(url, content=parts(b"two"), headers=headers).json()["name"] == "two"
    assert httpx2.post(url, content=parts(b"three"), headers=headers).json()["name"] == "three"

    async def steps(name: bytes) -> AsyncIterator[bytes]:
        for part in parts(name):
            await asyncio.sleep(0)
            yield part

    async def ask() -> None:
        async with httpx2.AsyncClient() as client:
            answer = await client.post(url, content=steps(b"four"), headers=headers)
            assert answer.json()["name"] == "four"

    asyncio.run(ask())
    assert by_aiohttp("POST", url, data=steps(b"five"), headers=headers).json()["name"] == "five"


def test_answers_can_be_streamed(world: FakeWorld) -> None:
    url = "https://api.intra.42.fr/v2/slots"
    whole = requests.get(url, auth=world.intra42.auth).content
    streamed = requests.get(url, auth=world.intra42.auth, stream=True)
    assert b"".join(streamed.iter_content(100)) == whole
    with httpx.stream("GET", url, auth=world.intra42.auth) as answer:
        assert b"".join(answer.iter_bytes(100)) == whole

    async def ask() -> bytes:
        async with (
            httpx.AsyncClient(auth=world.intra42.auth) as client,
            client.stream("GET", url) as answer,
        ):
            return b"".join([part async for part in answer.aiter_bytes(100)])

    assert asyncio.run(ask()) == whole

    async def ask_httpx2() -> bytes:
        async with (
            httpx2.AsyncClient(headers=dict(world.intra42.headers)) as client,
            client.stream("GET", url) as answer,
        ):
            return b"".join([part async for part in answer.aiter_bytes(100)])

    assert asyncio.run(ask_httpx2()) == whole

    async def ask_aiohttp() -> bytes:
        headers = dict(world.intra42.headers)
        async with (
            aiohttp.ClientSession(headers=headers, read_bufsize=64) as session,
            session.get(url) as answer,
        ):
            return b"".join([part async for part in answer.content.iter_chunked(100)])

    assert asyncio.run(ask_aiohttp()) == whole


@each_library
def test_answers_are_those_of_the_server(send: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    varying = {"x-request-id", "x-runtime", "date", "link", "etag"}

    def shown(answer: Any) -> Any:
        headers = {name.lower(): value for name, value in answer.headers.items()}
        kept = {
            name: value
            for name, value in headers.items()
            if name not in varying and "ratelimit" not in name
        }
        return answer.status_code, kept, answer.content

    with FakeServer(dataset="documented") as server, server.create_world() as world:
        for method, path in [
            ("GET", "/v2/slots/graph/on/begin_at/by/day"),
            ("HEAD", "/v2/slots"),
            ("GET", "/v2/nonesuch"),
            ("DELETE", "/v2/slots"),
            ("FOO", "/v2/slots"),
        ]:
            sent = {"headers": dict(world.intra42.headers)}
            there = send(method, f"{world.url}{path}", **sent)
            with intercept(world):
                here = send(method, f"https://api.intra.42.fr{path}", **sent)
            assert shown(here) == shown(there)


@each_library
def test_the_date_is_that_of_the_world(world: FakeWorld, send: Get) -> None:
    world.clock.freeze("2030-03-02T09:30:15Z")
    answer = send("GET", "https://api.4me.com/v1/calendars", headers={})
    dates = [value for name, value in answer.headers.items() if name.lower() == "date"]
    assert dates == ["Sat, 02 Mar 2030 09:30:15 GMT"]


def test_an_adapter_s_retries_are_made(world: FakeWorld) -> None:
    session = requests.Session()
    retries = Retry(total=2, status_forcelist=[404], raise_on_status=True)
    session.mount("https://", HTTPAdapter(max_retries=retries))
    with pytest.raises(requests.exceptions.RetryError):
        session.get("https://api.intra.42.fr/v2/nonesuch")


def test_redirects_proxies_and_netrc_stay_out_of_it(
    world: FakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    url = "https://api.4me.com/v1/calendars"
    assert requests.get(url, auth=world.xurrent.auth).ok
    assert httpx.get(url, auth=world.xurrent.auth).is_success


def test_the_clock_rules(world: FakeWorld) -> None:
    world.clock.set("2026-03-02T09:00:00Z")
    assert world.clock.now() >= datetime.fromisoformat("2026-03-02T09:00:00+00:00")
