"""The answers to a list and to a single record of any resource."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response
from sqlalchemy import ColumnElement

from fake_server.api.declare import Call, Renderer
from fake_server.api.serve import (
    Page,
    current_request,
    json_answer,
    page_links,
    query_values,
    request_parameters,
    request_url,
)
from fake_server.apis.intra42.dialect.parameters import requested_page, sort_keys
from fake_server.apis.intra42.dialect.resource import IntraResource
from fake_server.apis.intra42.dialect.selection import selection_of


def list_records(resource: IntraResource, call: Call) -> Response:
    """Answer a page of a resource's records, or of those of its parent."""
    return answer_list(resource, call)


def answer_list(
    resource: IntraResource,
    call: Call,
    conditions: Sequence[ColumnElement[bool]] = (),
    render: Renderer | None = None,
) -> Response:
    """Answer a page of a resource's records that satisfy some conditions and those of the request.

    The request may be for the records of a parent. Without `render` they are those of all lists.
    """
    params = request_parameters(current_request())
    keys = sort_keys(resource, params)
    page_request = requested_page(params)
    selection = selection_of(resource, params, call.path, conditions)
    page = selection.page(keys, page_request.number, page_request.size)
    return _paginated((render or resource.as_items)(page.rows), page)


def _paginated(items: list[dict[str, Any]], page: Page) -> Response:
    headers: Mapping[str, str] = {
        **page_links(request_url(), query_values(current_request()), page),
        "X-Page": str(page.number),
        "X-Per-Page": str(page.size),
        "X-Total": str(page.total),
    }
    return json_answer(items, headers=headers)


def show_record(resource: IntraResource, call: Call) -> Response:
    """Answer one record."""
    request_parameters(current_request())
    return json_answer(resource.as_record(resource.called(call)))
