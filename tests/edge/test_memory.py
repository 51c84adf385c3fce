"""A connection in memory: byte for byte what the server sends on a socket."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from fake_server import FakeServer, Fault
from fake_server.app import MAX_BODY
from fake_server.edge.memory_connection import Conversation
from fake_server.edge.refusals import MAX_HEADER_COUNT, MAX_HEADERS, MAX_TARGET
from tests.edge.wire import Wire, request

TOKEN = b"Authorization: Bearer YOUR_ACCESS_TOKEN"
SLOTS = b"/v2/slots?page[size]=2"


def conversation(server: FakeServer, prepare: Callable[[Any], object] = id) -> Conversation:
    """Return a connection to an application, in memory."""
    return Conversation(server.app, "http", ("127.0.0.1", 80), MAX_BODY, prepare)


def received(talk: Conversation) -> bytes:
    """Return all that the other end sends."""
    return b"".join(iter(lambda: talk.receive(1000, None), b""))


def without_varying(data: bytes) -> bytes:
    """Return an answer without what differs from one to the next."""
    varying = rb"(?im)^(date|x-request-id|x-runtime|x-\w+-ratelimit-remaining): .*\r\n"
    return re.sub(varying, b"", data)


def on_a_socket(server: FakeServer, sent: bytes) -> bytes:
    """Return all that the server sends on a connection that the client half-closes."""
    with Wire(server.url) as wire:
        wire.send(sent)
        wire.send_no_more()
        return wire.rest()


@pytest.fixture(scope="module")
def server() -> Any:
    with FakeServer(dataset="documented") as server:
        yield server


@pytest.mark.parametrize(
    "sent",
    [
        request("GET", SLOTS, TOKEN),
        request("HEAD", SLOTS, TOKEN),
        request("GET", SLOTS),
        request("GET", b"/v2/caf%C3%A9//x%2Fy?a=%00&b", TOKEN),
        request("OPTIONS", b"/v2/slots", TOKEN),
        request("POST", b"/oauth/token", b"Content-Length: 5", body=b"a=%ff"),
        request("POST", b"/oauth/token", b"Content-Length: 5", b"Expect: x", body=b"a=b&c"),
        request(
            "POST",
            b"/oauth/token",
            b"Transfer-Encoding: chunked",
            body=b"2\r\na=\r\n1\r\nb\r\n0\r\n\r\n",
        ),
        request("POST", b"/oauth/token", b"Content-Length: %d" % (MAX_BODY + 1))
        + b"a" * (MAX_BODY + 1),
        request("GET", b"/" + b"a" * MAX_TARGET),
        request("GET", b"/", b"A: " + b"a" * MAX_HEADERS),
        request("GET", b"/", *[b"A: b"] * MAX_HEADER_COUNT),
        request("GET", SLOTS, TOKEN) * 2,
        request("BREW", SLOTS, TOKEN),
        request("get", SLOTS, TOKEN) + request("head", SLOTS, TOKEN),
        request("GET", SLOTS, TOKEN, b"Upgrade: websocket", b"Connection: Upgrade"),
        request(
            "POST",
            b"/oauth/token",
            *(b"Content-Length: 5", b"Upgrade: h2c", b"Connection: Upgrade"),
            body=b"a=%ff",
        ),
        request("POST", b"/oauth/token", b"Transfer-Encoding: chunked")
        + b"0\r\nAuthorization: Basic x\r\n\r\n",
        b"NONSENSE\r\n\r\n",
        b"GET /v2/slots HTTP/1.0\r\n\r\n" + request("GET", SLOTS, TOKEN),
        request("GET", SLOTS, TOKEN, b"Connection: close") * 2,
        request("POST", b"/oauth/token", b"Content-Length: %d" % 2**40),
        request("POST", b"/oauth/token", b"Content-Length: 5", b"Expect: 100-continue"),
        request("GET", b"http://api.intra.42.fr/v2/slots", TOKEN),
        request("GET", b"http://user@a/v2/slots", TOKEN),
        request("CONNECT", b"a:1"),
        b"GET /v2/slots HTTP/1.1\r\n\r\n",
        b"GET /v2/slots HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
        b"GET /v2/slots HTTP/1.1\r\nHost: a b\r\n\r\n",
        b"GET /v2/slots HTTP/2.0\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    ],
    ids=range(31),
)
def test_it_sends_what_the_server_sends(server: FakeServer, sent: bytes) -> None:
    talk = conversation(server)
    for start in range(0, len(sent), 1000):
        talk.send(sent[start : start + 1000])
    assert without_varying(received(talk)) == without_varying(on_a_socket(server, sent))


def test_nothing_is_answered_before_the_request_is_whole(server: FakeServer) -> None:
    talk = conversation(server)
    talk.send(request("POST", b"/oauth/token", b"Content-Length: 3", body=b"a="))
    assert talk.receive(100, 1) == b""
    talk.send(b"b")
    assert talk.receive(100, 1).startswith(b"HTTP/1.1 401")


def test_a_wait_is_told_and_not_spent(server: FakeServer) -> None:
    with server.create_world() as world, world.fail(Fault("*", latency=100)):
        prefix = f"/w/{world.name}".encode()
        for timeout, answered in [(99.0, False), (100.0, True), (None, True)]:
            talk = conversation(server)
            talk.send(request("GET", prefix + SLOTS, TOKEN))
            if answered:
                assert talk.receive(8, timeout) == b"HTTP/1.1"
                assert talk.receive(4, 0.0) == b" 200"
            else:
                with pytest.raises(TimeoutError, match="timed out"):
                    talk.receive(8, timeout)


def test_after_a_closed_answer_nothing_more_is_taken(server: FakeServer) -> None:
    with server.create_world() as world, world.fail(Fault("*", close="mid")):
        talk = conversation(server, lambda environ: environ.update(HTTP_X_FAKE_WORLD=world.name))
        talk.send(request("GET", SLOTS, TOKEN))
        first = received(talk)
        talk.send(request("GET", SLOTS, TOKEN))
        assert received(talk) == b""
        assert first.startswith(b"HTTP/1.1 200")
        assert len(world.requests) == 1
