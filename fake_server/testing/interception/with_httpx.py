"""The interception of httpx by `respx`: the library's own connection, in memory."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore
import httpx
import respx

from fake_server.edge.memory_connection import Conversation
from fake_server.testing.interception.hosts import Origin
from fake_server.testing.interception.origins import find, let_out


@contextmanager
def patch() -> Iterator[None]:
    """Intercept httpx, synchronous and asynchronous, while the block runs."""
    router = respx.mock(assert_all_called=False)
    router.route().mock(side_effect=_answer)
    with router:
        yield


def _answer(request: httpx.Request) -> httpx.Response | httpx.Request | None:
    """Return the answer; the request for one that goes to the network; None for other routers."""
    url = str(request.url)
    origin = find(url)
    if origin is not None:
        return _exchange(origin, request)
    return request if let_out(url) else None


def _exchange(origin: Origin, request: httpx.Request) -> httpx.Response:
    url = httpcore.URL(
        scheme=request.url.raw_scheme,
        host=request.url.raw_host,
        port=request.url.port,
        target=request.url.raw_path,
    )
    connection = httpcore.HTTP11Connection(url.origin, _Stream(origin.connect(str(request.url))))
    answer = connection.handle_request(
        httpcore.Request(
            request.method,
            url,
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
    )
    return httpx.Response(
        answer.status,
        headers=answer.headers,
        stream=_BodyStream(answer),
        extensions=answer.extensions,
        request=request,
    )


class _Stream(httpcore.NetworkStream):
    """A connection whose other end is in this process."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read at most `max_bytes` bytes."""
        try:
            return self._conversation.receive(max_bytes, timeout)
        except TimeoutError as error:
            raise httpcore.ReadTimeout(str(error)) from None

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send bytes."""
        self._conversation.send(buffer)

    def close(self) -> None:
        """Do nothing: there is no socket."""

    def get_extra_info(self, info: str) -> Any:
        """Return None: there is no socket."""
        return None


class _BodyStream(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The body of an answer, for synchronous and asynchronous clients."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self._answer.iter_stream():
            yield part

    def close(self) -> None:
        """End reading."""
        self._answer.close()

    async def aclose(self) -> None:
        """End reading."""
        self._answer.close()
