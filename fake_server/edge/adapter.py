"""Calls of a WSGI application, which decides on the answers to requests."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

from fake_server.edge.http_messages import Request
from fake_server.rest.delivery import USUAL, Delivery, delivery_of

WsgiApplication = Callable[[dict[str, Any], Any], Iterable[bytes]]

_WITHOUT_LENGTH = frozenset({204, 304})
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f]")


class WsgiAnswer(NamedTuple):
    """The answer of the application: status, raw headers, whole body, and its delivery."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    delivery: Delivery = USUAL


class Endpoints(NamedTuple):
    """The two ends of a connection, as the client sees them.

    - `scheme`: `http` or `https`.
    - `server`, `client`: host and port.
    """

    scheme: str = "http"
    server: tuple[str, int] = ("127.0.0.1", 0)
    client: tuple[str, int] = ("127.0.0.1", 0)


def decide(app: WsgiApplication, environ: dict[str, Any]) -> WsgiAnswer:
    """Return the answer of a WSGI application, called as PEP 3333 says, with its delivery.

    The caller carries out the delivery: delays, cuts and the like.
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
    raw_headers = _raw_headers(int(status[:3]), headers, body)
    return WsgiAnswer(int(status[:3]), raw_headers, body, delivery_of(environ))


def _raw_headers(
    status: int, headers: list[tuple[str, str]], body: bytes
) -> list[tuple[bytes, bytes]]:
    raw_headers = [(name.lower().encode("latin-1"), _raw_value(value)) for name, value in headers]
    if status not in _WITHOUT_LENGTH and not any(
        name == b"content-length" for name, _ in raw_headers
    ):
        raw_headers.append((b"content-length", b"%d" % len(body)))
    return raw_headers


def _raw_value(value: str) -> bytes:
    """Return a header's value as bytes, without the control characters of a client."""
    if value.isascii() and value.isprintable():
        return value.encode("ascii")
    return _CONTROL.sub(" ", value).encode("latin-1", "backslashreplace")


def environ_of(request: Request, endpoints: Endpoints) -> dict[str, Any]:
    """Return the WSGI environ of a request."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(request.path).decode("latin-1"),
        "QUERY_STRING": request.query.decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{request.version}",
        "SERVER_NAME": endpoints.server[0],
        "SERVER_PORT": str(endpoints.server[1]),
        "REMOTE_ADDR": endpoints.client[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": endpoints.scheme,
        "wsgi.input": io.BytesIO(request.body.data),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers:
        _add_header(environ, name.decode("latin-1"), value.decode("latin-1"))
    environ["CONTENT_LENGTH"] = str(request.body.length)
    return environ


def _add_header(environ: dict[str, Any], name: str, value: str) -> None:
    """Add a header. A name with `_` could pass for another header, and is left out.

    Length and transfer coding are left out: the body is complete and decoded.
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
