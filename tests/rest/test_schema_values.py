"""Values read by the schema that a document has for them."""

from typing import Any

import pytest

from fake_server.rest.schema.schema_values import (
    InvalidValueError,
    Mistake,
    mistake_of,
    read_json,
    read_text,
)

ADDRESS = {
    "type": "object",
    "required": ["city"],
    "additionalProperties": False,
    "properties": {
        "city": {"type": "string"},
        "floors": {"type": "array", "items": {"type": "integer"}},
    },
}


@pytest.mark.parametrize(
    ("schema", "value", "read"),
    [
        ({"type": "integer"}, 2.0, 2),
        ({"type": "number"}, 2.5, 2.5),
        ({"type": ["string", "null"]}, None, None),
        ({"type": "string", "format": "date-time"}, "1970-01-01T00:00:01Z", 1000),
        ({"type": "string", "format": "date-time"}, "1970-01-01T02:00:01+02:00", 1000),
        ({"type": "string", "format": "date-time"}, "1970-01-01t00:00:01", 1000),
        ({"type": "string", "format": "date"}, "2026-03-02", "2026-03-02"),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, None, None),
        ({"type": "string", "pattern": "^[ab]+$"}, "ab", "ab"),
        (ADDRESS, {"city": "Paris", "floors": [1, 2.0]}, {"city": "Paris", "floors": [1, 2]}),
        ({}, {"a": [1]}, {"a": [1]}),
    ],
)
def test_json_that_fits_is_read(schema: Any, value: Any, read: Any) -> None:
    assert read_json(schema, value) == read


@pytest.mark.parametrize(
    ("schema", "value", "message"),
    [
        ({"type": "integer"}, "2", "must be a whole number"),
        ({"type": "integer"}, 2.5, "must be a whole number"),
        ({"type": "integer"}, True, "must be a whole number"),
        ({"type": ["integer", "null"]}, "x", "must be a whole number"),
        ({"type": "string"}, None, "must be text"),
        ({"type": "boolean"}, "true", "must be true or false"),
        ({"type": "array"}, "abc", "must be a list"),
        ({"type": "string", "maxLength": 2}, "abc", "must have at most 2 characters"),
        ({"type": "string", "minLength": 1}, "", "must have at least 1 characters"),
        ({"type": "string", "pattern": "^a$"}, "a\n", "has the wrong form"),
        ({"type": "string", "enum": ["a", "b"]}, "c", "must be one of a, b"),
        ({"const": "a"}, "c", "must be one of a"),
        ({"type": "integer", "minimum": 1}, 0, "must be at least 1"),
        ({"type": "integer", "maximum": 100}, 101, "must be at most 100"),
        ({"type": "array", "maxItems": 1}, [1, 2], "must have at most 1 items"),
        ({"type": "array", "minItems": 1}, [], "must have at least 1 items"),
        ({"type": "string", "format": "date"}, "2026-02-30", "must be a date such as 2026-03-02"),
        ({"type": "string", "format": "date"}, "20260302", "must be a date such as 2026-03-02"),
        (
            {"type": "string", "format": "date-time"},
            "2026-03-02",
            "must be a date and time such as 2026-03-02T09:00:00Z",
        ),
    ],
)
def test_json_that_does_not_fit_is_refused_in_plain_words(
    schema: Any, value: Any, message: Any
) -> None:
    with pytest.raises(InvalidValueError) as error:
        read_json(schema, value)
    assert mistake_of("field", error.value).message == message


@pytest.mark.parametrize(
    ("value", "field", "code"),
    [
        ({}, "address.city", "required"),
        ({"city": 5}, "address.city", "type"),
        ({"city": "Paris", "floors": [1, "x"]}, "address.floors.1", "type"),
        ({"city": "Paris", "street": "x"}, "address.street", "unknown"),
        ([], "address", "type"),
    ],
)
def test_a_mistake_inside_a_value_names_its_path(value: Any, field: Any, code: Any) -> None:
    with pytest.raises(InvalidValueError) as error:
        read_json(ADDRESS, value)
    mistake = mistake_of("address", error.value)
    assert (mistake.field, mistake.code) == (field, code)


@pytest.mark.parametrize(
    ("schema", "text", "read"),
    [
        ({"type": "integer"}, "12", 12),
        ({"type": "integer"}, "-3", -3),
        ({"type": "number"}, "1.5", 1.5),
        ({"type": "boolean"}, "true", True),
        ({"type": "boolean"}, "0", False),
        ({"type": "string", "format": "date-time"}, "1970-01-01T00:00:01Z", 1000),
        ({"type": "array", "items": {"type": "integer"}}, "1,2", [1, 2]),
        ({"type": "array", "items": {"type": "integer"}}, "", []),
        ({"type": ["integer", "string"]}, "x", "x"),
    ],
)
def test_text_stands_for_a_value(schema: Any, text: Any, read: Any) -> None:
    assert read_text(schema, text) == read


@pytest.mark.parametrize(
    ("schema", "text", "code"),
    [
        ({"type": "integer"}, "1.5", "type"),
        ({"type": "integer"}, "9" * 19, "type"),
        ({"type": "integer"}, "٣", "type"),
        ({"type": "boolean"}, "yes", "type"),
        ({"type": "array", "items": {"enum": ["a"]}}, "a,b", "options"),
        ({"type": "array", "maxItems": 1, "items": {"type": "string"}}, "a,b", "too_many"),
    ],
)
def test_text_that_stands_for_no_such_value_is_refused(schema: Any, text: Any, code: Any) -> None:
    with pytest.raises(InvalidValueError) as error:
        read_text(schema, text)
    assert error.value.code == code


def test_a_mistake_may_have_a_code_of_the_apis_own() -> None:
    assert Mistake("due_on", "closed", {}).code == "closed"


@pytest.mark.parametrize(
    ("value", "code"), [(2**63, "too_large"), (-(2**63) - 1, "too_small"), (2**200, "too_large")]
)
def test_a_whole_number_has_64_bits(value: int, code: str) -> None:
    with pytest.raises(InvalidValueError) as raised:
        read_json({"type": "integer"}, value)
    assert raised.value.code == code
    assert read_json({"type": "integer"}, 2**63 - 1) == 2**63 - 1
