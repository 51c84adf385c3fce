"""Interception closes the network to the intercepted hosts: nothing reaches them around it."""

import asyncio
import http.client
import importlib
import socket
import urllib.request
from collections.abc import Callable
from pathlib import Path
from socket import getaddrinfo as own_getaddrinfo
from typing import Any

import aiohttp
import httpcore2
import httpx
import httpx2
import pytest
import requests
import urllib3
import uvloop
import vcr

from fake_server import FakeServer, InterceptionError
from fake_server.testing import intercept
from tests.support.plugin import PluginRun

REAL = "api.4me.com"
URL = f"https://{REAL}/v1/calendars"
LIBRARIES = r"requests, httpx, httpx2 and aiohttp"

Way = Callable[[str], object]


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail a test that asks for a name or connects elsewhere than to this machine."""
    resolve, connect = socket.getaddrinfo, socket.socket.connect

    def resolve_here(host: Any, *args: Any, **options: Any) -> Any:
        assert host in {"127.0.0.1", "localhost", None}, f"something asked for {host}"
        return resolve(host, *args, **options)

    def connect_here(self: socket.socket, address: Any) -> None:
        is_here = isinstance(address, str) or address[0] == "127.0.0.1"
        assert is_here, f"something connected to {address}"
        connect(self, address)

    monkeypatch.setattr(socket, "getaddrinfo", resolve_here)
    monkeypatch.setattr(socket.socket, "connect", connect_here)


def by_raw_socket(host: str) -> object:
    """Connect a socket to a name."""
    with socket.socket() as raw:
        raw.connect((host, 443))
    return None


def by_raw_socket_that_returns_a_code(host: str) -> object:
    """Connect a socket to a name, which returns an error number otherwise."""
    with socket.socket() as raw:
        return raw.connect_ex((host, 443))


def by_loop(host: str, make_loop: Callable[[], Any], ask: str) -> object:
    """Use an event loop."""

    async def run() -> object:
        loop = asyncio.get_running_loop()
        if ask == "getaddrinfo":
            return await loop.getaddrinfo(host, 443)
        if ask == "create_connection":
            return await loop.create_connection(asyncio.Protocol, host, 443)
        return await asyncio.open_connection(host, 443, ssl=True)

    with asyncio.Runner(loop_factory=make_loop) as runner:
        return runner.run(run())


def by_proxy_of_urllib3(url: str) -> object:
    """Request through a proxy, which alone would be resolved."""
    return urllib3.ProxyManager("http://127.0.0.1:9").request("GET", url, retries=False)


def by_tunnel(host: str) -> object:
    """Request through a tunnel."""
    connection = http.client.HTTPSConnection("127.0.0.1", 9)
    connection.set_tunnel(host)
    connection.request("GET", "/v1/calendars")
    return connection


def by_opener(url: str) -> object:
    """Request through a proxy of urllib.request."""
    proxy = urllib.request.ProxyHandler(dict.fromkeys(("http", "https"), "http://127.0.0.1:9"))
    return urllib.request.build_opener(proxy).open(url)


WAYS: dict[str, Way] = {
    "urllib3": lambda host: urllib3.PoolManager().request("GET", f"https://{host}/"),
    "urllib3 by http": lambda host: urllib3.PoolManager().request("GET", f"http://{host}/"),
    "urllib3 pool": lambda host: urllib3.HTTPSConnectionPool(host).urlopen("GET", "/"),
    "urllib3 connection": lambda host: urllib3.connection.HTTPSConnection(host).connect(),
    "urllib3 proxy": lambda host: by_proxy_of_urllib3(f"https://{host}/"),
    "urllib3 proxy by http": lambda host: by_proxy_of_urllib3(f"http://{host}/"),
    "urllib": lambda host: urllib.request.urlopen(f"https://{host}/"),
    "urllib by http": lambda host: urllib.request.urlopen(f"http://{host}/"),
    "urllib with a port": lambda host: urllib.request.urlopen(f"https://{host}:8443/"),
    "urllib proxy": lambda host: by_opener(f"https://{host}/"),
    "urllib proxy by http": lambda host: by_opener(f"http://{host}/"),
    "http.client": lambda host: http.client.HTTPSConnection(host).request("GET", "/"),
    "http.client by http": lambda host: http.client.HTTPConnection(host).request("GET", "/"),
    "http.client connect": lambda host: http.client.HTTPSConnection(host).connect(),
    "http.client tunnel": by_tunnel,
    "create_connection": lambda host: socket.create_connection((host, 443)),
    "create_connection by name": lambda host: socket.create_connection(address=(host, 443)),
    "getaddrinfo": lambda host: socket.getaddrinfo(host, 443),
    "getaddrinfo by name": lambda host: socket.getaddrinfo(port="https", host=host.encode()),
    "getaddrinfo without a port": lambda host: socket.getaddrinfo(host, None),
    "getaddrinfo taken before": lambda host: own_getaddrinfo(host, 443),
    "gethostbyname": socket.gethostbyname,
    "gethostbyname_ex": socket.gethostbyname_ex,
    "connect": by_raw_socket,
    "connect_ex": by_raw_socket_that_returns_a_code,
    **{
        f"{name} of {module}": lambda host, name=name, module=module: by_loop(  # type: ignore[misc]
            host, importlib.import_module(module).new_event_loop, name
        )
        for name in ("getaddrinfo", "create_connection", "open_connection")
        for module in ("asyncio", "uvloop")
    },
}

each_way = pytest.mark.parametrize("ask", WAYS.values(), ids=WAYS)


@each_way
@pytest.mark.parametrize("host", [REAL, "API.intra.42.fr.", "lab.example"])
def test_another_way_to_an_intercepted_host_raises_at_once(ask: Way, host: str) -> None:
    with intercept(fabmanager="https://lab.example"):
        with pytest.raises(InterceptionError, match=LIBRARIES) as raised:
            ask(host)
        assert str(raised.value).startswith(host.lower().removesuffix("."))
        assert "\n" not in str(raised.value)


@each_way
def test_a_real_host_whose_place_another_took_is_not_asked(ask: Way) -> None:
    with (
        intercept(hosts={"xurrent": "https://desk.example"}),
        pytest.raises(InterceptionError, match=REAL),
    ):
        ask(REAL)


def test_the_network_is_as_before_after_the_last_interception() -> None:
    def functions() -> list[Any]:
        return [
            *(getattr(socket, name) for name in ("getaddrinfo", "create_connection")),
            *(getattr(socket, name) for name in ("gethostbyname", "gethostbyname_ex")),
            socket.socket.connect,
            socket.socket.connect_ex,
            *(getattr(http.client.HTTPConnection, name) for name in ("putrequest", "connect")),
            http.client.HTTPConnection.set_tunnel,
            urllib3.connection.HTTPConnection.connect,
            urllib3.connection.HTTPSConnection.connect,
            aiohttp.TCPConnector.connect,
            httpcore2.ConnectionPool.handle_request,
            httpcore2.AsyncConnectionPool.handle_async_request,
            uvloop.Loop.getaddrinfo,
            uvloop.Loop.create_connection,
        ]

    before = functions()
    first, second = intercept(), intercept()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    with pytest.raises(InterceptionError):
        socket.getaddrinfo(REAL, 443)
    second.__exit__(None, None, None)
    assert functions() == before
    with pytest.raises(AssertionError, match=f"something asked for {REAL}"):
        socket.getaddrinfo(REAL, 443)


def test_other_hosts_are_reached_as_before() -> None:
    with FakeServer(dataset="empty") as server, intercept(fabmanager="http://127.0.0.1"):
        health = f"{server.url}/_fake/health"
        with urllib.request.urlopen(health) as answer:
            assert answer.status == 200
        assert urllib3.PoolManager().request("GET", health).status == 200
        port = int(server.url.rpartition(":")[2])
        socket.create_connection(("localhost", port)).close()

        async def connect() -> None:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            await writer.wait_closed()

        for make_loop in (asyncio.new_event_loop, uvloop.new_event_loop):
            with asyncio.Runner(loop_factory=make_loop) as runner:
                runner.run(connect())
        with pytest.raises(InterceptionError):
            urllib.request.urlopen("http://127.0.0.1/")


def test_a_lab_with_a_port_is_guarded_at_that_port_alone() -> None:
    with FakeServer(dataset="empty") as server, intercept(fabmanager="http://127.0.0.1:3000"):
        with urllib.request.urlopen(f"{server.url}/_fake/health") as answer:
            assert answer.status == 200
        with pytest.raises(InterceptionError):
            urllib.request.urlopen("http://127.0.0.1:3000/")
        with pytest.raises(InterceptionError):
            socket.create_connection(("127.0.0.1", 3000))


def test_what_is_allowed_goes_out_by_every_way() -> None:
    hosts = {"xurrent": "https://desk.example"}
    with intercept(hosts=hosts, allow=f"https://{REAL}/v1/calendars"):
        for ask in (
            lambda: urllib3.PoolManager().request("GET", URL, retries=False),
            lambda: urllib.request.urlopen(URL),
            lambda: socket.create_connection((REAL, 443)),
            lambda: requests.get(URL),
        ):
            with pytest.raises(AssertionError, match=f"something asked for {REAL}"):
                ask()
        with pytest.raises(InterceptionError):
            urllib.request.urlopen(f"https://{REAL}/v1/people")
        with pytest.raises(InterceptionError):
            socket.create_connection((REAL, 80))


def test_a_connection_that_is_open_already_sends_nothing() -> None:
    with FakeServer(dataset="empty") as server:
        host, port = server.url.removeprefix("http://").split(":")
        connection = http.client.HTTPConnection(host, int(port))
        connection.connect()
        with (
            intercept(hosts={"xurrent": server.url}),
            pytest.raises(InterceptionError, match=LIBRARIES),
        ):
            connection.request("GET", "/v1/calendars")
        connection.close()


def test_a_pooled_connection_of_an_interception_does_not_answer_after_it() -> None:
    async def ask() -> None:
        async with aiohttp.ClientSession() as session:
            with intercept():
                for _ in range(3):
                    async with session.get(URL) as answer:
                        assert answer.status == 401
            with pytest.raises(AssertionError, match=f"something asked for {REAL}"):
                await session.get(URL)

    asyncio.run(ask())


def test_aiohttp_without_tcp_is_left_alone(tmp_path: Path) -> None:
    async def ask() -> None:
        connector = aiohttp.UnixConnector(str(tmp_path / "none.sock"))
        async with aiohttp.ClientSession(connector=connector) as session:
            with pytest.raises(aiohttp.ClientConnectorError):
                await session.get("http://localhost/")

    with intercept():
        asyncio.run(ask())


def test_aiohttp_through_a_proxy_is_answered() -> None:
    async def ask() -> None:
        async with aiohttp.ClientSession() as session:
            for scheme in ("http", "https"):
                url = f"{scheme}://{REAL}/v1/calendars"
                async with session.get(url, proxy="http://127.0.0.1:9") as answer:
                    assert answer.status == 401

    with intercept():
        asyncio.run(ask())


def test_aiohttp_answers_on_uvloop() -> None:
    async def ask() -> int:
        async with aiohttp.ClientSession() as session, session.get(URL) as answer:
            await answer.read()
            return answer.status

    with intercept(), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert runner.run(ask()) == 401


async def ask_by_aiohttp() -> int:
    """Return the status of an answer to aiohttp."""
    async with aiohttp.ClientSession() as session, session.get(URL) as answer:
        await answer.read()
        return answer.status


async def ask_by_async_client(library: Any) -> int:
    """Return the status of an answer to httpx or httpx2."""
    async with library.AsyncClient() as client:
        return int((await client.get(URL)).status_code)


CLIENTS: dict[str, Callable[[], int]] = {
    "requests": lambda: requests.get(URL).status_code,
    "session of requests": lambda: requests.Session().get(URL).status_code,
    "httpx": lambda: httpx.get(URL).status_code,
    "async httpx": lambda: asyncio.run(ask_by_async_client(httpx)),
    "httpx2": lambda: httpx2.get(URL).status_code,
    "async httpx2": lambda: asyncio.run(ask_by_async_client(httpx2)),
    "aiohttp": lambda: asyncio.run(ask_by_aiohttp()),
}

each_client = pytest.mark.parametrize("ask", CLIENTS.values(), ids=CLIENTS)


@each_client
def test_a_cassette_outside_the_interception(ask: Callable[[], int], tmp_path: Path) -> None:
    with vcr.use_cassette(str(tmp_path / "cassette.yaml")), intercept():
        assert [ask(), ask()] == [401, 401]


@each_client
def test_a_cassette_inside_the_interception(ask: Callable[[], int], tmp_path: Path) -> None:
    with intercept(), vcr.use_cassette(str(tmp_path / "cassette.yaml")):
        assert [ask(), ask()] == [401, 401]


@each_client
def test_a_cassette_that_ends_before_or_after(ask: Callable[[], int], tmp_path: Path) -> None:
    interception = intercept()
    with vcr.use_cassette(str(tmp_path / "outer.yaml")):
        interception.__enter__()
    with vcr.use_cassette(str(tmp_path / "inner.yaml")):
        assert ask() == 401
        interception.__exit__(None, None, None)


@pytest.mark.parametrize("is_outside", [True, False])
@pytest.mark.parametrize(
    "ask", [WAYS[name] for name in ("urllib3", "urllib", "http.client", "urllib3 proxy")]
)
def test_a_cassette_opens_no_other_way(ask: Way, is_outside: bool, tmp_path: Path) -> None:
    def send() -> None:
        result = ask(REAL)
        if isinstance(result, http.client.HTTPConnection):
            result.getresponse()

    def send_by_http_client() -> None:
        connection = http.client.HTTPSConnection(REAL)
        connection.request("GET", "/")
        connection.getresponse()

    contexts = [vcr.use_cassette(str(tmp_path / "cassette.yaml")), intercept()]
    outer, inner = contexts if is_outside else reversed(contexts)
    sender = send_by_http_client if ask is WAYS["http.client"] else send
    with outer, inner, pytest.raises(InterceptionError, match=LIBRARIES):
        sender()


SOCKETLESS = f"""
    import asyncio
    import socket
    import aiohttp
    import httpx
    import httpx2
    import pytest
    import requests

    URL = {URL!r}

    def test_requests_and_httpx(fake_intercept):
        for library in (requests, httpx):
            assert library.get(URL, auth=fake_intercept.xurrent.auth).status_code == 200
        headers = dict(fake_intercept.xurrent.headers)
        assert httpx2.get(URL, headers=headers).status_code == 200

    def test_others(fake_intercept):
        with pytest.raises(Exception, match="requests, httpx, httpx2 and aiohttp"):
            socket.create_connection(("{REAL}", 443))

    @pytest.mark.enable_socket
    def test_the_socket_is_back():
        assert socket.getaddrinfo("127.0.0.1", 80)
        socket.socket().close()

    def test_asynchronous(fake_intercept):
        async def ask():
            async with aiohttp.ClientSession() as session, session.get(URL) as answer:
                assert answer.status == 401
            for library in (httpx, httpx2):
                async with library.AsyncClient() as client:
                    assert (await client.get(URL)).status_code == 401
        asyncio.run(ask())
"""


@pytest.mark.parametrize("option", ["--disable-socket", "--allow-hosts=127.0.0.1"])
def test_pytest_socket_and_the_fixture_go_together(run: PluginRun, option: str) -> None:
    # The event loop of asyncio has a pair of sockets for itself.
    run(SOCKETLESS, option, "--allow-unix-socket").assert_outcomes(passed=4)
    run(SOCKETLESS, option, "-k", "not asynchronous").assert_outcomes(passed=3, deselected=1)


def test_a_marker_of_pytest_socket_does_not_outlast_its_test(run: PluginRun) -> None:
    source = SOCKETLESS.replace(
        "    def test_others", "    @pytest.mark.disable_socket\n    def test_others"
    ).replace("    @pytest.mark.enable_socket\n    def test_the_socket", "    def test_the_socket")
    run(source).assert_outcomes(passed=4)


@pytest.mark.parametrize("options", [[], ["--record-mode=once"], ["--block-network"]])
def test_the_marker_of_pytest_recording_reaches_no_host(run: PluginRun, options: list[str]) -> None:
    source = f"""
        import pytest
        import requests

        @pytest.mark.vcr
        def test_it(fake_intercept):
            answer = requests.get({URL!r}, auth=fake_intercept.xurrent.auth)
            assert answer.status_code == 200

        @pytest.mark.vcr
        @pytest.mark.block_network
        def test_blocked(fake_intercept):
            assert requests.get({URL!r}).status_code == 401
        """
    run(source, *options).assert_outcomes(passed=2)
