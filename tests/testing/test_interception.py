"""Interception: the real hosts, answered in this process."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from datetime import datetime
from typing import Any

import aiohttp
import httpx
import httpx2
import pytest
import requests
import responses
import respx
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from fake_server import FakeServer, create_app
from fake_server.errors import UserError
from fake_server.testing import FakeWorld, intercept
from fake_server.testing.planes import LocalPlane

LAB = "https://lab.example"

Get = Callable[..., Any]


@pytest.fixture(autouse=True)
def no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail a test that connects."""

    def refuse(self: socket.socket, address: Any) -> None:
        raise AssertionError(f"something connected to {address}")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture
def world() -> Iterator[FakeWorld]:
    with intercept(dataset="documented", fabmanager=LAB) as world:
        yield world


def by_requests(method: str, url: str, **options: Any) -> Any:
    """Send a request by requests."""
    return requests.request(method, url, **options)


def by_httpx(method: str, url: str, **options: Any) -> Any:
    """Send a request by httpx."""
    return httpx.request(method, url, follow_redirects=True, **options)


def by_async_httpx(method: str, url: str, **options: Any) -> Any:
    """Send a request by httpx, asynchronously."""

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(follow_redirects=True) as client:
            return await client.request(method, url, **options)

    return asyncio.run(ask())


def by_httpx2(method: str, url: str, **options: Any) -> Any:
    """Send a request by httpx2."""
    return httpx2.request(method, url, follow_redirects=True, **options)


def by_async_httpx2(method: str, url: str, **options: Any) -> Any:
    """Send a request by httpx2, asynchronously."""

    async def ask() -> httpx2.Response:
        async with httpx2.AsyncClient(follow_redirects=True) as client:
            return await client.request(method, url, **options)

    return asyncio.run(ask())


class AiohttpAnswer:
    """An answer that aiohttp has read, with the names that requests gives its parts."""

    def __init__(self, answer: aiohttp.ClientResponse, content: bytes) -> None:
        self.status_code = answer.status
        self.headers = answer.headers
        self.content = content

    def json(self) -> Any:
        """Return the body, read as JSON."""
        return json.loads(self.content)


def by_aiohttp(method: str, url: str, **options: Any) -> Any:
    """Send a request by aiohttp."""

    async def ask() -> AiohttpAnswer:
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, url, **options) as answer,
        ):
            return AiohttpAnswer(answer, await answer.read())

    return asyncio.run(ask())


SENDERS = [by_requests, by_httpx, by_async_httpx, by_httpx2, by_async_httpx2, by_aiohttp]

each_library = pytest.mark.parametrize("send", SENDERS)


@each_library
@pytest.mark.parametrize(
    ("url", "api"),
    [
        ("https://api.intra.42.fr/v2/slots", "intra42"),
        ("https://API.intra.42.fr./v2/slots", "intra42"),
        ("https://api.4me.com/v1/calendars", "xurrent"),
        ("https://api.4me.qa/v1/calendars", "xurrent"),
        ("https://api.au.4me.com/v1/calendars", "xurrent"),
        ("https://api.ch.xurrent.com/v1/calendars", "xurrent"),
        ("https://api.us.xurrent.qa/v1/calendars", "xurrent"),
        ("https://api.xurrent-demo.com/v1/calendars", "xurrent"),
        ("https://api.xurrent.com/v1/calendars", "xurrent"),
        ("https://api.r-service.tech:443/v1/calendars", "xurrent"),
        (f"{LAB}/open_api/v1/availabilities", "fabmanager"),
    ],
)
def test_the_real_hosts_are_answered(world: FakeWorld, send: Get, url: str, api: str) -> None:
    assert send("GET", url).status_code == 401
    answer = send("GET", url, headers=dict(world.apis[api].headers))
    assert answer.status_code == 200
    assert answer.json()


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


@each_library
@pytest.mark.parametrize(
    "url",
    [
        "https://api.intra.42.fr/v1/calendars",
        "https://api.4me.com/v2/slots",
        "https://api.4me.com/open_api/v1/availabilities",
        f"{LAB}/_fake/worlds",
        f"{LAB}/",
        "https://api.xurrent.com/intra42/openapi",
    ],
)
def test_a_host_serves_its_own_api_alone(world: FakeWorld, send: Get, url: str) -> None:
    answer = send("GET", url, headers=dict(world.xurrent.headers))
    assert answer.status_code == 404
    assert answer.headers["X-Fake-Not-Served"] == f"GET /{url.split('/', 3)[3]}"
    assert answer.headers["Content-Type"].lower() == "application/json; charset=utf-8"


def test_nothing_else_goes_out(world: FakeWorld) -> None:
    with pytest.raises(requests.ConnectionError, match="neither intercepted nor allowed"):
        requests.get("https://example.org/")
    with pytest.raises(AssertionError, match="not mocked"):
        httpx.get("https://example.org/")
    with pytest.raises(AssertionError, match="not mocked"):
        by_async_httpx("GET", "https://example.org/")
    for send in (by_httpx2, by_async_httpx2):
        with pytest.raises(httpx2.ConnectError, match="neither intercepted nor allowed"):
            send("GET", "https://example.org/")
    with pytest.raises(aiohttp.ClientConnectionError, match="neither intercepted nor allowed"):
        by_aiohttp("GET", "https://example.org/")


def test_what_is_allowed_goes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    with FakeServer(dataset="empty") as server, intercept(allow=[server.url]):
        for send in SENDERS:
            assert send("GET", f"{server.url}/_fake/health").json()["status"] == "ready"


@pytest.mark.parametrize(
    ("allowed", "url", "let_out"),
    [
        ("https://x.org", "https://x.org/any?thing", True),
        ("https://x.org", "http://x.org/", False),
        ("https://x.org", "https://y.org/", False),
        ("HTTPS://X.org./", "https://x.ORG:443/", True),
        ("https://example.org", "https://example.org.evil.com/", False),
        ("https://example.org", "https://example.org@evil.com/", False),
        ("http://127.0.0.1:1844", "http://127.0.0.1:1844/path", True),
        ("http://127.0.0.1:1844", "http://127.0.0.1:18443/", False),
        ("http://127.0.0.1", "http://127.0.0.1:1844/", False),
        ("http://[::1]:1844", "http://[::1]:1844/", True),
        ("https://x.org/a/b", "https://x.org/a/b", True),
        ("https://x.org/a/b/", "https://x.org/a/b?c", True),
        ("https://x.org/a/b", "https://x.org/a/b/c", True),
        ("https://x.org/a/b", "https://x.org/a/bc", False),
        ("https://x.org/a b", "https://x.org/a%20b/c", True),
        ("https://bücher.example", "https://xn--bcher-kva.example/", True),
        (["https://y.org", "https://x.org"], "https://x.org/", True),
        ([], "https://x.org/", False),
    ],
)
@pytest.mark.parametrize("send", [by_requests, by_httpx])
def test_what_is_allowed_is_a_place_and_all_below_it(
    send: Get, allowed: Any, url: str, let_out: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = []

    def connected(*_: Any, **__: Any) -> None:
        outside.append(url)
        raise OSError("no network here")

    for name in ("urllib3.util.connection.create_connection", "socket.create_connection"):
        monkeypatch.setattr(name, connected)
    with (
        intercept(allow=allowed),
        pytest.raises((requests.ConnectionError, httpx.ConnectError, AssertionError)),
    ):
        send("GET", url)
    assert bool(outside) == let_out


@pytest.mark.parametrize(
    "allowed",
    [
        "",
        "127.0.0.1",
        "localhost:8080",
        "ftp://x.org",
        "https://",
        "https://x y.org",
        "https://x..org",
        "https://x.org:0",
        "https://x.org:99999",
        "https://x.org:port",
        "https://[::1",
        "https://me@x.org",
        "https://x.org/?a=1",
        3,
        None,
        b"https://x.org",
    ],
)
def test_what_is_allowed_is_a_url(allowed: Any) -> None:
    for value in (allowed, ["https://x.org", allowed]):
        with pytest.raises(UserError) as raised:
            intercept(allow=value)
        line = f"allow: expected a URL such as https://example.org, found {allowed!r}"
        assert str(raised.value) == line


@each_library
def test_a_world_that_a_request_names_is_found_as_over_http(
    send: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    with (
        FakeServer(dataset="empty") as server,
        intercept(dataset="documented", allow=server.url) as world,
    ):

        def ask(origin: str, named: str, prefix: str = "") -> Any:
            headers = {**world.xurrent.headers, "X-Fake-World": named}
            return send("GET", f"{origin}{prefix}/v1/calendars", headers=headers)

        assert ask("https://api.4me.com", world.name).json()
        for prefix, status in (("", 404), (f"/w/{world.name}", 400)):
            here = ask("https://api.4me.com", "nope", prefix)
            there = ask(server.url, "nope", prefix)
            assert here.status_code == there.status_code == status
            assert here.headers["Content-Type"] == "application/problem+json"
            assert here.json() == there.json()


def test_the_world_is_one_of_its_own_and_gone_after() -> None:
    with intercept(dataset="documented") as first, intercept() as second:
        assert first.name != second.name
        plane = first.plane
        assert first.xurrent.base_url == "https://api.4me.com/v1"
    assert [listed["name"] for listed in plane.ask("GET", "/worlds")["worlds"]] == ["default"]


def test_a_world_that_is_given_stays() -> None:
    with intercept(dataset="documented") as outer:
        outer.xurrent.session().post("/calendars", json={"name": "mine"})
        with intercept(outer) as inner:
            names = [
                calendar["name"] for calendar in inner.xurrent.session().get("/calendars").json()
            ]
            assert "mine" in names
        assert outer.describe()["name"] == outer.name


@each_library
def test_the_innermost_answers(send: Get) -> None:
    def dataset() -> Any:
        return len(send("GET", "https://api.4me.com/v1/calendars", headers=headers).json())

    headers = {"Authorization": "Bearer api-token"}
    with intercept(dataset="documented", fabmanager=LAB) as outer:
        documented = dataset()
        with intercept(dataset={"xurrent": {"calendars": {"count": 1}}}, auth="any"):
            assert dataset() == 1
            answer = send("GET", f"{LAB}/open_api/v1/availabilities")
            assert answer.status_code == 401
        assert dataset() == documented
        assert outer.describe()["dataset"] == "documented"


def test_an_interception_can_be_used_again_and_within_itself() -> None:
    again = intercept(dataset="documented")
    with again as first, again as second:
        assert first.name != second.name
        assert requests.get(f"{second.xurrent.base_url}/calendars").status_code == 401
    with again as third:
        assert third.name not in {first.name, second.name}


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


def test_interceptions_may_end_in_any_order() -> None:
    real = HTTPAdapter.send
    first, second = intercept(), intercept()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert requests.get("https://api.4me.com/v1/calendars").status_code == 401
    second.__exit__(None, None, None)
    assert HTTPAdapter.send is real


def test_it_works_inside_a_test_that_mocks_by_responses(world: FakeWorld) -> None:
    with responses.RequestsMock() as mock:
        mock.get("https://example.org/", body="mocked")
        with intercept(world) as here:
            assert requests.get("https://example.org/").text == "mocked"
            assert here.xurrent.session().get("/calendars").ok
            with pytest.raises(requests.ConnectionError):
                requests.get("https://example.com/")


@respx.mock
def test_it_works_beside_a_test_that_mocks_by_respx() -> None:
    respx.get("https://example.org/").respond(text="mocked")
    with intercept() as world:
        assert httpx.get("https://example.org/").text == "mocked"
        assert world.xurrent.client().get("/calendars").is_success


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


@pytest.mark.parametrize(
    "url",
    [
        "",
        "lab.example",
        "ftp://lab.example",
        "https://",
        "https://lab.example/path",
        "https://lab.example:99999",
        3,
    ],
)
def test_a_lab_that_is_no_url_gets_one_line(url: Any) -> None:
    with pytest.raises(UserError, match=r"fabmanager: expected a URL .*such as https://lab.*found"):
        intercept(fabmanager=url)


@pytest.mark.parametrize(
    "url", ["https://api.4me.com", "http://API.4me.com.", "https://api.xurrent.com:8443"]
)
def test_a_lab_where_another_api_lives_gets_one_line(url: str) -> None:
    with pytest.raises(UserError, match=r"fabmanager: api\..* is the host of xurrent, and serves"):
        intercept(fabmanager=url)


@pytest.mark.parametrize(
    "url", ["https://demonstration.fab-manager.com", "https://LAB.example:443"]
)
def test_a_lab_may_be_spelled_in_any_way(url: str) -> None:
    with intercept(fabmanager=url) as world:
        assert world.fabmanager.base_url == f"{url.removesuffix(':443').lower()}/open_api/v1"
        assert world.fabmanager.session().get("/availabilities").ok
        with world.fabmanager.client() as client:
            assert client.get("/availabilities").is_success


def test_the_host_of_any_api_may_be_another_one() -> None:
    hosts = {"xurrent": "https://desk.example", "fabmanager": LAB}
    with intercept(hosts=hosts) as world:
        assert world.xurrent.base_url == "https://desk.example/v1"
        assert world.fabmanager.base_url == f"{LAB}/open_api/v1"
        assert world.xurrent.session().get("/calendars").ok
        with pytest.raises(requests.ConnectionError):
            requests.get("https://api.4me.com/v1/calendars")


def test_a_host_of_no_api_gets_one_line() -> None:
    with pytest.raises(UserError, match=r"hosts: fabmanger: no such API; meant fabmanager\?"):
        intercept(hosts={"fabmanger": LAB})


def test_the_host_of_an_api_that_is_not_served_is_not_answered() -> None:
    app = create_app("empty", apis=["xurrent"])
    with FakeWorld.create(LocalPlane(app)) as own, intercept(own) as world:
        assert list(world.apis) == ["xurrent"]
        with pytest.raises(requests.ConnectionError):
            requests.get("https://api.intra.42.fr/v2/cursus")


@each_library
def test_the_real_hosts_are_answered_by_http_too(world: FakeWorld, send: Get) -> None:
    for url in ("http://api.4me.com/v1/calendars", "https://api.4me.com:8443/v1/calendars"):
        assert send("GET", url, headers=dict(world.xurrent.headers)).status_code == 200


def test_a_lab_with_a_port_is_that_port_alone() -> None:
    with intercept(fabmanager="http://lab.example:3000") as world:
        assert world.fabmanager.base_url == "http://lab.example:3000/open_api/v1"
        assert world.fabmanager.session().get("/availabilities").ok
        with pytest.raises(requests.ConnectionError):
            requests.get("http://lab.example/open_api/v1/availabilities")


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


def test_options_and_a_world_do_not_go_together(world: FakeWorld) -> None:
    with pytest.raises(TypeError, match="dataset"):
        intercept(world, dataset="demo")


def test_mistakes_get_one_line() -> None:
    with pytest.raises(UserError, match=r"no such attribute; meant dataset\?"), intercept(datset=1):
        pass
    with pytest.raises(TypeError, match="decorates functions, not the class TestIt"):

        @intercept
        class TestIt:
            """A class."""


def test_the_clock_rules(world: FakeWorld) -> None:
    world.clock.set("2026-03-02T09:00:00Z")
    assert world.clock.now() >= datetime.fromisoformat("2026-03-02T09:00:00+00:00")
