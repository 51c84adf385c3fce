"""Targets that break, that end early, and where they are."""

import http.client
import socket
from pathlib import Path

import pytest

from fake_server import create_app
from fake_server.edge.http_server import ServerThread, bound_socket, url_of_socket
from fake_server.edge.tls import Tls
from tests.watch.conftest import (
    SECONDS,
    StartProxy,
    StartTarget,
    exactly,
    head_of,
)
from tests.watch.targets import OK, answers, closes, echoes, hangs, wait_for_exchanges

BROKEN = {
    "closes": (closes, 502, b"the connection ended before an answer"),
    "hangs": (hangs, 504, b"nothing within 0.3 s"),
    "no HTTP": (answers(b"220 ESMTP ready\r\n\r\n"), 502, b"no valid answer"),
    "half a head": (answers(b"HTTP/1.1 200 OK\r\nX-A"), 502, b"the connection ended within"),
}


@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_a_broken_target_gets_one_line(
    kind: str, method: str, target: StartTarget, proxy: StartProxy
) -> None:
    serve, status, reason = BROKEN[kind]
    server = target(serve)  # type: ignore[arg-type]  # it is a function
    running = proxy(server.url, timeout=0.3)
    seen = running.raw(f"{method} / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n".encode())
    head, _, body = seen.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    if method == "HEAD":
        assert body == b""
    else:
        assert body.startswith(f"fake-server watch: {server.url}: ".encode())
        assert reason in body
        assert body.count(b"\n") == 1
    wait_for_exchanges(running, 1)
    assert running.exchanges[0].reason is not None


def test_an_unreachable_target_gets_one_line(proxy: StartProxy) -> None:
    unused = bound_socket("127.0.0.1", 0)
    url = url_of_socket(unused)
    unused.close()
    seen = proxy(url).raw(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    assert seen.startswith(b"HTTP/1.1 502 ")
    assert seen.endswith(f"fake-server watch: {url}: Connection refused\n".encode())


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_an_answer_that_ends_early_ends_early_for_the_client(
    version: str, target: StartTarget, proxy: StartProxy
) -> None:
    cut = answers(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
    running = proxy(target(cut).url)  # type: ignore[arg-type]  # it is a function
    seen = running.raw(f"GET / HTTP/{version}\r\nHost: a\r\n\r\n".encode())
    assert b"502" not in seen
    assert not seen or seen.endswith(b"abc")
    wait_for_exchanges(running, 1)
    assert running.exchanges[0].reason == "the connection ended within the answer"


def test_a_request_is_sent_again_where_a_kept_connection_is_gone(
    target: StartTarget, proxy: StartProxy
) -> None:
    def serve(connection: socket.socket) -> None:
        head_of(connection)
        connection.sendall(OK)

    server = target(serve)
    with proxy(server.url).client() as client:
        for _ in range(5):
            client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            assert exactly(client, len(OK)) == OK
    assert server.connections == 5


def test_the_path_of_the_target_comes_first(target: StartTarget, proxy: StartProxy) -> None:
    running = proxy(target(echoes).url + "/base/")
    seen = running.raw(b"GET //a?b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    assert b"GET /base//a?b HTTP/1.1" in seen


def test_links_are_replaced_where_asked(target: StartTarget, proxy: StartProxy) -> None:
    server = target(lambda connection: None)

    def serve(connection: socket.socket) -> None:
        head, _ = head_of(connection)
        assert b"gzip" not in head
        url = server.url
        text = f'{{"a": "{url}/x", "b": "{url.replace("/", chr(92) + "/")}", "c": "{url}0/"}}'
        connection.sendall(
            f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nLink: <{url}/2>; rel=next\r\n"
            f"Location: {url}\r\nX-Url: {url}\r\nContent-Length: {len(text)}\r\n\r\n".encode()
        )
        for character in text:
            connection.sendall(character.encode())

    server._serve = serve
    running = proxy(server.url, rewrite=True)
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=SECONDS)
    connection.request("GET", "/", headers={"Host": "proxy.test:1", "Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    ours = "http://proxy.test:1"
    assert answer.headers["Link"] == f"<{ours}/2>; rel=next"
    assert answer.headers["Location"] == ours
    assert answer.headers["X-Url"] == server.url
    escaped = ours.replace("/", "\\/")
    assert answer.read().decode() == f'{{"a": "{ours}/x", "b": "{escaped}", "c": "{server.url}0/"}}'
    connection.close()
    wait_for_exchanges(running, 1)
    assert server.url.encode() in running.exchanges[0].body.data


def test_https_targets_need_a_valid_certificate(tmp_path: Path, proxy: StartProxy) -> None:
    app = create_app("demo", apis=("xurrent",))
    authority = tmp_path / "ca.pem"
    tls = Tls(app, "127.0.0.1", authority)
    bound = bound_socket("127.0.0.1", 0)
    server = ServerThread(app, bound, tls=tls)
    url = url_of_socket(bound, tls=True)
    server.start()
    request = b"GET /v1/calendars HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    try:
        trusting = proxy(url, ca_file=authority).raw(request)
        distrusting = proxy(url).raw(request)
    finally:
        server.stop()
        tls.close()
    assert trusting.startswith(b"HTTP/1.1 401 ")
    assert distrusting.startswith(b"HTTP/1.1 502 ")
    assert b"its certificate is not valid" in distrusting


def test_no_loopback_target_is_behind_a_proxy(
    monkeypatch: pytest.MonkeyPatch, target: StartTarget, proxy: StartProxy
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    seen = proxy(target(echoes).url).raw(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    assert seen.startswith(b"HTTP/1.1 200 ")


def test_other_targets_are_behind_the_proxy_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, target: StartTarget, proxy: StartProxy
) -> None:
    def forwards(connection: socket.socket) -> None:
        head, _ = head_of(connection)
        heads.append(head)
        is_connect = head.startswith(b"CONNECT ")
        connection.sendall(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n" if is_connect else OK)

    heads: list[bytes] = []
    forwarder = target(forwards).url.replace("//", "//me:pass%20word@")
    for name in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(name, forwarder)
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    request = b"GET /x?y HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    plain = proxy("http://api.example.test:81", insecure=True).raw(request)
    encrypted = proxy("https://api.example.test").raw(request)
    assert plain.endswith(b"\r\n\r\nok")
    assert encrypted.startswith(b"HTTP/1.1 502 ")
    assert b"the proxy 127.0.0.1 answers 403 to CONNECT" in encrypted
    assert heads[0].startswith(b"GET http://api.example.test:81/x?y HTTP/1.1\r\n")
    assert heads[1].startswith(b"CONNECT api.example.test:443 HTTP/1.1\r\n")
    for head in heads:
        assert b"Proxy-Authorization: Basic bWU6cGFzcyB3b3Jk" in head
