"""The HTTP server: one loop, one process, the application inline."""

import asyncio
import errno
import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from email.utils import formatdate
from functools import partial

from flask import Flask

from fake_server.app import MAX_BODY
from fake_server.control.guard import access_of, is_loopback
from fake_server.edge.listener import Listener
from fake_server.edge.protocol import HttpProtocol, Service
from fake_server.edge.proxy import ForwardProxy
from fake_server.edge.tls import Tls

_GRACE_SECONDS = 2.0
_REACHABLE = {"0.0.0.0": "127.0.0.1", "::": "::1"}
_LOOPBACKS = ("127.0.0.1", "::1")
_PORT_TRIES = 20
_WITHOUT_IPV6 = frozenset({errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT})


def bound_sockets(host: str, port: int) -> list[socket.socket]:
    """Return the sockets of a host, which have one port and do not listen yet.

    `localhost` is both loopbacks, since a client may take either for it: 127.0.0.1, then ::1 if
    this machine has it. Any other host has one socket. Port 0 takes a free port. Raises OSError
    like `bound_socket`.
    """
    if not is_localhost(host):
        return [bound_socket(host, port)]
    for _ in range(_PORT_TRIES):
        first = bound_socket(_LOOPBACKS[0], port)
        try:
            return [first, bound_socket(_LOOPBACKS[1], first.getsockname()[1])]
        except OSError as error:
            if error.errno in _WITHOUT_IPV6:
                return [first]
            first.close()
            # The port that is free at 127.0.0.1 may be in use at ::1.
            if port or error.errno != errno.EADDRINUSE:
                raise
    raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))


def is_localhost(host: str) -> bool:
    """Return whether a host is the name `localhost`."""
    return host.lower().removesuffix(".") == "localhost"


def bound_socket(host: str, port: int) -> socket.socket:
    """Return a socket that is bound but does not listen yet; port 0 takes a free port.

    `host`: an IPv4 address, an IPv6 address with or without brackets, or a name. Raises OSError for
    an address that is in use, not of this machine, forbidden, unknown or empty.
    """
    if not host:
        # An empty host is every address to a socket; here it is an unset variable of the user.
        raise OSError(errno.EINVAL, "it is empty")
    if host.startswith("[") and host.endswith("]") and ":" in host:
        host = host[1:-1]
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _bind(bound, host, port)
        bound.setblocking(False)
    except BaseException:
        bound.close()
        raise
    return bound


def _bind(bound: socket.socket, host: str, port: int) -> None:
    try:
        bound.bind((host, port))
    except (TypeError, UnicodeError):
        # What a locale cannot decode is a TypeError to a socket.
        raise socket.gaierror(socket.EAI_NONAME, "no host can have this name") from None


def url_of_socket(bound: socket.socket, *, tls: bool = False) -> str:
    """Return the base URL that reaches a bound socket from this machine."""
    host, port = bound.getsockname()[:2]
    host = _REACHABLE.get(host, host)
    scheme = "https" if tls else "http"
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


class _Loop(asyncio.SelectorEventLoop):
    """A loop with the machine's clock, also while a test freezes `time`: its waits end.

    freezegun replaces every function of `time` but `clock_gettime`.
    """

    def time(self) -> float:
        """Return the seconds of the loop's clock."""
        if sys.platform == "win32":
            return super().time()
        return time.clock_gettime(time.CLOCK_MONOTONIC)


class Server:
    """Serves an application on bound sockets once, until `stop`.

    If other machines can reach a socket, the control plane requires its token from now on.
    `proxy` listens beside the server.
    """

    def __init__(
        self,
        app: Flask,
        *bound: socket.socket,
        tls: Tls | None = None,
        proxy: ForwardProxy | None = None,
    ) -> None:
        self._app = app
        self._sockets = bound
        self._all_sockets = [*bound, *(() if proxy is None else proxy.bound)]
        access = access_of(app)
        hosts = [listening_socket.getsockname()[0] for listening_socket in self._all_sockets]
        if access is not None and not all(map(is_loopback, hosts)):
            access.expose()
        self._ssl = None if tls is None else tls.context
        self._proxy = proxy
        self._service = Service(app, MAX_BODY)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped = asyncio.Event()

    def run(self, on_ready: Callable[[], object]) -> None:
        """Serve until `stop`; call `on_ready` when the server answers requests. Raises OSError."""
        try:
            with asyncio.Runner(loop_factory=_Loop) as runner:
                self._loop = runner.get_loop()
                runner.run(self._serve(on_ready))
        finally:
            for listening_socket in self._all_sockets:
                listening_socket.close()

    def stop(self) -> None:
        """Stop the server; any thread and a signal handler may call this."""
        if self._loop is None:
            self._stopped.set()
            return
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._stopped.set)

    async def _serve(self, on_ready: Callable[[], object]) -> None:
        self._keep_date()
        listeners = self._listeners()
        for listener in listeners:
            listener.start()
        on_ready()
        await self._stopped.wait()
        for listener in listeners:
            listener.stop()
        await self._close_connections()

    def _listeners(self) -> list[Listener]:
        service = self._service
        listeners = [Listener(self._sockets, service, partial(HttpProtocol, service), self._ssl)]
        if self._proxy is not None:
            protocol = self._proxy.protocol(self._app, service)
            listeners.append(Listener(self._proxy.bound, service, protocol))
        return listeners

    def _keep_date(self) -> None:
        self._service.date = [(b"date", formatdate(usegmt=True).encode())]
        asyncio.get_running_loop().call_later(1, self._keep_date)

    @property
    def busy(self) -> bool:
        """Whether an answer is under way."""
        return any(connection.busy for connection in list(self._service.connections))

    async def _close_connections(self) -> None:
        for connection in list(self._service.connections):
            connection.shutdown()
        with suppress(TimeoutError):
            async with asyncio.timeout(_GRACE_SECONDS):
                while self.busy:
                    await asyncio.sleep(0.01)
        for connection in list(self._service.connections):
            connection.transport.abort()
        # The transports call `connection_lost` in the next round of the loop.
        await asyncio.sleep(0)


class ServerThread:
    """A server in a thread of this process."""

    def __init__(
        self,
        app: Flask,
        *bound: socket.socket,
        tls: Tls | None = None,
        proxy: ForwardProxy | None = None,
    ) -> None:
        self._server = Server(app, *bound, tls=tls, proxy=proxy)
        self._settled = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="fake-server", daemon=True)

    def start(self) -> None:
        """Start the server; return when it answers requests. Raises the error of a failed start."""
        self._thread.start()
        self._settled.wait()
        if self._failure is not None:
            self._thread.join()
            raise self._failure

    def stop(self) -> None:
        """Stop the server; return when its thread has ended and its sockets are closed."""
        self._server.stop()
        self._thread.join()

    def _run(self) -> None:
        try:
            self._server.run(self._settled.set)
        except BaseException as failure:  # noqa: BLE001  # `start` raises it
            self._failure = failure
        finally:
            self._settled.set()
