"""The listening sockets of a server: they take as many connections as descriptors are free."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import ssl
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from fake_server.edge.protocol import HttpProtocol, Service

_BACKLOG = 2048
_RETRY_SECONDS = 0.1
_QUIET_SECONDS = 1.0
_RESERVED = 64
_EXHAUSTED = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
_log = logging.getLogger("fake_server")


class Listener:
    """Accepts the connections of bound sockets.

    Where the process runs short of file descriptors, new connections wait in the queue of the
    kernel: the answers to accepted ones need descriptors too. The log has one line of it a second.

    `protocol` makes that of each connection; those of all listeners of a `service` count.
    """

    def __init__(
        self,
        bound: Sequence[socket.socket],
        service: Service,
        protocol: Callable[[], HttpProtocol],
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._sockets = bound
        self._service = service
        self._protocol = protocol
        self._tls = tls
        self._loop = asyncio.get_running_loop()
        self._most = _most_connections()
        self._opening: set[asyncio.Task[None]] = set()
        self._listens = False
        self._retry: asyncio.TimerHandle | None = None
        self._quiet_until = 0.0

    def start(self) -> None:
        """Listen, and accept connections from now on. Raises OSError."""
        for listening_socket in self._sockets:
            listening_socket.listen(_BACKLOG)
        self._service.on_closed.append(self._go_on)
        self._go_on()

    def stop(self) -> None:
        """Accept no further connection; those that wait are refused."""
        self._service.on_closed.remove(self._go_on)
        self._pause()
        for listening_socket in self._sockets:
            listening_socket.close()

    def _go_on(self) -> None:
        if not self._listens and self._retry is None:
            self._listens = True
            for listening_socket in self._sockets:
                self._loop.add_reader(listening_socket, self._accept, listening_socket)

    def _pause(self) -> None:
        if self._listens:
            self._listens = False
            for listening_socket in self._sockets:
                self._loop.remove_reader(listening_socket)
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None

    def _accept(self, listening: socket.socket) -> None:
        if len(self._service.connections) + len(self._opening) >= self._most:
            self._report(f"{self._most} connections are open")
            self._pause()
            return
        try:
            accepted, _ = listening.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return
        except OSError as error:
            if error.errno not in _EXHAUSTED:
                raise
            self._report(error.strerror or str(error))
            self._pause()
            self._retry = self._loop.call_later(_RETRY_SECONDS, self._try_again)
            return
        accepted.setblocking(False)
        opening = self._loop.create_task(self._open(accepted))
        self._opening.add(opening)
        opening.add_done_callback(self._opening.discard)

    def _try_again(self) -> None:
        self._retry = None
        self._go_on()

    async def _open(self, accepted: socket.socket) -> None:
        # A handshake that fails is the client's affair: it sees the connection end.
        with suppress(OSError):
            await self._loop.connect_accepted_socket(self._protocol, accepted, ssl=self._tls)

    def _report(self, reason: str) -> None:
        now = time.monotonic()
        if now < self._quiet_until:
            return
        self._quiet_until = now + _QUIET_SECONDS
        _log.warning(
            "no further connection is accepted for now: %s; close idle connections, or raise the"
            " limit of open files (ulimit -n)",
            reason,
        )


def _most_connections() -> int:
    """Return how many connections may be open: descriptors that answers need are kept free."""
    if sys.platform == "win32":
        return sys.maxsize
    import resource

    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if limit == resource.RLIM_INFINITY:
        return sys.maxsize
    return max(1, limit - min(_RESERVED, limit // 2))
