"""The proxy: clients that have a real host hard-coded reach the server by it, and nothing else.

It makes no connection. A tunnel ends in the server itself, which answers with TLS.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from flask import Flask

from fake_server.control.guard import access_of
from fake_server.edge.destinations import Destinations
from fake_server.edge.http_messages import Request
from fake_server.edge.protocol import HttpProtocol, Service
from fake_server.edge.tls import Tls

_ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
_FOR_THE_PROXY = frozenset({b"proxy-authorization", b"proxy-connection"})


@dataclass(frozen=True, slots=True)
class ForwardProxy:
    """A proxy whose sockets are bound but do not listen yet; `tls` answers in its tunnels."""

    bound: Sequence[socket.socket]
    tls: Tls

    def protocol(self, app: Flask, service: Service) -> partial[ProxyProtocol]:
        """Return the factory of the protocol of its connections."""
        access = access_of(app)
        destinations = Destinations(() if access is None else access.real_hosts)
        return partial(ProxyProtocol, service, destinations, self.tls.context)


class ProxyProtocol(HttpProtocol):
    """Answers requests by absolute URLs; answers CONNECT by a tunnel, which TLS begins in."""

    def __init__(
        self, service: Service, destinations: Destinations, context: ssl.SSLContext
    ) -> None:
        super().__init__(service, destinations)
        self._context = context
        self._opening: asyncio.Task[None] | None = None

    def _answer(self, request: Request) -> None:
        if request.method == "CONNECT":
            self._open_tunnel()
            return
        headers = [header for header in request.headers if header[0] not in _FOR_THE_PROXY]
        super()._answer(request._replace(headers=headers))

    def _open_tunnel(self) -> None:
        self.transport.write(_ESTABLISHED)
        # What comes from now on is read by the protocol that `start_tls` puts in place.
        self.transport.pause_reading()
        self._ended = True
        ahead = self._reader.take_unread()
        self._opening = self._loop.create_task(self._begin_tls(ahead))

    def _read_ahead(self) -> None:
        if self._opening is None:
            super()._read_ahead()

    async def _begin_tls(self, ahead: bytes) -> None:
        """Hand the connection over to a protocol inside TLS; `ahead`: bytes behind the CONNECT."""
        handshake = _Handshake()
        inner = HttpProtocol(self._service)
        transport = None
        try:
            starting = self._loop.create_task(
                self._loop.start_tls(self.transport, handshake, self._context, server_side=True)
            )
            await asyncio.sleep(0)
            _feed(self.transport, ahead)
            transport = await starting
        except OSError:
            # A handshake that fails is the client's affair: it sees the connection end.
            self.transport.close()
        finally:
            # A shutdown during the handshake ends the connection without an error.
            if transport is not None and not handshake.lost:
                handshake.hand_over(transport, inner)
            self.connection_lost(None)


class _Handshake(asyncio.Protocol):
    """Keeps what comes between a handshake's end and the hand-over to the next protocol."""

    def __init__(self) -> None:
        self._data = b""
        self._ended = False
        self._next: HttpProtocol | None = None
        self.lost = False

    def data_received(self, data: bytes) -> None:
        """Keep the first bytes of the client."""
        self._data += data

    def eof_received(self) -> None:
        """Handle the end of the client's data: TLS closes the connection."""
        self._ended = True

    def connection_lost(self, exc: Exception | None) -> None:
        """Note the end of the connection, also behind a hand-over."""
        self.lost = True
        if self._next is not None:
            self._next.connection_lost(exc)

    def hand_over(self, transport: asyncio.Transport, protocol: HttpProtocol) -> None:
        """Let a protocol go on from here."""
        self._next = protocol
        transport.set_protocol(protocol)
        protocol.connection_made(transport)
        if self._data:
            protocol.data_received(self._data)
        if self._ended:
            protocol.eof_received()


def _feed(transport: asyncio.Transport, data: bytes) -> None:
    """Give the protocol of a transport bytes that were read before it was there."""
    protocol = transport.get_protocol()
    while data and isinstance(protocol, asyncio.BufferedProtocol):
        buffer = memoryview(protocol.get_buffer(len(data)))
        size = min(len(buffer), len(data))
        buffer[:size] = data[:size]
        protocol.buffer_updated(size)
        data = data[size:]
