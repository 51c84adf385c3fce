"""The answer to a list of any resource's records."""

from typing import Any

from flask import Response
from sqlalchemy import select

from fake_server.api.declare import Call
from fake_server.api.serve import restricted
from fake_server.apis.xurrent.dialect.access.auth import current_identity
from fake_server.apis.xurrent.dialect.answer.pages import paginated
from fake_server.apis.xurrent.dialect.model.resource import XurrentResource
from fake_server.apis.xurrent.dialect.query.page_rows import by_cursor, by_number, page_size
from fake_server.apis.xurrent.dialect.query.parameters import parameters
from fake_server.apis.xurrent.dialect.query.selection import selection_of, states
from fake_server.apis.xurrent.dialect.record import parent_row


def list_records(resource: XurrentResource, call: Call) -> Response:
    """Answer a page of the account's records, or of those of a parent.

    The cursors of a nested list are page numbers.
    """
    parent = parent_row(call)
    query_parameters = parameters()
    selection = selection_of(resource, query_parameters)
    conditions = [
        *selection.conditions,
        *states(resource, query_parameters, call.operation.predefined),
    ]
    per_page = page_size(query_parameters)
    link_parameters = predefined_filter(call.operation.predefined)
    if parent is None:
        query = restricted(resource.of_scope(), conditions)
        page = by_cursor(
            query,
            selection.order,
            query_parameters,
            per_page,
            {"scope": current_identity().account},
        )
    else:
        within = resource.of_parent(call.operation.parent, parent.id)
        nested = select(resource.table).where(within, *conditions)
        page = by_number(nested, selection.order, query_parameters, per_page)
        link_parameters |= {"parent_scope_id": parent.id}
    return paginated(resource.as_items(page.rows, selection.fields), page, link_parameters)


def predefined_filter(name: str) -> dict[str, Any]:
    """Return the part of a link that a predefined filter in the path adds."""
    return {"predefined_filter": name} if name else {}
