"""The views of any plain resource: list, show, create, update and delete.

`add_routes(blueprint, api, RESOURCES, STANDARD)` serves all operations of the document that have
`x-resource` and one of these actions.
"""

from collections.abc import Mapping
from typing import Any

from flask import Response, request
from sqlalchemy import select

from fake_server.rest.answers import answer, json_answer
from fake_server.rest.bodies import read_body
from fake_server.rest.context import DECLARATION, now, store, world
from fake_server.rest.pages import page_of
from fake_server.rest.phrases import phrase_of
from fake_server.rest.resources.resource import Resource
from fake_server.rest.resources.routes import Call, View
from fake_server.rest.standard.pages import page_answer
from fake_server.rest.standard.queries import read_list_query
from fake_server.world.instants import milliseconds
from fake_server.world.records import Records
from fake_server.world.store import Row


def list_records(resource: Resource, call: Call) -> Response:
    """Answer a page of a resource's records, or of those that refer to a parent."""
    query = read_list_query(call.operation.id, resource.table, resource.declared().default_order())
    chosen = select(resource.table).where(*query.conditions)
    if call.operation.parent:
        parent = record_row(resource.resources[call.operation.parent], call.parent)
        chosen = chosen.where(resource.table.c[parent_column(resource, call)] == parent.id)
    page = page_of(store(), chosen.order_by(*query.order), query.page, query.per_page)
    return page_answer(resource.as_items(page.rows), page)


def show_record(resource: Resource, call: Call) -> Response:
    """Answer one record."""
    return json_answer(resource.as_record(record_row(resource, call.record)))


def create_record(resource: Resource, call: Call) -> Response:
    """Create a record of the body's properties.

    `created_at` and `updated_at` are the world's time; other columns that the body leaves out are
    null.
    """
    values = {**_instants(resource, "created_at", "updated_at"), **_written(resource, call, {})}
    empty = {str(column.name): None for column in resource.table.c if column.name != "id"}
    with store().writing() as connection:
        statement = resource.table.insert().values(empty | values)
        key = connection.execute(statement).inserted_primary_key
    world().changed()
    assert key is not None
    return json_answer(resource.as_record(record_row(resource, str(key[0]))), 201)


def update_record(resource: Resource, call: Call) -> Response:
    """Change the properties of a record that the body gives; `updated_at` follows any change."""
    row = record_row(resource, call.record)
    values = _written(resource, call, row._asdict())
    if values:
        table = resource.table
        values = {**_instants(resource, "updated_at"), **values}
        with store().writing() as connection:
            connection.execute(table.update().where(table.c.id == row.id).values(values))
        world().changed()
    return json_answer(resource.as_record(record_row(resource, call.record)))


def _written(resource: Resource, call: Call, before: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns that a body sets; raises the API's error of all its mistakes."""
    body = read_body(call.operation.id, before)
    for plan in resource.columns:
        value = body.values.get(plan.name)
        if plan.reference is not None and value is not None:
            column = resource.resources[plan.reference.resource].table.c.id
            if not store().rows(select(column).where(column == value)):
                body.refuse(plan.name, "missing")
    return {name: value for name, value in body.checked().items() if name in resource.table.c}


def _instants(resource: Resource, *names: str) -> dict[str, int]:
    return {name: milliseconds(now()) for name in names if name in resource.table.c}


def delete_record(resource: Resource, call: Call) -> Response:
    """Delete a record, and what refers to it."""
    row = record_row(resource, call.record)
    records = Records(world(), resource.api)
    with records.writing():
        resource.remove(records, [row.id])
    return answer(204, None)


def record_row(resource: Resource, text: str) -> Row:
    """Return the row of the record whose id a path names; raises the API's 404."""
    key = resource.key_of(text)
    rows = (
        []
        if key is None
        else store().rows(select(resource.table).where(resource.table.c.id == key))
    )
    if not rows:
        raise request.environ[DECLARATION].dialect.error(404, phrase_of(404))
    return rows[0]


def parent_column(resource: Resource, call: Call) -> str:
    """Return the column by which the records of a nested list refer to their parent."""
    parent = call.operation.parent
    own = (resource.declared().parents.get(parent) or {}).get("column")
    return str(own) if own else next(plan.name for plan in resource.referring(parent))


STANDARD: Mapping[str, View] = {
    "list": list_records,
    "show": show_record,
    "create": create_record,
    "update": update_record,
    "delete": delete_record,
}
"""The views by action."""
