"""How a list of any resource's records is answered."""

from typing import Any

from flask import Response
from sqlalchemy import select

from fake_server.api.declare import Call
from fake_server.api.serve import restricted
from fake_server.apis.xurrent.dialect.access.auth import current
from fake_server.apis.xurrent.dialect.answer.pages import paginated
from fake_server.apis.xurrent.dialect.model.resource import XurrentResource
from fake_server.apis.xurrent.dialect.query.paging import by_cursor, by_number, page_size
from fake_server.apis.xurrent.dialect.query.parameters import parameters
from fake_server.apis.xurrent.dialect.query.selection import states, wanted
from fake_server.apis.xurrent.dialect.record import parent_row


def list_records(resource: XurrentResource, call: Call) -> Response:
    """Answer a page of the account's records, or of those of a parent.

    The cursors of a nested list are page numbers.
    """
    parent = parent_row(call)
    given = parameters()
    asked = wanted(resource, given)
    conditions = [*asked.conditions, *states(resource, given, call.operation.predefined)]
    size = page_size(given)
    added = predefined_filter(call.operation.predefined)
    if parent is None:
        query = restricted(resource.of_scope(), conditions)
        page = by_cursor(query, asked.order, given, size, {"scope": current().account})
    else:
        within = resource.of_parent(call.operation.parent, parent.id)
        nested = select(resource.table).where(within, *conditions)
        page = by_number(nested, asked.order, given, size)
        added |= {"parent_scope_id": parent.id}
    return paginated(resource.as_items(page.rows, asked.fields), page, added)


def predefined_filter(name: str) -> dict[str, Any]:
    """Return the part of a link that a predefined filter in the path adds."""
    return {"predefined_filter": name} if name else {}
