"""Raw targets, and proxies before them."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from fake_server.cli.watch.captured import CapturedExchange
from fake_server.cli.watch.passing import ProxyOptions
from fake_server.cli.watch.reverse_proxy import ReverseProxy
from fake_server.cli.watch.target_connection import WatchedTarget
from fake_server.edge.http_server import bound_socket, url_of_socket

Serve = Callable[[socket.socket], None]
SECONDS = 20


class RawTarget:
    """A server that calls a function with each connection, in a thread of its own."""

    def __init__(self, serve: Serve) -> None:
        self._serve = serve
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=200)
        self.port = self._listening.getsockname()[1]
        self.connections = 0
        threading.Thread(target=self._run, daemon=True).start()

    @property
    def url(self) -> str:
        """Its URL."""
        return f"http://127.0.0.1:{self.port}"

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        connection.settimeout(SECONDS)
        with connection, suppress(OSError):
            self._serve(connection)

    def close(self) -> None:
        """Stop listening."""
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()


@dataclass
class RunningProxy:
    """A proxy in a thread, and the exchanges that it reported."""

    port: int
    proxy: ReverseProxy
    exchanges: list[CapturedExchange] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its URL."""
        return f"http://127.0.0.1:{self.port}"

    def client(self) -> socket.socket:
        """Return a new connection to it."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=SECONDS)

    def raw(self, message: bytes) -> bytes:
        """Send bytes, and return all that comes until the connection ends."""
        with self.client() as client:
            client.sendall(message)
            return everything(client)


StartTarget = Callable[[Serve], RawTarget]
StartProxy = Callable[..., RunningProxy]


@pytest.fixture
def target() -> Iterator[StartTarget]:
    """Start raw targets."""
    with ExitStack() as stack:

        def start(serve: Serve) -> RawTarget:
            raw_target = RawTarget(serve)
            stack.callback(raw_target.close)
            return raw_target

        yield start


@pytest.fixture
def proxy() -> Iterator[StartProxy]:
    """Start proxies before a URL: `proxy(url, timeout=1)`."""
    with ExitStack() as stack:

        def start(
            url: str,
            *,
            ca_file: Path | None = None,
            timeout: float = 60.0,
            rewrite: bool = False,
            insecure: bool = False,
        ) -> RunningProxy:
            bound = bound_socket("127.0.0.1", 0)
            watched = WatchedTarget.checked(url, ca_file, insecure=insecure)
            exchanges: list[CapturedExchange] = []
            reverse_proxy = ReverseProxy(watched, ProxyOptions(timeout, rewrite), exchanges.append)
            port = int(url_of_socket(bound).rpartition(":")[2])
            ready = threading.Event()
            thread = threading.Thread(
                target=reverse_proxy.run, args=([bound], ready.set), daemon=True
            )
            thread.start()
            assert ready.wait(SECONDS)

            def stop() -> None:
                reverse_proxy.stop()
                thread.join(SECONDS)
                assert not thread.is_alive()

            stack.callback(stop)
            return RunningProxy(port, reverse_proxy, exchanges)

        yield start


def everything(connection: socket.socket) -> bytes:
    """Return all bytes until the connection ends."""
    data = b""
    with suppress(ConnectionResetError):
        while piece := connection.recv(65536):
            data += piece
    return data


def head_of(connection: socket.socket) -> tuple[bytes, bytes]:
    """Return the head of a message, and the bytes behind it that came as well."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            raise ConnectionResetError
        data += piece
    head, _, rest = data.partition(b"\r\n\r\n")
    return head, rest


def exactly(connection: socket.socket, count: int, data: bytes = b"") -> bytes:
    """Return so many bytes, of which some came before."""
    while len(data) < count:
        piece = connection.recv(min(65536, count - len(data)))
        if not piece:
            raise ConnectionResetError
        data += piece
    return data
