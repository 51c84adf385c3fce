"""A connection in memory: a client's bytes in, the server's bytes out, and no socket."""

from collections.abc import Callable
from email.utils import formatdate
from typing import Any

from fake_server.edge.adapter import Endpoints, WsgiApplication, decide, environ_of
from fake_server.edge.answer_bytes import answer_bytes, refusal_bytes
from fake_server.edge.http_messages import Interim, Request
from fake_server.edge.reader import RequestReader
from fake_server.edge.refusals import Refusal

Environ = dict[str, Any]


class Conversation:
    """The messages of one connection. A delay takes no time.

    - `prepare(environ)`: called with the WSGI environ of each request before the application.
    - `scheme`, `server`: the server's end as the client sees it, such as `https` and
      `("api.example.com", 443)`.
    - `max_body`: the greatest body in bytes. The application gets the length of a larger one alone.
    """

    def __init__(
        self,
        app: WsgiApplication,
        scheme: str,
        server: tuple[str, int],
        max_body: int,
        prepare: Callable[[Environ], object],
    ) -> None:
        self._app = app
        self._endpoints = Endpoints(scheme, server)
        self._prepare = prepare
        self._reader = RequestReader(max_body)
        self._unread = bytearray()
        self._delay = 0.0
        self._ended = False

    def send(self, data: bytes) -> None:
        """Take bytes of the client; call the application for each whole request."""
        self._reader.feed(data)
        while not self._ended:
            event = self._reader.next_event()
            if event is None:
                return
            if isinstance(event, Request):
                self._answer(event)
            elif isinstance(event, Interim):
                self._unread += event.value
            else:
                self._refuse(event)

    @property
    def ended(self) -> bool:
        """Whether the server has closed the connection and the client has read everything."""
        return self._ended and not self._unread

    def receive(self, max_bytes: int, timeout: float | None) -> bytes:
        """Return at most `max_bytes` bytes of the server; none: it closed the connection.

        Raises TimeoutError if the answer begins later than `timeout` seconds from now.
        """
        if timeout is not None and self._delay > timeout:
            raise TimeoutError("timed out")
        self._delay = 0.0
        data = bytes(self._unread[:max_bytes])
        del self._unread[:max_bytes]
        return data

    def _answer(self, request: Request) -> None:
        environ = environ_of(request, self._endpoints)
        self._prepare(environ)
        answer = decide(self._app, environ)
        self._delay = answer.delivery.wait
        data, self._ended = answer_bytes(answer, request, _date())
        self._unread += data

    def _refuse(self, refusal: Refusal) -> None:
        self._unread += refusal_bytes(refusal, _date())
        self._ended = True


def _date() -> list[tuple[bytes, bytes]]:
    return [(b"date", formatdate(usegmt=True).encode())]
