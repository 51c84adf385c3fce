"""The endpoints: what is asked, read and rendered."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, request

from fake_server.apis.intra42 import render
from fake_server.apis.intra42.auth import good_token, sees_users
from fake_server.apis.intra42.counting import graph, graph_wanted
from fake_server.apis.intra42.errors import OAuthError, TokenError
from fake_server.apis.intra42.oauth import granted, render_token, render_token_info
from fake_server.apis.intra42.params import page_wanted, sort_keys
from fake_server.apis.intra42.resources import CAMPUS, CURSUS, PROJECTS_USERS, SLOTS, Resource
from fake_server.apis.intra42.selection import selection, users_count
from fake_server.rest.answers import json_answer
from fake_server.rest.context import has_quirk
from fake_server.rest.links import page_links
from fake_server.rest.pages import Page
from fake_server.rest.parameters import query_values, request_parameters
from fake_server.rest.sorting import SortKey
from fake_server.rest.urls import request_url

blueprint = Blueprint("intra42", __name__)
_NOT_STORED = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_NESTS = ("", "/users/<user_id>", "/projects/<project_id>")
_GRAPHS = ("/graph", "/graph/on/<field>", "/graph/on/<field>/by/<interval>")


def _page(resource: Resource, path: Mapping[str, str]) -> Page:
    params = request_parameters(request)
    keys = sort_keys(resource, resource.listing, params)
    if resource is SLOTS and not params.get("sort") and has_quirk("slots-newest-id-first"):
        keys = [SortKey("id", True)]
    wanted = page_wanted(resource.listing, params)
    chosen = selection(resource, params, path)
    return chosen.page(keys, wanted.number, wanted.size)


def _paginated(items: list[dict[str, Any]], page: Page) -> Response:
    headers = {
        **page_links(request_url(), query_values(request), page),
        "X-Page": str(page.number),
        "X-Per-Page": str(page.size),
        "X-Total": str(page.total),
    }
    return json_answer(items, headers=headers)


def _graph(resource: Resource, path: Mapping[str, str]) -> Response:
    params = request_parameters(request)
    field, interval = graph_wanted(resource, params, path)
    sort_keys(resource, resource.graphing, params)
    chosen = selection(resource, params, path)
    headers = {"X-Total": str(chosen.count())} if has_quirk("graph-x-total") else {}
    return json_answer(graph(chosen, field, interval), headers=headers)


def list_slots(**path: str) -> Response:
    """Answer a page of slots."""
    page = _page(SLOTS, path)
    return _paginated(render.render_slots(page.rows, with_users=sees_users()), page)


def list_projects_users(**path: str) -> Response:
    """Answer a page of projects users."""
    page = _page(PROJECTS_USERS, path)
    return _paginated(render.render_projects_users(page.rows), page)


def graph_slots(**path: str) -> Response:
    """Answer the slots counted by period."""
    return _graph(SLOTS, path)


def graph_projects_users(**path: str) -> Response:
    """Answer the projects users counted by period."""
    return _graph(PROJECTS_USERS, path)


@blueprint.get("/v2/campus")
def list_campus() -> Response:
    """Answer a page of campus."""
    page = _page(CAMPUS, {})
    counts = users_count([row.id for row in page.rows])
    return _paginated(render.render_campus(page.rows, counts), page)


@blueprint.get("/v2/cursus")
def list_cursus() -> Response:
    """Answer a page of cursus."""
    page = _page(CURSUS, {})
    return _paginated(render.render_cursus(page.rows), page)


@blueprint.post("/oauth/token")
@blueprint.post("/v2/oauth/token")
def create_token() -> Response:
    """Answer an access token."""
    return json_answer(render_token(granted(request)), headers=_NOT_STORED)


@blueprint.get("/oauth/token/info")
def show_token_info() -> Response:
    """Answer what the request's access token says of itself."""
    # Read, though a token in the header needs none: what cannot be read is refused everywhere.
    request_parameters(request)
    try:
        token = good_token(request)
    except TokenError:
        raise OAuthError("invalid_request") from None
    return json_answer(render_token_info(token))


def _route(name: str, listing: Callable[..., Response], graphing: Callable[..., Response]) -> None:
    for nest in _NESTS:
        blueprint.add_url_rule(f"/v2{nest}/{name}", view_func=listing, methods=["GET"])
        for form in _GRAPHS:
            blueprint.add_url_rule(f"/v2{nest}/{name}{form}", view_func=graphing, methods=["GET"])


_route("slots", list_slots, graph_slots)
_route("projects_users", list_projects_users, graph_projects_users)
