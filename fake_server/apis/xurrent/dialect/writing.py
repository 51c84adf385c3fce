"""The views that create, change, delete, link and unlink records of any resource."""

from collections.abc import Mapping
from typing import Any, cast

from flask import Response
from sqlalchemy import select

from fake_server.api.declare import Call
from fake_server.api.invent import SECOND, milliseconds
from fake_server.api.records import RecordKey, Records, Row
from fake_server.api.serve import json_answer, now, store, world
from fake_server.apis.xurrent.dialect.access.auth import require_administrator
from fake_server.apis.xurrent.dialect.answer.responses import created, deleted
from fake_server.apis.xurrent.dialect.attributes.sources import source_of
from fake_server.apis.xurrent.dialect.errors import NotFoundError
from fake_server.apis.xurrent.dialect.model.linking import Links
from fake_server.apis.xurrent.dialect.model.resource import XurrentResource
from fake_server.apis.xurrent.dialect.query.parameters import parameters
from fake_server.apis.xurrent.dialect.record import parent_row, row_of
from fake_server.apis.xurrent.resources import API


def create_record(resource: XurrentResource, call: Call) -> Response:
    """Create a record in the account, or as a part of its parent."""
    scope: Any = require_administrator().account
    parent = parent_row(call)
    if parent is not None:
        scope = parent.id
    columns = resource.column_changes(parameters(), None)
    if "source" in resource.table.c:
        columns["source"] = source_of(columns)
    row = resource.completed(columns, scope, _current_second())
    with store().writing() as connection:
        key = connection.execute(resource.table.insert().values(row)).inserted_primary_key
    world().changed()
    number = int(cast(Any, key)[0])
    path = f"/{call.operation.parent}/{scope}" if parent is not None else ""
    record = resource.as_record(resource.numbered_row(number, scope))
    return created(record, f"{path}/{resource.name}/{number}")


def update_record(resource: XurrentResource, call: Call) -> Response:
    """Change the attributes that a request sends."""
    require_administrator()
    row = row_of(resource, call)
    columns = resource.column_changes(parameters(), row)
    if columns:
        if "updated_at" in resource.table.c:
            columns["updated_at"] = _current_second()
        table = resource.table
        with store().writing() as connection:
            connection.execute(table.update().where(table.c.id == row.id).values(columns))
        world().changed()
    scope = getattr(row, resource.scope.name)
    return json_answer(resource.as_record(resource.numbered_row(row.id, scope)))


def delete_record(resource: XurrentResource, call: Call) -> Response:
    """Delete a record."""
    require_administrator()
    return _removed(resource, [row_of(resource, call).id])


def delete_all_records(resource: XurrentResource, call: Call) -> Response:
    """Delete all records that are a part of their parent."""
    require_administrator()
    within = resource.of_parent(call.operation.parent, _parent(call).id)
    rows = store().rows(select(resource.table.c.id).where(within))
    return _removed(resource, [row.id for row in rows])


def link_record(resource: XurrentResource, call: Call) -> Response:
    """Link a record to its parent."""
    require_administrator()
    links, ids = resource.links[call.operation.parent], _linked(resource, call)
    with store().writing() as connection:
        links.link(connection, ids)
    world().changed()
    return json_answer({})


def unlink_record(resource: XurrentResource, call: Call) -> Response:
    """Remove the link between a record and its parent."""
    require_administrator()
    links, ids = resource.links[call.operation.parent], _linked(resource, call)
    if not links.is_linked(ids):
        raise NotFoundError
    return _unlinked(links, ids)


def unlink_all_records(resource: XurrentResource, call: Call) -> Response:
    """Remove all links to a parent."""
    require_administrator()
    parent = call.operation.parent
    return _unlinked(resource.links[parent], {parent: _parent(call).id})


def _linked(resource: XurrentResource, call: Call) -> dict[str, int]:
    """Return the ids of a record and its parent by resource.

    Raises `NotFoundError`.
    """
    parent = _parent(call)
    return {call.operation.parent: parent.id, resource.name: resource.named(call.record).id}


def _parent(call: Call) -> Row:
    parent = parent_row(call)
    assert parent is not None
    return parent


def _current_second() -> int:
    return milliseconds(now()) // SECOND * SECOND


def _removed(resource: XurrentResource, ids: list[RecordKey]) -> Response:
    records = Records(world(), API)
    with records.writing():
        resource.remove(records, ids)
    return deleted()


def _unlinked(links: Links, ids: Mapping[str, int]) -> Response:
    with store().writing() as connection:
        connection.execute(links.table.delete().where(*links.between(ids)))
    world().changed()
    return deleted()
