"""The control plane of a fake in this process; `remote` has that of a server, over HTTP."""

import json
from typing import Any, Protocol
from urllib.parse import urlsplit

from flask import Flask

from fake_server.control.guard import access_of
from fake_server.edge.adapter import Endpoints, decide, environ_of
from fake_server.edge.http_messages import Request, RequestBody
from fake_server.testing.remote import content_of


class Plane(Protocol):
    """A control plane that answers requests."""

    def ask(self, method: str, path: str, attributes: Any = None) -> Any:
        """Return the control plane's answer under `/_fake` as JSON values; None if empty.

        Raises `UserError`, one line with the reason of a refusal or of a missing answer.
        """


class LocalPlane:
    """The control plane of an application in this process, called without a socket.

    `url`: the base URL of the application, for the URLs in answers.
    """

    def __init__(self, app: Flask, url: str = "http://localhost") -> None:
        self.app = app
        self._base = urlsplit(url)

    def ask(self, method: str, path: str, attributes: Any = None) -> Any:
        """Call the application; see `Plane`."""
        url_path, _, query = path.partition("?")
        data = b"" if attributes is None else json.dumps(attributes).encode()
        request = Request(
            method,
            path=f"/_fake{url_path}".encode("ascii"),
            query=query.encode("ascii"),
            version="1.1",
            headers=[(name, value.encode("ascii")) for name, value in self._headers(data)],
            body=RequestBody(data, len(data)),
        )
        answer = decide(self.app, environ_of(request, Endpoints(self._base.scheme)))
        return content_of("the fake in this process", answer.status, answer.body)

    def _headers(self, data: bytes) -> list[tuple[bytes, str]]:
        headers = [(b"host", self._base.netloc), (b"accept", "application/json")]
        access = access_of(self.app)
        if access is not None and access.token is not None:
            headers.append((b"authorization", f"Bearer {access.token}"))
        if data:
            headers.append((b"content-type", "application/json"))
        return headers
