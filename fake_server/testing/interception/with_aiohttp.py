"""The interception of aiohttp: the library's own protocol, over a transport in memory."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from aiohttp import ClientConnectionError, ClientTimeout, SocketTimeoutError, TCPConnector
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection

from fake_server.edge.memory_connection import Conversation
from fake_server.testing.interception.origins import find, is_on, let_out
from fake_server.testing.interception.wrapping import wrapped

_MOST_BYTES = 2**16


@contextmanager
def patch() -> Iterator[None]:
    """Intercept aiohttp while the block runs. A connector without TCP, such as a pipe, is left."""
    with wrapped(TCPConnector, "connect", _answering):
        yield


def _answering(connect: Any) -> Any:
    @wraps(connect)
    async def answer(connector: Any, request: Any, traces: Any, timeout: ClientTimeout) -> Any:
        url = str(request.url)
        origin = find(url)
        if origin is None:
            if is_on() and not let_out(url):
                raise ClientConnectionError(f"{url}: its host is neither intercepted nor allowed")
            return await connect(connector, request, traces, timeout)
        for trace in traces or ():
            await trace.send_connection_create_start()
        loop = asyncio.get_running_loop()
        protocol = ResponseHandler(loop)
        protocol.connection_made(
            _MemoryTransport(origin.connect(url), protocol, request, timeout, loop)
        )
        for trace in traces or ():
            await trace.send_connection_create_end()
        return _Connection(connector, request.connection_key, protocol, loop)

    return answer


class _Connection(Connection):
    """A connection that no pool keeps: it would answer after the interception."""

    def release(self) -> None:
        """Close the connection."""
        self.close()

    def close(self) -> None:
        """Close the connection, of which the connector does not know."""
        self._notify_release()
        if self._protocol is not None:
            self._protocol.close()
            self._protocol = None


class _MemoryTransport(asyncio.Transport):
    """A transport whose other end is in this process."""

    def __init__(
        self,
        conversation: Conversation,
        protocol: ResponseHandler,
        request: Any,
        timeout: ClientTimeout,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        super().__init__()
        self._conversation = conversation
        self._protocol = protocol
        self._request = request
        self._timeout = timeout
        self._loop = loop
        self._is_paused = False
        self._is_closing = False

    def write(self, data: Any) -> None:
        """Send bytes; what answers them arrives in a later step of the loop."""
        self._conversation.send(bytes(data))
        self._loop.call_soon(self._deliver)

    def pause_reading(self) -> None:
        """Hold back what the client has not read."""
        self._is_paused = True

    def resume_reading(self) -> None:
        """Deliver again."""
        self._is_paused = False
        self._loop.call_soon(self._deliver)

    def is_reading(self) -> bool:
        """Return whether the client takes bytes."""
        return not self._is_paused and not self._is_closing

    def is_closing(self) -> bool:
        """Return whether the connection is closed, by either end."""
        return self._is_closing

    def close(self) -> None:
        """Close the connection."""
        if not self._is_closing:
            self._is_closing = True
            self._loop.call_soon(self._protocol.connection_lost, None)

    def abort(self) -> None:
        """Close the connection."""
        self.close()

    def _deliver(self) -> None:
        while self.is_reading():
            try:
                data = self._conversation.receive(_MOST_BYTES, self._longest_wait())
            except TimeoutError:
                self._time_out()
                return
            if not data:
                break
            self._protocol.data_received(data)
        if self.is_reading() and self._conversation.ended:
            self._protocol.eof_received()
            self.close()

    def _longest_wait(self) -> float | None:
        """Return the seconds after which the client stops waiting; None: it does not."""
        # The library takes 0 for none.
        limits = [limit for limit in (self._timeout.total, self._timeout.sock_read) if limit]
        return min(limits, default=None)

    def _time_out(self) -> None:
        """Do what the library does when its own timeout passes."""
        if self._longest_wait() == self._timeout.total:
            timer = getattr(self._request, "_timer", None) or self._request.timer
            timer.timeout()
        else:
            self._protocol.set_exception(SocketTimeoutError("Timeout on reading data from socket"))
