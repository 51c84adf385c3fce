"""Bodies read by the document, with all their mistakes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fake_server.rest.api_errors import ApiError
from fake_server.rest.attribute_reader import AttributeReader, body_schema
from fake_server.rest.schema.schema_values import InvalidValueError, Mistake
from tests.rest.api_folder import api_folder

OPENAPI = """
openapi: 3.1.0
info: {title: Library, version: '1'}
paths:
  /library/loans:
    post:
      operationId: create_loan
      requestBody:
        $ref: '#/components/requestBodies/Loan'
      responses: {'201': {description: ok}}
    get: {operationId: list_loans, responses: {'200': {description: ok}}}
components:
  requestBodies:
    Loan:
      content:
        application/json:
          schema: {$ref: '#/components/schemas/loan'}
  schemas:
    id: {type: integer, minimum: 1}
    loan:
      type: object
      required: [book_id, member]
      additionalProperties: false
      properties:
        book_id: {$ref: '#/components/schemas/id'}
        member: {type: string, maxLength: 5}
        status: {enum: [open, returned], default: open}
        due_at: {type: [string, 'null'], format: date-time}
        parent: {anyOf: [{$ref: '#/components/schemas/loan'}, {type: 'null'}]}
"""
SCHEMA: Any = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "maxLength": 5},
        "state": {"enum": ["on", "off"], "default": "on"},
        "due_at": {"type": ["string", "null"], "format": "date-time"},
    },
}


class _RefusedError(ApiError):
    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__(
            422, [(mistake.field, mistake.code, dict(mistake.values)) for mistake in mistakes]
        )


def _read(sent: Any, before: Any = None, schema: Any = SCHEMA, **options: Any) -> Any:
    body = AttributeReader(sent, before or {}, _RefusedError)
    body.take_all(schema, **options)
    return body


def test_a_new_record_has_the_values_given_and_the_defaults() -> None:
    body = _read({"name": "a", "due_at": "1970-01-01T00:00:01Z", "other": 1})
    assert body.checked() == {"name": "a", "state": "on", "due_at": 1000}


def test_a_change_has_what_differs() -> None:
    before = {"name": "a", "state": "off", "due_at": None}
    assert _read({"name": "a", "state": "on"}, before).checked() == {"state": "on"}
    assert _read({}, before).checked() == {}
    assert _read({"state": "on"}, before).value("name") == "a"


def test_all_mistakes_are_told_at_once() -> None:
    body = _read({"state": "x", "due_at": 5})
    body.refuse("name", "taken")
    with pytest.raises(_RefusedError) as error:
        body.checked()
    assert error.value.body == [
        ("name", "required", {}),
        ("state", "options", {"options": "on, off"}),
        ("due_at", "type", {"expected": "text"}),
        ("name", "taken", {}),
    ]


def test_an_unknown_property_is_refused_where_none_may_be() -> None:
    closed = {**SCHEMA, "additionalProperties": False}
    with pytest.raises(_RefusedError) as error:
        _read({"name": "a", "nmae": "b"}, schema=closed).checked()
    assert error.value.body == [("nmae", "unknown", {})]


def test_a_property_may_have_a_reader_of_the_apis_own() -> Any:
    def read(value: Any) -> Any:
        if value == "never":
            raise InvalidValueError("closed", day="Sunday")
        return value.strip() or None

    assert _read({"name": " a "}, readers={"name": read}).checked()["name"] == "a"
    with pytest.raises(_RefusedError) as error:
        _read({"name": "never"}, readers={"name": read}).checked()
    assert error.value.body == [("name", "closed", {"day": "Sunday"})]
    with pytest.raises(_RefusedError) as error:
        _read({"name": "  "}, {"name": "b"}, readers={"name": read}).checked()
    assert error.value.body == [("name", "required", {})]


@pytest.fixture
def _library(tmp_path: Path) -> Iterator[None]:
    with api_folder(tmp_path, "library", openapi=OPENAPI):
        yield


@pytest.mark.usefixtures("_library")
def test_the_schema_of_a_body_has_what_it_refers_to() -> None:
    schema = body_schema("library", "create_loan")
    assert schema["properties"]["book_id"] == {"type": "integer", "minimum": 1}
    assert schema["properties"]["parent"]["anyOf"] == [{}, {"type": "null"}]
    assert body_schema("library", "list_loans") == {}
    body = _read({"book_id": 0, "member": "ada", "parent": None}, schema=schema)
    with pytest.raises(_RefusedError) as error:
        body.checked()
    assert error.value.body == [("book_id", "too_small", {"limit": 1})]
