"""The interception of httpx2: the library's own connection, in memory."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from typing import Any

import httpcore2

from fake_server.edge.memory_connection import Conversation
from fake_server.testing.interception.hosts import Origin
from fake_server.testing.interception.origins import find, is_on, let_out
from fake_server.testing.interception.wrapping import wrapped


@contextmanager
def patch() -> Iterator[None]:
    """Intercept httpx2, synchronous and asynchronous, while the block runs."""
    with ExitStack() as stack:
        stack.enter_context(wrapped(httpcore2.ConnectionPool, "handle_request", _answering))
        stack.enter_context(
            wrapped(httpcore2.AsyncConnectionPool, "handle_async_request", _answering_async)
        )
        yield


def _answering(handle_request: Any) -> Any:
    @wraps(handle_request)
    def answer(pool: Any, request: httpcore2.Request) -> httpcore2.Response:
        origin = _origin_of(request)
        if origin is None:
            return handle_request(pool, request)  # type: ignore[no-any-return]  # what it wraps
        stream = _Stream(origin.connect(_text(request.url)))
        return httpcore2.HTTP11Connection(request.url.origin, stream).handle_request(request)

    return answer


def _answering_async(handle_request: Any) -> Any:
    @wraps(handle_request)
    async def answer(pool: Any, request: httpcore2.Request) -> httpcore2.Response:
        origin = _origin_of(request)
        if origin is None:
            return await handle_request(pool, request)  # type: ignore[no-any-return]  # as above
        stream = _AsyncStream(origin.connect(_text(request.url)))
        connection = httpcore2.AsyncHTTP11Connection(request.url.origin, stream)
        return await connection.handle_async_request(request)

    return answer


def _origin_of(request: httpcore2.Request) -> Origin | None:
    """Return the origin that answers a request; None: it goes out. Raises ConnectError."""
    url = _text(request.url)
    origin = find(url)
    if origin is None and is_on() and not let_out(url):
        raise httpcore2.ConnectError(f"{url}: its host is neither intercepted nor allowed")
    return origin


def _text(url: httpcore2.URL) -> str:
    return bytes(url).decode("ascii")


class _Stream(httpcore2.NetworkStream):
    """A connection whose other end is in this process."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read at most `max_bytes` bytes."""
        return _receive(self._conversation, max_bytes, timeout)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send bytes."""
        self._conversation.send(buffer)

    def close(self) -> None:
        """Do nothing: there is no socket."""

    def get_extra_info(self, info: str) -> Any:
        """Return None: there is no socket."""
        return None


class _AsyncStream(httpcore2.AsyncNetworkStream):
    """A connection whose other end is in this process, for asynchronous clients."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read at most `max_bytes` bytes."""
        return _receive(self._conversation, max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send bytes."""
        self._conversation.send(buffer)

    async def aclose(self) -> None:
        """Do nothing: there is no socket."""

    def get_extra_info(self, info: str) -> Any:
        """Return None: there is no socket."""
        return None


def _receive(conversation: Conversation, max_bytes: int, timeout: float | None) -> bytes:
    try:
        return conversation.receive(max_bytes, timeout)
    except TimeoutError as error:
        raise httpcore2.ReadTimeout(str(error)) from None
