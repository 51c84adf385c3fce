"""The server on the wire: odd but well-formed messages, limits, and what it refuses."""

import asyncio
import json
import time

import pytest

from fake_server.edge.parser import MAX_METHOD
from fake_server.edge.protocol import MAX_AHEAD, HttpProtocol, Service
from fake_server.edge.refusals import MAX_DRAIN, MAX_HEADER_COUNT, MAX_HEADERS, MAX_TARGET
from tests.edge.wire import Connect, Reply, request
from tests.support.echo import LIMIT, echo_app

CHUNKED = b"Transfer-Encoding: chunked"


def told(reply: Reply) -> dict[str, object]:
    """Return the request that the application received, from its answer."""
    assert reply.status == 200, reply
    seen: dict[str, object] = json.loads(reply.body)
    return seen


def expect_refused(reply: Reply, status: int) -> None:
    """Assert that an answer is a plain refusal that ends the connection."""
    assert reply.status == status
    assert reply.headers["content-type"].startswith("text/plain")
    assert reply.headers["connection"] == "close"
    assert b"<" not in reply.body


def test_a_connection_is_kept(connect: Connect) -> None:
    wire = connect()
    for number in range(3):
        assert told(wire.ask("GET", f"/{number}"))["path"] == f"/{number}"


def test_head_has_the_headers_of_get_and_no_body(connect: Connect) -> None:
    wire = connect()
    length = wire.ask("HEAD", "/").headers["content-length"]
    assert int(length) > 0
    assert told(wire.ask("GET", "/after"))["path"] == "/after"


def test_pipelined_requests_are_answered_in_order(connect: Connect) -> None:
    wire = connect()
    wire.send(b"".join(request("GET", b"/%d" % number) for number in range(20)))
    assert [told(wire.reply())["path"] for _ in range(20)] == [f"/{n}" for n in range(20)]


def test_http_1_0_is_answered_without_a_host_and_closed(connect: Connect) -> None:
    wire = connect()
    wire.send(b"GET /old HTTP/1.0\r\n\r\n")
    assert told(wire.reply())["path"] == "/old"
    assert wire.at_end()


def test_connection_close_is_heeded(connect: Connect) -> None:
    wire = connect()
    assert told(wire.ask("GET", "/", "Connection: close"))
    assert wire.at_end()


def test_a_client_that_sends_no_more_still_gets_its_answers(connect: Connect) -> None:
    wire = connect()
    wire.send(request("GET", b"/1") + request("GET", b"/2"))
    wire.send_no_more()
    assert [told(wire.reply())["path"] for _ in range(2)] == ["/1", "/2"]
    assert wire.at_end()


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [
        (b"//v2//slots?a=1", "//v2//slots", "a=1"),
        (b"/a?b?c#d", "/a", "b?c"),
        (b"/%00", "/\x00", ""),
        (b"/%FF%C3%A9", "/\xff\xc3\xa9", ""),
        (b"/%zz%", "/%zz%", ""),
        (b'/"<>{}|\\^`', '/"<>{}|\\^`', ""),
        (b"/?%zz&%FF=%00", "/", "%zz&%FF=%00"),
        (b"http://other.test:81/x?y=1", "/x", "y=1"),
        (b"http://other.test", "/", ""),
        (b"http://other.test?y=1", "/", "y=1"),
        (b"*", "*", ""),
        (b"/\xc3\xa9?a=\xc3\x89&b=\xff", "/\xc3\xa9", "a=%C3%89&b=%FF"),
    ],
)
def test_every_target_reaches_the_application_as_it_is(
    connect: Connect, target: bytes, path: str, query: str
) -> None:
    wire = connect()
    wire.send(request("OPTIONS", target))
    seen = told(wire.reply())
    assert (seen["path"], seen["query"]) == (path, query)


def test_an_absolute_target_names_the_host(connect: Connect) -> None:
    wire = connect()
    wire.send(request("GET", b"http://other.test:81/x"))
    assert told(wire.reply())["host"] == "other.test:81"


@pytest.mark.parametrize(
    "message",
    [
        b"(get) / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"\xc3\xa9 / HTTP/1.1\r\nHost: a\r\n\r\n",
        b" / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"F:O / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"FOO\r\nHost: a\r\n\r\n",
        b"F" * (MAX_METHOD + 1) + b" / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\xc3\xa9\r\nHost: a\r\n\r\n",
        b"G\xc3\xa9T / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET foo HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/0.9\r\nHost: a\r\n\r\n",
        b"GET / HTTP/2.0\r\nHost: a\r\n\r\n",
        b"GET / HTTP/3.7\r\nHost: a\r\n\r\n",
        b"GET /\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a%zz\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a@b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: " + b"a" * 60000 + b"<\r\n\r\n",
        b'GET / HTTP/1.1\r\nHost: "><script>\r\n\r\n',
        b"GET / HTTP/1.1\r\nHost: [::\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nA: b\x00\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nA : b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n folded\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1x\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET / RTSP/1.0\r\n\r\n",
        b"GET / RTSP/1.1\r\nHost: a\r\n\r\n",
        b"SOURCE / ICE/1.0\r\nHost: a\r\n\r\n",
        b"GET http://a/ HTTP/1.1\r\n\r\n",
        b"GET http://a/ HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET http://a/ HTTP/1.1\r\nHost: b c\r\n\r\n",
        b"GET http://a@b/ HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET http://a%zz/ HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET http://[:: HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\nab",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\nab",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_what_cannot_be_parsed_gets_a_plain_400(
    connect: Connect, message: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    wire = connect()
    wire.send(message)
    expect_refused(wire.reply(), 400)
    assert wire.at_end()
    assert told(connect().ask("GET", "/next"))["seen"] == ["/next"]
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("cut", range(1, 20))
def test_another_protocol_is_refused_wherever_its_name_is_cut(connect: Connect, cut: int) -> None:
    message = b"GET /v1 RTSP/1.0\r\nHost: a\r\n\r\n"
    wire = connect()
    wire.send(message[:cut])
    time.sleep(0.01)
    wire.send(message[cut:])
    expect_refused(wire.reply(), 400)


@pytest.mark.parametrize(
    ("codings", "status"),
    [
        ([b"gzip, chunked"], 501),
        ([b"gzip", b"chunked"], 501),
        ([b"identity,chunked"], 501),
        ([b"chunked, chunked"], 400),
        ([b"chunked", b"chunked"], 400),
    ],
)
def test_a_transfer_coding_that_nobody_undoes_is_refused(
    connect: Connect, codings: list[bytes], status: int
) -> None:
    wire = connect()
    fields = [b"Transfer-Encoding: " + coding for coding in codings]
    wire.send(request("POST", b"/", *fields, body=b"1\r\na\r\n0\r\n\r\n"))
    expect_refused(wire.reply(), status)
    assert told(connect().ask("GET", "/next"))["seen"] == ["/next"]


def test_a_refusal_says_why(connect: Connect) -> None:
    wire = connect()
    wire.send(b"GET /?\x01 HTTP/1.1\r\nHost: a\r\n\r\n")
    reply = wire.reply()
    expect_refused(reply, 400)
    assert b"url query" in reply.body


METHODS = ("FOO", "GETS", "GE", "M-SEARCH", "PLAY", "QUERY", "get", "Post", "1", "!#$%&'*+-.^_`|~")


@pytest.mark.parametrize("method", [*METHODS, "F" * MAX_METHOD])
def test_any_method_reaches_the_application(connect: Connect, method: str) -> None:
    wire = connect()
    for body in (b"", b"abc"):
        seen = told(wire.ask(method, "/x?y=1", body=body))
        assert (seen["method"], seen["path"], seen["size"]) == (method, "/x", len(body))
        assert told(wire.ask("GET", "/after"))["method"] == "GET"


def test_any_method_reaches_the_application_behind_other_requests(connect: Connect) -> None:
    wire = connect()
    bodies: tuple[tuple[list[bytes], bytes], ...] = (
        ([b"Content-Length: 4"], b"\r\n\r\n"),
        ([CHUNKED], b"1\r\na\r\n0\r\n\r\n"),
        ([], b""),
    )
    for headers, body in bodies:
        wire.send(b"".join(request(method, b"/x", *headers, body=body) for method in METHODS))
        assert [told(wire.reply())["method"] for _ in METHODS] == list(METHODS)


def test_head_in_small_letters_is_another_method(connect: Connect) -> None:
    wire = connect()
    wire.send(request("head", b"/1") + request("HEAD", b"/2") + request("GET", b"/3"))
    assert told(wire.reply())["method"] == "head"
    assert wire.reply(head=True).status == 200
    assert told(wire.reply())["path"] == "/3"


def test_a_method_may_come_in_pieces(connect: Connect) -> None:
    wire = connect()
    for method in ("FOO", "GET", "get", "DELETE"):
        wire.send(b"\r\n")
        for byte in request(method, b"/x"):
            wire.send(bytes([byte]))
            time.sleep(0.001)
        assert told(wire.reply())["method"] == method


def test_an_upgrade_by_any_method_is_ignored(connect: Connect) -> None:
    wire = connect()
    upgrade = ("Connection: Upgrade", "Upgrade: h2c")
    for _ in range(2):
        seen = told(wire.ask("FOO", "/1", *upgrade, body=b"abc"))
        assert (seen["method"], seen["size"]) == ("FOO", 3)
        assert told(wire.ask("GET", "/2"))["method"] == "GET"


def test_a_message_before_a_refused_one_is_answered_first(connect: Connect) -> None:
    wire = connect()
    wire.send(request("GET", b"/1") + request("GET", b"/2") + b"GARBAGE\r\n\r\n")
    assert [told(wire.reply())["path"] for _ in range(2)] == ["/1", "/2"]
    expect_refused(wire.reply(), 400)
    assert wire.at_end()


def test_a_broken_body_after_a_pipelined_request_changes_nothing(connect: Connect) -> None:
    wire = connect()
    wire.send(request("GET", b"/1") + request("POST", b"/2", CHUNKED, body=b"zz\r\n"))
    assert told(wire.reply())["path"] == "/1"
    expect_refused(wire.reply(), 400)
    assert told(connect().ask("GET", "/3"))["seen"] == ["/1", "/3"]


def test_a_body_that_ends_early_changes_nothing(
    connect: Connect, capfd: pytest.CaptureFixture[str]
) -> None:
    wire = connect()
    wire.send(request("POST", b"/cut", b"Content-Length: 100", body=b"half"))
    time.sleep(0.05)
    wire.close()
    assert told(connect().ask("GET", "/next"))["seen"] == ["/next"]
    assert capfd.readouterr().err == ""


def test_targets_up_to_the_limit_are_served(connect: Connect) -> None:
    target = b"/" + b"a" * (MAX_TARGET - 1)
    wire = connect()
    wire.send(request("GET", target))
    assert told(wire.reply())["path"] == target.decode()
    wire.send(request("GET", target + b"a"))
    expect_refused(wire.reply(), 414)


def test_headers_up_to_the_limit_are_served(connect: Connect) -> None:
    wire = connect()
    wire.send(request("GET", b"/", b"A: " + b"a" * (MAX_HEADERS - 100)))
    assert told(wire.reply())
    wire.send(request("GET", b"/", b"A: " + b"a" * MAX_HEADERS))
    expect_refused(wire.reply(), 431)


def test_as_many_headers_as_the_limit_are_served(connect: Connect) -> None:
    wire = connect()
    wire.send(request("GET", b"/", *[b"A: b"] * (MAX_HEADER_COUNT - 1)))
    assert told(wire.reply())
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
    assert told(connect().ask("GET", "/next"))["seen"] == ["/next"]


def test_a_chunked_body_is_read_and_its_trailer_is_no_header(connect: Connect) -> None:
    wire = connect()
    body = b"3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\nX-Trailer: evil\r\n\r\n"
    wire.send(request("POST", b"/", CHUNKED, body=body))
    seen = told(wire.reply())
    assert (seen["size"], seen["trailer"]) == (5, None)
    assert told(wire.ask("GET", "/after"))["path"] == "/after"


def test_a_trailer_that_closes_the_connection_is_heeded(connect: Connect) -> None:
    wire = connect()
    body = b"0\r\nConnection: close\r\n\r\n"
    wire.send(request("POST", b"/1", CHUNKED, body=body) + request("GET", b"/2"))
    assert told(wire.reply())["path"] == "/1"
    assert wire.at_end()


@pytest.mark.parametrize("space", [b" ", b"\t", b" \t "])
def test_space_around_a_value_is_no_part_of_it(connect: Connect, space: bytes) -> None:
    wire = connect()
    wire.send(b"GET / HTTP/1.1\r\nHost:%sa%s\r\nX-Fake-World:%sb c%s\r\n\r\n" % ((space,) * 4))
    seen = told(wire.reply())
    assert (seen["host"], seen["world"]) == ("a", "b c")


@pytest.mark.parametrize(
    "host",
    [b"", b"a.", b"a_b:", b"a:80", b"127.0.0.1", b"[::1]:80", b"a~b", b"a%20b", b"!$&'()*+,;="],
)
def test_every_well_formed_host_is_taken(connect: Connect, host: bytes) -> None:
    wire = connect()
    wire.send(b"GET /x HTTP/1.1\r\nHost: " + host + b"\r\n\r\n")
    assert told(wire.reply())["path"] == "/x"


def test_expect_100_continue_is_answered_before_the_body(connect: Connect) -> None:
    wire = connect()
    wire.send(request("POST", b"/", b"Content-Length: 4", b"Expect: 100-continue"))
    assert wire.reply().status == 100
    wire.send(b"body")
    assert told(wire.reply())["size"] == 4


def test_no_100_continue_follows_a_body_that_came_with_its_head(connect: Connect) -> None:
    wire = connect()
    expect = (b"Content-Length: 4", b"Expect: 100-continue")
    wire.send(request("POST", b"/", *expect, body=b"body") + request("GET", b"/after", expect[1]))
    assert told(wire.reply())["size"] == 4
    assert told(wire.reply())["path"] == "/after"


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
    assert told(wire.reply())["size"] == 4
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
    assert told(wire.ask("POST", "/", body=b"a" * LIMIT))["size"] == LIMIT
    assert wire.ask("POST", "/", body=b"a" * (LIMIT + 1)).status == 413
    assert told(wire.ask("GET", "/after"))["path"] == "/after"


def test_a_chunked_body_too_large_is_read_to_its_end_and_refused(connect: Connect) -> None:
    wire = connect()
    wire.send(request("POST", b"/", CHUNKED))
    for _ in range(40):
        wire.send(b"10000\r\n" + b"a" * 0x10000 + b"\r\n")
    wire.send(b"0\r\n\r\n")
    assert wire.reply().status == 413
    assert told(wire.ask("GET", "/after"))["path"] == "/after"


@pytest.mark.parametrize("protocol", ["websocket", "h2c"])
def test_an_upgrade_is_ignored(
    connect: Connect, protocol: str, capfd: pytest.CaptureFixture[str]
) -> None:
    wire = connect()
    upgrade = ("Connection: Upgrade", f"Upgrade: {protocol}")
    assert told(wire.ask("GET", "/1", *upgrade))["path"] == "/1"
    assert told(wire.ask("POST", "/2", *upgrade, body=b"abc"))["size"] == 3
    raw = [line.encode() for line in upgrade]
    chunks = b"2\r\nab\r\n0\r\n\r\n"
    wire.send(request("POST", b"/3", CHUNKED, *raw, body=chunks) + request("GET", b"/4"))
    assert told(wire.reply())["size"] == 2
    assert told(wire.reply())["path"] == "/4"
    assert capfd.readouterr().err == ""


def test_a_header_spelled_with_an_underscore_does_not_pass_for_another(connect: Connect) -> None:
    assert told(connect().ask("GET", "/", "X_Fake_World: other"))["world"] is None


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
