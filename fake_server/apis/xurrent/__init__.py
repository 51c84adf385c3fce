"""The 4me / Xurrent REST API v1: calendars, their hours, holidays and durations."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from flask import Request, Response, g, request
from sqlalchemy import Connection

from fake_server.apis.xurrent import errors, limits
from fake_server.apis.xurrent.answers import with_security_headers
from fake_server.apis.xurrent.auth import accounts, identify, require_account, secrets, tokens
from fake_server.apis.xurrent.compression import compressed
from fake_server.apis.xurrent.errors import UnauthorizedError
from fake_server.apis.xurrent.failures import failure, rate_limited
from fake_server.apis.xurrent.params import parameters
from fake_server.apis.xurrent.subresources import blueprint
from fake_server.apis.xurrent.tables import metadata
from fake_server.rest.answers import with_etag
from fake_server.rest.api import Api, Dialect, Key
from fake_server.rest.spec import spec
from fake_server.rest.tracing import add_trace, begin_trace
from fake_server.world.kinds import Kind
from fake_server.world.recipe import Brief, Recipe
from fake_server.world.world import World

_PUBLIC = frozenset({"/v1", "/v1/rate_limit"})


@cache
def _paths() -> re.Pattern[str]:
    templates = {operation.path for operation in spec("xurrent").operations.values()}
    return re.compile("|".join(re.sub(r"\{[^}]+\}", "[^/]+", path) for path in templates))


def _knows(method: str, path: str) -> bool:
    """Return whether a path is one of those the specification lists, whatever the method."""
    return _paths().fullmatch(path) is not None


def _before(request: Request) -> Response | None:
    """Find out who asks, count the request, and refuse one that cannot be decoded.

    Anyone may ask what is public or not there.
    """
    begin_trace(request)
    public = request.path in _PUBLIC or request.url_rule is None
    if not public or "Authorization" in request.headers:
        try:
            g.identity = identify(request)
        except UnauthorizedError:
            if not public:
                raise
    if request.path == "/v1/rate_limit":
        limits.show_usage(request)
    else:
        limits.count(request)
    if not public:
        require_account()
    if request.url_rule is not None:
        parameters()
    return None


def _after(response: Response) -> Response:
    """Add ETag, rate limit and the headers that every answer carries; compress what is long."""
    answered = with_security_headers(limits.with_rate_limit(response))
    return add_trace(compressed(with_etag(answered, request), request), request)


def _populate(connection: Connection, brief: Brief) -> None:
    # Imported here: a start that finds its images in the cache makes no records.
    from fake_server.apis.xurrent.factory import populate

    populate(connection, brief)


def _kinds() -> Sequence[Kind]:
    # Imported here: few worlds are asked for their records.
    from fake_server.apis.xurrent.kinds import kinds

    return kinds()


def _credentials(world: World) -> Mapping[str, Any]:
    found = [
        {"token": one["token"], "account": one["account"]} if "account" in one else one["token"]
        for one in tokens(world.section("xurrent"))
    ]
    return {"tokens": found} if found else {}


def _key(world: World) -> Key | None:
    section = world.section("xurrent")
    first = next(iter(tokens(section)), None)
    if first is None:
        return None
    account = first.get("account", accounts(section)[0]["id"])
    headers = {"Authorization": f"Bearer {first['token']}", "X-4me-Account": account}
    return Key(first["token"], headers)


def _variables(world: World) -> Mapping[str, str]:
    key = _key(world)
    return {"token": key.token, "account": key.headers["X-4me-Account"]} if key else {}


api = Api(
    name="xurrent",
    blueprint=blueprint,
    recipe=Recipe("xurrent", lambda: metadata, _populate, _kinds, secrets),
    dialect=Dialect(
        not_routed=errors.not_routed,
        bad_request=errors.bad_request,
        too_large=errors.TooLargeError,
        failure=failure,
        token_expired=lambda request: UnauthorizedError(),
        rate_limited=rate_limited,
        tokenless=frozenset({"get_root", "get_rate_limit"}),
    ),
    knows=_knows,
    before=_before,
    after=_after,
    credentials=_credentials,
    key=_key,
    variables=_variables,
)
