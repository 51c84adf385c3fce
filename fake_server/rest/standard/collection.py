"""How a list is answered."""

from flask import Response
from sqlalchemy import func, select

from fake_server.rest.context import store
from fake_server.rest.resources.resource_routes import Call
from fake_server.rest.standard.pages import ListPart
from fake_server.rest.standard.resource import StandardResource


def list_records(resource: StandardResource, call: Call) -> Response:
    """Answer a part of a resource's records, or of those of its parent."""
    parameters, answer = resource.listing(call.operation)
    query = parameters.read(resource.declared().default_order())
    columns = resource.nest(call, call.operation.arguments)
    table = resource.table
    where = [*query.conditions, *(table.c[name] == value for name, value in columns.items())]
    counted = select(func.count()).select_from(table).where(*where)
    total = int(store().value(counted))
    size = max(total, 1) if query.size is None else query.size
    chosen = select(table).where(*where).order_by(*query.order).limit(size).offset(query.offset)
    rows = store().rows(chosen) if query.offset < total else []
    number, start = parameters.name_of("number"), parameters.name_of("offset")
    items = resource.as_items(rows)
    return answer.of(ListPart(items, query.offset, size, total, number, start, parameters.first))
