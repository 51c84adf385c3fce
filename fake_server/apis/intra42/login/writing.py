"""The views that create, change and delete records, and that list those of the token's person."""

from collections.abc import Sequence

from flask import Response
from sqlalchemy import select

from fake_server.api.declare import Call, Values
from fake_server.api.records import Records, Row
from fake_server.api.serve import (
    Parameters,
    answer,
    current_request,
    json_answer,
    request_parameters,
    world,
)
from fake_server.apis.intra42.dialect.collection import answer_list
from fake_server.apis.intra42.dialect.errors import NoSuchRecordError
from fake_server.apis.intra42.dialect.resource import IntraResource
from fake_server.apis.intra42.dialect.written import (
    WritableResource,
    WritingUser,
    attributes_of,
    written_records,
    written_values,
)
from fake_server.apis.intra42.login.auth import current_application, current_user_id
from fake_server.apis.intra42.login.declared_access import access_to, has_role
from fake_server.apis.intra42.resources import API, RESOURCES

_NO_CONTENT = 204


def list_own_records(resource: IntraResource, call: Call) -> Response:
    """Answer a page of the records of the person whose token the request has.

    Raises `NoSuchRecordError` for a token of an application.
    """
    user_id = current_user_id()
    if user_id is None:
        raise NoSuchRecordError
    return answer_list(resource, call, [resource.of_person(user_id)])


def create_record(resource: WritableResource, call: Call) -> Response:
    """Create the records of a request."""
    nested: dict[str, int] = {}
    if call.operation.parent:
        parent = RESOURCES[call.operation.parent]
        assert isinstance(parent, IntraResource)
        nested[parent.argument] = parent.id_of(call.parent)
    values = written_values(resource.attributes, _attributes(resource), nested, whole=True)
    writer = _writer(resource, call)
    rows = resource.new_rows(resource.of_writer(values, writer), writer)
    records = Records(world(), API)
    with records.writing():
        ids = _put(resource, records, rows)
    body, status = resource.creation(_written(resource, records, ids))
    return json_answer(body, status)


def create_records(resource: WritableResource, call: Call) -> Response:
    """Create the records of a request that has several, or none of them, and answer them."""
    params, records = request_parameters(current_request()), Records(world(), API)
    values, writer = (
        written_records(resource.name, resource.attributes, params),
        _writer(resource, call),
    )
    ids: list[int] = []
    with records.writing():
        for each in values:
            rows = resource.new_rows(resource.of_writer(each, writer), writer)
            ids += _put(resource, records, rows)
    return json_answer(resource.as_items(_written(resource, records, ids)), 201)


def _put(resource: WritableResource, records: Records, rows: Sequence[Values]) -> list[int]:
    """Write new rows and what follows from them, and return their ids."""
    numbered = resource.put(records, rows)
    for row in numbered:
        resource.follow(records, None, row)
    return [row["id"] for row in numbered]


def _written(resource: WritableResource, records: Records, ids: Sequence[int]) -> Sequence[Row]:
    own = resource.table.c.id
    return records.rows(select(resource.table).where(own.in_(ids)).order_by(own))


def update_record(resource: WritableResource, call: Call) -> Response:
    """Change the attributes of a record that a request names."""
    row = resource.called(call)
    values = written_values(resource.attributes, _attributes(resource), {}, whole=False)
    writer = _writer(resource, call)
    owned = resource.of_writer(values, writer, row)
    changes = resource.changes(row, owned, writer) if values else {}
    records = Records(world(), API)
    if changes:
        with records.writing():
            resource.write_changes(records, row, changes)
            before = row._asdict()
            resource.follow(records, before, {**before, **changes})
    return answer(_NO_CONTENT, None)


def delete_record(resource: WritableResource, call: Call) -> Response:
    """Delete a record, and what refers to it."""
    request_parameters(current_request())
    row = resource.called(call)
    writer = _writer(resource, call)
    resource.of_writer({}, writer, row)
    resource.check_deletion(row, writer)
    records = Records(world(), API)
    with records.writing():
        resource.release(records, [row.id])
        resource.clear(records, [row.id])
        resource.follow(records, row._asdict(), None)
    return answer(_NO_CONTENT, None)


def act_on_record(resource: WritableResource, call: Call) -> Response:
    """Apply the action of a request to a record, and answer the record."""
    row = resource.called(call)
    action = resource.action(call.operation.path)
    values = written_values(action["takes"], request_parameters(current_request()), {}, whole=True)
    records = Records(world(), API)
    with records.writing():
        getattr(resource, action["name"])(records, row, values)
    if action["status"] == _NO_CONTENT:
        return answer(_NO_CONTENT, None)
    return json_answer(resource.as_items([resource.named(str(row.id))])[0], action["status"])


def _attributes(resource: WritableResource) -> Parameters:
    request = current_request()
    params = request_parameters(request)
    # Rails takes the attributes of a JSON body that stand alone for those of the record.
    return attributes_of(resource, params, bare=request.is_json)


def _writer(resource: IntraResource, call: Call) -> WritingUser:
    application = current_application()
    access = access_to(resource, call.operation) or {}
    trusted = world().auth == "off" or (application is not None and has_role(access, application))
    return WritingUser(current_user_id(), trusted)
