"""The checks of token and format, which come before the parameters of any operation."""

from collections.abc import Callable

from flask import abort, g

from fake_server.api.declare import Call
from fake_server.api.serve import (
    MalformedParametersError,
    Parameters,
    current_request,
    has_quirk,
    request_parameters,
)
from fake_server.apis.fabmanager.dialect.auth import require_token
from fake_server.apis.fabmanager.dialect.errors import FrameworkError
from fake_server.apis.fabmanager.dialect.negotiation import (
    accepts_json,
    error_kind,
    is_readable,
    suffix_of,
)


def _request_parameters() -> Parameters:
    return request_parameters(current_request())


def authorized_parameters(
    call: Call, read: Callable[[], Parameters] = _request_parameters
) -> Parameters:
    """Return the parameters of a request that has a good token and a readable format.

    `read` reads the parameters. Raises `UnauthorizedError`, `FrameworkError` and
    `MalformedParametersError`. A path with another suffix than .json is not found where JSON is
    all.
    """
    request, suffix = current_request(), call.path.get("suffix")
    if suffix is not None:
        doubled = suffix_of(request) == "json" or "." in suffix
        if doubled or not has_quirk("accept-negotiated"):
            abort(404)
    try:
        parameters = read()
    except MalformedParametersError:
        if not has_quirk("framework-error-pages"):
            require_token(request)
        raise
    g.format = suffix_of(request) or parameters.get("format")
    if has_quirk("accept-negotiated") and not is_readable(request, g.format):
        raise FrameworkError(406, "html")
    require_token(request)
    return parameters


def require_json() -> None:
    """Raise `FrameworkError` where another format than JSON is asked for."""
    request = current_request()
    if has_quirk("accept-negotiated") and not accepts_json(request, g.format):
        raise FrameworkError(406, error_kind(request, g.format))
