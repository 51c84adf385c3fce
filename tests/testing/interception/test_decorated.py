"""Interception of a decorated function, and beside other ways to mock."""

import asyncio
from collections.abc import AsyncIterator, Generator
from typing import Any

import aiohttp
import httpx
import httpx2
import pytest
import requests
import responses
import respx
from requests.adapters import HTTPAdapter

from fake_server.errors import UserError
from fake_server.testing import FakeWorld, intercept
from tests.support.senders import by_async_httpx, by_httpx


def test_a_decorated_function_runs_intercepted() -> None:
    @intercept
    def plain(number: int) -> int:
        """Ask."""
        return requests.get("https://api.4me.com/v1/calendars").status_code + number

    @intercept(dataset="documented", auth="off")
    async def asynchronous() -> int:
        async with httpx.AsyncClient() as client:
            return (await client.get("https://api.4me.com/v1/calendars")).status_code

    assert (plain(1), plain.__doc__) == (402, "Ask.")
    assert asyncio.run(asynchronous()) == 200


def test_a_decorated_generator_runs_intercepted() -> None:
    real = HTTPAdapter.send

    @intercept(auth="off")
    def steps(first: str) -> Generator[int, str, str]:
        path: str | None = first
        while path:
            path = yield requests.get(f"https://api.4me.com/v1/{path}").status_code
        return "done"

    walk = steps("calendars")
    assert HTTPAdapter.send is real
    assert next(walk) == 200
    assert walk.send("nonesuch") == 404
    assert HTTPAdapter.send is not real
    with pytest.raises(StopIteration) as ended:
        walk.send("")
    assert ended.value.value == "done"
    assert HTTPAdapter.send is real
    abandoned = steps("calendars")
    next(abandoned)
    abandoned.close()
    assert HTTPAdapter.send is real


def test_what_cannot_be_decorated_is_refused_at_once() -> None:
    async def steps() -> AsyncIterator[int]:
        yield 1

    @pytest.fixture
    def service() -> None:
        """Serve."""

    with pytest.raises(TypeError, match="no async generator: in steps, use `with intercept"):
        intercept(auth="off")(steps)
    with pytest.raises(TypeError, match=r"no fixture: put @pytest.fixture above it, on service"):
        intercept(service)
    with pytest.raises(TypeError, match="takes a world of a test; found 'documented'"):
        intercept("documented")  # type: ignore[call-overload]  # the mistake that is made here


@pytest.mark.parametrize("library", ["requests", "httpx", "httpx2", "aiohttp"])
def test_functions_that_run_at_a_time_have_worlds_of_their_own(library: str) -> None:
    real = HTTPAdapter.send
    seen = []

    @intercept(dataset="documented")
    async def work(name: str, steps: int) -> None:
        headers = {"Authorization": "Bearer api-token"}
        url = "https://api.4me.com/v1/calendars"

        async def ask(method: str, **options: Any) -> Any:
            if library != "aiohttp":
                send = {"requests": requests, "httpx": httpx, "httpx2": httpx2}[library]
                return send.request(method, url, headers=headers, **options).json()
            async with (
                aiohttp.ClientSession(headers=headers) as session,
                session.request(method, url, **options) as answer,
            ):
                return await answer.json()

        assert (await ask("POST", json={"name": name}))["name"] == name
        for _ in range(steps):
            await asyncio.sleep(0)
            names = [calendar["name"] for calendar in await ask("GET")]
            seen.append((name, {name_seen for name_seen in names if name_seen.startswith("of ")}))

    async def both() -> None:
        await asyncio.gather(work("of first", 3), work("of second", 6), work("of third", 1))

    asyncio.run(both())
    assert {name for name, _ in seen} == {"of first", "of second", "of third"}
    assert all(names == {name} for name, names in seen)
    assert HTTPAdapter.send is real


def test_mocks_of_responses_answer_beside_it(world: FakeWorld) -> None:
    with responses.RequestsMock() as mock:
        mock.get("https://example.org/", body="mocked")
        with intercept(world) as here:
            assert requests.get("https://example.org/").text == "mocked"
            assert here.xurrent.session().get("/calendars").ok
            with pytest.raises(requests.ConnectionError):
                requests.get("https://example.com/")


@respx.mock
def test_mocks_of_respx_answer_beside_it() -> None:
    respx.get("https://example.org/").respond(text="mocked")
    with intercept() as world:
        assert httpx.get("https://example.org/").text == "mocked"
        assert world.xurrent.client().get("/calendars").is_success


def test_without_a_library_one_line_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = {"responses", "respx"}
    monkeypatch.setattr(
        "fake_server.testing.interception.libraries.find_spec",
        lambda name: None if name in missing else object(),
    )
    with pytest.raises(UserError, match=r"understudy\[intercept\]"), intercept():
        pass
    missing.remove("respx")
    with intercept() as world:
        assert world.xurrent.client().get("/calendars").is_success
        with pytest.raises(UserError, match="requests is not intercepted without responses"):
            requests.get("https://api.4me.com/v1/calendars")
    missing ^= {"responses", "respx"}
    with intercept() as world:
        assert world.xurrent.session().get("/calendars").ok
        for send in (by_httpx, by_async_httpx):
            with pytest.raises(UserError, match="httpx is not intercepted without respx"):
                send("GET", "https://api.4me.com/v1/calendars")


def test_mistakes_get_one_line() -> None:
    with pytest.raises(UserError, match=r"no such attribute; meant dataset\?"), intercept(datset=1):
        pass
    with pytest.raises(TypeError, match="decorates functions, not the class TestIt"):

        @intercept
        class TestIt:
            """A class."""
