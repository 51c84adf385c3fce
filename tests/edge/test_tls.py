"""HTTPS: clients that trust the throw-away authority reach the fake under the real hosts."""

import json
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import requests

from fake_server import FakeServer, apis, create_app
from fake_server.errors import UserError
from tests.edge.wire import Reply, Wire
from tests.support.programs import require_program

LAB = "lab.example.org"
FIRST_PATHS = {
    "intra42": ("/v2/cursus", {"Authorization": "Bearer YOUR_ACCESS_TOKEN"}),
    "fabmanager": ("/open_api/v1/availabilities", {"Authorization": "Token YOUR_TOKEN"}),
    "xurrent": ("/v1/calendars", {"Authorization": "Bearer api-token"}),
}
HOSTS = {host: api.name for api in apis.load().values() for host in api.hosts} | {LAB: "fabmanager"}


@pytest.fixture(scope="module")
def server() -> Iterator[FakeServer]:
    app = create_app("documented", auth="any", hosts={LAB: "fabmanager"}, allow_hosts=["fake.test"])
    with FakeServer(app, tls=True) as server:
        yield server


class SecureWire(Wire):
    """One TLS connection, to a name that the certificate must be for."""

    def __init__(self, server: FakeServer, name: str) -> None:
        address = urlsplit(server.url)
        context = ssl.create_default_context(cafile=server.ca_file)
        context.set_alpn_protocols(["h2", "http/1.1"])
        plain = socket.create_connection((address.hostname, address.port), 10)
        self._socket = self.secure = context.wrap_socket(plain, server_hostname=name)
        self._reader = self._socket.makefile("rb")


def asked(server: FakeServer, host: str, path: str, *headers: str) -> Reply:
    """Ask as a client does that has the host hard-coded, and finds it in a hosts entry."""
    with SecureWire(server, host) as wire:
        wire.send("\r\n".join([f"GET {path} HTTP/1.1", f"Host: {host}", *headers, "", ""]).encode())
        return wire.reply()


def lines(headers: dict[str, str]) -> list[str]:
    return [f"{name}: {value}" for name, value in headers.items()]


@pytest.mark.parametrize("host", [*HOSTS, "localhost", "127.0.0.1", "::1", "fake.test"])
def test_the_certificate_covers_every_name(server: FakeServer, host: str) -> None:
    with SecureWire(server, host) as wire:
        assert isinstance(wire, SecureWire)
        assert wire.secure.selected_alpn_protocol() == "http/1.1"
        assert wire.ask("GET", "/_fake/health").status == 200


def test_it_covers_no_other_name(server: FakeServer) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        SecureWire(server, "example.org")


@pytest.mark.parametrize("host", HOSTS)
def test_a_real_host_serves_its_api_alone(server: FakeServer, host: str) -> None:
    for name, (path, headers) in FIRST_PATHS.items():
        answer = asked(server, host, path, *lines(headers))
        if name == HOSTS[host]:
            assert answer.status == 200, answer
            continue
        assert answer.status == 404
        assert answer.headers["x-fake-not-served"] == f"GET {path}"
        assert b"calendars" not in answer.body
        assert asked(server, "localhost", path, *lines(headers)).status == 200


@pytest.mark.parametrize("host", HOSTS)
def test_a_real_host_serves_nothing_of_the_fakes_own(server: FakeServer, host: str) -> None:
    for path in ("/", f"/{HOSTS[host]}/openapi", "/_fakes"):
        answer = asked(server, host, path)
        assert (answer.status, answer.headers["x-fake-not-served"]) == (404, f"GET {path}"), path
    refused = asked(server, host, "/_fake/worlds")
    assert (refused.status, refused.headers["content-type"]) == (403, "application/problem+json")
    assert asked(server, host, "/_fake/health").status == 200


def test_a_404_is_worded_as_the_hosts_api_words_it(server: FakeServer) -> None:
    for host in HOSTS:
        own = asked(server, host, "/nonesuch")
        other = asked(server, host, "/xurrent/openapi.json")
        assert own.status == other.status == 404
        assert own.headers["content-type"] == other.headers["content-type"]


def test_urls_in_answers_have_the_real_host(server: FakeServer) -> None:
    answer = asked(
        server, "api.intra.42.fr", "/v2/cursus?per_page=1", *lines(FIRST_PATHS["intra42"][1])
    )
    assert "<https://api.intra.42.fr/v2/cursus?" in answer.headers["link"]


def test_clients_with_the_authoritys_file_are_answered(server: FakeServer) -> None:
    path, headers = FIRST_PATHS["xurrent"]
    assert server.url.startswith("https://127.0.0.1:")
    by_requests: Any = requests.get(
        server.url + path, headers=headers, verify=str(server.ca_file), timeout=10
    )
    context = ssl.create_default_context(cafile=server.ca_file)
    with httpx.Client(verify=context) as client:
        by_httpx = client.get(server.url + path, headers=headers)
    assert by_requests.json() == by_httpx.json() != []


def test_clients_without_it_are_not(server: FakeServer) -> None:
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(server.url, timeout=10)


def test_curl_reaches_the_real_hosts_by_a_hosts_entry(server: FakeServer) -> None:
    curl = require_program("curl", "curl")
    address = urlsplit(server.url)
    for host, name in HOSTS.items():
        path, headers = FIRST_PATHS[name]
        done = subprocess.run(
            [
                *(curl, "--silent", "--fail", "--cacert", str(server.ca_file)),
                *("--connect-to", f"{host}:443:{address.hostname}:{address.port}"),
                *(word for line in lines(headers) for word in ("-H", line)),
                f"https://{host}{path}",
            ],
            capture_output=True,
            timeout=30,
            check=False,
        )
        assert done.returncode == 0, done
        assert json.loads(done.stdout)


def test_an_authority_is_thrown_away_with_its_server(tmp_path: Path) -> None:
    with FakeServer(dataset="empty", tls=True) as server:
        temporary = server.ca_file
        first = temporary.read_text()
        assert "PRIVATE" not in first
    assert not temporary.parent.exists()
    with pytest.raises(RuntimeError, match="not started with tls=True"):
        _ = server.ca_file
    file = tmp_path / "authority.pem"
    with FakeServer(dataset="empty", ca_file=file) as server:
        assert server.ca_file == file
        assert file.read_text() != first
        assert file.stat().st_mode & 0o777 == 0o644
        assert requests.get(server.url, verify=str(file), timeout=10).status_code == 200


def test_a_refused_message_and_one_cut_short_end_the_connection(server: FakeServer) -> None:
    with SecureWire(server, "localhost") as wire:
        wire.send(b"NONSENSE\r\n\r\n")
        assert wire.reply().status == 400
    with SecureWire(server, "localhost") as wire:
        wire.send(b"GET /_fake/health HTTP/1.1\r\nHost: a\r\n\r\n")
        assert wire.reply().status == 200
    with Wire(server.url) as plain:
        plain.send(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert plain.at_end()


def test_mistakes_get_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match=r"authority.pem: cannot be written: there is no folder"):
        FakeServer(dataset="empty", ca_file=tmp_path / "file" / "authority.pem").start()
    with pytest.raises(UserError, match="no certificate can be made for the allowed hosts"):
        FakeServer(dataset="empty", tls=True, allow_hosts=["a_b"]).start()
    with pytest.raises(UserError, match="host a: no such API; meant xurrent"):
        create_app("empty", hosts={"a": "xurrant"})
    with pytest.raises(UserError, match="host of xurrent: expected a name such as"):
        create_app("empty", hosts={"a:80": "xurrent"})
    monkeypatch.setitem(sys.modules, "trustme", None)
    with pytest.raises(UserError, match=r"install understudy with its extra, understudy\[tls\]"):
        FakeServer(dataset="empty", tls=True).start()


@pytest.mark.parametrize("together", [True, False])
def test_after_a_broken_chunk_there_is_no_continue(
    server: FakeServer, together: bool, caplog: pytest.LogCaptureFixture
) -> None:
    head = (
        b"POST /v1/calendars HTTP/1.1\r\nHost: api.xurrent.com\r\nExpect: 100-continue\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n"
    )
    with SecureWire(server, "api.xurrent.com") as wire:
        wire.send(head + b"no chunk\r\n" if together else head)
        if not together:
            assert wire.reply().status == 100
            wire.send(b"no chunk\r\n")
        assert wire.reply().status == 400
        assert wire.at_end()
    assert caplog.records == []
