"""The 42 school intra API v2."""

from fake_server.api.declare import RAILS, Api, Dialect, add_routes, store_definition
from fake_server.apis.intra42.dialect.errors import HttpError
from fake_server.apis.intra42.failures import failure, hour_limit, second_limit, token_expired
from fake_server.apis.intra42.hooks import after, before, knows, not_routed
from fake_server.apis.intra42.login.applications import ApplicationCredentials
from fake_server.apis.intra42.login.views import blueprint
from fake_server.apis.intra42.resources import API, RESOURCES

add_routes(
    blueprint,
    API,
    RESOURCES,
    {
        "list": f"{__name__}.dialect.collection:list_records",
        "show": f"{__name__}.dialect.collection:show_record",
        "show_below": f"{__name__}.dialect.collection:show_record",
        "graph": f"{__name__}.graphs.counting:graph_records",
        "own": f"{__name__}.login.writing:list_own_records",
        "create": f"{__name__}.login.writing:create_record",
        "create_many": f"{__name__}.login.writing:create_records",
        "update": f"{__name__}.login.writing:update_record",
        "delete": f"{__name__}.login.writing:delete_record",
        "act": f"{__name__}.login.writing:act_on_record",
    },
)

api = Api(
    name=API,
    blueprint=blueprint,
    definition=store_definition(
        API,
        RESOURCES,
        check=f"{__name__}.login.credential_kinds:check_credentials",
        logins=f"{__name__}.login.login_people:logins",
    ),
    dialect=Dialect(
        conventions=RAILS,
        not_routed=not_routed,
        bad_request=lambda reason: HttpError(400, "Bad Request"),
        too_large=lambda: HttpError(413, "Payload Too Large"),
        failure=failure,
        token_expired=token_expired,
        rate_limits={"second": second_limit, "hour": hour_limit},
        unlimited=frozenset(
            {
                "show_authorization",
                "allow_application",
                "deny_application",
                "create_token",
                "create_token_v2",
                "revoke_token",
                "show_token_info",
            }
        ),
    ),
    knows=knows,
    before=before,
    after=after,
    credentials=ApplicationCredentials(API),
)
