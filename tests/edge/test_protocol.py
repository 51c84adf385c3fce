"""The server on the wire: odd but well-formed messages, and what it refuses."""

import time

import pytest

from fake_server.edge.parser import MAX_METHOD
from tests.edge.echoes import CHUNKED, echoed, expect_refused
from tests.edge.wire import Connect, request


def test_a_connection_is_kept(connect: Connect) -> None:
    wire = connect()
    for number in range(3):
        assert echoed(wire.ask("GET", f"/{number}"))["path"] == f"/{number}"


def test_head_has_the_headers_of_get_and_no_body(connect: Connect) -> None:
    wire = connect()
    length = wire.ask("HEAD", "/").headers["content-length"]
    assert int(length) > 0
    assert echoed(wire.ask("GET", "/after"))["path"] == "/after"


def test_pipelined_requests_are_answered_in_order(connect: Connect) -> None:
    wire = connect()
    wire.send(b"".join(request("GET", b"/%d" % number) for number in range(20)))
    assert [echoed(wire.reply())["path"] for _ in range(20)] == [f"/{n}" for n in range(20)]


def test_http_1_0_is_answered_without_a_host_and_closed(connect: Connect) -> None:
    wire = connect()
    wire.send(b"GET /old HTTP/1.0\r\n\r\n")
    assert echoed(wire.reply())["path"] == "/old"
    assert wire.at_end()


def test_connection_close_is_heeded(connect: Connect) -> None:
    wire = connect()
    assert echoed(wire.ask("GET", "/", "Connection: close"))
    assert wire.at_end()


def test_a_client_that_sends_no_more_still_gets_its_answers(connect: Connect) -> None:
    wire = connect()
    wire.send(request("GET", b"/1") + request("GET", b"/2"))
    wire.send_no_more()
    assert [echoed(wire.reply())["path"] for _ in range(2)] == ["/1", "/2"]
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
    seen = echoed(wire.reply())
    assert (seen["path"], seen["query"]) == (path, query)


def test_an_absolute_target_names_the_host(connect: Connect) -> None:
    wire = connect()
    wire.send(request("GET", b"http://other.test:81/x"))
    assert echoed(wire.reply())["host"] == "other.test:81"


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
    assert echoed(connect().ask("GET", "/next"))["seen"] == ["/next"]
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
    assert echoed(connect().ask("GET", "/next"))["seen"] == ["/next"]


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
        seen = echoed(wire.ask(method, "/x?y=1", body=body))
        assert (seen["method"], seen["path"], seen["size"]) == (method, "/x", len(body))
        assert echoed(wire.ask("GET", "/after"))["method"] == "GET"


def test_any_method_reaches_the_application_behind_other_requests(connect: Connect) -> None:
    wire = connect()
    bodies: tuple[tuple[list[bytes], bytes], ...] = (
        ([b"Content-Length: 4"], b"\r\n\r\n"),
        ([CHUNKED], b"1\r\na\r\n0\r\n\r\n"),
        ([], b""),
    )
    for headers, body in bodies:
        wire.send(b"".join(request(method, b"/x", *headers, body=body) for method in METHODS))
        assert [echoed(wire.reply())["method"] for _ in METHODS] == list(METHODS)


def test_head_in_small_letters_is_another_method(connect: Connect) -> None:
    wire = connect()
    wire.send(request("head", b"/1") + request("HEAD", b"/2") + request("GET", b"/3"))
    assert echoed(wire.reply())["method"] == "head"
    assert wire.reply(head=True).status == 200
    assert echoed(wire.reply())["path"] == "/3"


def test_a_method_may_come_in_pieces(connect: Connect) -> None:
    wire = connect()
    for method in ("FOO", "GET", "get", "DELETE"):
        wire.send(b"\r\n")
        for byte in request(method, b"/x"):
            wire.send(bytes([byte]))
            time.sleep(0.001)
        assert echoed(wire.reply())["method"] == method


def test_an_upgrade_by_any_method_is_ignored(connect: Connect) -> None:
    wire = connect()
    upgrade = ("Connection: Upgrade", "Upgrade: h2c")
    for _ in range(2):
        seen = echoed(wire.ask("FOO", "/1", *upgrade, body=b"abc"))
        assert (seen["method"], seen["size"]) == ("FOO", 3)
        assert echoed(wire.ask("GET", "/2"))["method"] == "GET"


def test_a_message_before_a_refused_one_is_answered_first(connect: Connect) -> None:
    wire = connect()
    wire.send(request("GET", b"/1") + request("GET", b"/2") + b"GARBAGE\r\n\r\n")
    assert [echoed(wire.reply())["path"] for _ in range(2)] == ["/1", "/2"]
    expect_refused(wire.reply(), 400)
    assert wire.at_end()


def test_a_broken_body_after_a_pipelined_request_changes_nothing(connect: Connect) -> None:
    wire = connect()
    wire.send(request("GET", b"/1") + request("POST", b"/2", CHUNKED, body=b"zz\r\n"))
    assert echoed(wire.reply())["path"] == "/1"
    expect_refused(wire.reply(), 400)
    assert echoed(connect().ask("GET", "/3"))["seen"] == ["/1", "/3"]


def test_a_chunked_body_is_read_and_its_trailer_is_no_header(connect: Connect) -> None:
    wire = connect()
    body = b"3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\nX-Trailer: evil\r\n\r\n"
    wire.send(request("POST", b"/", CHUNKED, body=body))
    seen = echoed(wire.reply())
    assert (seen["size"], seen["trailer"]) == (5, None)
    assert echoed(wire.ask("GET", "/after"))["path"] == "/after"


def test_a_trailer_that_closes_the_connection_is_heeded(connect: Connect) -> None:
    wire = connect()
    body = b"0\r\nConnection: close\r\n\r\n"
    wire.send(request("POST", b"/1", CHUNKED, body=body) + request("GET", b"/2"))
    assert echoed(wire.reply())["path"] == "/1"
    assert wire.at_end()


@pytest.mark.parametrize("space", [b" ", b"\t", b" \t "])
def test_space_around_a_value_is_no_part_of_it(connect: Connect, space: bytes) -> None:
    wire = connect()
    wire.send(b"GET / HTTP/1.1\r\nHost:%sa%s\r\nX-Fake-World:%sb c%s\r\n\r\n" % ((space,) * 4))
    seen = echoed(wire.reply())
    assert (seen["host"], seen["world"]) == ("a", "b c")


@pytest.mark.parametrize(
    "host",
    [b"", b"a.", b"a_b:", b"a:80", b"127.0.0.1", b"[::1]:80", b"a~b", b"a%20b", b"!$&'()*+,;="],
)
def test_every_well_formed_host_is_taken(connect: Connect, host: bytes) -> None:
    wire = connect()
    wire.send(b"GET /x HTTP/1.1\r\nHost: " + host + b"\r\n\r\n")
    assert echoed(wire.reply())["path"] == "/x"


@pytest.mark.parametrize("protocol", ["websocket", "h2c"])
def test_an_upgrade_is_ignored(
    connect: Connect, protocol: str, capfd: pytest.CaptureFixture[str]
) -> None:
    wire = connect()
    upgrade = ("Connection: Upgrade", f"Upgrade: {protocol}")
    assert echoed(wire.ask("GET", "/1", *upgrade))["path"] == "/1"
    assert echoed(wire.ask("POST", "/2", *upgrade, body=b"abc"))["size"] == 3
    raw = [line.encode() for line in upgrade]
    chunks = b"2\r\nab\r\n0\r\n\r\n"
    wire.send(request("POST", b"/3", CHUNKED, *raw, body=chunks) + request("GET", b"/4"))
    assert echoed(wire.reply())["size"] == 2
    assert echoed(wire.reply())["path"] == "/4"
    assert capfd.readouterr().err == ""


def test_a_header_spelled_with_an_underscore_does_not_pass_for_another(connect: Connect) -> None:
    assert echoed(connect().ask("GET", "/", "X_Fake_World: other"))["world"] is None
