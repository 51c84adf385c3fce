"""Servers without an API behind them: what they answer cannot show any behaviour.

Each is made of the fake's own application, so that its first answer is one of that API.
"""

import json
from collections.abc import Callable, Iterable
from itertools import cycle
from typing import Any

from werkzeug.test import EnvironBuilder, run_wsgi_app

from fake_server.verify.server.wsgi_transport import WsgiApp

Raw = tuple[str, list[tuple[str, str]], bytes]

GARBAGE: tuple[bytes, ...] = (
    b"null",
    b"[]",
    b"{}",
    b'"text"',
    b"7",
    b"[[]]",
    b'[{"id": null}]',
    b'{"error": []}',
    b'{"availabilities": [null]}',
    b"<html></html>",
    b"",
)
"""Bodies that mean nothing."""


class Constant:
    """Answers each path as it answered it first, whatever the query, the headers and the body."""

    def __init__(self, app: WsgiApp) -> None:
        self._app = app
        self._answers: dict[tuple[str, bool], Raw] = {}

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        """Answer a request."""
        reads = environ["REQUEST_METHOD"] in {"GET", "HEAD"}
        key = (environ["PATH_INFO"], reads)
        if key not in self._answers:
            self._answers[key] = ask(self._app, _without_query(environ) if reads else environ)
        return _sent(self._answers[key], start)


class Same:
    """Answers everything as it answered the first question."""

    def __init__(self, app: WsgiApp) -> None:
        self._app = app
        self._answer: Raw | None = None

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        """Answer a request."""
        if environ["PATH_INFO"].endswith("/token"):
            return self._app(environ, start)
        if self._answer is None:
            self._answer = ask(self._app, environ)
        return _sent(self._answer, start)


class Empty:
    """Answers everything with an empty list and the headers of one."""

    def __init__(self, app: WsgiApp) -> None:
        self._same = Same(self._emptied)
        self._app = app

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        """Answer a request."""
        if environ["PATH_INFO"].endswith("/token"):
            return self._app(environ, start)
        return self._same(environ, start)

    def _emptied(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        status, headers, body = ask(self._app, environ)
        value = json.loads(body)
        empty = {key: [] for key in value} if isinstance(value, dict) else []
        kept = [
            (name, "0" if name.lower().endswith(("total", "total-entries")) else text)
            for name, text in headers
            if name.lower() not in {"link", "etag", "content-length"}
        ]
        return _sent((status, kept, json.dumps(empty).encode()), start)


class Garbage:
    """Answers the first question, and then one body after the other that means nothing."""

    def __init__(self, app: WsgiApp) -> None:
        self._app = app
        self._asked = False
        self._bodies = cycle(GARBAGE)

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        """Answer a request."""
        if environ["PATH_INFO"].endswith("/token"):
            return self._app(environ, start)
        if not self._asked:
            self._asked = True
            return self._app(environ, start)
        headers = [("Content-Type", "application/json; charset=utf-8"), ("X-Total", "many")]
        return _sent(("200 OK", headers, next(self._bodies)), start)


HOLLOW: dict[str, Callable[[WsgiApp], WsgiApp]] = {
    "constant": Constant,
    "same": Same,
    "empty": Empty,
    "garbage": Garbage,
}


def ask(app: WsgiApp, environ: dict[str, Any]) -> Raw:
    """Return the answer of an application as status, headers and body."""
    parts, status, headers = run_wsgi_app(app, environ, buffered=True)
    return status, list(headers), b"".join(parts)


def _without_query(environ: dict[str, Any]) -> dict[str, Any]:
    plain = EnvironBuilder(method="GET", base_url=f"http://{environ['HTTP_HOST']}").get_environ()
    kept = ("HTTP_AUTHORIZATION", "HTTP_ACCEPT", "HTTP_USER_AGENT")
    return {
        **plain,
        "PATH_INFO": environ["PATH_INFO"],
        "REQUEST_URI": environ["PATH_INFO"],
        "RAW_URI": environ["PATH_INFO"],
        **{name: environ[name] for name in kept if name in environ},
    }


def _sent(answer: Raw, start: Any) -> Iterable[bytes]:
    status, headers, body = answer
    start(status, headers)
    return [body]
