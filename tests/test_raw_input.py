"""Odd bytes on a connection to the application: answers stay whole, and nothing changes."""

import random
from collections.abc import Iterator
from contextlib import suppress

import pytest

from fake_server import FakeServer
from fake_server.app import MAX_BODY
from fake_server.edge.memory_connection import Conversation
from tests.edge.wire import Connect, MemoryWire, Wire, request

STREAMS = 400
TOKEN = b"Authorization: Bearer YOUR_ACCESS_TOKEN"
CHUNKED = b"Transfer-Encoding: chunked"
LENGTH = b"Content-Length: 8"
UPGRADE = (b"Connection: Upgrade", b"Upgrade: h2c")
CHUNKS = b"4\r\n\r\n\r\n\r\n4;a=b\r\nabcd\r\n0\r\nTrailer: a\r\n\r\n"
PATHS = (b"/v2/campus", b"/open_api/v1/availabilities", b"/v1/calendars")
OWN_WORDS = {"application/json", "application/problem+json"}

MESSAGES = (
    *(request(method, path, TOKEN) for path in PATHS for method in ("GET", "get", "BREW")),
    request("POST", b"/oauth/token", LENGTH, body=b"ab\r\n\r\ncd"),
    request("BREW", b"/v1/calendars/32", TOKEN, CHUNKED, body=CHUNKS),
    request("POST", b"/v1/calendars", TOKEN, CHUNKED, *UPGRADE, body=CHUNKS),
    request("Post", b"/v1/calendars", TOKEN, LENGTH, *UPGRADE, body=b"ab\r\n\r\ncd"),
    b"\r\n" + request("PRI", b"*", *UPGRADE),
    request("OPTIONS", b"*"),
    request("GET", b"http://x/v2/campus?a=%zz", TOKEN, b"Expect: 100-continue"),
)
INSERTED = (
    *(b"\r", b"\n", b"\r\n", b"\r\n\r\n", b"\0", b" ", b"\t", b":", b";", b"\xff", b"-1"),
    *(b"Host: b\r\n", b"Content-Length: 5\r\n", CHUNKED + b"\r\n", b"Connection: close\r\n"),
    *(b"HTTP/1.0", b"0\r\n\r\n", b"f" * 16, b"a" * 70000, b"\r\n".join(UPGRADE) + b"\r\n"),
)


@pytest.fixture(scope="module")
def server() -> Iterator[FakeServer]:
    with FakeServer(dataset="documented") as server:
        yield server


@pytest.fixture(params=["by socket", "in memory"])
def connect(request: pytest.FixtureRequest, server: FakeServer) -> Connect:
    """Open connections of either kind to one application."""
    if request.param == "by socket":
        return lambda: Wire(server.url)
    ends = ("127.0.0.1", 80)
    return lambda: MemoryWire(Conversation(server.app, "http", ends, MAX_BODY, id))


def _damaged(message: bytes, chance: random.Random) -> bytes:
    first, second = sorted(chance.choices(range(len(message)), k=2))
    return chance.choice(
        [
            message[:first] + chance.choice(INSERTED) + message[first:],
            message[:first] + bytes([chance.randrange(256)]) + message[first + 1 :],
            message[:first] + message[second:],
            message[:first] + message,
        ]
    )


def _packets(chance: random.Random) -> Iterator[bytes]:
    messages = chance.choices(MESSAGES, k=chance.randint(1, 5))
    for _ in range(chance.randint(0, 2)):
        index = chance.randrange(len(messages))
        messages[index] = _damaged(messages[index], chance)
    stream = b"".join(messages)
    cuts = sorted(chance.choices(range(len(stream)), k=chance.randint(0, 4)))
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        yield stream[start:end]


def _check_answers(wire: Wire, what: object) -> int:
    answers = 0
    while wire.more_comes():
        try:
            reply = wire.reply()
        except ConnectionResetError:
            break
        assert reply.status < 500, what
        assert b"<html" not in reply.body.lower(), what
        if reply.status == 100:
            continue
        kind = reply.headers["content-type"].partition(";")[0]
        assert kind in OWN_WORDS or (kind, reply.status // 100) == ("text/plain", 4), what
        answers += 1
    return answers


def test_damaged_requests_get_whole_answers_and_change_nothing(
    server: FakeServer, connect: Connect, capfd: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(8042)
    version, answers = server.world.version, 0
    for number in range(STREAMS):
        with connect() as wire:
            packets = list(_packets(chance))
            # A message with `Connection: close` may have ended the connection meanwhile.
            with suppress(OSError):
                for packet in packets:
                    wire.send(packet)
                wire.send_no_more()
            answers += _check_answers(wire, (number, packets))
        assert server.world.version == version, (number, packets)
    assert answers > STREAMS
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("path", [*PATHS, b"/v2/nonesuch", b"/oauth/token", b"/v1/calendars/32"])
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "get"])
def test_a_body_over_the_limit_gets_the_apis_own_413(
    connect: Connect, method: str, path: bytes
) -> None:
    with connect() as wire:
        for size in (MAX_BODY, MAX_BODY + 1):
            length = b"Content-Length: %d" % size
            wire.send(request(method, path, TOKEN, length, body=b"a" * size))
            reply = wire.reply()
            assert reply.headers["content-type"].startswith("application/json")
            assert (reply.status == 413) == (size > MAX_BODY), reply
        wire.send(request("GET", b"/_fake/health"))
        assert wire.reply().status == 200
