"""The 42 school intra API v2."""

from collections.abc import Sequence
from typing import Any

from flask import Response

from fake_server.apis.intra42.applications import ApplicationCredentials
from fake_server.apis.intra42.errors import HttpError
from fake_server.apis.intra42.failures import failure, rate_limited, token_expired
from fake_server.apis.intra42.hooks import after, before, knows, not_routed
from fake_server.apis.intra42.login.views import blueprint
from fake_server.apis.intra42.resources import API, RESOURCES
from fake_server.rest.api import Api, Dialect
from fake_server.rest.resources.recipe import recipe_of
from fake_server.rest.resources.routes import Call, add_routes
from fake_server.world.kinds import Kind
from fake_server.world.recipe import Section


def _list(resource: Any, call: Call) -> Response:
    from fake_server.apis.intra42.dialect.collection import list_records

    return list_records(resource, call)


def _show(resource: Any, call: Call) -> Response:
    from fake_server.apis.intra42.dialect.collection import show_record

    return show_record(resource, call)


def _graph(resource: Any, call: Call) -> Response:
    from fake_server.apis.intra42.graphs.counting import graph_records

    return graph_records(resource, call)


add_routes(blueprint, API, RESOURCES, {"list": _list, "show": _show, "graph": _graph})


def _check(section: Section) -> None:
    # Imported here: a start that finds its images in the cache makes no records.
    from fake_server.apis.intra42.accounts import check_credentials

    check_credentials(section)


def _accounts() -> Sequence[Kind]:
    # Imported here: few worlds are asked for their records.
    from fake_server.apis.intra42.accounts import APPLICATIONS, TOKENS

    return APPLICATIONS, TOKENS


api = Api(
    name=API,
    blueprint=blueprint,
    recipe=recipe_of(API, RESOURCES, check=_check, credentials=_accounts),
    dialect=Dialect(
        accepts_spellings=True,
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
    credentials=ApplicationCredentials(API),
)
