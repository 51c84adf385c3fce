"""A fake server for tests, in a thread of their own process."""

from types import TracebackType
from typing import Any, Self

from flask import Flask

from fake_server.app import create_app
from fake_server.edge.server import ServerThread, listening_socket, url_of_socket


class FakeServer:
    """Serves the fake on a free port of 127.0.0.1 while its `with` block runs.

        with FakeServer(dataset="documented") as server:
            requests.get(f"{server.url}/v1/calendars", auth=("api-token", "x"))

    Takes the keyword arguments of `create_app`, or `app`, an application made by it.
    """

    def __init__(
        self, app: Flask | None = None, *, host: str = "127.0.0.1", port: int = 0, **options: Any
    ) -> None:
        self.app = app or create_app(**options)
        self._address = (host, port)
        self._running: ServerThread | None = None
        self.url = ""

    def __enter__(self) -> Self:
        """Start serving; `url` is the base URL, without a trailing slash."""
        bound = listening_socket(*self._address)
        self.url = url_of_socket(bound)
        self._running = ServerThread(self.app, bound)
        self._running.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop serving."""
        if self._running is not None:
            self._running.stop()
            self._running = None
