"""The interception of requests by `responses`: the library's own connection, in memory."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from inspect import signature
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import requests
import responses
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, connection

from fake_server.edge.memory_connection import Conversation
from fake_server.testing.interception.hosts import Origin
from fake_server.testing.interception.network import MEMORY, classes_of_urllib3
from fake_server.testing.interception.origins import find, let_out

_real_send: Any = signature(responses.RequestsMock).parameters["real_adapter_send"].default
"""The original `HTTPAdapter.send`."""

_patched: dict[Any, "_Patch"] = {}
"""The patches by the function that replaces `HTTPAdapter.send`."""


@dataclass(slots=True)
class _Patch:
    """A patch of `HTTPAdapter.send`; `users`: the number of open blocks, which end in any order."""

    mock: responses.RequestsMock
    users: int = 0


@contextmanager
def patch() -> Iterator[None]:
    """Intercept requests while the block runs."""
    if HTTPAdapter.send not in _patched:
        mock = _mock()
        mock.start()
        _patched[HTTPAdapter.send] = _Patch(mock)
    patched_send = HTTPAdapter.send
    _patched[patched_send].users += 1
    try:
        yield
    finally:
        _patched[patched_send].users -= 1
        if not _patched[patched_send].users:
            _patched.pop(patched_send).mock.stop()


def _mock() -> responses.RequestsMock:
    previous_send: Any = HTTPAdapter.send
    already_mocked = previous_send.__module__ != HTTPAdapter.__module__

    def send(adapter: Any, request: Any, **options: Any) -> Any:
        origin = find(request.url)
        if origin is None:
            return previous_send(adapter, request, **options)
        memory_adapter = _MemoryAdapter(origin, adapter.max_retries)
        with _own_class():
            return _real_send(memory_adapter, request, **{**options, "proxies": None})

    # Versions of requests pass different arguments: no single signature fits all.
    real_send: Any = send
    mock = responses.RequestsMock(assert_all_requests_are_fired=False, real_adapter_send=real_send)
    mock.add(_InterceptedHosts(all_hosts=already_mocked))
    return mock


_class_lock = Lock()
_class_users = 0
_class_in_place: Any = None


@contextmanager
def _own_class() -> Iterator[None]:
    """Put urllib3's own class in its module while the block runs, in any thread.

    Methods of urllib3 1 name their class there, where a cassette of vcrpy puts another.
    """
    global _class_users, _class_in_place
    (own_class,) = classes_of_urllib3("HTTPConnection")
    with _class_lock:
        if not _class_users:
            _class_in_place = connection.HTTPConnection
            connection.HTTPConnection = own_class
        _class_users += 1
    try:
        yield
    finally:
        with _class_lock:
            _class_users -= 1
            if not _class_users:
                connection.HTTPConnection = _class_in_place


class _InterceptedHosts(responses.BaseResponse):
    """Matches requests that an origin answers, and requests that may go to the network.

    `all_hosts`: match all other requests too, and leave them to an earlier mock of requests.
    """

    def __init__(self, *, all_hosts: bool) -> None:
        super().__init__("GET", re.compile(""), passthrough=True)
        self._all_hosts = all_hosts

    def matches(self, request: requests.PreparedRequest) -> tuple[bool, str]:
        """Return whether a request matches, and the reason if it does not."""
        url = str(request.url)
        matched = self._all_hosts or find(url) is not None or let_out(url)
        return matched, "" if matched else "its host is neither intercepted nor allowed"


class _MemoryAdapter(HTTPAdapter):
    """Sends through a connection in memory. The library makes the exceptions and retries."""

    def __init__(self, origin: Origin, retries: Any) -> None:
        # `responses` does the retries for a status; there is no pause between two tries.
        super().__init__(
            max_retries=retries.new(
                status_forcelist=(), respect_retry_after_header=False, backoff_factor=0
            )
        )
        self._origin = origin

    def get_connection_with_tls_context(
        self, request: requests.PreparedRequest, verify: Any, proxies: Any = None, cert: Any = None
    ) -> HTTPConnectionPool:
        """Return the pool whose connection sends the request."""
        return self.get_connection(str(request.url))

    def get_connection(self, url: str | bytes, proxies: Any = None) -> HTTPConnectionPool:
        """Return the pool whose connection sends the request, for older versions of requests."""
        text = url if isinstance(url, str) else url.decode("ascii")
        return _pool(self._origin, text)


def _pool(origin: Origin, url: str) -> HTTPConnectionPool:
    parts = urlsplit(url)
    port = 443 if parts.scheme == "https" else 80

    # A cassette of vcrpy stands in place of the pool's own class, and sends to the real host.
    (base,) = classes_of_urllib3("HTTPConnection")

    class Connection(base):  # type: ignore[misc,valid-type]  # chosen by urllib3
        """A connection whose other end is in this process."""

        default_port = port

        def connect(self) -> None:
            """Open the connection in memory."""
            self.sock = _Socket(origin.connect(url))

    class Pool(HTTPConnectionPool):  # type: ignore[misc]  # urllib3 1 has no types
        """A pool of connections in memory."""

        ConnectionCls = Connection

    setattr(Connection, MEMORY, True)
    return Pool(parts.hostname, parts.port or port)


class _Socket:
    """The part of a socket that http.client uses."""

    def __init__(self, conversation: Conversation) -> None:
        self.conversation = conversation
        self.timeout: float | None = None

    def settimeout(self, seconds: float | None) -> None:
        """Set the timeout of reads, in seconds; None: no timeout."""
        self.timeout = seconds

    def sendall(self, data: bytes) -> None:
        """Send bytes."""
        self.conversation.send(bytes(data))

    def makefile(self, mode: str, *_: object) -> io.BufferedReader:
        """Return the reader of the answer."""
        return io.BufferedReader(_SocketFile(self))

    def close(self) -> None:
        """Do nothing: there is no socket."""


class _SocketFile(io.RawIOBase):
    def __init__(self, socket: _Socket) -> None:
        super().__init__()
        self._socket = socket

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._socket.conversation.receive(len(buffer), self._socket.timeout)
        buffer[: len(data)] = data
        return len(data)
