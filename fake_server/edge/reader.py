"""The reader of HTTP messages, for connections on a socket and in memory."""

from __future__ import annotations

import re

import httptools

from fake_server.edge.destinations import Destinations
from fake_server.edge.http_messages import Interim, Request, RequestBody
from fake_server.edge.parser import RequestParser, declared_length
from fake_server.edge.refusals import (
    LARGE_HEAD,
    LARGE_HEADERS,
    LONG_TARGET,
    MAX_DRAIN,
    MAX_FORM,
    MAX_HEADER_COUNT,
    MAX_HEADERS,
    MAX_TARGET,
    NO_BODY,
    NO_HOST,
    NO_PROXY,
    OTHER_CODING,
    OTHER_VERSION,
    Refusal,
    not_http,
)

_MAX_BYTES_WITHOUT_PROGRESS = MAX_TARGET + MAX_HEADERS + 256 * 1024
_FORM_WITH_FILES = b"multipart/form-data"
_ABSOLUTE_FORM = re.compile(rb"\A([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)(.*)\Z", re.DOTALL)
_HOST = re.compile(rb"(\[[0-9A-Fa-f:.]+\]|(?:[\w.~!$&'()*+,;=-]+|%[0-9A-Fa-f]{2})*+)(:[0-9]*)?")


Event = Request | Refusal | Interim


class _RefusedError(Exception):
    """Ends the reading of a message that the reader refuses."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.text)
        self.refusal = refusal


class RequestReader:
    """Reads the requests of one connection, one after the other.

    - `max_body`: the greatest body in bytes. A request has the length of a larger one alone.
    - `destinations`: what a proxy reaches: its targets are absolute, or those of CONNECT. None: the
      server is no proxy.
    """

    def __init__(self, max_body: int, destinations: Destinations | None = None) -> None:
        self._max_body = max_body
        self._message = _Message(max_body, destinations)
        self._parser = RequestParser(self._message)
        self._message.parser = self._parser
        self._data = b""
        self._start = 0
        self._ended = False
        self._bytes_without_progress = 0

    @property
    def unread(self) -> int:
        """The number of bytes for the next call of `next_event`."""
        return len(self._data) - self._start

    def feed(self, data: bytes) -> None:
        """Take bytes of the client; drop those behind the last message of a connection."""
        if not self._ended:
            self._data = self._data[self._start :] + data
            self._start = 0

    def take_unread(self) -> bytes:
        """Return the bytes behind the last message, and read none of them."""
        unread = self._data[self._start :]
        self._data, self._start = b"", 0
        return unread

    def next_event(self) -> Event | None:
        """Return the next request, refusal or interim answer; None: it needs more bytes.

        Nothing follows a refusal, or a request that does not keep the connection.
        """
        event: Event | None = None
        while event is None and self.unread:
            start = self._start
            event = self._read_piece()
            if event is None and self._start == start:
                break
        if isinstance(event, Refusal) or (
            isinstance(event, Request) and not event.keeps_connection
        ):
            self._ended = True
            self._data, self._start = b"", 0
        return event

    def _read_piece(self) -> Event | None:
        message, start = self._message, self._start
        try:
            self._start = self._parser.read(self._data, start)
            self._bytes_without_progress += self._start - start
            if message.head_complete:
                message.check_head()
        except _RefusedError as error:
            return error.refusal
        except httptools.HttpParserError as error:
            return message.refusal or not_http(error)
        if message.progressed:
            message.progressed, self._bytes_without_progress = False, 0
        elif self._bytes_without_progress > _MAX_BYTES_WITHOUT_PROGRESS:
            return LARGE_HEAD
        if message.request is not None:
            request, message.request = message.request, None
            return request
        expects_continue, message.expects_continue = message.expects_continue, False
        return Interim.CONTINUE if expects_continue and not self.unread else None


class _Message:
    """The message that the parser reads, and its limits."""

    parser: RequestParser

    def __init__(self, max_body: int, destinations: Destinations | None) -> None:
        self._max_body = max_body
        self._destinations = destinations
        self.headers: list[tuple[bytes, bytes]] = []
        self.request: Request | None = None
        self.refusal: Refusal | None = None
        self.progressed = False
        self.expects_continue = False
        self.head_complete = False
        self._ended = False

    def on_message_begin(self) -> None:
        """Begin a message."""
        self.headers = []
        self._target = b""
        self._header_bytes = 0
        self._in_head = True
        self._data = bytearray()
        self._size = 0
        self._ended = False

    def on_url(self, url: bytes) -> None:
        """Take a piece of the request target."""
        self._target += url
        if len(self._target) > MAX_TARGET:
            self._refuse(LONG_TARGET)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; count a field of a trailer and ignore it otherwise."""
        name = name.lower()
        self._header_bytes += len(name) + len(value) + 4
        if self._in_head:
            self.headers.append((name, value.rstrip(b" \t")))
        elif name == b"connection":
            # The parser heeds `Connection` in a trailer too, and may read no further message.
            self._keeps_connection = False
        if self._header_bytes > MAX_HEADERS or len(self.headers) > MAX_HEADER_COUNT:
            self._refuse(LARGE_HEADERS)

    def on_headers_complete(self) -> None:
        """End the head."""
        self._in_head = False
        self.head_complete = self.progressed = True
        self._limit = self._largest_body()
        self._method = self.parser.get_method()
        self._version = self.parser.get_http_version()
        self._keeps_connection = self._version != "1.0" and self.parser.should_keep_alive()

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body."""
        self.progressed = True
        self._size += len(body)
        if self._size <= self._limit:
            self._data += body
        else:
            self._data.clear()
        if self._size > MAX_DRAIN:
            self.request = self._abandoned_request(self._size)

    def _largest_body(self) -> int:
        """Return the most bytes of the body that the application gets."""
        is_form = any(
            name == b"content-type" and value.lower().startswith(_FORM_WITH_FILES)
            for name, value in self.headers
        )
        return max(self._max_body, MAX_FORM) if is_form else self._max_body

    def on_message_complete(self) -> None:
        """End the message."""
        self.progressed = self._ended = True
        if not self.head_complete and self.request is None:
            self.request = self._request(RequestBody(bytes(self._data), self._size))

    def check_head(self) -> None:
        """Check a head; raises `_RefusedError`, or `HttpParserError` for a malformed target."""
        self.head_complete = False
        if not self.parser.speaks_http or self._version not in {"1.0", "1.1"}:
            raise _RefusedError(OTHER_VERSION)
        if self._method == b"CONNECT":
            self._check_tunnel()
            return
        self._check_host()
        self._check_coding()
        url = httptools.parse_url(self._target)
        self._path, self._query = url.path, url.query or b""
        if self._ended:
            self.request = self._request(RequestBody(b"", 0))
            return
        self._check_body_length()

    def _check_tunnel(self) -> None:
        """Require a destination of the proxy, and no body."""
        if self._destinations is None:
            raise _RefusedError(NO_PROXY)
        refusal = self._destinations.refusal_of_tunnel(self._target)
        if refusal is not None:
            raise _RefusedError(refusal)
        self._require_host()
        if not self._ended:
            raise _RefusedError(NO_BODY)
        self._path, self._query = self._target, b""
        # Whatever the version: what follows is the tunnel.
        self.request = self._request(RequestBody(b"", 0))._replace(keeps_connection=True)

    def _require_host(self) -> None:
        hosts = [value for name, value in self.headers if name == b"host"]
        min_hosts = 1 if self._version == "1.1" else 0
        if not min_hosts <= len(hosts) <= 1 or not all(_HOST.fullmatch(host) for host in hosts):
            raise _RefusedError(NO_HOST)

    def _check_host(self) -> None:
        """Require one Host; the host of an absolute target replaces it."""
        self._require_host()
        absolute_form = _ABSOLUTE_FORM.match(self._target)
        if absolute_form is None:
            if self._destinations is not None:
                raise _RefusedError(self._destinations.refusal_of_path(self._target))
            return
        scheme, host, rest = absolute_form.groups()
        if not host or not _HOST.fullmatch(host):
            raise _RefusedError(NO_HOST)
        if self._destinations is not None:
            refusal = self._destinations.refusal_of_url(scheme, host)
            if refusal is not None:
                raise _RefusedError(refusal)
        self._target = rest if rest.startswith(b"/") else b"/" + rest
        self.headers = [header for header in self.headers if header[0] != b"host"]
        self.headers.append((b"host", host))

    def _check_coding(self) -> None:
        """Refuse codings other than chunked, which would reach the application undecoded."""
        codings = [
            coding.strip().lower()
            for name, value in self.headers
            if name == b"transfer-encoding"
            for coding in value.split(b",")
        ]
        if codings and codings != [b"chunked"]:
            raise _RefusedError(OTHER_CODING)

    def _check_body_length(self) -> None:
        """Abandon a body whose length is too large; note if the client awaits an interim answer."""
        length = declared_length(self.headers) or 0
        expects_continue = self._version != "1.0" and any(
            name == b"expect" and value.lower() == b"100-continue" for name, value in self.headers
        )
        if length > MAX_DRAIN or (expects_continue and length > self._limit):
            self.request = self._abandoned_request(length)
        self.expects_continue = expects_continue

    def _abandoned_request(self, length: int) -> Request:
        return self._request(RequestBody(b"", length, abandoned=True))._replace(
            keeps_connection=False
        )

    def _request(self, body: RequestBody) -> Request:
        return Request(
            self._method.decode("ascii"),
            self._path,
            self._query,
            self._version,
            self.headers,
            body,
            self._keeps_connection,
        )

    def _refuse(self, refusal: Refusal) -> None:
        self.refusal = refusal
        raise _RefusedError(refusal)
