"""The reverse proxy: it accepts the connections of clients, and a relay serves each."""

import asyncio
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime

import h11

from fake_server.cli.watch.captured import CapturedExchange
from fake_server.cli.watch.passing import ProxyOptions
from fake_server.cli.watch.peer import MAX_HEAD, PIECE, Peer
from fake_server.cli.watch.relay import ClientGoneError, Relay
from fake_server.cli.watch.target_connection import WatchedTarget

_GRACE_SECONDS = 2.0


class ReverseProxy:
    """Passes exchanges between clients and a target.

    `on_exchange` gets each exchange after its answer was sent. It must not wait.
    """

    def __init__(
        self,
        target: WatchedTarget,
        options: ProxyOptions,
        on_exchange: Callable[[CapturedExchange], object],
    ) -> None:
        self._target = target
        self._options = options
        self._on_exchange = on_exchange
        self._tasks: dict[asyncio.Task[None], bool] = {}
        self._number = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped = threading.Event()
        self._stop_requested = asyncio.Event()

    def run(self, sockets: Sequence[socket.socket], on_ready: Callable[[], object]) -> None:
        """Serve bound sockets until `stop`; raises OSError where they cannot listen."""
        try:
            asyncio.run(self._run(sockets, on_ready))
        finally:
            for listening_socket in sockets:
                listening_socket.close()

    def stop(self) -> None:
        """Stop; any thread and a signal handler may call this."""
        self._stopped.set()
        if self._loop is not None:
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._stop_requested.set)

    async def _run(self, sockets: Sequence[socket.socket], on_ready: Callable[[], object]) -> None:
        self._loop = asyncio.get_running_loop()
        servers = [
            await asyncio.start_server(
                self._accept, sock=listening_socket, limit=PIECE, backlog=1024
            )
            for listening_socket in sockets
        ]
        on_ready()
        if not self._stopped.is_set():
            await self._stop_requested.wait()
        for server in servers:
            server.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(_GRACE_SECONDS):
                while any(self._tasks.values()):
                    await asyncio.sleep(0.01)
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        # The transports call `connection_lost` in the next rounds of the loop.
        await asyncio.sleep(0.01)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a connection is served by a task")
        self._tasks[task] = False
        connection = h11.Connection(h11.SERVER, max_incomplete_event_size=MAX_HEAD)
        relay = Relay(
            Peer(connection, reader, writer), self._target, self._options, self._begin, self._end
        )
        try:
            await relay.run(writer)
        except (OSError, ClientGoneError):
            relay.client.abort()
        except asyncio.CancelledError:
            # The proxy stops. A cancelled task would make asyncio's server log an error.
            relay.client.abort()
        finally:
            relay.close()
            del self._tasks[task]

    def _begin(self, request: h11.Request) -> CapturedExchange:
        """Note the beginning of an exchange."""
        self._mark(is_busy=True)
        self._number += 1
        return CapturedExchange(
            self._number,
            datetime.now(UTC),
            request.method.decode("ascii"),
            request.target.decode("latin-1"),
            list(request.headers.raw_items()),
        )

    def _end(self, exchange: CapturedExchange) -> None:
        """Note the end of an exchange."""
        exchange.seconds = (datetime.now(UTC) - exchange.at).total_seconds()
        self._mark(is_busy=False)
        self._on_exchange(exchange)

    def _mark(self, *, is_busy: bool) -> None:
        task = asyncio.current_task()
        if task in self._tasks:
            self._tasks[task] = is_busy
