"""uvicorn's HTTP/1.1 protocol, with stated limits and plain refusals."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from typing import Any
from weakref import proxy

import httptools
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from fake_server.edge.methods import OddMethods

MAX_TARGET = 16 * 1024
"""The longest request target, in bytes; a longer one gets 414."""

MAX_HEADERS = 64 * 1024
"""The most bytes of headers; more get 431."""

MAX_HEADER_COUNT = 200
"""The most headers; more get 431."""

CONNECTION = "fake_server.connection"
"""The key, among the extensions of a request's ASGI scope, of its `HttpProtocol`."""

LONG_TARGET = (414, f"The request target is longer than {MAX_TARGET} bytes.")
LARGE_HEADERS = (431, f"More than {MAX_HEADER_COUNT} headers, or more than {MAX_HEADERS} bytes.")
NOT_HTTP = (400, "Invalid HTTP request received.")

_MAX_UNPARSED = MAX_TARGET + MAX_HEADERS + 256 * 1024
_LINGER = 2.0
_ABSOLUTE_FORM = re.compile(rb"\A[A-Za-z][A-Za-z0-9+.-]*://([^/?#]*)(.*)\Z", re.DOTALL)
_HOST = re.compile(rb"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]*)(:[0-9]*)?")


class _RefusedError(Exception):
    """Ends the parsing of a message that is refused."""


class HttpProtocol(HttpToolsProtocol):
    """One connection.

    A message beyond the limits, or one the parser cannot read, gets a plain-text 4xx after the
    answers to the messages before it; then the connection is closed. An `Upgrade` is ignored, as
    RFC 9110 allows.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.access_log = False
        self._refusal: tuple[int, str] | None = None
        self._linger: Any = None
        self._unanswered = 0
        self._client_is_done = False
        self._between = True
        self._methods = OddMethods()
        self._in_head = False
        self._in_body = False
        self._replaying = False
        self._held_framing: bytes | None = None
        self._header_bytes = 0
        self._unparsed = 0
        self._extensions: dict[str, Any] = {CONNECTION: proxy(self)}
        self._answering: RequestResponseCycle | None = None
        self._held = False

    def data_received(self, data: bytes) -> None:
        """Take what the client sent; nothing is read any more once a message was refused."""
        if self._refusal is not None:
            return
        self._unset_keepalive_if_required()
        try:
            self._feed(data)
        except httptools.HttpParserError:
            self._refuse(*(self._refusal or NOT_HTTP))

    def _feed(self, data: bytes) -> None:
        self._unparsed += len(data)
        if self._between:
            data = self._methods.feed(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as pause:
            self._ignore_upgrade(data[pause.args[0] :])
        if self._unparsed > _MAX_UNPARSED:
            self._refuse(431, "The message's head or trailer is too large.")

    def _ignore_upgrade(self, rest: bytes) -> None:
        """Go on with a parser that has not seen the `Upgrade`: it would not read the body."""
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        framing, self._held_framing = self._held_framing, None
        if framing is not None:
            self._replaying = True
            self.parser.feed_data(b"POST / HTTP/1.1\r\n" + framing + b"\r\n\r\n")
            self._replaying = False
        if rest:
            self._feed(rest)

    def on_message_begin(self) -> None:
        """Begin a message."""
        if self._replaying:
            return
        super().on_message_begin()
        self._between = False
        self.scope["extensions"] = self._extensions
        self._in_head = True
        self._header_bytes = 0

    def on_url(self, url: bytes) -> None:
        """Take a piece of the request target."""
        if self._replaying:
            return
        super().on_url(url)
        if len(self.url) > MAX_TARGET:
            self._stop(*LONG_TARGET)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; those after the body are counted and otherwise ignored."""
        if self._replaying:
            return
        self._header_bytes += len(name) + len(value) + 4
        if self._in_head:
            super().on_header(name, value)
        if self._header_bytes > MAX_HEADERS or len(self.headers) > MAX_HEADER_COUNT:
            self._stop(*LARGE_HEADERS)

    def on_headers_complete(self) -> None:
        """Start the application on a message whose head is complete."""
        if self._replaying:
            return
        self._in_head = False
        self._unparsed = 0
        self._check_version()
        if self.parser.get_method() == b"CONNECT":
            self._stop(400, "This server is no proxy.")
        self._take_absolute_form()
        self._check_host()
        if self.parser.should_upgrade():
            self._held_framing = self._framing()
        self._in_body = True
        self._unanswered += 1
        super().on_headers_complete()
        method = self._methods.take()
        if method is not None:
            self.scope["method"] = method.decode("ascii")

    def _check_version(self) -> None:
        if self.parser.get_http_version() not in {"1.0", "1.1"}:
            self._stop(505, "This server speaks HTTP/1.1.")

    def _framing(self) -> bytes | None:
        for name, value in self.headers:
            if name in {b"content-length", b"transfer-encoding"}:
                return name + b": " + value
        return None

    def _take_absolute_form(self) -> None:
        match = _ABSOLUTE_FORM.match(self.url)
        if match is None:
            return
        self.url = match[2] if match[2].startswith(b"/") else b"/" + match[2]
        self.headers[:] = [header for header in self.headers if header[0] != b"host"]
        self.headers.append((b"host", match[1]))

    def _check_host(self) -> None:
        hosts = [value for name, value in self.headers if name == b"host"]
        few = 1 if self.parser.get_http_version() == "1.1" else 0
        if not few <= len(hosts) <= 1 or not all(_HOST.fullmatch(host) for host in hosts):
            self._stop(400, "Expected one valid Host.")

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body."""
        self._unparsed = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """End a message, unless its body follows an ignored `Upgrade`."""
        if self._held_framing is not None:
            return
        self._unparsed = 0
        self._in_body = False
        self._between = True
        super().on_message_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._answering = cycle
        # An answer has its maker's Date, or else the one that `carry_out` adds.
        cycle.default_headers = []
        super()._start_asgi_task(cycle, app)

    @property
    def date(self) -> list[tuple[bytes, bytes]]:
        """The Date header of an answer whose maker gave it none."""
        return self.server_state.default_headers

    async def hold(self, seconds: float) -> None:
        """Wait before the answer under way; no longer than the client and the server do."""
        cycle = self._answering
        if cycle is None:
            return
        if self._client_is_done:
            self.sever()
        self._held = True
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not cycle.disconnected:
                    cycle.message_event.clear()
                    await cycle.message_event.wait()
        self._held = False

    def sever(self) -> None:
        """Close the connection in the middle of the answer under way."""
        if self._answering is not None:
            self._answering.disconnected = True
        self.transport.close()

    def _stop(self, status: int, text: str) -> None:
        self._refusal = (status, text)
        raise _RefusedError

    def _refuse(self, status: int, text: str) -> None:
        """Refuse the message being read, once the ones before it are answered."""
        self._refusal = (status, text)
        if self._in_body:
            self._withdraw()
        if not self._unanswered:
            self._send_refusal()

    def _withdraw(self) -> None:
        """Take the unfinished message back from the application, which waits for its body."""
        self._in_body = False
        if self.cycle.response_complete:
            self._refusal = (0, "")
            return
        self._unanswered -= 1
        if self.pipeline:
            self.pipeline.popleft()
        self.cycle.disconnected = True
        self.cycle.message_event.set()

    def on_response_complete(self) -> None:
        """Go on with the next message, or with what was put off until all are answered."""
        self._unanswered -= 1
        super().on_response_complete()
        if self._unanswered:
            return
        if self._refusal is not None:
            self._send_refusal()
        elif self._client_is_done:
            self.transport.close()

    def eof_received(self) -> bool:  # type: ignore[override]  # asyncio asks for it
        """Keep the connection for as long as a client that sends no more waits for answers.

        Over TLS it cannot be kept. While an answer is held back, such a client is taken for gone:
        most are, and a few wait.
        """
        self._client_is_done = self._unanswered > 0 and not self._in_body
        return self._client_is_done and not self._held and self.transport.can_write_eof()

    def _send_refusal(self) -> None:
        """Refuse and half-close; what the client still sends is read, or it would miss the 4xx."""
        if self.transport.is_closing() or self._linger is not None:
            return
        status, text = self._refusal or (0, "")
        if status:
            self.transport.write(plain_refusal(status, text, self.server_state.default_headers))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._linger = self.loop.call_later(_LINGER, self.transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        if self._linger is not None:
            self._linger.cancel()
        if self._answering is not None and not self._answering.response_complete:
            self._answering.disconnected = True
            self._answering.message_event.set()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """End the connection after the answer under way.

        A message half received gets none, and none is waited for that is held back.
        """
        if self._in_body or self._held or self._refusal is not None:
            self.transport.close()
        else:
            super().shutdown()


def plain_refusal(status: int, text: str, headers: list[tuple[bytes, bytes]]) -> bytes:
    """Return the answer to a message that is refused, which ends the connection."""
    fixed = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", b"%d" % len(text)),
        (b"connection", b"close"),
    ]
    lines = b"".join(b"%s: %s\r\n" % header for header in [*headers, *fixed])
    return STATUS_LINE[status] + lines + b"\r\n" + text.encode("ascii")
