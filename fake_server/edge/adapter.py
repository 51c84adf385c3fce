"""The Flask app as an ASGI application, called inline on the server's loop."""

from __future__ import annotations

import io
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from flask import Flask

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class InlineWSGI:
    """Runs a WSGI app for each request without a thread: the app never waits."""

    def __init__(self, app: Flask, max_body: int) -> None:
        self._app = app
        self._max_body = max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        if scope["type"] != "http":
            return
        body = await self._read(receive)
        started: dict[str, Any] = {}

        def start_response(
            status: str, headers: list[tuple[str, str]], exc_info: Any = None
        ) -> Callable[[bytes], object]:
            started["status"] = int(status[:3])
            started["headers"] = [
                (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
            ]
            return lambda data: None

        content = b"".join(self._app(environ_of(scope, body), start_response))
        await send({"type": "http.response.start", **started})
        await send({"type": "http.response.body", "body": content})

    async def _read(self, receive: Receive) -> bytes:
        """Return the body, or one byte more than the app accepts of a larger one."""
        chunks: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if size <= self._max_body:
                chunks.append(message.get("body", b""))
                size += len(chunks[-1])
            if not message.get("more_body", False):
                return b"".join(chunks)[: self._max_body + 1]


def environ_of(scope: Scope, body: bytes) -> dict[str, Any]:
    """Return the WSGI environ of an ASGI HTTP scope."""
    server = scope.get("server") or ("127.0.0.1", 0)
    client = scope.get("client") or ("127.0.0.1", 0)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8").decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "REMOTE_ADDR": client[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        _add_header(environ, raw_name.decode("latin-1"), raw_value.decode("latin-1"))
    environ["CONTENT_LENGTH"] = str(len(body))
    return environ


def _add_header(environ: dict[str, Any], name: str, value: str) -> None:
    key = name.upper().replace("-", "_")
    if key == "CONTENT_TYPE":
        environ[key] = value
    elif key != "CONTENT_LENGTH":
        key = f"HTTP_{key}"
        environ[key] = f"{environ[key]},{value}" if key in environ else value
