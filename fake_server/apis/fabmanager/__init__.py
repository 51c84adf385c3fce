"""The Fab-manager Open API v1."""

from flask import Blueprint

from fake_server.api.declare import RAILS, Api, Dialect, add_routes, store_definition
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
from fake_server.apis.fabmanager.dialect.served_files import RULE, show_file
from fake_server.apis.fabmanager.dialect.uploads import LARGEST, MEBIBYTE
from fake_server.apis.fabmanager.resources import API, RESOURCES

blueprint = Blueprint(API, __name__)
add_routes(
    blueprint,
    API,
    RESOURCES,
    {
        "list": f"{__name__}.dialect.collection:list_records",
        "show": f"{__name__}.dialect.collection:show_record",
    },
    ("", ".<suffix>"),
)

blueprint.add_url_rule(RULE, view_func=show_file)

api = Api(
    name=API,
    blueprint=blueprint,
    definition=store_definition(API, RESOURCES, check=f"{__name__}.settings:check_section"),
    dialect=Dialect(
        conventions=RAILS,
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
    largest_form=LARGEST + MEBIBYTE,
)
