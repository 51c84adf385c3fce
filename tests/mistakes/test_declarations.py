"""Mistakes in declarations and frames: one line each, when a document is made and when served."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from fake_server import data_files
from fake_server.data_files import registry
from fake_server.rest.resources.declaration_files import OWN_KEYS, read_declarations, read_frame
from tests.mistakes.shelf import Shelf

BOOKS = "schemas/resources/books.yaml"
FRAME = "schemas/frame.yaml"


def test_without_a_mistake_it_is_served(shelf: Shelf) -> None:
    assert shelf.loaded("shelf") == ("serves shelf\n200\n", "")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("singular: book", "singlar: book", "2: singlar: no such key; meant singular?"),
        ("filter: {", "fitler: {", "6: fitler: no such key; meant filter?"),
        (
            "filter: {title: Text}",
            "filter:\n  title:\n    kin: Text",
            "8: filter.title.kin: no such key; meant kind?",
        ),
        (
            "says: What stands on the shelf.\n",
            "",
            "1: 'says' is a required property (expected: What can be asked of a resource: what"
            " it is, its shape, its operations.)",
        ),
        (
            "sort: [id, title]",
            "sort: title",
            "5: sort: 'title' is not of type 'array' (expected: The fields that a list can be"
            " sorted by.)",
        ),
        (
            "    order: [-id]",
            "    ordr: [-id]",
            "9: quirks.newest-first.ordr: no such key; meant order?",
        ),
        (
            "singular: book",
            "says: Books.",
            "2: says: stands here a second time, first on line 1",
        ),
        (
            "singular: book",
            "singular: b\aook",
            "2: not YAML: the character U+0007 may not stand there",
        ),
    ],
)
def test_a_mistake_in_a_declaration_is_one_line(
    shelf: Shelf, old: str, new: str, message: str
) -> None:
    shelf.change(BOOKS, old, new)
    line = f"{shelf.path(BOOKS)}:{message}\n"
    assert shelf.mistake_made() == f"fake-server: {line}"
    assert shelf.loaded("shelf") == (line, "")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("info:", "inf:", "2: inf: no such key; meant info?"),
        ("  schemas:", "  schema:", "6: components.schema: no such key; meant schemas?"),
        ("[books]", "[boks]", "3: x-resources.0: no such resource; meant books?"),
    ],
)
def test_a_mistake_in_a_frame_is_one_line(shelf: Shelf, old: str, new: str, message: str) -> None:
    shelf.change(FRAME, old, new)
    line = f"{shelf.path(FRAME)}:{message}\n"
    assert shelf.mistake_made() == f"fake-server: {line}"
    assert shelf.loaded("shelf") == (line, "")


def test_the_others_are_served_without_it(shelf: Shelf) -> None:
    shelf.change(BOOKS, "singular", "singlar")
    served, logged = shelf.loaded()
    assert served == "serves fabmanager intra42 xurrent\n"
    assert logged == f"{shelf.path(BOOKS)}:2: singlar: no such key; meant singular?\n"


def test_a_dialect_may_have_keys_of_its_own(shelf: Shelf) -> None:
    own = {"properties": {"colour": {"type": "string"}}, "required": ["colour"]}
    shelf.write(f"shelf_api/schemas/{OWN_KEYS}", json.dumps(own))
    line = f"{shelf.path(BOOKS)}:1: 'colour' is a required property"
    assert shelf.mistake_made().startswith(f"fake-server: {line}")
    shelf.change(BOOKS, "singular: book", "singular: book\ncolour: red")
    assert shelf.run("openapi", "shelf", "--check").returncode == 0


@pytest.mark.parametrize("api", registry.names())
def test_what_is_declared_holds_to_the_schema(api: str) -> None:
    folder = registry.package(api).schemas
    assert read_declarations(folder)
    assert read_frame(folder)["openapi"] == "3.1.0"


@pytest.mark.parametrize(
    "file",
    [
        *(data_files.schemas() / name for name in ("resource.json", "frame.json")),
        *sorted(data_files.schemas().glob(f"*/{OWN_KEYS}")),
    ],
    ids=str,
)
def test_a_schema_is_one(file: Path) -> None:
    Draft202012Validator.check_schema(json.loads(file.read_bytes()))
