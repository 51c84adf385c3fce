"""The server's side of a connection on a socket: HTTP/1, as a protocol of asyncio."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from fake_server.edge.adapter import Endpoints, WsgiAnswer, WsgiApplication, decide, environ_of
from fake_server.edge.answer_bytes import answer_bytes, refusal_bytes
from fake_server.edge.destinations import Destinations
from fake_server.edge.http_messages import Interim, Request
from fake_server.edge.reader import RequestReader
from fake_server.edge.refusals import Refusal
from fake_server.edge.threads import run_in_thread
from fake_server.rest.missing_images import DEFERS, MissingImagesError
from fake_server.rest.urls import makes_world

MAX_AHEAD = 64 * 1024
"""The most bytes of later requests that a connection reads while it answers one."""

KEEP_ALIVE_SECONDS = 75
_LINGER_SECONDS = 2.0
_DEFECT_ANSWER = WsgiAnswer(
    500,
    [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", b"21"),
    ],
    b"Internal Server Error",
)
_log = logging.getLogger("fake_server")


class Service:
    """The shared state of a server's connections.

    - `app`: called inline on the loop, since it never waits. Records may take seconds to make: a
      request that makes a world runs in a thread, and so does the making of images that another
      request needs first.
    - `max_body`: bodies of more bytes are not kept; the application sees their length alone.
    - `date`: the `Date` of answers whose maker gave none.
    - `connections`: those that are open.
    - `on_closed`: functions to call after a connection is closed.
    """

    def __init__(self, app: WsgiApplication, max_body: int) -> None:
        self.app = app
        self.max_body = max_body
        self.on_closed: list[Callable[[], object]] = []
        self.date: list[tuple[bytes, bytes]] = []
        self.connections: set[HttpProtocol] = set()


class HttpProtocol(asyncio.Protocol):
    """Reads a request, answers it, and reads the next.

    A message that the reader refuses gets a plain-text answer, after the answers to earlier
    messages. Then the server closes the connection. `destinations`: what a proxy reaches.
    """

    transport: asyncio.Transport

    def __init__(self, service: Service, destinations: Destinations | None = None) -> None:
        self._service = service
        self._reader = RequestReader(service.max_body, destinations)
        self._loop = asyncio.get_running_loop()
        self._endpoints = Endpoints()
        self._delayed_answer: asyncio.TimerHandle | None = None
        self._thread_task: asyncio.Task[None] | None = None
        self._next_read: asyncio.Handle | None = None
        self._close_timer: asyncio.TimerHandle | None = None
        self._may_write = True
        self._is_reading = True
        self._client_ended = False
        self._ended = False

    @property
    def busy(self) -> bool:
        """Whether an answer is under way."""
        return (
            self._delayed_answer is not None
            or self._thread_task is not None
            or self._unsent_bytes > 0
        )

    @property
    def _unsent_bytes(self) -> int:
        try:
            return self.transport.get_write_buffer_size()
        except AttributeError:
            # A TLS transport of asyncio loses its socket a round before `connection_lost`.
            return 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # a stream's transport reads and writes
        """Keep the transport and its endpoints."""
        self.transport = transport
        scheme = "http" if transport.get_extra_info("sslcontext") is None else "https"
        server, client = (
            (address[0], address[1]) if isinstance(address, tuple) else ("127.0.0.1", 0)
            for address in map(transport.get_extra_info, ("sockname", "peername"))
        )
        self._endpoints = Endpoints(scheme, server, client)
        self._service.connections.add(self)

    def data_received(self, data: bytes) -> None:
        """Take bytes of the client; ignore those behind the last message."""
        if self._ended:
            return
        self._cancel_close_timer()
        self._reader.feed(data)
        if self._next_read is None:
            self._read_next()

    def _read_next(self) -> None:
        """Read the next request and answer it, unless an answer is under way."""
        self._next_read = None
        if (
            self._delayed_answer is not None
            or self._thread_task is not None
            or not self._may_write
            or self._ended
        ):
            self._read_ahead()
            return
        event = self._reader.next_event()
        if isinstance(event, Request):
            self._answer(event)
        elif isinstance(event, Refusal):
            self._refuse(event)
        elif isinstance(event, Interim):
            self.transport.write(event.value)
        elif self._client_ended:
            self._close()
        self._read_ahead()

    def _read_ahead(self) -> None:
        """Stop reading while more than `MAX_AHEAD` bytes are unread, then resume."""
        may_read = self._reader.unread <= MAX_AHEAD
        if may_read != self._is_reading and not self.transport.is_closing():
            self._is_reading = may_read
            (self.transport.resume_reading if may_read else self.transport.pause_reading)()

    def _answer(self, request: Request) -> None:
        environ = environ_of(request, self._endpoints)
        if makes_world(environ):
            self._thread_task = self._loop.create_task(self._answer_in_thread(request, environ))
            return
        environ[DEFERS] = True
        try:
            answer = decide(self._service.app, environ)
        except MissingImagesError as missing:
            self._thread_task = self._loop.create_task(self._answer_later(request, missing))
        except Exception as error:  # noqa: BLE001  # whatever an application raises
            self._answer_defect(request, error)
        else:
            self._deliver(request, answer)

    async def _answer_later(self, request: Request, missing: MissingImagesError) -> None:
        """Answer a request after its images are made, meanwhile others."""
        try:
            await run_in_thread(missing.make)
            answer = decide(self._service.app, environ_of(request, self._endpoints))
        except Exception as error:  # noqa: BLE001  # whatever an application raises
            self._thread_task = None
            self._answer_defect(request, error)
        else:
            self._thread_task = None
            self._deliver(request, answer)

    async def _answer_in_thread(self, request: Request, environ: dict[str, Any]) -> None:
        try:
            answer = await run_in_thread(partial(decide, self._service.app, environ))
        except Exception as error:  # noqa: BLE001  # whatever an application raises
            self._thread_task = None
            self._answer_defect(request, error)
        else:
            self._thread_task = None
            self._deliver(request, answer)

    def _answer_defect(self, request: Request, error: Exception) -> None:
        """Log a defect and answer 500: an application answers its own errors itself."""
        _log.error("a defect of the fake itself", exc_info=error)
        self._send(request._replace(keeps_connection=False), _DEFECT_ANSWER)

    def _deliver(self, request: Request, answer: WsgiAnswer) -> None:
        delay = answer.delivery.wait
        if not delay or self.transport.is_closing():
            self._send(request, answer)
        elif self._client_ended:
            self._close()
        else:
            self._delayed_answer = self._loop.call_later(delay, self._send_delayed, request, answer)

    def _send_delayed(self, request: Request, answer: WsgiAnswer) -> None:
        self._delayed_answer = None
        self._send(request, answer)

    def _send(self, request: Request, answer: WsgiAnswer) -> None:
        """Send an answer, and go on behind the answers of other connections."""
        if self.transport.is_closing():
            return
        data, closes = answer_bytes(answer, request, self._service.date)
        self.transport.write(data)
        if request.body.abandoned:
            self._linger()
        elif closes or self._ended:
            self._close()
        elif self._reader.unread or self._client_ended or not self._is_reading:
            self._next_read = self._loop.call_soon(self._read_next)
        else:
            self._close_timer = self._loop.call_later(KEEP_ALIVE_SECONDS, self._close)

    def _refuse(self, refusal: Refusal) -> None:
        self.transport.write(refusal_bytes(refusal, self._service.date))
        self._linger()

    def _linger(self) -> None:
        """Half-close, and read on: the client could not receive the answer otherwise."""
        self._ended = True
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._close_timer = self._loop.call_later(_LINGER_SECONDS, self._close)

    def eof_received(self) -> bool:
        """Keep the connection of a client that has sent everything and waits for answers.

        TLS has no half-closed connections. During the delay of an answer the server closes the
        connection: most such clients are gone.
        """
        self._client_ended = True
        is_waiting = (
            self._next_read is not None or self._thread_task is not None or not self._may_write
        )
        return is_waiting and self._delayed_answer is None and self.transport.can_write_eof()

    def pause_writing(self) -> None:
        """Stop answering a client that does not read."""
        self._may_write = False

    def resume_writing(self) -> None:
        """Resume answering."""
        self._may_write = True
        if self._next_read is None:
            self._next_read = self._loop.call_soon(self._read_next)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection, and cancel its delayed answer."""
        self._service.connections.discard(self)
        self._ended = True
        self._cancel_close_timer()
        for handle in (self._delayed_answer, self._next_read):
            if handle is not None:
                handle.cancel()
        self._delayed_answer = self._next_read = None
        for notify in self._service.on_closed:
            notify()

    def shutdown(self) -> None:
        """End the connection after the answer under way.

        An incomplete message gets no answer, and the server does not wait for a delayed answer.
        """
        self._ended = True
        if self._thread_task is None:
            self._close()

    def _close(self) -> None:
        self._ended = True
        self.transport.close()

    def _cancel_close_timer(self) -> None:
        if self._close_timer is not None:
            self._close_timer.cancel()
            self._close_timer = None
