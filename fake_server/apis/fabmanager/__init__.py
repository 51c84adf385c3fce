"""The Fab-manager Open API v1."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from fake_server.apis.fabmanager.auth import secrets
from fake_server.apis.fabmanager.errors import UnauthorizedError
from fake_server.apis.fabmanager.hooks import (
    after,
    bad_request,
    before,
    failure,
    knows,
    not_routed,
    too_large,
)
from fake_server.apis.fabmanager.routes import blueprint
from fake_server.apis.fabmanager.tables import metadata
from fake_server.rest.api import Api, Dialect, Key
from fake_server.world.kinds import Kind
from fake_server.world.recipe import Brief, Recipe
from fake_server.world.world import World


def _populate(connection: Connection, brief: Brief) -> None:
    # Imported here: a start that finds its images in the cache makes no records.
    from fake_server.apis.fabmanager.factory import populate

    populate(connection, brief)


def _kinds() -> Sequence[Kind]:
    # Imported here: few worlds are asked for their records.
    from fake_server.apis.fabmanager.kinds import kinds

    return kinds()


def _credentials(world: World) -> Mapping[str, Any]:
    found: Mapping[str, Any] = world.section("fabmanager").get("credentials") or {}
    return found


def _key(world: World) -> Key | None:
    token = next(iter(_credentials(world).get("tokens") or []), None)
    return None if token is None else Key(token, {"Authorization": f"Token token={token}"})


def _variables(world: World) -> Mapping[str, str]:
    key = _key(world)
    return {"token": key.token} if key else {}


api = Api(
    name="fabmanager",
    blueprint=blueprint,
    recipe=Recipe("fabmanager", lambda: metadata, _populate, _kinds, secrets),
    dialect=Dialect(
        not_routed=not_routed,
        bad_request=bad_request,
        too_large=too_large,
        failure=failure,
        token_expired=lambda request: UnauthorizedError(),
    ),
    knows=knows,
    before=before,
    after=after,
    credentials=_credentials,
    key=_key,
    variables=_variables,
)
