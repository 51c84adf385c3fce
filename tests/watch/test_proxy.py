"""The proxy passes on what comes, byte for byte."""

import gzip
import hashlib
import http.client
import re
import resource
import socket
import threading
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.watch.conftest import (
    SECONDS,
    RunningProxy,
    StartProxy,
    StartTarget,
    everything,
    exactly,
    head_of,
)
from tests.watch.targets import OK, answers, echoes, wait_for_exchanges

TOKENS = st.from_regex(r"[A-Za-z][A-Za-z0-9!#$%&'*+.^_`|~-]{0,20}", fullmatch=True).filter(
    lambda name: (
        name.lower()
        not in {
            *("host", "connection", "content-length", "transfer-encoding", "te", "upgrade"),
            *("expect", "keep-alive", "proxy-connection", "proxy-authorization"),
        }
    )
)

VALUES = st.from_regex(r"[!-~](?:[ -~\u00a1-\u00ff]{0,30}[!-~])?", fullmatch=True)

TARGETS = st.from_regex(r"/[!-~]{0,60}", fullmatch=True)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(["GET", "POST", "PATCH", "DELETE", "PURGE"]),
    path=TARGETS,
    headers=st.lists(st.tuples(TOKENS, VALUES), max_size=8),
    body=st.binary(max_size=3000),
)
def test_requests_arrive_as_they_were_sent(
    echo: RunningProxy, method: str, path: str, headers: list[tuple[str, str]], body: bytes
) -> None:
    lines = [f"{method} {path} HTTP/1.1", "hOsT: somewhere", *(f"{n}: {v}" for n, v in headers)]
    head = "\r\n".join(lines).encode("latin-1")
    framing = b"\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body)
    answer = echo.raw(head + framing + body)
    _, _, seen = answer.partition(b"\r\n\r\n")
    seen_head, _, seen_body = seen.partition(b"\n--\n")
    expected = [*head.split(b"\r\n"), b"Content-Length: %d" % len(body)]
    del expected[1]
    seen_lines = seen_head.split(b"\r\n")
    assert [line for line in seen_lines if not line.startswith(b"Host: ")] == expected
    assert seen_lines[1].startswith(b"Host: 127.0.0.1:")
    assert seen_body == body


@pytest.fixture
def echo(target: StartTarget, proxy: StartProxy) -> RunningProxy:
    """A proxy before a target that answers with the request."""
    return proxy(target(echoes).url)


ANSWERS = {
    "plain": b"HTTP/1.1 203 Quite Fine\r\nX-A: 1\r\nx-a:  2\r\nSet-Cookie: a=b\r\n"
    b"set-cookie: c=d\r\nContent-Length: 3\r\n\r\na\0b",
    "compressed": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
    % len(gzip.compress(b"text", mtime=0))
    + gzip.compress(b"text", mtime=0),
    "without body": b"HTTP/1.1 204 No Content\r\nX-B: c\r\n\r\n",
    "not modified": b'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\nContent-Length: 10\r\n\r\n',
    "interim": b"HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n" + OK,
    "unusual status": b"HTTP/1.1 599 \r\nContent-Length: 0\r\n\r\n",
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_answers_arrive_as_they_were_sent(
    kind: str, target: StartTarget, proxy: StartProxy
) -> None:
    running = proxy(target(answers(ANSWERS[kind])).url)  # type: ignore[arg-type]  # it is a function
    seen = running.raw(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    seen = re.sub(rb"connection: close\r\n", b"", seen, flags=re.IGNORECASE)
    assert seen == ANSWERS[kind].replace(b":  2", b": 2")


def test_a_head_has_no_body_and_the_connection_stays(echo: RunningProxy) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", echo.port, timeout=SECONDS)
    for _ in range(3):
        connection.request("HEAD", "/x")
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (200, b"")
        assert int(answer.headers["Content-Length"]) > 0
    connection.close()


def test_connections_are_kept_on_both_sides(target: StartTarget, proxy: StartProxy) -> None:
    server = target(echoes)
    connection = http.client.HTTPConnection("127.0.0.1", proxy(server.url).port, timeout=SECONDS)
    for number in range(20):
        connection.request("POST", f"/{number}", b"x" * number)
        assert f"POST /{number} ".encode() in connection.getresponse().read()
    connection.close()
    assert server.connections == 1


def test_requests_that_come_at_once_are_answered_in_order(echo: RunningProxy) -> None:
    message = b"POST /%d HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx"
    last = b"GET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    seen = echo.raw(message % 1 + message % 2 + last)
    assert re.findall(rb"(?:POST|GET) (/\d) HTTP", seen) == [b"/1", b"/2", b"/3"]


def test_chunks_and_trailers_pass_both_ways(target: StartTarget, proxy: StartProxy) -> None:
    requests: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        data = b""
        while not data.endswith(b"0\r\n\r\n"):
            data += connection.recv(65536)
        requests.append(data)
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX-Sum: 5\r\n\r\n"
        )

    seen = proxy(target(serve).url).raw(
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        b"5\r\nhello\r\n0\r\n\r\n"
    )
    assert requests[0].endswith(b"\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
    assert seen.endswith(b"3\r\nabc\r\n2\r\nde\r\n0\r\nX-Sum: 5\r\n\r\n")


def test_a_client_of_http_1_0_gets_no_chunks(target: StartTarget, proxy: StartProxy) -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"
    seen = proxy(target(answers(chunked)).url).raw(b"GET / HTTP/1.0\r\n\r\n")  # type: ignore[arg-type]  # it is a function
    assert b"chunked" not in seen.lower()
    assert seen.endswith(b"\r\n\r\nok")


def test_a_body_is_awaited_by_the_target_alone(target: StartTarget, proxy: StartProxy) -> None:
    def serve(connection: socket.socket) -> None:
        head, rest = head_of(connection)
        assert not rest
        assert b"100-continue" in head
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        assert exactly(connection, 4) == b"body"
        connection.sendall(OK)

    with proxy(target(serve).url).client() as client:
        client.sendall(
            b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n"
        )
        head, rest = head_of(client)
        assert head.startswith(b"HTTP/1.1 100 ")
        assert rest == b""
        client.sendall(b"body")
        assert exactly(client, len(OK)) == OK


def test_an_early_answer_to_a_long_body_arrives(target: StartTarget, proxy: StartProxy) -> None:
    def serve(connection: socket.socket) -> None:
        head_of(connection)
        connection.sendall(
            b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno"
        )
        connection.shutdown(socket.SHUT_WR)
        everything(connection)

    with proxy(target(serve).url).client() as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50000000\r\n\r\n")
        client.sendall(b"x" * 100_000)
        head, rest = head_of(client)
        assert head.startswith(b"HTTP/1.1 413 Too Large")
        assert rest or client.recv(10) == b"no"


def test_each_piece_of_an_answer_arrives_at_once(target: StartTarget, proxy: StartProxy) -> None:
    may_go_on = threading.Event()

    def serve(connection: socket.socket) -> None:
        head_of(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc")
        assert may_go_on.wait(SECONDS)
        connection.sendall(b"def")

    with proxy(target(serve).url).client() as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        _, rest = head_of(client)
        assert exactly(client, 3, rest) == b"abc"
        may_go_on.set()
        assert exactly(client, 3) == b"def"


def test_long_bodies_pass_in_bounded_memory(target: StartTarget, proxy: StartProxy) -> None:
    size = 50 * 1024 * 1024
    block = b"0123456789abcdef" * 4096

    def serve(connection: socket.socket) -> None:
        _, rest = head_of(connection)
        left, digest = size - len(rest), hashlib.sha256(rest)
        while left:
            piece = connection.recv(min(left, 65536))
            digest.update(piece)
            left -= len(piece)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n" % (size + 64))
        connection.sendall(b"Content-Type: application/json\r\n\r\n")
        connection.sendall(digest.hexdigest().encode())
        for _ in range(size // len(block)):
            connection.sendall(block)

    running = proxy(target(serve).url)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with running.client() as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % size)
        sent = hashlib.sha256()
        for _ in range(size // len(block)):
            client.sendall(block)
            sent.update(block)
        _, rest = head_of(client)
        assert exactly(client, 64, rest[:64]) == sent.hexdigest().encode()
        count = len(rest[64:])
        # The client reads nothing for a while: nothing may pile up in the proxy.
        time.sleep(0.3)
        while count < size:
            count += len(client.recv(65536))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 64 * 1024
    wait_for_exchanges(running, 1)
    exchange = running.exchanges[0]
    assert exchange.request_body.is_too_large
    assert exchange.body.is_too_large
    assert exchange.size == 0


def test_many_clients_are_served_at_a_time(echo: RunningProxy) -> None:
    failures: list[str] = []

    def ask(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", echo.port, timeout=SECONDS)
        for turn in range(5):
            path = f"/{number}/{turn}"
            connection.request("PUT", path, path * number)
            seen = connection.getresponse().read()
            if not seen.startswith(f"PUT {path} ".encode()) or not seen.endswith(
                f"\n--\n{path * number}".encode()
            ):
                failures.append(path)
        connection.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    assert failures == []
    wait_for_exchanges(echo, 200)
    assert sorted(exchange.number for exchange in echo.exchanges) == list(range(1, 201))


@pytest.mark.parametrize(
    "message",
    [
        b"GET http://elsewhere/ HTTP/1.1\r\nHost: elsewhere\r\n\r\n",
        b"CONNECT elsewhere:443 HTTP/1.1\r\nHost: elsewhere\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET /" + b"x" * 300_000,
    ],
)
def test_no_exchange_comes_of_another_message(message: bytes, echo: RunningProxy) -> None:
    seen = echo.raw(message)
    assert re.match(rb"HTTP/1.1 4\d\d ", seen)
    assert b"fake-server watch: " in seen


def test_headers_of_the_connection_end_at_the_proxy(echo: RunningProxy) -> None:
    seen = echo.raw(
        b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nTE: trailers\r\n"
        b"Upgrade: h2c\r\nKeep-Alive: 5\r\nX-Kept: 1\r\n\r\n"
    )
    body = seen.partition(b"\r\n\r\n")[2]
    names = {
        line.partition(b":")[0].lower() for line in body.partition(b"\n--\n")[0].split(b"\r\n")
    }
    assert names == {b"get / http/1.1", b"host", b"x-kept"}
