"""One API of a world: its base URL and its credentials."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from fake_server.errors import MissingExtraError, UserError

if TYPE_CHECKING:
    import httpx
    import requests

_Request = TypeVar("_Request")


class HeaderAuth:
    """Adds headers and a query with credentials: an `auth=` of both requests and httpx."""

    def __init__(self, headers: Mapping[str, str], query: Mapping[str, str] | None = None) -> None:
        self._headers = headers
        self._query = dict(query or {})

    def __call__(self, request: _Request) -> _Request:
        """Add headers and query to a request of either library."""
        prepared: Any = request
        prepared.headers.update(self._headers)
        if not self._query:
            return request
        if hasattr(prepared, "prepare_url"):
            prepared.prepare_url(prepared.url, self._query)
        else:
            prepared.url = prepared.url.copy_merge_params(self._query)
        return request


@dataclass(frozen=True, slots=True)
class FakeApi:
    """One API of one world.

    - `base_url`: the URL before its paths, such as `http://127.0.0.1:43210/w/world-1/v1`.
    - `credentials`: all credentials of the API's section of the dataset, as the section has them.
    - `token`: the first of the credentials; empty if there is none.
    - `headers`: the headers that carry the token.
    - `query`: the parameters of the query that carry it.
    """

    name: str
    base_url: str
    credentials: Mapping[str, Any]
    token: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    set_login: Callable[[object], None] | None = field(default=None, repr=False, compare=False)
    query: Mapping[str, str] = field(default_factory=dict, repr=False)

    def login(self, person: str | None = None, *, deny: bool = False) -> None:
        """Say who logs in without a page: `world.intra42.login("norminet")`.

        With `deny` every application is denied; with neither a page asks again. Raises `UserError`
        for a login that nobody has.
        """
        if self.set_login is None:
            raise UserError(f"{self.name} is no API of a world: nobody logs in to it")
        self.set_login({"deny": True} if deny else person)

    @property
    def auth(self) -> HeaderAuth:
        """The token as an `auth=` for requests and for httpx."""
        return HeaderAuth(self.headers, self.query)

    def session(self) -> "requests.Session":
        """Return a session of requests with the token: `session.get("/calendars")`.

        Paths are relative to the base URL. The session ignores proxies of the environment. Raises
        `UserError` if requests is not installed.
        """
        try:
            from fake_server.testing.sessions import BaseUrlSession
        except ImportError:
            raise _missing_library("requests") from None
        return BaseUrlSession(self.base_url, dict(self.headers), dict(self.query))

    def client(self, **options: Any) -> "httpx.Client":
        """Return a client of httpx with the token: `client.get("/calendars")`.

        Paths are relative to the base URL. `options` are those of `httpx.Client`. Raises
        `UserError` if httpx is not installed.
        """
        try:
            import httpx
        except ImportError:
            raise _missing_library("httpx") from None
        return httpx.Client(**self._client_options(options))

    def async_client(self, **options: Any) -> "httpx.AsyncClient":
        """Return an asynchronous client of httpx with the token; see `client`."""
        try:
            import httpx
        except ImportError:
            raise _missing_library("httpx") from None
        return httpx.AsyncClient(**self._client_options(options))

    def _client_options(self, options: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "base_url": self.base_url,
            "headers": dict(self.headers),
            "params": dict(self.query),
            "trust_env": False,
            **options,
        }


def _missing_library(library: str) -> UserError:
    return MissingExtraError(f"{library} is not installed here: pip install {library}")
