"""One end of a connection that a reverse proxy holds: the client, or the target."""

import asyncio

import h11

PIECE = 64 * 1024
"""The most bytes that are read at a time."""

MAX_HEAD = 256 * 1024
"""The most bytes of a message's head."""

Headers = list[tuple[bytes, bytes]]


class Peer:
    """Reads and writes the messages of one connection.

    `last_progress`: when the peer last sent or took bytes, by the clock of the loop.
    """

    def __init__(
        self,
        connection: h11.Connection,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self.connection = connection
        self.received = False
        self._reader = reader
        self._writer = writer
        self._loop = asyncio.get_running_loop()
        self.last_progress = self._loop.time()

    async def next_event(
        self, seconds: float | None = None
    ) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        """Return the next event; raises OSError and `h11.RemoteProtocolError`.

        Raises TimeoutError where the peer neither sends nor takes bytes for some seconds.
        """
        while (event := self.connection.next_event()) is h11.NEED_DATA:
            data = await self._read(seconds)
            self.received = self.received or bool(data)
            self.connection.receive_data(data)
        return event

    async def _read(self, seconds: float | None) -> bytes:
        began = self._loop.time()
        while True:
            try:
                wait = (
                    None
                    if seconds is None
                    else max(began, self.last_progress) + seconds - self._loop.time()
                )
                async with asyncio.timeout(wait):
                    data = await self._reader.read(PIECE)
            except TimeoutError:
                if seconds is not None and self._loop.time() - self.last_progress >= seconds:
                    raise
            else:
                self.last_progress = self._loop.time()
                return data

    async def send(self, event: h11.Event) -> None:
        """Send an event, and wait while the peer takes no more bytes; raises OSError."""
        data = self.connection.send(event)
        if data:
            self._writer.write(data)
            await self._writer.drain()
            self.last_progress = self._loop.time()

    def is_usable(self, seconds: float) -> bool:
        """Return whether another request may be sent: the peer is there and was lately."""
        return (
            self.connection.our_state is h11.IDLE
            and not self._reader.at_eof()
            and not self._writer.is_closing()
            and self._loop.time() - self.last_progress < seconds
        )

    def next_cycle(self) -> bool:
        """Make ready for the next request; return False if the connection must end."""
        states = self.connection.states.values()
        if set(states) != {h11.DONE}:
            return False
        self.connection.start_next_cycle()
        self.received = False
        return True

    async def linger(self, seconds: float) -> None:
        """Half-close, and drop further bytes of the peer, so that it can read the answer."""
        try:
            async with asyncio.timeout(seconds):
                if self._writer.can_write_eof():
                    self._writer.write_eof()
                while await self._reader.read(PIECE):
                    continue
        except (OSError, TimeoutError):
            return

    def close(self) -> None:
        """Close the connection after the bytes written so far."""
        self._writer.close()

    def abort(self) -> None:
        """End the connection at once."""
        self._writer.transport.abort()
