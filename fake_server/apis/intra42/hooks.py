"""The hooks before and after every request of the API, routed or not."""

import re

from flask import Request, Response

from fake_server.api.serve import (
    ApiError,
    add_trace,
    allow_origin,
    begin_trace,
    current_request,
    has_quirk,
    is_preflight,
    with_etag,
)
from fake_server.apis.intra42.dialect.errors import HtmlNotFoundError, HttpError, NoUserAgentError
from fake_server.apis.intra42.limits import count_request, rate_limit_headers
from fake_server.apis.intra42.login.auth import current_application, identify, require_scope
from fake_server.apis.intra42.login.declared_access import require_access

_GRAPH = re.compile(r"/v2(/(users|projects)/[^/]+)?/(slots|projects_users)/graph(/.*)?")
_TOKEN_PREFIXES = ("/oauth/", "/v2/oauth/")
_TOKEN_PATHS = (
    "/oauth/authorize",
    "/oauth/revoke",
    "/oauth/token",
    "/v2/oauth/token",
    "/oauth/token/info",
)
_COMMON_HEADERS = {
    "Vary": "Origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "X-XSS-Protection": "1; mode=block",
}


def before(request: Request) -> Response | None:
    """Refuse a request with bad credentials, and a request beyond the rate limit."""
    begin_trace(request)
    if has_quirk("user-agent-required") and not request.headers.get("User-Agent"):
        raise NoUserAgentError
    if has_quirk("cors-any-origin") and is_preflight(request):
        return Response(b"", 200, content_type="text/plain")
    if request.url_rule is not None and not request.path.startswith(_TOKEN_PREFIXES):
        token = identify(request)
        count_request(token.application)
        require_scope(request, token)
        require_access(request, token)
    return None


def after(response: Response) -> Response:
    """Add the headers of every answer, and the ETag of an answer that clients may keep."""
    request = current_request()
    response.headers.extend(_COMMON_HEADERS)
    if "Cache-Control" not in response.headers:
        kept = response.status_code == 200
        response.headers["Cache-Control"] = (
            "max-age=0, private, must-revalidate" if kept else "no-cache"
        )
        response = with_etag(response, request)
    _add_application(response)
    if has_quirk("cors-any-origin"):
        allow_origin(response, request)
    return add_trace(response, request)


def _add_application(response: Response) -> None:
    application = current_application()
    if application is not None:
        response.headers.add("X-Application-Id", str(application.id))
        response.headers.add("X-Application-Name", application.name)
        response.headers.add("X-Application-Roles", ", ".join(application.roles) or "None")
    response.headers.extend(rate_limit_headers())


def knows(method: str, path: str) -> bool:
    """Return whether the service does not route an unrouted request either."""
    return _GRAPH.fullmatch(path) is not None or path in _TOKEN_PATHS


def not_routed(request: Request) -> ApiError:
    """Return the error for a path or method without a route."""
    if has_quirk("html-not-found"):
        return HtmlNotFoundError()
    return HttpError(404, "Not Found")
