"""How a record is created, changed and deleted."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Response
from sqlalchemy import select

from fake_server.rest.answers import answer
from fake_server.rest.attribute_reader import AttributeReader, Read, body_schema, read_body
from fake_server.rest.context import store, world
from fake_server.rest.resources.resource import Values
from fake_server.rest.resources.resource_routes import Call
from fake_server.rest.schema.schema_values import Schema, read_json
from fake_server.rest.standard.record import record_answer
from fake_server.rest.standard.resource import StandardResource
from fake_server.rest.standard.sketches import spelled_time
from fake_server.world.records.tables import Records
from fake_server.world.storage.store import Row


def create_record(resource: StandardResource, call: Call) -> Response:
    """Create a record of the body's properties, and of the parent that the path names."""
    columns = resource.nest(call, call.operation.arguments)
    body = read_body(call.operation.id, readers=_readers(resource, call))
    values = _checked(resource, body, None, columns)
    records = Records(world(), resource.api)
    with records.writing():
        key = records.largest(resource.table.c.id) + 1
        row = {"id": key, **resource.new_row({**values, **columns})}
        records.insert(resource.table, [row])
    return record_answer(resource, call, _row(resource, key))


def update_record(resource: StandardResource, call: Call) -> Response:
    """Change the properties of a record that the body gives; a PUT must have the required ones."""
    row = resource.named(call)
    shown = _shown(resource, call, row)
    before = None if call.operation.method == "PUT" else shown
    body = read_body(call.operation.id, before, readers=_readers(resource, call))
    return write_record(resource, call, row, _checked(resource, body, row))


def write_record(
    resource: StandardResource, call: Call, row: Row, values: Mapping[str, Any]
) -> Response:
    """Change columns of a record; return the answer that shows it."""
    changes = resource.changes(row, dict(values))
    table = resource.table
    if changes:
        records = Records(world(), resource.api)
        with records.writing():
            records.connection.execute(table.update().where(table.c.id == row.id).values(changes))
    return record_answer(resource, call, _row(resource, row.id))


def delete_record(resource: StandardResource, call: Call) -> Response:
    """Delete a record, and what refers to it."""
    row = resource.named(call)
    success = resource.facts(call.operation).success
    shown = record_answer(resource, call, row) if success.schema else None
    records = Records(world(), resource.api)
    with records.writing():
        resource.remove(records, [row.id])
    return shown or answer(success.status, None)


def _shown(resource: StandardResource, call: Call, row: Row) -> Values:
    """Return the values of a record by the properties of an operation's body."""
    schema = body_schema(resource.api, call.operation.id)
    columns = {name: resource.column_of(name) for name in schema.get("properties", {})}
    return {
        name: getattr(row, column) for name, column in columns.items() if column in resource.table.c
    }


def _readers(resource: StandardResource, call: Call) -> dict[str, Read]:
    """Return the readers of times that the body has in another form than the column."""
    plans = {plan.name: plan for plan in resource.columns}
    readers: dict[str, Read] = {}
    for name, schema in body_schema(resource.api, call.operation.id).get("properties", {}).items():
        plan = plans.get(resource.column_of(name))
        if plan is None or not isinstance(schema, Mapping):
            continue
        is_instant = schema.get("format") == "date-time"
        if plan.kind == "text" and is_instant:
            readers[name] = partial(_time_as_text, schema, plan.schema)
        elif plan.kind == "instant" and not is_instant:
            readers[name] = partial(_text_as_instant, schema)
    return readers


def _time_as_text(schema: Schema, own: Schema, value: Any) -> Any:
    instant = read_json(schema, value)
    return (spelled_time(own, instant) or value) if isinstance(instant, int) else instant


def _text_as_instant(schema: Schema, value: Any) -> Any:
    text = read_json(schema, value)
    return read_json(_INSTANT, text) if isinstance(text, str) else text


_INSTANT: Schema = {"type": "string", "format": "date-time"}
_NO_COLUMNS: Values = {}


def _checked(
    resource: StandardResource, body: AttributeReader, row: Row | None, nested: Values = _NO_COLUMNS
) -> Values:
    """Return the columns that a body sets; raises the API's error of all its mistakes.

    `nested` are the columns that the path sets of a record to be created.
    """
    values = {resource.column_of(name): value for name, value in body.values.items()}
    ids: Values = {}
    for plan in resource.columns:
        value = values.get(plan.name)
        if plan.reference is None or value is None:
            continue
        ids[plan.name] = resource.referred(plan, value)
        if ids[plan.name] is None:
            body.refuse(plan.shown or plan.name, "missing")
    if row is None:
        for plan in resource.unnamed({**values, **nested}):
            body.refuse(plan.shown or plan.name, "required")
    resource.check_body(body, row)
    checked = {resource.column_of(name): value for name, value in body.checked().items()}
    return {
        name: ids.get(name, value) for name, value in checked.items() if name in resource.table.c
    }


def _row(resource: StandardResource, key: int) -> Row:
    (row,) = store().rows(select(resource.table).where(resource.table.c.id == key))
    return row
