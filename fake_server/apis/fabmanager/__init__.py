"""The Fab-manager Open API v1."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response

from fake_server.apis.fabmanager.dialect.auth import CREDENTIALS
from fake_server.apis.fabmanager.dialect.errors import UnauthorizedError
from fake_server.apis.fabmanager.dialect.hooks import (
    after,
    bad_request,
    before,
    failure,
    knows,
    not_routed,
    too_large,
)
from fake_server.apis.fabmanager.dialect.moments import DEFAULT_ZONE
from fake_server.apis.fabmanager.resources import API, RESOURCES
from fake_server.rest.api import Api, Dialect
from fake_server.rest.resources.recipe import recipe_of
from fake_server.rest.resources.routes import Call, add_routes
from fake_server.rest.zones import pinned_zone
from fake_server.world.kinds import Kind
from fake_server.world.recipe import Section


def _list(resource: Any, call: Call) -> Response:
    from fake_server.apis.fabmanager.dialect.collection import list_records

    return list_records(resource, call)


def _show(resource: Any, call: Call) -> Response:
    from fake_server.apis.fabmanager.dialect.collection import show_record

    return show_record(resource, call)


blueprint = Blueprint(API, __name__)
add_routes(blueprint, API, RESOURCES, {"list": _list, "show": _show}, ("", ".<suffix>"))


def _check(section: Section) -> None:
    pinned_zone(("time_zone",), section.get("time_zone", DEFAULT_ZONE))


def _tokens() -> Sequence[Kind]:
    # Imported here: few worlds are asked for their records.
    from fake_server.apis.fabmanager.tokens import TOKENS

    return (TOKENS,)


api = Api(
    name=API,
    blueprint=blueprint,
    recipe=recipe_of(API, RESOURCES, check=_check, credentials=_tokens),
    dialect=Dialect(
        accepts_spellings=True,
        not_routed=not_routed,
        bad_request=bad_request,
        too_large=too_large,
        failure=failure,
        unauthorized=lambda request: UnauthorizedError(),
    ),
    knows=knows,
    before=before,
    after=after,
    credentials=CREDENTIALS,
)
