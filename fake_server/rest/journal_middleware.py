"""The inner middleware: notes each request in the journal of its world, raw and short."""

import logging
from collections.abc import Mapping, Sequence
from functools import lru_cache
from io import BytesIO
from time import perf_counter, time
from typing import Any
from urllib.parse import parse_qsl

from flask import Request
from werkzeug.http import parse_cookie

from fake_server.rest.access.credentials import Credentials
from fake_server.rest.access.redaction import redacted, redacted_query, redacted_text
from fake_server.rest.api_errors import MalformedParametersError
from fake_server.rest.context import (
    ANSWERED_INSTEAD,
    API,
    DECLARATION,
    FAULT,
    RAW_PATH,
    ROUTE,
    WORLD,
)
from fake_server.rest.conventions import PLAIN, Conventions, conventions_of
from fake_server.rest.not_served import NOT_SERVED, not_served
from fake_server.rest.parameters import (
    BODY_UNREAD,
    PARAMETERS,
    ApartParameters,
    Parameters,
    body_values,
)
from fake_server.rest.remembering.middleware import REMEMBERED
from fake_server.rest.schema.requested_operation import operation_of
from fake_server.rest.urls import canonical
from fake_server.world.journal.secret_texts import REDACTED, SecretTexts
from fake_server.world.world import World

MOST_QUERY = 16 * 1024
MOST_BODY = 16 * 1024
"""How many bytes of a query, and of a body, are remembered; of longer ones nothing but the size."""

_MOST_PATH = 2048
_MOST_LOGGED = 1000
_MOST_UNREAD = 100
_SCHEMES = {"basic": "Basic", "bearer": "Bearer", "token": "Token"}
_QUERY = "(query)"
_BODY = "(body)"
_log = logging.getLogger("fake_server")


class JournalMiddleware:
    """WSGI middleware: notes what was asked and answered, but for what the control plane answers.

    It reads what `WorldMiddleware` has put into the environ. The journal shows a request when
    somebody asks for it. Of an operation that is not served, the journal of each world and the log
    say so once.
    """

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self._logged: set[str] = set()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Answer, and note the request and its answer in the journal of its world."""
        if not environ[API] and f"{environ['PATH_INFO']}/".startswith("/_fake/"):
            return self._inner(environ, start_response)
        world: World = environ[WORLD]
        at, real_at, began = world.clock.peek(), time(), perf_counter()
        size = _size(environ.get("CONTENT_LENGTH"))
        body = _kept_body(environ, size) if size else b""
        status, is_served = 0, True

        def start(line: str, headers: Any, *more: Any) -> Any:
            nonlocal status, is_served
            status = int(line[:3])
            is_served = status != 404 or all(name != NOT_SERVED for name, _ in headers)
            return start_response(line, headers, *more)

        answer = self._inner(environ, start)
        if not is_served:
            self._note_not_served(world, environ)
        if environ[API] or status >= 400:
            world.journal.record(
                at,
                real_at,
                perf_counter() - began,
                environ["REQUEST_METHOD"],
                _path(environ)[:_MOST_PATH],
                status,
                _credentials(environ),
                environ.get(FAULT),
                _remembered_sent(environ, body, size),
            )
        return answer

    def _note_not_served(self, world: World, environ: dict[str, Any]) -> None:
        path = redacted_query(world.secrets().hidden_text(_path(environ)[:_MOST_PATH]))
        unserved = not_served(environ[API], environ["REQUEST_METHOD"], path)
        world.journal.record_not_served(unserved.operation)
        if unserved.operation not in self._logged and len(self._logged) < _MOST_LOGGED:
            self._logged.add(unserved.operation)
            _log.warning("%s: %s", environ[API], unserved)


def _path(environ: dict[str, Any]) -> str:
    """Return the path as routes are spelled: as it came, where its API has no other spellings."""
    path: str = environ[RAW_PATH]
    exact = environ[API] and not conventions_of(environ).accepts_spellings
    return path if exact else canonical(path)


def _size(declared: str | None) -> int:
    return int(declared) if declared and declared.isascii() and declared.isdigit() else 0


def _kept_body(environ: dict[str, Any], size: int) -> bytes:
    """Return a body, nothing of a long one; it stays where the application reads it."""
    if size > MOST_BODY:
        return b""
    stream = environ["wsgi.input"]
    if not isinstance(stream, BytesIO):
        stream = environ["wsgi.input"] = BytesIO(stream.read(size))
    return stream.getvalue()


def _credentials(environ: Mapping[str, Any]) -> str | None:
    """Return how a request carries credentials: by which scheme, or in what else by its name.

    That is a header, a cookie or a parameter of the query. An Authorization header may also be a
    token and no more.
    """
    authorization: str | None = environ.get("HTTP_AUTHORIZATION")
    if authorization is not None:
        return _SCHEMES.get(authorization.lstrip().partition(" ")[0].lower(), "other")
    if DECLARATION not in environ:
        return None
    carriers: Credentials = environ[DECLARATION].credentials
    header = next((name for name in carriers.header_names if _key_of(name) in environ), None)
    if header is not None:
        return header
    return _parameter_sent(carriers, environ)


def _parameter_sent(carriers: Credentials, environ: Mapping[str, Any]) -> str | None:
    """Return the first cookie, or parameter of the query, that carries a credential."""
    if carriers.cookie_names and "HTTP_COOKIE" in environ:
        sent = parse_cookie(environ["HTTP_COOKIE"])
        for name in carriers.cookie_names:
            if name in sent:
                return name
    if not carriers.query_names:
        return None
    query = environ.get("QUERY_STRING", "")[:MOST_QUERY]
    names = {name for name, _ in parse_qsl(query, keep_blank_values=True)}
    return next(iter(sorted(carriers.query_names & names)), None)


def _key_of(header: str) -> str:
    return f"HTTP_{header.upper().replace('-', '_')}"


def _remembered_sent(environ: dict[str, Any], body: bytes, size: int) -> "SentOverHttp":
    remembered = environ.get(REMEMBERED)
    if remembered is None:
        return _sent(environ, body, size)
    if remembered.sent is None:
        remembered.sent = _sent(environ, body, size)
    sent: SentOverHttp = remembered.sent
    return sent


def _sent(environ: dict[str, Any], body: bytes, size: int) -> "SentOverHttp":
    asked = (environ[API], environ["REQUEST_METHOD"], environ.get(ROUTE))
    query = environ.get("QUERY_STRING", "")
    if not query and not size:
        return _nothing_sent(*asked)
    taken: Parameters | ApartParameters | None = environ.get(PARAMETERS)
    unread: tuple[str, ...] | None = None
    if ANSWERED_INSTEAD in environ:
        unread = ()
    elif taken is not None:
        names = taken.unread()[:_MOST_UNREAD]
        unread = (*names, *((_BODY,) if BODY_UNREAD in environ else ()))
    elif FAULT in environ:
        # The answer says nothing of what the service makes of the request.
        unread = ()
    kind, conventions = environ.get("CONTENT_TYPE", ""), conventions_of(environ)
    carriers: Credentials | None = environ[DECLARATION].credentials if environ[API] else None
    secret_names = frozenset() if carriers is None else carriers.query_names
    return SentOverHttp(*asked, query, kind, body, size, unread, conventions, secret_names)


@lru_cache(1024)
def _nothing_sent(api: str, method: str, route: str | None) -> "SentOverHttp":
    return SentOverHttp(api, method, route, "", "", b"", 0, ())


class SentOverHttp:
    """What a client sent with one request; see `fake_server.world.journal.entry.Sent`.

    Kept as it came, and shown without credentials only. `unread` is None where nobody read
    anything.
    """

    __slots__ = (
        *("_api", "_body", "_conventions", "_method", "_query", "_route", "_secret_names"),
        *("_size", "_type", "_unread"),
    )

    def __init__(
        self,
        api: str,
        method: str,
        route: str | None,
        query: str,
        kind: str,
        body: bytes,
        size: int,
        unread: tuple[str, ...] | None,
        conventions: Conventions = PLAIN,
        secret_names: frozenset[str] = frozenset(),
    ) -> None:
        self._api = api
        self._method = method
        self._route = route
        self._query = query if len(query) <= MOST_QUERY else None
        self._type = kind
        self._body = body
        self._size = size
        self._unread = unread
        self._conventions = conventions
        self._secret_names = secret_names

    @property
    def operation(self) -> str | None:
        """The operation that was asked for, as `api.operation_id`."""
        return operation_of(self._api, self._method, self._route) if self._api else None

    @property
    def raw_query(self) -> str:
        """The query, as it was spelled; `...` for one that is too long to remember."""
        return "..." if self._query is None else self._query

    @property
    def raw_body(self) -> str:
        """The body, its bytes as characters; empty for one that is too long to remember."""
        return self._body.decode("latin-1")

    def spelling(self, text: str, secrets: SecretTexts) -> str:
        """Return a path or query in its own spelling, without credentials."""
        # The world's own first: one with a separator in it could otherwise be hidden in part.
        return redacted_query(secrets.hidden_text(text), self._secret_names)

    @property
    def parameters(self) -> Mapping[str, Any]:
        """Query and body, nested; without what cannot be read or was too long to remember."""
        query = self._in_query() or {}
        shown = {name: REDACTED if name in self._secret_names else query[name] for name in query}
        parameters: dict[str, Any] = redacted((self._in_body() or {}) | shown)
        return parameters

    @property
    def body(self) -> Mapping[str, Any] | None:
        """The body's `type` and `size`, None where there was none."""
        shown = {"type": redacted_text(self._type), "size": self._size}
        return shown if self._size else None

    @property
    def unread(self) -> Sequence[str]:
        """The names of what nobody read; a credential of the query is not among them."""
        return [name for name in self._names_unread() if name not in self._secret_names]

    def _names_unread(self) -> Sequence[str]:
        if self._unread is not None:
            return self._unread
        query, body = self._in_query(), self._in_body()
        names = list((body or {}) | (query or {}))[:_MOST_UNREAD]
        return (*names, *([_QUERY] if query is None else []), *([_BODY] if body is None else []))

    def _in_query(self) -> dict[str, Any] | None:
        if self._query is None:
            return None
        try:
            return self._conventions.read_query(self._query)
        except MalformedParametersError:
            return None

    def _in_body(self) -> dict[str, Any] | None:
        if not self._size:
            return {}
        if not self._body:
            return None
        environ = {
            "REQUEST_METHOD": "POST",
            "CONTENT_TYPE": self._type,
            "CONTENT_LENGTH": str(len(self._body)),
            "wsgi.input": BytesIO(self._body),
        }
        request = Request(environ)
        try:
            with request:
                return body_values(request, sniff_json=True, conventions=self._conventions)
        except MalformedParametersError:
            return None
