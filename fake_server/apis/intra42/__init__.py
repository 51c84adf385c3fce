"""The 42 school intra API v2."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from fake_server.apis.intra42.errors import HttpError
from fake_server.apis.intra42.failures import failure, rate_limited, token_expired
from fake_server.apis.intra42.hooks import after, before, knows, not_routed
from fake_server.apis.intra42.resources import API
from fake_server.apis.intra42.routes import blueprint
from fake_server.apis.intra42.tables import metadata
from fake_server.rest.api import Api, Dialect, Key
from fake_server.world.kinds import Kind
from fake_server.world.recipe import Brief, Recipe, Section


def _populate(connection: Connection, brief: Brief) -> None:
    # Imported here: a start that finds its images in the cache makes no records.
    from fake_server.apis.intra42.factory import populate

    populate(connection, brief)


def _kinds() -> Sequence[Kind]:
    # Imported here: few worlds are asked for their records.
    from fake_server.apis.intra42.kinds import kinds

    return kinds()


def _credentials(section: Section) -> Mapping[str, Any]:
    found: Mapping[str, Any] = section.get("credentials", {})
    tokens = [
        entry["token"]
        for entry in found.get("tokens", [])
        if not entry.get("revoked") and not entry.get("issued")
    ]
    applications = [
        {"uid": entry["uid"], "secret": entry["secret"]} for entry in found.get("applications", [])
    ]
    return {
        name: value
        for name, value in (("access_tokens", tokens), ("applications", applications))
        if value
    }


def _key(section: Section) -> Key | None:
    token = next(iter(_credentials(section).get("access_tokens", [])), None)
    return None if token is None else Key(token, {"Authorization": f"Bearer {token}"})


def _variables(section: Section) -> Mapping[str, str]:
    key = _key(section)
    values = {"token": key.token} if key else {}
    for application in _credentials(section).get("applications", [])[:1]:
        values |= {"client_id": application["uid"], "client_secret": application["secret"]}
    return values


def _curl(base_url: str, section: Section) -> str:
    key = _key(section)
    token = key.token if key else "TOKEN"
    url = f"{base_url}/v2/slots/graph/on/begin_at/by/day"
    return f'curl -H "Authorization: Bearer {token}" "{url}"'


api = Api(
    name=API,
    title="42 school intra API v2",
    base_path="/v2",
    prefixes=("/v2", "/oauth"),
    hosts=("api.intra.42.fr",),
    blueprint=blueprint,
    recipe=Recipe(API, metadata, _populate, _kinds),
    dialect=Dialect(
        not_routed=not_routed,
        bad_request=lambda message: HttpError(400, "Bad Request"),
        too_large=lambda: HttpError(413, "Payload Too Large"),
        failure=failure,
        token_expired=token_expired,
        rate_limited=rate_limited,
        tokenless=frozenset({"create_token", "create_token_v2"}),
        unlimited=frozenset({"create_token", "create_token_v2", "show_token_info"}),
    ),
    knows=knows,
    before=before,
    after=after,
    credentials=_credentials,
    curl=_curl,
    key=_key,
    variables=_variables,
)
