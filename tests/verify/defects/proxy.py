"""A proxy that rewrites requests and answers of a server, to see whether a suite notices."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import Headers

from fake_server.verify.server.wsgi_transport import WsgiApp
from tests.verify.services.hollow import ask


@dataclass(slots=True)
class Exchange:
    """A request with its answer, which a defect may change.

    - `query`: pairs of the query, decoded. `memory`: what a defect keeps between requests.
    - `is_head`: the client asks by HEAD. `has_new_body`: the defect replaced the body.
    """

    environ: dict[str, Any]
    app: WsgiApp
    memory: dict[Any, Any]
    is_head: bool = False
    status: int = 0
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""
    has_new_body: bool = False

    @property
    def method(self) -> str:
        """The method of the request, which is GET where a HEAD asks for the head of its answer."""
        method: str = self.environ["REQUEST_METHOD"]
        return method

    @property
    def path(self) -> str:
        """The path of the request, without a world's prefix."""
        path: str = self.environ["PATH_INFO"]
        return path.split("/", 3)[3].join(("/", "")) if path.startswith("/w/") else path

    @property
    def query(self) -> dict[str, str]:
        """The parameters of the query; of one that is given twice, the last."""
        return dict(parse_qsl(self.environ["QUERY_STRING"], keep_blank_values=True))

    def header(self, name: str) -> str | None:
        """Return a header of the request."""
        value: str | None = self.environ.get(f"HTTP_{name.upper().replace('-', '_')}")
        return value

    def with_query(self, **changes: str | None) -> None:
        """Change parameters of the query before the request is sent; None takes one out."""
        pairs = parse_qsl(self.environ["QUERY_STRING"], keep_blank_values=True)
        changed = [(key, changes.get(key, value)) for key, value in pairs]
        kept = [(key, value) for key, value in changed if value is not None]
        self.environ["QUERY_STRING"] = urlencode(kept)
        target = self.environ["PATH_INFO"] + "?" + self.environ["QUERY_STRING"]
        self.environ["REQUEST_URI"] = self.environ["RAW_URI"] = target

    def send(self) -> None:
        """Send the request; the answer is this exchange's."""
        status, headers, self.body = ask(self.app, self.environ)
        self.status, self.headers = int(status.split()[0]), Headers(headers)

    @property
    def json(self) -> Any:
        """The body of the answer."""
        return json.loads(self.body)

    def with_json(self, value: Any) -> None:
        """Replace the body of the answer, in the compact form."""
        text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
        for sign in "&<>":
            text = text.replace(sign, f"\\u{ord(sign):04x}")
        self.body = text.encode()
        self.has_new_body = True
        self.headers["Content-Length"] = str(len(self.body))
        if "ETag" in self.headers:
            # Else every change of a body would be noticed by its ETag.
            digest = hashlib.sha256(self.body).hexdigest()[:32]
            self.headers["ETag"] = f'W/"{digest}"'


Rewrite = Callable[[Exchange], None]
"""Sends an exchange, having changed the request, and changes the answer."""


@dataclass(frozen=True, slots=True)
class Defect:
    """One defect.

    - `says`: what is wrong, in one line.
    - `rewrite`: makes it so.
    - `likely`: globs of behaviours, without the API; one of them must be broken.
    - `dataset`: whose records the live service has in which the defect shows.
    """

    api: str
    name: str
    says: str
    rewrite: Rewrite
    likely: tuple[str, ...]
    dataset: str = "demo"

    @property
    def full_name(self) -> str:
        """The name behind that of its API."""
        return f"{self.api}.{self.name}"

    @property
    def globs(self) -> tuple[str, ...]:
        """The globs of `likely`, with the API."""
        return tuple(f"{self.api}.{glob}" for glob in self.likely)


class Proxy:
    """A WSGI application in front of another, with a defect."""

    def __init__(self, app: WsgiApp, rewrite: Rewrite) -> None:
        self._app = app
        self._rewrite = rewrite
        self._memory: dict[Any, Any] = {}

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        """Answer a request."""
        is_head = environ["REQUEST_METHOD"] == "HEAD"
        if is_head:
            # Else HEAD beside GET would tell of every change of a body.
            environ = {**environ, "REQUEST_METHOD": "GET"}
        exchange = Exchange(environ, self._app, self._memory, is_head)
        self._rewrite(exchange)
        if exchange.has_new_body and _is_known(exchange):
            exchange.status, exchange.body = 304, b""
            for name in ("Content-Length", "Content-Type"):
                exchange.headers.pop(name, None)
        start(f"{exchange.status} Status", list(exchange.headers))
        return [b"" if is_head else exchange.body]


def _is_known(exchange: Exchange) -> bool:
    """Return whether the client has the body: the server behind the proxy never made its ETag."""
    tag = exchange.headers.get("ETag")
    known = (exchange.header("If-None-Match") or "").split(",")
    return tag is not None and tag in {text.strip() for text in known}


def answer(change: Callable[[Exchange], None], when: Callable[[Exchange], bool]) -> Rewrite:
    """Return a rewrite that changes the answers with 2xx of some requests."""

    def rewrite(exchange: Exchange) -> None:
        wrong = when(exchange)
        exchange.send()
        if wrong and 200 <= exchange.status < 300:
            change(exchange)

    return rewrite


def request(change: Callable[[Exchange], None], when: Callable[[Exchange], bool]) -> Rewrite:
    """Return a rewrite that changes some requests."""

    def rewrite(exchange: Exchange) -> None:
        if when(exchange):
            change(exchange)
        exchange.send()

    return rewrite
