"""The section of a dataset that follows from a declaration and a shape."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from fake_server.rest.resources.dataset_section import made_dataset

DECLARATION = """
says: Where people sit.
shape: seat.json
columns:
  rank: integer?
  floor_id: {kind: integer, of: floors, says: The id of its floor.}
  updated_at: {kind: instant, pinned: false}
ordered: [begin_at, end_at]
"""
MOMENT = {"type": "string", "format": "date-time", "pattern": "Z$", "description": "A time."}
SHAPE = {
    "properties": {
        "id": {"type": "integer", "description": "Its id.", "minimum": 0},
        "host": {"type": "string", "description": "Its host.", "minLength": 1},
        "kind": {"type": ["string", "null"], "description": "Its kind.", "enum": ["a", None]},
        "begin_at": {"$ref": "moment.json", "description": "When it begins."},
        "end_at": {"anyOf": [{"$ref": "moment.json"}, {"type": "null"}], "description": "The end."},
        "primary": {"type": "boolean", "description": "Whether it is.", "x-pinned": False},
        "load": {"type": "number", "description": "Its load.", "x-pinned": {"minimum": 0}},
        "campus_id": {"type": "integer", "description": "Its campus.", "x-reference": "campus"},
        "user": {"$ref": "user.json", "description": "Who sits.", "x-reference": "users.short"},
        "count": {"type": "integer", "description": "A count.", "x-column": False},
    }
}
INSTANT = (
    r"^(19[0-9]{2}|2[0-9]{3})-[0-9]{2}-[0-9]{2}"
    r"T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})?$"
)
BY_HAND = {"type": "object", "description": "The floors."}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of an API with two resources, one of which has a section by hand."""
    (tmp_path / "resources").mkdir()
    (tmp_path / "resources" / "seats.yaml").write_text(DECLARATION)
    (tmp_path / "resources" / "floors.yaml").write_text("says: Floors.\nshape: seat.json\n")
    (tmp_path / "seat.json").write_text(json.dumps(SHAPE))
    (tmp_path / "moment.json").write_text(json.dumps(MOMENT))
    frame = {"type": "object", "properties": {"floors": BY_HAND}}
    (tmp_path / "dataset.frame.json").write_text(json.dumps(frame))
    return tmp_path


def record(folder: Path) -> dict[str, Any]:
    made = made_dataset(folder)
    assert made is not None
    Draft202012Validator.check_schema(made)
    items: dict[str, Any] = made["properties"]["seats"]["properties"]["records"]["items"]
    return items


def test_a_section_has_a_count_and_records(folder: Path) -> None:
    made = made_dataset(folder)
    assert made is not None
    assert list(made["properties"]) == ["floors", "seats"]
    section = made["properties"]["seats"]
    assert section["description"] == "Where people sit."
    assert section["properties"]["count"] == {
        "type": "integer",
        "description": "How many records are made in addition to the pinned ones.",
        "minimum": 0,
        "maximum": 5000000,
    }
    assert record(folder)["required"] == ["id"]
    assert record(folder)["x-ordered"] == ["begin_at", "end_at"]


def test_a_section_by_hand_stays_as_it_is(folder: Path) -> None:
    made = made_dataset(folder)
    assert made is not None
    assert made["properties"]["floors"] == BY_HAND


def test_without_a_frame_nothing_is_made(folder: Path) -> None:
    (folder / "dataset.frame.json").unlink()
    assert made_dataset(folder) is None


def test_each_column_is_an_attribute(folder: Path) -> None:
    assert record(folder)["properties"] == {
        "id": {"type": "integer", "description": "Its id.", "minimum": 0, "maximum": 2147483647},
        "host": {"type": "string", "description": "Its host.", "minLength": 1},
        "kind": {"type": ["string", "null"], "description": "Its kind.", "enum": ["a", None]},
        "begin_at": {
            "type": "string",
            "description": "When it begins. As 2017-11-22T13:41:00.750Z.",
            "pattern": INSTANT,
            "format": "instant",
        },
        "end_at": {
            "type": ["string", "null"],
            "description": "The end. As 2017-11-22T13:41:00.750Z.",
            "pattern": INSTANT,
            "format": "instant",
        },
        "load": {"type": "number", "description": "Its load.", "minimum": 0},
        "campus_id": {
            "type": "integer",
            "description": "Its campus.",
            "minimum": 1,
            "maximum": 2147483647,
        },
        "user_id": {
            "type": "integer",
            "description": "Who sits.",
            "minimum": 1,
            "maximum": 2147483647,
        },
        "rank": {
            "type": ["integer", "null"],
            "description": "Its rank.",
            "minimum": -2147483647,
            "maximum": 2147483647,
        },
        "floor_id": {
            "type": "integer",
            "description": "The id of its floor.",
            "minimum": 1,
            "maximum": 2147483647,
        },
    }


def test_a_property_that_is_no_column_is_a_mistake(folder: Path) -> None:
    shape = {"properties": {**SHAPE["properties"], "tags": {"type": "array", "description": "T"}}}
    (folder / "seat.json").write_text(json.dumps(shape))
    with pytest.raises(ValueError, match=r"seats: tags: .*x-column .* write its section by hand"):
        made_dataset(folder)
