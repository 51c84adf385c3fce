"""httptools' parser for requests of any method, which reads one message at a time."""

import re
from collections.abc import Iterable
from typing import Any, Protocol

import httptools

MAX_METHOD = 64
"""The longest method, in bytes; a longer one is no method to the parser."""

_END = b"\r\n\r\n"
_REST_OF_END = re.compile(rb"\r\n\r\n|\n\r\n|\r\n|\n")
_USUAL = (b"GET ", b"POST ", b"PUT ", b"PATCH ", b"DELETE ", b"HEAD ", b"OPTIONS ", b"CONNECT ")
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_BEGINNING = re.compile(rb"[\r\n]*([!#$%&'*+.^_`|~0-9A-Za-z-]*)")
_STAND_IN = b"POST"
_FRAMING = {b"content-length", b"transfer-encoding"}

Headers = Iterable[tuple[bytes, bytes]]


class Listener(Protocol):
    """The receiver of the parts that a `RequestParser` reads.

    `headers`: those of the message whose head was read last, by lower-case names.
    """

    headers: list[tuple[bytes, bytes]]

    def on_message_begin(self) -> None:
        """Begin a message."""

    def on_url(self, url: bytes, /) -> None:
        """Take a piece of the request target."""

    def on_header(self, name: bytes, value: bytes, /) -> None:
        """Take a header; behind a body in chunks, a field of its trailer."""

    def on_headers_complete(self) -> None:
        """End the head."""

    def on_body(self, body: bytes, /) -> None:
        """Take a piece of the body, its transfer coding undone."""

    def on_message_complete(self) -> None:
        """End the message."""


class RequestParser:
    """Reads the requests of a connection, and each to its end before it begins the next.

    So it sees every message's method before httptools does, which knows but some of what may be
    any token, and reads the others as POST; a target that is not ASCII, which curl sends, it reads
    as if it were escaped. An `Upgrade` is ignored, as RFC 9110 allows: httptools alone would leave
    the body behind it unread.
    """

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._place = _Place(listener)
        self._parser = _lenient_parser(self._place)
        self._feed = self._parser.feed_data
        self._between = True
        self._in_first_line = True
        self._begun = False
        self._held = b""
        self._method: bytes | None = None
        self._left: int | None = None

    def feed_data(self, data: bytes) -> None:
        """Read what has come. Raises `httptools.HttpParserError`."""
        if self._held:
            data, self._held = self._held + data, b""
        at = 0
        while at < len(data):
            if not self._between:
                end = self._end(data, at)
            else:
                if not data.startswith(_USUAL, at):
                    at = self._after_method(data, at)
                end = _after_empty_line(data, at)
                self._between = at == len(data)
            self._read(data[at:end])
            at = end

    def _after_method(self, data: bytes, at: int) -> int:
        """Read a message's method if httptools cannot; return where it is to go on."""
        at, end = _BEGINNING.match(data, at).span(1)  # type: ignore[union-attr]  # it may be empty
        if data.startswith(_USUAL, at) or end - at > MAX_METHOD:
            return at
        if end == len(data):
            self._held = data[at:]
            return end
        if end == at or data[end : end + 1] != b" ":
            return at
        self._method = data[at:end]
        self._feed(_STAND_IN)
        return end

    def _end(self, data: bytes, at: int) -> int:
        """Return how far a message can be read on: no further than to its end.

        Without a body of a stated length it ends with an empty line, which may begin in the data
        before. Not every empty line ends one.
        """
        if self._left is not None:
            end = min(at + self._left, len(data))
            self._left -= end - at
            return end
        rest = _REST_OF_END.match(data) if at == 0 else None
        return rest.end() if rest else _after_empty_line(data, at)

    def _read(self, piece: bytes) -> None:
        place = self._place
        if self._in_first_line:
            piece = self._with_plain_target(piece)
        try:
            self._feed(piece)
        except httptools.HttpParserUpgrade:
            self._go_on_with_body()
        if place.ended:
            place.ended = place.head_ended = False
            self._between = self._in_first_line = True
            self._begun = False
            self._feed = self._parser.feed_data
            self._listener.on_message_complete()
            self._method = self._left = None
        elif place.head_ended:
            place.head_ended = False
            self._left = declared_length(self._listener.headers)

    def _with_plain_target(self, piece: bytes) -> bytes:
        """Escape what is no ASCII in a request's first line; empty lines may come before it."""
        line, end, rest = piece.partition(b"\n")
        self._begun = self._begun or bool(line.strip())
        self._in_first_line = not (end and self._begun)
        if line.isascii():
            return piece
        return _NOT_ASCII.sub(lambda found: b"%%%02X" % found[0][0], line) + end + rest

    def _go_on_with_body(self) -> None:
        """Have a parser that knows of no `Upgrade` read the body, if there is one."""
        for header in self._listener.headers:
            if header[0] in _FRAMING:
                self._place.ended = False
                parser = _lenient_parser(_BodyOnly(self._place, self._listener))
                parser.feed_data(b"POST / HTTP/1.1\r\n%s: %s\r\n\r\n" % header)
                self._feed = parser.feed_data

    def get_method(self) -> bytes:
        """Return the method of the message whose head was read last."""
        found: bytes = self._method or self._parser.get_method()
        return found

    def get_http_version(self) -> str:
        """Return the message's version of HTTP, such as `1.1`."""
        found: str = self._parser.get_http_version()
        return found

    def should_keep_alive(self) -> bool:
        """Return whether the client wants to go on with the connection."""
        found: bool = self._parser.should_keep_alive()
        return found

    def should_upgrade(self) -> bool:
        """Return that the message asks for no `Upgrade`, whatever it says."""
        return False


class _Place:
    """What httptools calls back, to know where in a message it is."""

    def __init__(self, listener: Listener) -> None:
        self.on_message_begin = listener.on_message_begin
        self.on_url = listener.on_url
        self.on_header = listener.on_header
        self.on_body = listener.on_body
        self._on_headers_complete = listener.on_headers_complete
        self.head_ended = False
        self.ended = False

    def on_headers_complete(self) -> None:
        self.head_ended = True
        self._on_headers_complete()

    def on_message_complete(self) -> None:
        self.ended = True


class _BodyOnly:
    """What httptools calls back while it reads a body whose head it has not read."""

    def __init__(self, place: _Place, listener: Listener) -> None:
        self.on_body = listener.on_body
        self.on_message_complete = place.on_message_complete


def _after_empty_line(data: bytes, at: int) -> int:
    found = data.find(_END, at)
    return len(data) if found < 0 else found + len(_END)


def _lenient_parser(called: object) -> Any:
    """Return a parser that goes on behind a message with `Connection: close`."""
    parser = httptools.HttpRequestParser(called)
    parser.set_dangerous_leniencies(lenient_data_after_close=True)
    return parser


def declared_length(headers: Headers) -> int | None:
    """Return the number in a request's Content-Length; None without one."""
    for name, value in headers:
        if name == b"content-length":
            return int(value)
    return None
