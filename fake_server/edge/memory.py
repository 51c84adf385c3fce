"""A connection in memory: a client's bytes in, the server's bytes out, and no socket."""

from collections.abc import Callable
from email.utils import formatdate
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from fake_server.edge.adapter import Answer, Application, Body, decide, environ_of
from fake_server.edge.parser import RequestParser
from fake_server.edge.refusals import (
    LARGE_HEADERS,
    LONG_TARGET,
    MAX_HEADER_COUNT,
    MAX_HEADERS,
    MAX_TARGET,
    Refusal,
    not_http,
    on_the_wire,
)

Environ = dict[str, Any]


class Conversation:
    """What one connection carries. Nothing ever waits: a delay takes no time.

    - `prepare(environ)`: called with the WSGI environ of each request before the application is.
    - `scheme`, `server`: what the client believes to speak to, such as `https` and
      `("api.example.com", 443)`.
    - `max_body`: bodies of more bytes are not kept; the application sees their length alone.
    """

    def __init__(
        self,
        app: Application,
        scheme: str,
        server: tuple[str, int],
        max_body: int,
        prepare: Callable[[Environ], object],
    ) -> None:
        self._app = app
        self._scheme = scheme
        self._server = server
        self._max_body = max_body
        self._prepare = prepare
        self._parser = RequestParser(self)
        self._unread = bytearray()
        self._wait = 0.0
        self._ended = False
        self._refusal: Refusal | None = None

    def send(self, data: bytes) -> None:
        """Take what the client sends; the application is called once a request is whole."""
        if self._ended:
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._unread += on_the_wire(self._refusal or not_http(error), _date())
            self._ended = True

    def receive(self, most: int, timeout: float | None) -> bytes:
        """Return up to `most` bytes of what the server sends; none: it closed the connection.

        Raises TimeoutError where the answer would begin later than `timeout` seconds from now.
        """
        if timeout is not None and self._wait > timeout:
            raise TimeoutError("timed out")
        self._wait = 0.0
        taken = bytes(self._unread[:most])
        del self._unread[:most]
        return taken

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._target = bytearray()
        self.headers: list[tuple[bytes, bytes]] = []
        self._header_bytes = 0
        self._in_head = True
        self._data = bytearray()
        self._size = 0

    def on_url(self, url: bytes) -> None:
        """Take a piece of the request target."""
        self._target += url
        if len(self._target) > MAX_TARGET:
            self._refuse(LONG_TARGET)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; those behind the body are counted and otherwise ignored."""
        if self._in_head:
            self.headers.append((name.lower(), value.rstrip(b" \t")))
        self._header_bytes += len(name) + len(value) + 4
        if self._header_bytes > MAX_HEADERS or len(self.headers) > MAX_HEADER_COUNT:
            self._refuse(LARGE_HEADERS)

    def _refuse(self, refusal: Refusal) -> None:
        self._refusal = refusal
        raise ValueError(refusal)

    def on_headers_complete(self) -> None:
        """End the head."""
        self._in_head = False

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body."""
        self._size += len(body)
        if self._size <= self._max_body:
            self._data += body
        else:
            self._data.clear()

    def on_message_complete(self) -> None:
        """Answer the request."""
        environ = environ_of(self._scope(), Body(bytes(self._data), self._size))
        self._prepare(environ)
        answer = decide(self._app, environ)
        self._wait = answer.delivery.wait
        self._unread += _written(answer, environ["REQUEST_METHOD"])
        self._ended = answer.delivery.headless or answer.delivery.cut is not None

    def _scope(self) -> Environ:
        path, _, query = bytes(self._target).partition(b"?")
        return {
            "method": self._parser.get_method().decode("ascii"),
            "raw_path": path,
            "query_string": query,
            "http_version": self._parser.get_http_version(),
            "headers": self.headers,
            "scheme": self._scheme,
            "server": self._server,
            "client": ("127.0.0.1", 0),
        }


def _date() -> list[tuple[bytes, bytes]]:
    return [(b"date", formatdate(usegmt=True).encode())]


def _written(answer: Answer, method: str) -> bytes:
    delivery = answer.delivery
    if delivery.headless:
        return b""
    headers = answer.headers
    if not any(name == b"date" for name, _ in headers):
        headers = [*_date(), *headers]
    body = b"" if method == "HEAD" else answer.body[: delivery.cut]
    if delivery.chunked:
        headers = [header for header in headers if header[0] != b"content-length"]
        headers.append((b"transfer-encoding", b"chunked"))
        body = b"%x\r\n%s\r\n" % (len(body), body) if body else b""
    lines = b"".join(b"%s: %s\r\n" % header for header in headers)
    return STATUS_LINE[answer.status] + lines + b"\r\n" + body
