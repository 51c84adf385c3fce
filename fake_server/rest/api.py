"""What an API package declares of itself."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from flask import Blueprint, Request, Response

from fake_server.rest.errors import ApiError
from fake_server.world.recipe import Recipe
from fake_server.world.world import World


class Dialect(NamedTuple):
    """How an API words the errors that no view of its own raises.

    Each function returns the error to answer with. The last ones are for errors on demand.

    - `not_routed(request)`: no operation has this path and method. The app adds the header that
      says so where `Api.knows` has no opinion on it either.
    - `bad_request(message)`: query or body cannot be read as parameters.
    - `too_large()`: the body exceeds the stated limit.
    - `failure(request, status)`: any error, 400 to 599; 500 for a defect of the fake itself.
    - `token_expired(request)`: the token is not good any more.
    - `rate_limited(request)`: the rate limit is exceeded; None if the API has none.
    - `tokenless`, `unlimited`: ids of operations that need no token, that no limit counts.
    """

    not_routed: Callable[[Request], ApiError]
    bad_request: Callable[[str], ApiError]
    too_large: Callable[[], ApiError]
    failure: Callable[[Request, int], ApiError]
    token_expired: Callable[[Request], ApiError]
    rate_limited: Callable[[Request], ApiError] | None = None
    tokenless: frozenset[str] = frozenset()
    unlimited: frozenset[str] = frozenset()


class Key(NamedTuple):
    """What lets a client in: a token, and the headers that carry it.

    `good`: whether it is one at the world's time, and opens what `Api.example` asks for.
    """

    token: str
    headers: Mapping[str, str]
    good: bool = True


def _no_key(world: World) -> Key | None:
    return None


def _no_sign_in(base_url: str, world: World) -> str | None:
    return None


def _no_variables(world: World) -> Mapping[str, str]:
    return {}


class Api(NamedTuple):
    """One API: what serves it, how its records are made, where it lives.

    Where it lives stands in its `api.yaml`: `fake_server.apis.load` adds the title, the paths, the
    hosts and the example.

    - `prefixes`: the first segments of its paths, such as `/v2`.
    - `hosts`: the real hosts, for clients that have them hard-coded.
    - `knows(method, path)`: whether the API's ledger says what the real service answers to a
      request that is not routed (a 404, then, is the service's own answer).
    - `before(request)`: called first for each of its requests, routed or not; returns an answer
      (limits exceeded) or None.
    - `after(response)`: adds the headers every answer of the API carries, errors included.
    - `credentials(world)`: what the banner shows: names and values of a world's credentials, those
      that are good at the world's time first.
    - `key(world)`: the first of a world's credentials, a good one if there is one; None if it has
      none.
    - `variables(world)`: the same by the names that contract tests know them by, `token` first.
    - `example`: path and query of a request that shows the API at work.
    - `sign_in(base_url, world)`: a `curl` command that gets a good key; None if nothing can.
    """

    name: str
    blueprint: Blueprint
    recipe: Recipe
    dialect: Dialect
    knows: Callable[[str, str], bool]
    before: Callable[[Request], Response | None]
    after: Callable[[Response], Response]
    credentials: Callable[[World], Mapping[str, Any]]
    key: Callable[[World], Key | None] = _no_key
    variables: Callable[[World], Mapping[str, str]] = _no_variables
    sign_in: Callable[[str, World], str | None] = _no_sign_in
    title: str = ""
    base_path: str = ""
    prefixes: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    example: str = ""

    def owns(self, path: str) -> bool:
        """Return whether a path (without its world prefix) belongs to this API."""
        return any(path == prefix or path.startswith(f"{prefix}/") for prefix in self.prefixes)
