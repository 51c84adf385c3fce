"""requests, intercepted by `responses`: the library's own connection, over memory."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from inspect import signature
from typing import Any
from urllib.parse import urlsplit

import requests
import responses
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool

from fake_server.edge.memory import Conversation
from fake_server.testing.interception.hosts import Place
from fake_server.testing.interception.libraries import find, let_out

_real_send: Any = signature(responses.RequestsMock).parameters["real_adapter_send"].default
"""`HTTPAdapter.send` as it was before anything was patched."""


_patched: dict[Any, "_Patch"] = {}
"""By the function that `HTTPAdapter.send` is meanwhile."""


@dataclass(slots=True)
class _Patch:
    """`HTTPAdapter.send`, exchanged; `users`: how many blocks need it, which end in any order."""

    mock: responses.RequestsMock
    users: int = 0


@contextmanager
def patch() -> Iterator[None]:
    """Intercept requests while the block runs."""
    if HTTPAdapter.send not in _patched:
        mock = _mock()
        mock.start()
        _patched[HTTPAdapter.send] = _Patch(mock)
    as_patched = HTTPAdapter.send
    _patched[as_patched].users += 1
    try:
        yield
    finally:
        _patched[as_patched].users -= 1
        if not _patched[as_patched].users:
            _patched.pop(as_patched).mock.stop()


def _mock() -> responses.RequestsMock:
    before: Any = HTTPAdapter.send
    mocked = before.__module__ != HTTPAdapter.__module__

    def send(adapter: Any, request: Any, **options: Any) -> Any:
        place = find(request.url)
        if place is None:
            return before(adapter, request, **options)
        memory = _MemoryAdapter(place, adapter.max_retries)
        return _real_send(memory, request, **{**options, "proxies": None})

    # Called with whatever the version of requests passes: no signature of ours would fit all.
    as_sent: Any = send
    mock = responses.RequestsMock(assert_all_requests_are_fired=False, real_adapter_send=as_sent)
    mock.add(_Ours(others=mocked))
    return mock


class _Ours(responses.BaseResponse):
    """Takes requests to hosts that are answered, or let out; `others`: to all hosts.

    Whatever mocked requests before is asked about the other hosts, so that both work at a time.
    """

    def __init__(self, *, others: bool) -> None:
        super().__init__("GET", re.compile(""), passthrough=True)
        self._others = others

    def matches(self, request: requests.PreparedRequest) -> tuple[bool, str]:
        """Return whether a request is taken, and why not."""
        url = str(request.url)
        taken = self._others or find(url) is not None or let_out(url)
        return taken, "" if taken else "its host is neither intercepted nor allowed"


class _MemoryAdapter(HTTPAdapter):
    """Sends through a connection in memory. Exceptions and retries are the library's own."""

    def __init__(self, place: Place, retries: Any) -> None:
        # `responses` repeats what is repeated for its status; nothing waits between two tries.
        super().__init__(
            max_retries=retries.new(
                status_forcelist=(), respect_retry_after_header=False, backoff_factor=0
            )
        )
        self._place = place

    def get_connection_with_tls_context(
        self, request: requests.PreparedRequest, verify: Any, proxies: Any = None, cert: Any = None
    ) -> HTTPConnectionPool:
        """Return the function that sends one request."""
        return self.get_connection(str(request.url))

    def get_connection(self, url: str | bytes, proxies: Any = None) -> HTTPConnectionPool:
        """Return the function that sends one request, for older versions of requests."""
        text = url if isinstance(url, str) else url.decode("ascii")
        return _pool(self._place, text)


def _pool(place: Place, url: str) -> HTTPConnectionPool:
    parts = urlsplit(url)
    standard = 443 if parts.scheme == "https" else 80

    class Connection(HTTPConnectionPool.ConnectionCls):  # type: ignore[misc]  # chosen by urllib3
        """A connection whose other end is in this process."""

        default_port = standard

        def connect(self) -> None:
            """Connect."""
            self.sock = _Socket(place.connect(url))

    class Pool(HTTPConnectionPool):  # type: ignore[misc]  # urllib3 1 has no types
        """Makes such connections."""

        ConnectionCls = Connection

    return Pool(parts.hostname, parts.port or standard)


class _Socket:
    """What http.client needs of a socket."""

    def __init__(self, conversation: Conversation) -> None:
        self.conversation = conversation
        self.timeout: float | None = None

    def settimeout(self, seconds: float | None) -> None:
        """Set how long reading waits."""
        self.timeout = seconds

    def sendall(self, data: bytes) -> None:
        """Send bytes."""
        self.conversation.send(bytes(data))

    def makefile(self, mode: str, *_: object) -> io.BufferedReader:
        """Return the reader of the answer."""
        return io.BufferedReader(_Reader(self))

    def close(self) -> None:
        """Close nothing: there is nothing open."""


class _Reader(io.RawIOBase):
    def __init__(self, socket: _Socket) -> None:
        super().__init__()
        self._socket = socket

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        found = self._socket.conversation.receive(len(buffer), self._socket.timeout)
        buffer[: len(found)] = found
        return len(found)
