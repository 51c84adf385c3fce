"""The server on the wire: targets, headers and bodies up to the limits and beyond."""

import asyncio
import time

import pytest

from fake_server.edge.protocol import MAX_AHEAD, HttpProtocol, Service
from fake_server.edge.refusals import MAX_DRAIN, MAX_HEADER_COUNT, MAX_HEADERS, MAX_TARGET
from tests.edge.echoes import CHUNKED, echoed, expect_refused
from tests.edge.wire import Connect, request
from tests.support.echo import LIMIT, echo_app


def test_a_body_that_ends_early_changes_nothing(
    connect: Connect, capfd: pytest.CaptureFixture[str]
) -> None:
    wire = connect()
    wire.send(request("POST", b"/cut", b"Content-Length: 100", body=b"half"))
    time.sleep(0.05)
    wire.close()
    assert echoed(connect().ask("GET", "/next"))["seen"] == ["/next"]
    assert capfd.readouterr().err == ""


def test_targets_up_to_the_limit_are_served(connect: Connect) -> None:
    target = b"/" + b"a" * (MAX_TARGET - 1)
    wire = connect()
    wire.send(request("GET", target))
    assert echoed(wire.reply())["path"] == target.decode()
    wire.send(request("GET", target + b"a"))
    expect_refused(wire.reply(), 414)


def test_headers_up_to_the_limit_are_served(connect: Connect) -> None:
    wire = connect()
    wire.send(request("GET", b"/", b"A: " + b"a" * (MAX_HEADERS - 100)))
    assert echoed(wire.reply())
    wire.send(request("GET", b"/", b"A: " + b"a" * MAX_HEADERS))
    expect_refused(wire.reply(), 431)


def test_as_many_headers_as_the_limit_are_served(connect: Connect) -> None:
    wire = connect()
    wire.send(request("GET", b"/", *[b"A: b"] * (MAX_HEADER_COUNT - 1)))
    assert echoed(wire.reply())
    wire.send(request("GET", b"/", *[b"A: b"] * MAX_HEADER_COUNT))
    expect_refused(wire.reply(), 431)


@pytest.mark.parametrize(
    "start",
    [
        b"GET / HTTP/1.1\r\nHost: a\r\nA: ",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nA: ",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;",
    ],
)
def test_a_head_or_trailer_without_end_is_refused(connect: Connect, start: bytes) -> None:
    wire = connect()
    wire.send(start)
    for _ in range(64):
        wire.send(b"a" * 64 * 1024)
    expect_refused(wire.reply(), 431)
    assert echoed(connect().ask("GET", "/next"))["seen"] == ["/next"]


def test_expect_100_continue_is_answered_before_the_body(connect: Connect) -> None:
    wire = connect()
    wire.send(request("POST", b"/", b"Content-Length: 4", b"Expect: 100-continue"))
    assert wire.reply().status == 100
    wire.send(b"body")
    assert echoed(wire.reply())["size"] == 4


def test_no_100_continue_follows_a_body_that_came_with_its_head(connect: Connect) -> None:
    wire = connect()
    expect = (b"Content-Length: 4", b"Expect: 100-continue")
    wire.send(request("POST", b"/", *expect, body=b"body") + request("GET", b"/after", expect[1]))
    assert echoed(wire.reply())["size"] == 4
    assert echoed(wire.reply())["path"] == "/after"


@pytest.mark.parametrize("at_once", [True, False])
def test_a_broken_chunk_behind_expect_100_continue_gets_one_400(
    connect: Connect, at_once: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    wire = connect()
    head = request("POST", b"/", CHUNKED, b"Expect: 100-continue")
    if at_once:
        wire.send(head + b"zz\r\n")
    else:
        wire.send(head)
        assert wire.reply().status == 100
        wire.send(b"zz\r\n")
    expect_refused(wire.reply(), 400)
    assert wire.at_end()
    assert capfd.readouterr().err == ""


def test_a_body_too_large_is_refused_before_it_is_sent(connect: Connect) -> None:
    wire = connect()
    length = b"Content-Length: %d" % (LIMIT + 1)
    wire.send(request("POST", b"/", length, b"Expect: 100-continue"))
    reply = wire.reply()
    assert (reply.status, reply.headers["connection"]) == (413, "close")
    assert wire.at_end()


def test_http_1_0_knows_no_100_continue(connect: Connect) -> None:
    head = b"POST /%d HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n"
    wire = connect()
    wire.send(head % (1, 4))
    time.sleep(0.05)
    wire.send(b"body")
    assert echoed(wire.reply())["size"] == 4
    wire = connect()
    wire.send(head % (2, LIMIT + 1))
    wire.send(b"a" * (LIMIT + 1))
    assert wire.reply().status == 413
    assert wire.at_end()


def test_a_body_that_is_to_be_huge_is_refused_before_it_is_sent(connect: Connect) -> None:
    wire = connect()
    wire.send(request("POST", b"/", b"Content-Length: %d" % 2**63))
    reply = wire.reply()
    assert (reply.status, reply.headers["connection"]) == (413, "close")
    assert wire.at_end()


def test_a_client_that_does_not_read_while_it_sends_sees_why_its_body_is_refused(
    connect: Connect,
) -> None:
    for headers in ([b"Content-Length: %d" % (MAX_DRAIN + 1)], [CHUNKED]):
        wire = connect()
        wire.send(request("POST", b"/", *headers))
        for _ in range(80):
            wire.send(b"100000\r\n" + b"a" * 0x100000 + b"\r\n")
        assert wire.reply().status == 413
        assert wire.at_end()


def test_a_body_up_to_the_limit_is_read(connect: Connect) -> None:
    wire = connect()
    assert echoed(wire.ask("POST", "/", body=b"a" * LIMIT))["size"] == LIMIT
    assert wire.ask("POST", "/", body=b"a" * (LIMIT + 1)).status == 413
    assert echoed(wire.ask("GET", "/after"))["path"] == "/after"


def test_a_chunked_body_too_large_is_read_to_its_end_and_refused(connect: Connect) -> None:
    wire = connect()
    wire.send(request("POST", b"/", CHUNKED))
    for _ in range(40):
        wire.send(b"10000\r\n" + b"a" * 0x10000 + b"\r\n")
    wire.send(b"0\r\n\r\n")
    assert wire.reply().status == 413
    assert echoed(wire.ask("GET", "/after"))["path"] == "/after"


class _Transport(asyncio.Transport):
    """A transport to a client that reads nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.reads = True
        self.written = b""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += data

    def get_write_buffer_size(self) -> int:
        return len(self.written)

    def is_closing(self) -> bool:
        return False

    def pause_reading(self) -> None:
        self.reads = False

    def resume_reading(self) -> None:
        self.reads = True


def test_reading_stops_while_many_requests_wait_and_goes_on_behind_them() -> None:
    get = request("GET", b"/", b"X-Padding: " + b"a" * 1000)
    count = 2 * MAX_AHEAD // len(get)

    async def converse() -> None:
        transport = _Transport()
        protocol = HttpProtocol(Service(echo_app(), LIMIT))
        protocol.connection_made(transport)
        protocol.pause_writing()
        protocol.data_received(get * count)
        assert (transport.reads, transport.written) == (False, b"")

        protocol.resume_writing()
        while transport.written.count(b"HTTP/1.1 200") < count:
            await asyncio.sleep(0)
        assert transport.reads
        protocol.connection_lost(None)

    asyncio.run(asyncio.wait_for(converse(), 60))


class _LostTransport(_Transport):
    def get_write_buffer_size(self) -> int:
        raise AttributeError("'NoneType' object has no attribute 'get_write_buffer_size'")


def test_a_connection_that_asyncio_has_lost_is_not_busy() -> None:
    async def converse() -> bool:
        protocol = HttpProtocol(Service(echo_app(), LIMIT))
        protocol.connection_made(_LostTransport())
        return protocol.busy

    assert asyncio.run(converse()) is False
