"""The record that a path names, and the answer to it."""

from flask import Response

from fake_server.api.declare import Call
from fake_server.api.records import Row
from fake_server.api.serve import json_answer
from fake_server.apis.xurrent.dialect.model.resource import XurrentResource, resource_named


def parent_row(call: Call) -> Row | None:
    """Return the record that a path is nested under, or None if it is not nested.

    Raises `NotFoundError`.
    """
    parent = call.operation.parent
    return resource_named(parent).named(call.parent) if parent else None


def row_of(resource: XurrentResource, call: Call) -> Row:
    """Return the record that a path names. A part must belong to its parent.

    Raises `NotFoundError`.
    """
    parent = parent_row(call) if resource.declaration.part_of else None
    return resource.named(call.record, None if parent is None else parent.id)


def show_record(resource: XurrentResource, call: Call) -> Response:
    """Answer one record, with all its fields."""
    return json_answer(resource.as_record(row_of(resource, call)))
