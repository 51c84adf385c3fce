"""How a single record is answered."""

from flask import Response

from fake_server.rest.answers import answer, json_answer
from fake_server.rest.context import current_request
from fake_server.rest.parameters import query_parameters
from fake_server.rest.resources.operation_index import Operation, index
from fake_server.rest.resources.resource_routes import Call
from fake_server.rest.schema.spec import resolved, spec
from fake_server.rest.standard.resource import StandardResource
from fake_server.rest.urls import request_url, url_of
from fake_server.world.storage.store import Row


def show_record(resource: StandardResource, call: Call) -> Response:
    """Answer one record."""
    query_parameters(current_request())
    return record_answer(resource, call, resource.named(call))


def record_answer(resource: StandardResource, call: Call, row: Row) -> Response:
    """Return the answer that shows a record, or says nothing, as the document has it.

    The body is the record, or an object whose member it is. `Location` is sent if it is declared.
    """
    success = resource.facts(call.operation).success
    headers = {
        name: _address(resource, call, row)
        for name in success.headers
        if name.lower() == "location"
    }
    if not success.schema:
        return answer(success.status, None, headers)
    schema = resolved(spec(resource.api).document, success.schema)
    member, record = resource.record_member(call.operation.id, schema), resource.as_record(row)
    return json_answer(record if member is None else {member: record}, success.status, headers)


def _address(resource: StandardResource, call: Call, row: Row) -> str:
    """Return the URL of a record: that of the operation that shows it, if there is one."""
    shown = [
        operation
        for operation in index(resource.api).operations.values()
        if (operation.resource, operation.action) == (resource.name, "show")
    ]
    # The one that needs nothing but what the request's own path has, and the record.
    for operation in sorted(shown, key=lambda operation: len(operation.arguments)):
        if set(operation.arguments[:-1]) <= call.path.keys():
            return url_of(_filled(resource, operation, call, row))
    return f"{request_url()}/{row.id}"


def _filled(resource: StandardResource, operation: Operation, call: Call, row: Row) -> str:
    *outer, own = operation.arguments
    column = resource.argument_column(operation, own)
    values = {**{name: call.path[name] for name in outer}, own: getattr(row, column, row.id)}
    path = operation.path
    for name, value in values.items():
        path = path.replace(f"{{{name}}}", str(value))
    return path
