"""A WSGI application as an ASGI application, called inline on the server's loop.

The application decides what the answer is; `carry_out` is the one place that sends it.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

from fake_server.edge.beside import run_beside
from fake_server.edge.parser import declared_length
from fake_server.edge.protocol import CONNECTION, HttpProtocol
from fake_server.rest.delivery import USUAL, Delivery, delivery_of
from fake_server.rest.urls import makes_world

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[dict[str, Any], Any], Iterable[bytes]]

MAX_DRAIN = 64 * 1024 * 1024
"""How many bytes of a body that is too large are thrown away to keep the connection."""

_WITHOUT_LENGTH = frozenset({204, 304})
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f]")


class Answer(NamedTuple):
    """What the application decided to answer: status, raw headers, whole body, and its delivery."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    delivery: Delivery = USUAL


class Body(NamedTuple):
    """A request's body. One that is too large has its `length` and no `data`.

    `abandoned`: its rest was not read, so that the connection cannot be used again.
    """

    data: bytes
    length: int
    abandoned: bool = False


class InlineWSGI:
    """Runs a WSGI application for each request without a thread: the application never waits.

    A request that makes a world is the exception: its records may take seconds to make.

    `max_body`: bodies of more bytes are not kept; the application sees their length alone.
    """

    def __init__(self, app: Application, max_body: int) -> None:
        self._app = app
        self._max_body = max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request; nothing happens for one whose body never arrives whole."""
        body = await read_body(scope, receive, self._max_body)
        if body is not None:
            environ = environ_of(scope, body)
            if makes_world(environ):
                answer = await run_beside(partial(decide, self._app, environ))
            else:
                answer = decide(self._app, environ)
            await carry_out(answer, scope, send, close=body.abandoned)


async def carry_out(answer: Answer, scope: Scope, send: Send, *, close: bool) -> None:
    """Send an answer as its delivery has it; with `close`, the connection ends with it."""
    delivery = answer.delivery
    if delivery.wait:
        await _connection(scope).hold(delivery.wait)
    if delivery.headless:
        _connection(scope).sever()
        return
    headers = answer.headers
    if not any(name == b"date" for name, _ in headers):
        headers = [*_connection(scope).date, *headers]
    if close:
        headers = [*headers, (b"connection", b"close")]
    if delivery.cut is not None:
        await _send_part(answer, headers, scope, send)
        return
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    if close:
        _connection(scope).linger()
    await send({"type": "http.response.body", "body": answer.body})


async def _send_part(
    answer: Answer, headers: list[tuple[bytes, bytes]], scope: Scope, send: Send
) -> None:
    if answer.delivery.chunked and scope["http_version"] == "1.1":
        headers = [header for header in headers if header[0] != b"content-length"]
    part = answer.body[: answer.delivery.cut]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": part, "more_body": True})
    _connection(scope).sever()


def _connection(scope: Scope) -> HttpProtocol:
    found: HttpProtocol = scope["extensions"][CONNECTION]
    return found


async def read_body(scope: Scope, receive: Receive, most: int) -> Body | None:
    """Return a request's body, or None if the client went away before its end."""
    declared = declared_length(scope["headers"]) or 0
    if declared > MAX_DRAIN or (declared > most and _waits_to_send(scope)):
        return Body(b"", declared, abandoned=True)
    data = bytearray()
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        size += len(message.get("body", b""))
        if size <= most:
            data += message.get("body", b"")
        else:
            data.clear()
        if not message.get("more_body", False):
            return Body(bytes(data), size)
        if size > MAX_DRAIN:
            return Body(b"", size, abandoned=True)


def _waits_to_send(scope: Scope) -> bool:
    return scope["http_version"] != "1.0" and any(
        name == b"expect" and value.lower() == b"100-continue" for name, value in scope["headers"]
    )


def decide(app: Application, environ: dict[str, Any]) -> Answer:
    """Return the answer of a WSGI application, called as PEP 3333 says, with its delivery.

    Nothing of the delivery has happened then: that is for the caller to do, as `carry_out` does.
    """
    started: list[tuple[str, list[tuple[str, str]]]] = []
    written: list[bytes] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], exc_info: Any = None
    ) -> Callable[[bytes], object]:
        if started and exc_info is None:
            raise AssertionError("start_response was called twice without exc_info")
        started[:] = [(status, headers)]
        return written.append

    chunks = app(environ, start_response)
    try:
        written.extend(chunks)
    finally:
        close = getattr(chunks, "close", None)
        if close is not None:
            close()
    status, headers = started[0]
    body = b"".join(written)
    raw = _raw_headers(int(status[:3]), headers, body)
    return Answer(int(status[:3]), raw, body, delivery_of(environ))


def _raw_headers(
    status: int, headers: list[tuple[str, str]], body: bytes
) -> list[tuple[bytes, bytes]]:
    raw = [(name.lower().encode("latin-1"), _raw_value(value)) for name, value in headers]
    if status not in _WITHOUT_LENGTH and not any(name == b"content-length" for name, _ in raw):
        raw.append((b"content-length", b"%d" % len(body)))
    return raw


def _raw_value(value: str) -> bytes:
    """Return a header's value as it can be sent, whatever a client smuggled into it."""
    if value.isascii() and value.isprintable():
        return value.encode("ascii")
    return _CONTROL.sub(" ", value).encode("latin-1", "backslashreplace")


def environ_of(scope: Scope, body: Body) -> dict[str, Any]:
    """Return the WSGI environ of an ASGI HTTP scope."""
    server = scope.get("server") or ("127.0.0.1", 0)
    client = scope.get("client") or ("127.0.0.1", 0)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "REMOTE_ADDR": client[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": io.BytesIO(body.data),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        _add_header(environ, name.decode("latin-1"), value.decode("latin-1"))
    environ["CONTENT_LENGTH"] = str(body.length)
    return environ


def _add_header(environ: dict[str, Any], name: str, value: str) -> None:
    """Add a header; one spelled with `_` could pass for another and is left out.

    Length and transfer coding are left out as well: the body is complete and decoded.
    """
    if "_" in name or name in {"content-length", "transfer-encoding"}:
        return
    key = name.upper().replace("-", "_")
    if key == "CONTENT_TYPE":
        environ[key] = value
        return
    key = f"HTTP_{key}"
    if key in environ:
        value = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{value}"
    environ[key] = value
