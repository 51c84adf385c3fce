"""A parser for requests of any method, around httptools, which reads one message at a time."""

import re
from collections.abc import Iterable
from typing import Any, Protocol

import httptools

MAX_METHOD = 64
"""The longest method, in bytes; the parser refuses a longer one."""

_END = b"\r\n\r\n"
_REST_OF_END = re.compile(rb"\r\n\r\n|\n\r\n|\r\n|\n")
_COMMON_METHODS = (
    b"GET ",
    b"POST ",
    b"PUT ",
    b"PATCH ",
    b"DELETE ",
    b"HEAD ",
    b"OPTIONS ",
    b"CONNECT ",
)
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_METHOD_TOKEN = re.compile(rb"[\r\n]*([!#$%&'*+.^_`|~0-9A-Za-z-]*)")
_VERSION = re.compile(rb"HTTP/[0-9]\.[0-9]\r?\Z")
_VERSION_LENGTH = len(b"HTTP/1.1\r")
_SUBSTITUTE_METHOD = b"POST"
_FRAMING = {b"content-length", b"transfer-encoding"}

Headers = Iterable[tuple[bytes, bytes]]


class MessageHandler(Protocol):
    """The receiver of the parts that a `RequestParser` reads.

    `headers`: those of the message whose head was read last, by lower-case names.
    """

    headers: list[tuple[bytes, bytes]]

    def on_message_begin(self) -> None:
        """Begin a message."""

    def on_url(self, url: bytes, /) -> None:
        """Take a piece of the request target."""

    def on_header(self, name: bytes, value: bytes, /) -> None:
        """Take a header, or a field of the trailer behind a body in chunks."""

    def on_headers_complete(self) -> None:
        """End the head."""

    def on_body(self, body: bytes, /) -> None:
        """Take a decoded piece of the body."""

    def on_message_complete(self) -> None:
        """End the message."""


class RequestParser:
    """Reads the requests of a connection, each to its end before the next one begins.

    The parser sees every method before httptools does. A method may be any token, and httptools
    knows some alone: it gets POST for the others. It gets a target that is not ASCII, which curl
    sends, in escaped form. The parser ignores an `Upgrade`, as RFC 9110 allows: httptools alone
    would leave the body behind it unread.
    """

    def __init__(self, handler: MessageHandler) -> None:
        self._handler = handler
        self._state = _ParserState(handler)
        self._parser = _lenient_parser(self._state)
        self._feed = self._parser.feed_data
        self._between_messages = True
        self._line_end = b""
        self._in_first_line = True
        self._first_line_began = False
        self._method: bytes | None = None
        self._body_left: int | None = None
        self.speaks_http = True
        """Whether the first line read last ends with a version of HTTP."""

    def read(self, data: bytes, start: int = 0) -> int:
        """Read one piece of `data`, and return the start of the next piece.

        A piece ends at the end of a head, of a message or of the data. Part of a method is no
        piece: the caller passes it again, with more data. Raises `httptools.HttpParserError`.
        """
        if not self._between_messages:
            end = self._message_end(data, start)
        else:
            if not data.startswith(_COMMON_METHODS, start):
                start, complete = self._after_method(data, start)
                if not complete:
                    return start
            end = _after_empty_line(data, start)
            self._between_messages = False
        self._read(data[start:end])
        return end

    def _after_method(self, data: bytes, start: int) -> tuple[int, bool]:
        """Read a method that httptools does not know.

        Return the start of the next piece, and whether the method is complete.
        """
        start, end = _METHOD_TOKEN.match(data, start).span(1)  # type: ignore[union-attr]  # it matches always
        if data.startswith(_COMMON_METHODS, start) or end - start > MAX_METHOD:
            return start, True
        if end == len(data):
            return start, False
        if end == start or data[end : end + 1] != b" ":
            return start, True
        self._method = data[start:end]
        self._feed(_SUBSTITUTE_METHOD)
        return end, True

    def _message_end(self, data: bytes, start: int) -> int:
        """Return the end of the next piece of a message, which is at most the message's end.

        A message without a Content-Length ends with an empty line, which may begin in earlier data.
        Other empty lines end a piece as well.
        """
        if self._body_left is not None:
            end = min(start + self._body_left, len(data))
            self._body_left -= end - start
            return end
        line_end = _REST_OF_END.match(data) if start == 0 else None
        return line_end.end() if line_end else _after_empty_line(data, start)

    def _read(self, piece: bytes) -> None:
        state = self._state
        if self._in_first_line:
            piece = self._with_ascii_target(piece)
        try:
            self._feed(piece)
        except httptools.HttpParserUpgrade:
            self._read_upgraded_body()
        if state.message_complete:
            state.message_complete = state.head_complete = False
            self._between_messages = self._in_first_line = True
            self._first_line_began = False
            self._feed = self._parser.feed_data
            self._handler.on_message_complete()
            self._method = self._body_left = None
        elif state.head_complete:
            state.head_complete = False
            self._body_left = declared_length(self._handler.headers)

    def _with_ascii_target(self, piece: bytes) -> bytes:
        """Escape the bytes of a first line that are not ASCII; empty lines may precede it."""
        line, end, rest = piece.partition(b"\n")
        self._first_line_began = self._first_line_began or bool(line.strip())
        self._in_first_line = not (end and self._first_line_began)
        if self._in_first_line:
            self._line_end = (
                (self._line_end + line)[-_VERSION_LENGTH:] if self._first_line_began else b""
            )
        else:
            self.speaks_http = bool(_VERSION.search((self._line_end + line)[-_VERSION_LENGTH:]))
            self._line_end = b""
        if line.isascii():
            return piece
        return _NOT_ASCII.sub(lambda byte: b"%%%02X" % byte[0][0], line) + end + rest

    def _read_upgraded_body(self) -> None:
        """Read a body behind an `Upgrade`, with a parser that saw no `Upgrade`."""
        for header in self._handler.headers:
            if header[0] in _FRAMING:
                self._state.message_complete = False
                parser = _lenient_parser(_BodyCallbacks(self._state, self._handler))
                parser.feed_data(b"POST / HTTP/1.1\r\n%s: %s\r\n\r\n" % header)
                self._feed = parser.feed_data

    def get_method(self) -> bytes:
        """Return the method of the message whose head was read last."""
        method: bytes = self._method or self._parser.get_method()
        return method

    def get_http_version(self) -> str:
        """Return the message's version of HTTP, such as `1.1`."""
        version: str = self._parser.get_http_version()
        return version

    def should_keep_alive(self) -> bool:
        """Return whether the client keeps the connection open after the answer."""
        keeps_connection: bool = self._parser.should_keep_alive()
        return keeps_connection


class _ParserState:
    """The state of httptools in a message, from its callbacks."""

    def __init__(self, handler: MessageHandler) -> None:
        self.on_message_begin = handler.on_message_begin
        self.on_url = handler.on_url
        self.on_header = handler.on_header
        self.on_body = handler.on_body
        self._on_headers_complete = handler.on_headers_complete
        self.head_complete = False
        self.message_complete = False

    def on_headers_complete(self) -> None:
        self.head_complete = True
        self._on_headers_complete()

    def on_message_complete(self) -> None:
        self.message_complete = True


class _BodyCallbacks:
    """The callbacks of the parser of a body behind an `Upgrade`."""

    def __init__(self, state: _ParserState, handler: MessageHandler) -> None:
        self.on_body = handler.on_body
        self.on_message_complete = state.on_message_complete


def _after_empty_line(data: bytes, start: int) -> int:
    end = data.find(_END, start)
    return len(data) if end < 0 else end + len(_END)


def _lenient_parser(callbacks: object) -> Any:
    """Return a parser that also reads a message behind one with `Connection: close`."""
    parser = httptools.HttpRequestParser(callbacks)
    parser.set_dangerous_leniencies(lenient_data_after_close=True)
    return parser


def declared_length(headers: Headers) -> int | None:
    """Return the number in a request's Content-Length; None without one."""
    for name, value in headers:
        if name == b"content-length":
            return int(value)
    return None
