"""The endpoint."""

from urllib.parse import quote

from flask import Blueprint, Response, abort, g, request

from fake_server.apis.fabmanager.auth import require_token
from fake_server.apis.fabmanager.errors import ENDPOINT_HEADERS, FrameworkError, ServerError
from fake_server.apis.fabmanager.moments import zone_of
from fake_server.apis.fabmanager.negotiation import (
    accepts_json,
    error_kind,
    is_readable,
    suffix_of,
)
from fake_server.apis.fabmanager.params import read_query
from fake_server.apis.fabmanager.query import AvailabilityQuery
from fake_server.apis.fabmanager.render import UntypedError, render_availabilities
from fake_server.apis.fabmanager.selection import page_rows, selected
from fake_server.rest.answers import json_answer
from fake_server.rest.context import has_quirk, now, store, world
from fake_server.rest.errors import MalformedParametersError
from fake_server.rest.links import page_links
from fake_server.rest.pages import Page
from fake_server.rest.parameters import Parameters, query_values, request_parameters
from fake_server.rest.paths import canonical
from fake_server.rest.urls import url_of

blueprint = Blueprint("fabmanager", __name__)


@blueprint.get("/open_api/v1/availabilities")
def list_availabilities() -> Response:
    """Answer one page of the availabilities that all given filters keep."""
    parameters = _authorized_parameters()
    zone = zone_of(world().section("fabmanager"))
    query = read_query(parameters, zone, now())
    selection = selected(store(), query)
    _require_json()
    rows = page_rows(store(), query, selection)
    headers = _page_headers(query, selection.total)
    try:
        return json_answer(render_availabilities(rows, zone), headers=headers)
    except UntypedError:
        raise ServerError("undefined method `classify' for nil:NilClass", headers) from None


@blueprint.get("/open_api/v1/availabilities.<suffix>")
def list_in_another_format(suffix: str) -> Response:
    """Answer a path with another suffix than .json, which is not found where JSON is all."""
    doubled = suffix_of(request) == "json" or "." in suffix
    if doubled or not has_quirk("accept-negotiated"):
        abort(404)
    return list_availabilities()


def _authorized_parameters() -> Parameters:
    try:
        parameters = request_parameters(request)
    except MalformedParametersError:
        if not has_quirk("framework-error-pages"):
            require_token(request)
        raise
    g.format = suffix_of(request) or parameters.get("format")
    if has_quirk("accept-negotiated") and not is_readable(request, g.format):
        raise FrameworkError(406, "html")
    require_token(request)
    return parameters


def _require_json() -> None:
    if has_quirk("accept-negotiated") and not accepts_json(request, g.format):
        raise FrameworkError(406, error_kind(request, g.format))


def _page_headers(query: AvailabilityQuery, total: int) -> dict[str, str]:
    page = Page([], query.number, query.size, total)
    return {
        **ENDPOINT_HEADERS,
        **page_links(_list_url(), query_values(request), page),
        "Total": str(total),
        "Per-Page": str(query.size),
    }


def _list_url() -> str:
    path = canonical(request.path)
    suffix = suffix_of(request)
    return url_of(quote(f"{path}.{suffix}" if suffix and not path.endswith(f".{suffix}") else path))
