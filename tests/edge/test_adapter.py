"""The WSGI side of the adapter, as PEP 3333 has it."""

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from fake_server.edge.adapter import Endpoints, WsgiAnswer, decide, environ_of
from fake_server.edge.http_messages import Request, RequestBody

REQUEST = Request(
    method="POST",
    path=b"/a%20b/%FF",
    query=b"x=%FF",
    version="1.1",
    headers=[
        (b"content-type", b"text/plain"),
        (b"accept", b"a"),
        (b"accept", b"b"),
        (b"cookie", b"c=1"),
        (b"cookie", b"d=2"),
        (b"transfer-encoding", b"chunked"),
        (b"content_length", b"7"),
    ],
    body=RequestBody(b"body", 4),
)


def test_the_environ_is_that_of_the_request() -> None:
    environ = environ_of(REQUEST, Endpoints(server=("::1", 8042)))
    assert environ["PATH_INFO"] == "/a b/\xff"
    assert environ["QUERY_STRING"] == "x=%FF"
    assert (environ["SERVER_NAME"], environ["SERVER_PORT"]) == ("::1", "8042")
    assert (environ["CONTENT_TYPE"], environ["CONTENT_LENGTH"]) == ("text/plain", "4")
    assert (environ["HTTP_ACCEPT"], environ["HTTP_COOKIE"]) == ("a,b", "c=1; d=2")
    assert environ["wsgi.input"].read() == b"body"
    assert "HTTP_TRANSFER_ENCODING" not in environ


class Chunks:
    """An iterable that notes whether it was closed, and may fail on the way."""

    def __init__(self, *chunks: bytes, fails: bool = False) -> None:
        self._chunks = chunks
        self._fails = fails
        self.closed = False

    def __iter__(self) -> Iterator[bytes]:
        yield from self._chunks
        if self._fails:
            raise ValueError("on the way")

    def close(self) -> None:
        """Note it."""
        self.closed = True


def test_the_iterable_is_closed_and_a_length_added() -> None:
    chunks = Chunks(b"a", b"b")

    def app(environ: Any, start_response: Any) -> Chunks:
        start_response("200 OK", [("X-A", "1")])
        return chunks

    assert decide(app, {}) == WsgiAnswer(200, [(b"x-a", b"1"), (b"content-length", b"2")], b"ab")
    assert chunks.closed


def test_the_iterable_is_closed_after_a_failure() -> None:
    chunks = Chunks(b"a", fails=True)
    with pytest.raises(ValueError, match="on the way"):
        decide(lambda environ, start_response: chunks, {})
    assert chunks.closed


def test_what_was_written_comes_before_what_is_returned() -> None:
    def app(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [])(b"written,")
        return [b"returned"]

    assert decide(app, {}).body == b"written,returned"


def test_an_answer_may_be_started_late_and_replaced_with_exc_info() -> None:
    def app(environ: Any, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [("A", "1")])
        try:
            raise ValueError
        except ValueError:
            start_response("500 Broken", [("B", "2")], sys.exc_info())
        yield b""

    assert decide(app, {}).headers == [(b"b", b"2"), (b"content-length", b"0")]
    assert decide(app, {}).status == 500


def test_an_answer_is_not_started_twice() -> None:
    def app(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        start_response("200 OK", [])
        return []

    with pytest.raises(AssertionError, match="twice"):
        decide(app, {})


def test_no_length_is_added_where_there_is_no_body() -> None:
    def app(environ: Any, start_response: Any) -> list[bytes]:
        start_response("304 Not Modified", [])
        return []

    assert decide(app, {}).headers == []


def test_header_values_can_always_be_sent() -> None:
    def app(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("A", "é\r\nB: ☃\x00")])
        return []

    assert decide(app, {}).headers[0] == (b"a", b"\xe9  B: \\u2603 ")
