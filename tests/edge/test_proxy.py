"""The proxy: a client with a real host hard-coded reaches the fake by it, and nothing else."""

import json
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import requests

from fake_server import FakeServer, apis, create_app
from fake_server.control.guard import set_access
from fake_server.edge.refusals import MAX_HEADER_COUNT, MAX_TARGET
from tests.edge.echoes import expect_refused
from tests.edge.wire import Reply, Wire
from tests.support.echo import LIMIT, echo_app

LAB = "lab.example.org"
CALENDARS = "/v1/calendars?per_page=1"
BEARER = "Authorization: Bearer api-token"
FIRST_PATHS = {
    "intra42": ("/v2/cursus", "Authorization: Bearer YOUR_ACCESS_TOKEN"),
    "fabmanager": ("/open_api/v1/availabilities", "Authorization: Token YOUR_TOKEN"),
    "xurrent": (CALENDARS, BEARER),
}
HOSTS = {host: api.name for api in apis.load().values() for host in api.hosts} | {LAB: "fabmanager"}


@pytest.fixture(scope="module")
def server() -> Iterator[FakeServer]:
    app = create_app("documented", auth="any", hosts={LAB: "fabmanager"})
    with FakeServer(app, proxy=True) as server:
        yield server


@pytest.fixture(scope="module")
def echo() -> Iterator[FakeServer]:
    """A proxy of `api.example.org`, whose application answers what it received."""
    app = echo_app()
    set_access(app, None, (), ["api.example.org"])
    with FakeServer(app, proxy=True) as server:
        yield server


class ProxyWire(Wire):
    """One connection to a proxy, which may become a tunnel."""

    def __init__(self, server: FakeServer) -> None:
        super().__init__(server.proxy_url)
        self._context = ssl.create_default_context(cafile=server.ca_file)
        self._context.set_alpn_protocols(["h2", "http/1.1"])

    def connect(self, target: str, *, version: str = "1.1") -> None:
        """Ask for a tunnel, which is granted."""
        self.send(f"CONNECT {target} HTTP/{version}\r\nHost: {target}\r\n\r\n".encode())
        self.granted()

    def granted(self) -> None:
        """Read the answer that grants a tunnel."""
        assert self._reader.readline() == b"HTTP/1.1 200 Connection established\r\n"
        assert self._reader.readline() == b"\r\n"

    def begin_tls(self, name: str) -> ssl.SSLSocket:
        """Begin TLS with a server whose certificate must be for a name."""
        secure = self._context.wrap_socket(self._socket, server_hostname=name)
        self._socket, self._reader = secure, secure.makefile("rb")
        return secure

    def get(self, host: str, target: str, *headers: str) -> Reply:
        """Send a GET with a Host and read its answer."""
        lines = [f"GET {target} HTTP/1.1", f"Host: {host}", *headers, "", ""]
        self.send("\r\n".join(lines).encode())
        return self.reply()


@pytest.mark.parametrize("host", [*HOSTS, "API.Intra.42.fr"])
def test_a_tunnel_to_a_real_host_is_kept_alive(server: FakeServer, host: str) -> None:
    path, credentials = FIRST_PATHS[HOSTS[host.lower()]]
    with ProxyWire(server) as wire:
        wire.connect(f"{host}:443")
        secure = wire.begin_tls(host)
        assert secure.selected_alpn_protocol() == "http/1.1"
        for _ in range(3):
            answer = wire.get(host, path, credentials)
            assert answer.status == 200
            assert json.loads(answer.body)


def test_urls_in_answers_have_the_real_host(server: FakeServer) -> None:
    with ProxyWire(server) as wire:
        plain = wire.get("api.4me.com", f"http://api.4me.com{CALENDARS}", BEARER)
        wire.connect("api.4me.com:443")
        wire.begin_tls("api.4me.com")
        secure = wire.get("api.4me.com", CALENDARS, BEARER)
    assert plain.headers["link"].startswith("<http://api.4me.com/v1/calendars?")
    assert secure.headers["link"].startswith("<https://api.4me.com/v1/calendars?")
    assert plain.body == secure.body


def test_plain_requests_and_a_tunnel_share_a_connection(server: FakeServer) -> None:
    with ProxyWire(server) as wire:
        for url in ("http://api.4me.com", "http://API.4me.com:80", "HTTP://api.4me.com:"):
            assert wire.get("ignored", f"{url}{CALENDARS}", BEARER).status == 200
        wire.connect("api.4me.com:443")
        wire.begin_tls("api.4me.com")
        assert wire.get("api.4me.com", CALENDARS, BEARER).status == 200


@pytest.mark.parametrize(
    "target",
    [
        "example.org:443",
        "localhost:443",
        "127.0.0.1:443",
        "[::1]:443",
        "api.4me.com:80",
        "api.4me.com:8443",
        "api.4me.com:0443",
        "api.4me.com",
        "api.4me.com:",
        "user@api.4me.com:443",
        "api.4me.com.example.org:443",
        "xapi.4me.com:443",
        "%61pi.4me.com:443",
        "api.4me.com\u00e9:443",
        ":443",
        "/",
        "*",
        "https://api.4me.com:443",
        "x" * 5000,
    ],
)
def test_a_tunnel_to_elsewhere_is_refused(server: FakeServer, target: str) -> None:
    with ProxyWire(server) as wire:
        wire.send(f"CONNECT {target} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        reply = wire.reply()
        assert reply.status in {400, 403}
        line = expect_refused(reply, reply.status)
        assert wire.at_end()
    if reply.status == 403:
        assert "this proxy reaches the hosts of the served APIs alone" in line
        assert "api.4me.com" in line
        assert len(line) < 600
    else:
        assert line.startswith("Invalid HTTP request: ")


@pytest.mark.parametrize(
    "target",
    [
        "http://example.org/",
        "http://localhost/_fake/health",
        "http://api.4me.com:8080/",
        "http://api.4me.com:443/",
        "https://api.4me.com/",
        "ftp://api.4me.com/",
        "/v1/calendars",
        "*",
    ],
)
def test_a_request_for_elsewhere_is_refused(server: FakeServer, target: str) -> None:
    with ProxyWire(server) as wire:
        line = expect_refused(wire.get("api.4me.com", target, BEARER), 403)
        assert line.startswith(f"{target.removesuffix('/') or '/'}".split("/_fake")[0])
        assert wire.at_end()


def test_a_proxy_without_real_hosts_says_how_to_name_one() -> None:
    with FakeServer(echo_app(), proxy=True) as server, ProxyWire(server) as wire:
        wire.send(b"CONNECT api.4me.com:443 HTTP/1.1\r\nHost: a\r\n\r\n")
        assert "(none: name one by --tls-host)" in expect_refused(wire.reply(), 403)


def test_a_host_of_an_api_that_is_not_served_is_refused() -> None:
    with FakeServer(dataset="empty", apis=["xurrent"], proxy=True) as server:
        with ProxyWire(server) as wire:
            wire.send(b"CONNECT api.intra.42.fr:443 HTTP/1.1\r\nHost: a\r\n\r\n")
            expect_refused(wire.reply(), 403)
        with ProxyWire(server) as wire:
            wire.connect("api.4me.com:443")


@pytest.mark.parametrize(
    ("message", "status"),
    [
        (b"NONSENSE\r\n\r\n", 400),
        (b"CONNECT\r\n\r\n", 400),
        (b"CONNECT  HTTP/1.1\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        (b"CONNECT api.4me.com:443 HTTP/2.0\r\nHost: a\r\n\r\n", 400),
        (b"CONNECT api.4me.com:443 HTTP/1.1\r\n\r\n", 400),
        (b"CONNECT api.4me.com:443 HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"CONNECT api.4me.com:443 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab", 400),
        (b"GET http:///v1 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"GET http://api.4me.com/%s HTTP/1.1\r\nHost: a\r\n\r\n" % (b"x" * MAX_TARGET), 414),
        (b"CONNECT %s:443 HTTP/1.1\r\nHost: a\r\n\r\n" % (b"x" * MAX_TARGET), 414),
        (b"CONNECT api.4me.com:443 HTTP/1.1\r\n" + b"A: b\r\n" * (MAX_HEADER_COUNT + 2), 431),
    ],
)
def test_bad_input_is_refused_as_on_the_main_port(
    server: FakeServer, message: bytes, status: int
) -> None:
    with ProxyWire(server) as wire:
        wire.send(message)
        expect_refused(wire.reply(), status)
        assert wire.at_end()


def test_the_main_port_is_no_proxy(server: FakeServer) -> None:
    with Wire(server.url) as wire:
        wire.send(b"CONNECT api.4me.com:443 HTTP/1.1\r\nHost: a\r\n\r\n")
        assert expect_refused(wire.reply(), 400) == "This server is no proxy."
    with ProxyWire(server) as tunnel:
        tunnel.connect("api.4me.com:443")
        tunnel.begin_tls("api.4me.com")
        tunnel.send(b"CONNECT api.4me.com:443 HTTP/1.1\r\nHost: a\r\n\r\n")
        assert expect_refused(tunnel.reply(), 400) == "This server is no proxy."


def test_a_connect_of_http_1_0_needs_no_host(server: FakeServer) -> None:
    with ProxyWire(server) as wire:
        wire.send(b"CONNECT api.4me.com:443 HTTP/1.0\r\n\r\n")
        wire.granted()
        wire.begin_tls("api.4me.com")
        assert wire.get("api.4me.com", CALENDARS, BEARER).status == 200


def test_a_connect_may_come_in_pieces(server: FakeServer) -> None:
    with ProxyWire(server) as wire:
        for byte in b"CONNECT api.4me.com:443 HTTP/1.1\r\nHost: a\r\n\r\n":
            wire.send(bytes([byte]))
        wire.granted()
        wire.begin_tls("api.4me.com")
        assert wire.get("api.4me.com", CALENDARS, BEARER).status == 200


def test_bytes_ahead_of_an_answer_are_read(echo: FakeServer) -> None:
    """A client sends CONNECT and the first bytes of TLS at once, then TLS and a request at once."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.create_default_context(cafile=echo.ca_file)
    tls = context.wrap_bio(incoming, outgoing, server_hostname="api.example.org")
    with pytest.raises(ssl.SSLWantReadError):
        tls.do_handshake()
    address = urlsplit(echo.proxy_url)
    with socket.create_connection((address.hostname, address.port), 10) as client:
        head = b"CONNECT api.example.org:443 HTTP/1.1\r\nHost: a\r\n\r\n"
        client.sendall(head + outgoing.read())
        received = b""
        while not received.endswith(b"\r\n\r\n"):
            received += client.recv(1)
        assert received == b"HTTP/1.1 200 Connection established\r\n\r\n"
        _until(client, incoming, tls.do_handshake)
        request = b"GET /first HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        tls.write(request)
        client.sendall(outgoing.read())
        answer = _until(client, incoming, lambda: tls.read(65536))
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b'"/first"' in answer


def _until(client: socket.socket, incoming: ssl.MemoryBIO, step: Any) -> Any:
    """Receive until a step of TLS needs no further bytes; return its result."""
    while True:
        try:
            return step()
        except ssl.SSLWantReadError:
            data = client.recv(65536)
            assert data
            incoming.write(data)


def test_many_requests_and_large_bodies_pass_a_tunnel(echo: FakeServer) -> None:
    with ProxyWire(echo) as wire:
        wire.connect("api.example.org:443")
        wire.begin_tls("api.example.org")
        pipelined = b"".join(b"GET /%d HTTP/1.1\r\nHost: a\r\n\r\n" % n for n in range(20))
        wire.send(pipelined)
        paths = [json.loads(wire.reply().body)["path"] for _ in range(20)]
        assert paths == [f"/{n}" for n in range(20)]
        assert wire.ask("POST", "/", body=b"x" * LIMIT).status == 200


def test_the_application_gets_no_header_for_the_proxy() -> None:
    app = echo_app()
    set_access(app, None, (), ["api.example.org"])
    environs: list[dict[str, Any]] = []
    inner = app.wsgi_app

    def note(environ: dict[str, Any], start_response: Any) -> Any:
        environs.append(environ)
        return inner(environ, start_response)

    app.wsgi_app = note  # type: ignore[method-assign]  # Flask's own way to wrap it
    with FakeServer(app, proxy=True) as server, ProxyWire(server) as wire:
        url = "http://api.example.org/a?b=c"
        headers = ("Proxy-Authorization: Basic eA==", "Proxy-Connection: keep-alive", "X-Kept: 1")
        assert wire.get("ignored", url, *headers).status == 200
    (environ,) = environs
    received = {name: environ[name] for name in environ if name.startswith("HTTP_")}
    assert received == {"HTTP_HOST": "api.example.org", "HTTP_X_KEPT": "1"}
    assert (environ["PATH_INFO"], environ["QUERY_STRING"]) == ("/a", "b=c")


def test_a_tunnel_without_tls_ends_alone(server: FakeServer) -> None:
    with ProxyWire(server) as wire:
        wire.connect("api.4me.com:443")
        wire.send(b"GET / HTTP/1.1\r\nHost: api.4me.com\r\n\r\n")
        assert b"HTTP/" not in wire.rest()
    with ProxyWire(server) as wire:
        wire.connect("api.4me.com:443")
    with ProxyWire(server) as wire:
        wire.connect("api.4me.com:443")
        with pytest.raises(ssl.SSLCertVerificationError):
            wire.begin_tls("example.org")
    with ProxyWire(server) as wire:
        assert wire.get("a", f"http://api.4me.com{CALENDARS}", BEARER).status == 200


def test_a_header_or_the_host_decides_as_on_the_main_port(server: FakeServer) -> None:
    path, credentials = FIRST_PATHS["intra42"]
    with server.create_world(dataset="empty") as world, ProxyWire(server) as wire:
        wire.connect("api.intra.42.fr:443")
        wire.begin_tls("api.intra.42.fr")
        named = f"X-Fake-World: {world.name}"
        assert json.loads(wire.get("api.intra.42.fr", path, credentials, named).body) == []
        assert json.loads(wire.get("api.intra.42.fr", path, credentials).body) != []
        other = wire.get("api.intra.42.fr", CALENDARS, BEARER)
        assert (other.status, other.headers["x-fake-not-served"]) == (
            404,
            f"GET {CALENDARS.partition('?')[0]}",
        )
        assert wire.get("localhost", CALENDARS, BEARER).status == 200
        assert wire.get("api.intra.42.fr", "/_fake/worlds").status == 403
        assert wire.get("api.intra.42.fr", "/_fake/health").status == 200


def test_python_clients_need_two_settings(
    server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", server.proxy_url)
    for variable in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
        monkeypatch.setenv(variable, str(server.ca_file))
    url, headers = f"https://api.4me.com{CALENDARS}", {"Authorization": "Bearer api-token"}
    assert requests.get(url, headers=headers, timeout=10).json()
    assert httpx.get(url, headers=headers).json()
    with pytest.raises(requests.exceptions.ProxyError, match="403 Forbidden"):
        requests.get("https://example.org", timeout=10)
    with pytest.raises(httpx.ProxyError, match="403 Forbidden"):
        httpx.get("https://example.org")


def test_a_stop_ends_tunnels_in_every_state() -> None:
    server = FakeServer(echo_app(), proxy=True)
    set_access(server.app, None, (), ["api.example.org"])
    server.start()
    idle, granted, begun, kept = (ProxyWire(server) for _ in range(4))
    for wire in (granted, begun, kept):
        wire.connect("api.example.org:443")
    begun.send(b"\x16\x03\x01")
    kept.begin_tls("api.example.org")
    assert kept.ask("GET", "/").status == 200
    url = server.proxy_url
    began = time.monotonic()
    server.stop()
    assert time.monotonic() - began < 2
    for wire in (idle, granted, begun, kept):
        assert wire.at_end()
        wire.close()
    with pytest.raises(ConnectionRefusedError):
        Wire(url)


def test_a_server_may_have_tls_and_a_proxy_and_start_again(tmp_path: Path) -> None:
    authority = tmp_path / "authority.pem"
    server = FakeServer(dataset="empty", proxy=True, ca_file=authority)
    with pytest.raises(RuntimeError, match="not started with proxy=True"):
        _ = server.proxy_url
    for _ in range(2):
        with server:
            assert server.url.startswith("http://")
            assert server.ca_file == authority
            with ProxyWire(server) as wire:
                wire.connect("api.4me.com:443")
                wire.begin_tls("api.4me.com")
        with pytest.raises(RuntimeError, match="not started with proxy=True"):
            _ = server.proxy_url
    with FakeServer(dataset="empty", tls=True, proxy=True) as both:
        assert both.url.startswith("https://")
        assert both.proxy_url.startswith("http://")
        assert requests.get(both.url, verify=str(both.ca_file), timeout=10).status_code == 200
    with FakeServer(dataset="empty") as neither, pytest.raises(RuntimeError):
        _ = neither.proxy_url


def test_the_control_plane_names_the_proxy() -> None:
    with FakeServer(dataset="empty", proxy=True) as server:
        world = requests.get(f"{server.url}/_fake/worlds/default", timeout=10).json()
        assert world["environment"]["FAKE_SERVER_PROXY"] == server.proxy_url
        assert world["environment"]["FAKE_SERVER_CA_FILE"] == str(server.ca_file)
    with FakeServer(dataset="empty") as server:
        world = requests.get(f"{server.url}/_fake/worlds/default", timeout=10).json()
        assert not {"FAKE_SERVER_PROXY", "FAKE_SERVER_CA_FILE"} & set(world["environment"])
