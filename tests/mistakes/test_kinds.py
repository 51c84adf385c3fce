"""Kinds of records that disagree with the dataset schema: one line each, when records are made."""

import json
from typing import Any

import pytest

from tests.mistakes.shelf import Shelf

DATASET = "schemas/dataset.json"
CREDENTIALS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "tokens": {
            "type": "array",
            "x-unique": ["token"],
            "items": {
                "type": "object",
                "required": ["token"],
                "properties": {"token": {"type": "string"}, "owner": {"type": "string"}},
            },
        }
    },
}


def _with_tokens(shelf: Shelf, **tokens: object) -> None:
    """Let the API take tokens, whose list in the dataset schema has other keywords."""
    target = "credentials:\n- {name: token, fields: [token], headers: {X-Shelf: '{token}'}}\n"
    shelf.write("shelf_api/schemas/target.yaml", target)
    schema = json.loads(shelf.path(DATASET).read_bytes())
    schema["properties"]["credentials"] = json.loads(json.dumps(CREDENTIALS))
    list_ = schema["properties"]["credentials"]["properties"]["tokens"]
    list_ |= tokens
    schema["properties"]["credentials"]["properties"]["tokens"] = {
        keyword: value for keyword, value in list_.items() if value is not None
    }
    shelf.path(DATASET).write_text(json.dumps(schema, indent=2), encoding="utf-8")


def _line_of(shelf: Shelf, text: str) -> int:
    lines = shelf.path(DATASET).read_text(encoding="utf-8").splitlines()
    (number,) = [n for n, line in enumerate(lines, 1) if f'"{text}":' in line]
    return number


@pytest.mark.parametrize(
    ("unique", "message"),
    [
        ([], "x-unique: expected token among []"),
        (None, 'x-unique is missing: expected ["token"], by which records differ'),
        (["owner"], 'x-unique: expected token among ["owner"]'),
    ],
)
def test_a_list_that_says_not_what_is_unique_is_one_line(
    shelf: Shelf, unique: object, message: str
) -> None:
    _with_tokens(shelf)
    assert shelf.loaded("shelf") == ("serves shelf\n401\n", "")
    _with_tokens(shelf, **{"x-unique": unique})
    where = f"{shelf.path(DATASET)}:{_line_of(shelf, 'tokens')}: credentials.tokens"
    assert shelf.loaded("shelf") == (f"{where}: {message}\n", "")


def test_a_list_of_texts_has_no_keys(shelf: Shelf) -> None:
    _with_tokens(shelf, items={"type": "string"}, **{"x-unique": None})
    where = f"{shelf.path(DATASET)}:{_line_of(shelf, 'tokens')}: credentials.tokens"
    message = "x-unique is missing: expected [], by which records differ"
    assert shelf.loaded("shelf") == (f"{where}: {message}\n", "")
    _with_tokens(shelf, items={"type": "string"}, **{"x-unique": []})
    assert shelf.loaded("shelf") == ("serves shelf\n401\n", "")


def test_two_records_with_one_key_are_one_line(shelf: Shelf) -> None:
    _with_tokens(shelf)
    section = "credentials:\n  tokens:\n  - {token: a}\n  - {token: a}\n"
    shelf.path("fixtures/demo.yaml").write_text(section, encoding="utf-8")
    where = f"{shelf.path('fixtures/demo.yaml')}:4: shelf.credentials.tokens.1.token"
    assert shelf.loaded("shelf") == (f"{where}: 'a' stands here twice\n", "")


def test_a_kind_that_no_section_holds_is_one_line(shelf: Shelf) -> None:
    shelf.path("fixtures/demo.yaml").write_text("", encoding="utf-8")
    shelf.path(DATASET).write_text('{"properties": {}}', encoding="utf-8")
    where = f"{shelf.path(DATASET)}:1: books.records"
    message = "is missing: it says what a dataset may hold of books"
    assert shelf.loaded("shelf") == (f"{where}: {message}\n", "")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"title": {', '"name": {', "title: a record that is read has it, the schema has not"),
        (
            '"title": {',
            '"name": {"type": "string"}, "title": {',
            "name: the schema has it, a record that is read has not",
        ),
    ],
)
def test_an_attribute_on_one_side_alone_is_one_line(
    shelf: Shelf, old: str, new: str, message: str
) -> None:
    shelf.change(DATASET, old, new)
    where = f"{shelf.path(DATASET)}:{_line_of(shelf, 'records')}: books.records"
    assert shelf.loaded("shelf") == (f"{where}: {message}\n", "")


def test_what_a_record_is_only_made_from_is_not_read(shelf: Shelf) -> None:
    shelf.change(DATASET, '"title": {', '"size": {"writeOnly": true}, "title": {')
    assert shelf.loaded("shelf") == ("serves shelf\n200\n", "")
