"""Schemas of one name or title, and a surface that this version has not: one line each."""

import json

import pytest

from tests.mistakes.shelf import Shelf

BOOKS = "schemas/resources/books.yaml"
FRAME = "schemas/frame.yaml"


@pytest.mark.parametrize(
    ("schemas", "message"),
    [
        (
            "{book: {type: object}}",
            "book.json: components.schemas has a book too; rename one of them",
        ),
        (
            "{Volume: {title: book, type: object}}",
            "book.json: components.schemas.Volume has the title Book too; change one of them",
        ),
        (
            "{A: {title: Page of it, type: object}, B: {title: PageOfIt, type: object}}",
            "components.schemas.B: components.schemas.A has the title PageOfIt too; change one of"
            " them",
        ),
    ],
)
def test_schemas_of_one_name_or_title_are_one_line(
    shelf: Shelf, schemas: str, message: str
) -> None:
    shelf.change(FRAME, "schemas: {}", f"schemas: {schemas}")
    assert shelf.mistake_made() == f"fake-server: {shelf.path('schemas')}: {message}\n"


def test_shapes_of_one_title_are_one_line(shelf: Shelf) -> None:
    shape = json.loads(shelf.path("schemas/book.json").read_bytes())
    shelf.path("schemas/volume.json").write_text(json.dumps(shape), encoding="utf-8")
    shelf.change(BOOKS, "items: {$ref: book.json}", "items: {$ref: volume.json}")
    shelf.change(
        BOOKS,
        "'200':",
        "'201':\n          description: A book.\n"
        "          content: {application/json: {schema: {$ref: book.json}}}\n        '200':",
    )
    message = "volume.json: book.json has the title Book too; change one of them"
    assert shelf.mistake_made() == f"fake-server: {shelf.path('schemas')}: {message}\n"


def test_a_surface_that_this_version_has_not_is_one_line(shelf: Shelf) -> None:
    shelf.change("api.yaml", "surface: 1", "surface: 2")
    message = "surface: this version has 1, the API is written for 2"
    line = f"{shelf.path('api.yaml')}: {message}\n"
    assert shelf.mistake_made() == f"fake-server: {line}"
    assert shelf.loaded("shelf") == (line, "")
    assert shelf.loaded() == ("serves fabmanager intra42 xurrent\n", line)
