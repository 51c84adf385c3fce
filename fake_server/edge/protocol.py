"""uvicorn's HTTP/1.1 protocol, with stated limits and plain refusals."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from typing import Any
from weakref import proxy

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from fake_server.edge.parser import RequestParser
from fake_server.edge.refusals import (
    LARGE_HEAD,
    LARGE_HEADERS,
    LONG_TARGET,
    MAX_HEADER_COUNT,
    MAX_HEADERS,
    MAX_TARGET,
    NO_HOST,
    NO_PROXY,
    OTHER_VERSION,
    Refusal,
    not_http,
    on_the_wire,
)

CONNECTION = "fake_server.connection"
"""The key, among the extensions of a request's ASGI scope, of its `HttpProtocol`."""

_MAX_UNPARSED = MAX_TARGET + MAX_HEADERS + 256 * 1024
_LINGER = 2.0
_SILENT: Refusal = (0, "")
_ABSOLUTE_FORM = re.compile(rb"\A[A-Za-z][A-Za-z0-9+.-]*://([^/?#]*)(.*)\Z", re.DOTALL)
_HOST = re.compile(rb"(\[[0-9A-Fa-f:.]+\]|(?:[\w.~!$&'()*+,;=-]+|%[0-9A-Fa-f]{2})*+)(:[0-9]*)?")


class _RefusedError(Exception):
    """Ends the parsing of a message that is refused."""


class HttpProtocol(HttpToolsProtocol):
    """One connection.

    A message beyond the limits, or one the parser cannot read, gets a plain-text 4xx after the
    answers to the messages before it; then the connection is closed.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parser = RequestParser(self)  # type: ignore[assignment]  # it has all that uvicorn uses
        self.access_log = False
        self._refusal: Refusal | None = None
        self._linger: Any = None
        self._unanswered = 0
        self._client_is_done = False
        self._in_head = False
        self._in_body = False
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
        self._unparsed += len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._refuse(self._refusal or not_http(error))
        else:
            if self._unparsed > _MAX_UNPARSED:
                self._refuse(LARGE_HEAD)

    def on_message_begin(self) -> None:
        """Begin a message."""
        super().on_message_begin()
        self.scope["extensions"] = self._extensions
        self._in_head = True
        self._header_bytes = 0

    def on_url(self, url: bytes) -> None:
        """Take a piece of the request target."""
        super().on_url(url)
        if len(self.url) > MAX_TARGET:
            self._stop(LONG_TARGET)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; those after the body are counted and otherwise ignored."""
        self._header_bytes += len(name) + len(value) + 4
        if self._in_head:
            super().on_header(name, value.rstrip(b" \t"))
        elif name.lower() == b"connection":
            # The parser heeds it there too, and may read no further message.
            self.cycle.keep_alive = False
        if self._header_bytes > MAX_HEADERS or len(self.headers) > MAX_HEADER_COUNT:
            self._stop(LARGE_HEADERS)

    def on_headers_complete(self) -> None:
        """Start the application on a message whose head is complete."""
        self._in_head = False
        self._unparsed = 0
        self._check_version()
        if self.parser.get_method() == b"CONNECT":
            self._stop(NO_PROXY)
        self._take_absolute_form()
        self._check_host()
        if self.parser.get_http_version() == "1.0":
            self.expect_100_continue = False
        self._in_body = True
        self._unanswered += 1
        super().on_headers_complete()

    def _check_version(self) -> None:
        if self.parser.get_http_version() not in {"1.0", "1.1"}:
            self._stop(OTHER_VERSION)

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
            self._stop(NO_HOST)

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body."""
        self._unparsed = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """End a message."""
        self._unparsed = 0
        self._in_body = False
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

    def linger(self) -> None:
        """Half-close after the answer under way, whose request is not read to its end."""
        self._refusal = _SILENT
        if self._answering is not None:
            # uvicorn itself would close at once.
            self._answering.keep_alive = True

    def _stop(self, refusal: Refusal) -> None:
        self._refusal = refusal
        raise _RefusedError

    def _refuse(self, refusal: Refusal) -> None:
        """Refuse the message being read, once the ones before it are answered."""
        self._refusal = refusal
        if self._in_body:
            self._withdraw()
        if not self._unanswered:
            self._send_refusal()

    def _withdraw(self) -> None:
        """Take the unfinished message back from the application, which waits for its body."""
        self._in_body = False
        if self.cycle.response_complete:
            self._refusal = _SILENT
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
        if self._refusal is not None and self._refusal != _SILENT:
            self.transport.write(on_the_wire(self._refusal, self.server_state.default_headers))
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
