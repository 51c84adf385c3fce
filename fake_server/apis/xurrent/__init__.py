"""The 4me / Xurrent REST API v1: calendars, their hours, holidays and durations."""

from flask import Request, Response, g

from fake_server.api.declare import RAILS, Api, Dialect, add_routes, store_definition
from fake_server.api.serve import (
    add_trace,
    allow_origin,
    answer,
    begin_trace,
    current_request,
    has_quirk,
    is_preflight,
    with_etag,
)
from fake_server.apis.xurrent.dialect import errors
from fake_server.apis.xurrent.dialect.access import limits
from fake_server.apis.xurrent.dialect.access.accounts import AccountCredentials
from fake_server.apis.xurrent.dialect.access.auth import identify, require_account
from fake_server.apis.xurrent.dialect.answer.compression import compressed
from fake_server.apis.xurrent.dialect.answer.failures import failure
from fake_server.apis.xurrent.dialect.answer.responses import with_security_headers
from fake_server.apis.xurrent.dialect.errors import UnauthorizedError
from fake_server.apis.xurrent.dialect.query.parameters import parameters
from fake_server.apis.xurrent.resources import API, RESOURCES
from fake_server.apis.xurrent.service import blueprint

_PUBLIC = frozenset({"/v1", "/v1/rate_limit"})

add_routes(
    blueprint,
    API,
    RESOURCES,
    {
        "list": f"{__name__}.dialect.collection:list_records",
        "show": f"{__name__}.dialect.record:show_record",
        "create": f"{__name__}.dialect.writing:create_record",
        "update": f"{__name__}.dialect.writing:update_record",
        "delete": f"{__name__}.dialect.writing:delete_record",
        "delete_all": f"{__name__}.dialect.writing:delete_all_records",
        "link": f"{__name__}.dialect.writing:link_record",
        "unlink": f"{__name__}.dialect.writing:unlink_record",
        "unlink_all": f"{__name__}.dialect.writing:unlink_all_records",
    },
)


def _before(request: Request) -> Response | None:
    """Identify the client, count the request, and refuse one that cannot be decoded.

    A public path, and a path without a route, need no credentials; nor does a preflight.
    """
    begin_trace(request)
    if has_quirk("cors-any-origin") and is_preflight(request):
        return answer(204, None)
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
    """Add ETag, rate limit and the headers of every answer, and compress a long answer."""
    request = current_request()
    answered = with_security_headers(limits.with_rate_limit(response))
    answered = compressed(with_etag(answered, request), request)
    if has_quirk("cors-any-origin"):
        answered.vary.add("Origin")
        allow_origin(answered, request)
    return add_trace(answered, request)


api = Api(
    name=API,
    blueprint=blueprint,
    definition=store_definition(
        API,
        RESOURCES,
        check=f"{__name__}.settings:check_settings",
        credentials=f"{__name__}.settings:KINDS",
    ),
    dialect=Dialect(
        conventions=RAILS,
        not_routed=errors.not_routed,
        bad_request=errors.bad_request,
        too_large=errors.TooLargeError,
        failure=failure,
        unauthorized=lambda request: UnauthorizedError(),
        rate_limits={
            "hour": limits.hour_limit_reached,
            "burst": limits.burst_limit_reached,
        },
        tokenless=frozenset({"get_root", "get_rate_limit"}),
    ),
    before=_before,
    after=_after,
    credentials=AccountCredentials(API),
)
