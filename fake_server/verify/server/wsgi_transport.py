"""The way to a WSGI application in this process."""

import gzip
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from werkzeug.datastructures import Headers
from werkzeug.test import create_environ, run_wsgi_app

from fake_server.verify.outcome_errors import NoAnswerError
from fake_server.verify.server.raw_messages import ApiRequest
from fake_server.verify.server.transport import RawAnswer

if TYPE_CHECKING:
    pass


WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]


class WsgiTransport:
    """Calls a WSGI application in this process.

    The application sees `base_url` as its own address; nobody listens there.
    """

    name = "in this process"

    def __init__(self, app: WsgiApp, base_url: str = "http://127.0.0.1:8042") -> None:
        self._app = app
        self.base_url = base_url

    def send(self, request: ApiRequest) -> RawAnswer:
        """Call the application."""
        environ = create_environ(
            base_url=self.base_url,
            method=request.method,
            headers=list(request.headers),
            data=request.body,
        )
        path, _, query = request.target.partition("?")
        environ["PATH_INFO"] = unquote_to_bytes(path).decode("latin-1")
        environ["QUERY_STRING"] = query.encode("utf-8", "surrogateescape").decode("latin-1")
        environ["REQUEST_URI"] = environ["RAW_URI"] = request.target
        try:
            parts, status, headers = run_wsgi_app(self._app, environ, buffered=True)
            body = b"".join(parts)
        except Exception as error:
            raise NoAnswerError(
                f"{request.method} {request.target}", f"{type(error).__name__}: {error}"
            ) from error
        try:
            if headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body) if body else body
        except (OSError, EOFError, ValueError) as error:
            raise NoAnswerError(f"{request.method} {request.target}", f"no gzip: {error}") from None
        return RawAnswer(int(status.split()[0]), Headers(headers), body)
