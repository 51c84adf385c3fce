"""The hooks before and after every request of the API, routed or not."""

from functools import cache

from flask import Request, Response, g

from fake_server.api.declare import index
from fake_server.api.serve import (
    ApiError,
    MalformedParametersError,
    add_trace,
    begin_trace,
    current_request,
    etag_of,
    has_quirk,
    with_etag,
)
from fake_server.apis.fabmanager.dialect.errors import (
    ENDPOINT_HEADERS,
    BadRequestError,
    FrameworkError,
    UnauthorizedError,
)
from fake_server.apis.fabmanager.dialect.negotiation import error_kind, page_kind, varies
from fake_server.apis.fabmanager.resources import API

_FILE = "application/pdf"
_CACHED = "max-age=0, private, must-revalidate"
_METHODS = frozenset(
    (
        *("OPTIONS", "GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "CONNECT", "PATCH", "SEARCH"),
        *("PROPFIND", "PROPPATCH", "MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK", "ORDERPATCH", "ACL"),
        *("VERSION-CONTROL", "REPORT", "CHECKOUT", "CHECKIN", "UNCHECKOUT", "MKWORKSPACE"),
        *("UPDATE", "LABEL", "MERGE", "BASELINE-CONTROL", "MKACTIVITY", "MKCALENDAR"),
    )
)
"""The methods that the framework knows: those of HTTP, WebDAV and CalDAV."""


def before(request: Request) -> Response | None:
    """Note the time at which the request began."""
    begin_trace(request)
    return None


def after(response: Response) -> Response:
    """Add the headers of the endpoint's answers, and the headers of every answer."""
    request = current_request()
    if ENDPOINT_HEADERS.keys() <= {name for name, _ in response.headers}:
        is_file = response.mimetype == _FILE
        if response.get_data() and not is_file and varies(request, g.get("format")):
            response.headers["Vary"] = "Accept"
        if response.status_code in {200, 201} and not is_file:
            response.headers["Cache-Control"] = _CACHED
            response = _with_etag(response, request)
    return add_trace(response, request)


def _with_etag(response: Response, request: Request) -> Response:
    if_none_match = request.headers.get("If-None-Match")
    if if_none_match is not None and has_quirk("if-none-match-exact"):
        etag = etag_of(response.get_data())
        if if_none_match.strip() != etag:
            response.headers["ETag"] = etag
            return response
    return with_etag(response, request)


def knows(method: str, path: str) -> bool:
    """Return whether the service does not route an unrouted request either."""
    return path in _lists() or path.startswith((*_below_lists(), "/open_api/v2"))


@cache
def _lists() -> frozenset[str]:
    operations = index(API).operations.values()
    return frozenset(operation.path for operation in operations if not operation.arguments)


@cache
def _below_lists() -> tuple[str, ...]:
    return tuple(f"{path}{mark}" for path in _lists() for mark in "/.")


def not_routed(request: Request) -> ApiError:
    """Return the error for a path or method that has no route, or for an unknown method."""
    return FrameworkError(404 if request.method in _METHODS else 405, page_kind(request))


def bad_request(reason: MalformedParametersError) -> ApiError:
    """Return the error for a query or body that cannot be read."""
    if has_quirk("framework-error-pages"):
        return FrameworkError(400, error_kind(current_request()))
    return BadRequestError(str(reason))


def too_large() -> ApiError:
    """Return the error for a body that is too large."""
    return FrameworkError(413, page_kind(current_request()))


def failure(request: Request, status: int) -> ApiError:
    """Return an error with a status, in the words of the endpoint or of its framework."""
    if status == 401:
        return UnauthorizedError()
    return FrameworkError(status, page_kind(request))
