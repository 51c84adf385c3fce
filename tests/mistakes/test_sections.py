"""Mistakes in an API's own section of a bundled dataset: one line, and the others are served."""

import pytest

from tests.mistakes.shelf import Shelf

SECTION = "fixtures/demo.yaml"
OTHERS = "serves fabmanager intra42 xurrent\n"

MISTAKES = pytest.mark.parametrize(
    ("text", "message"),
    [
        ("boks: {count: 2}\n", "1: shelf.boks: no such key; meant books?"),
        ("books:\n  a: \a\n", "2: not YAML: the character U+0007 may not stand there"),
        (
            "books:\n  records:\n  - {id: 1, title: A}\n  - {id: 1, title: B}\n",
            "4: shelf.books.records.1.id: an earlier record has the id 1 too",
        ),
    ],
)


@MISTAKES
def test_the_others_are_served(shelf: Shelf, text: str, message: str) -> None:
    shelf.path(SECTION).write_text(text, encoding="utf-8")
    assert shelf.loaded() == (OTHERS, f"{shelf.path(SECTION)}:{message}\n")


@MISTAKES
def test_an_api_that_is_named_is_refused(shelf: Shelf, text: str, message: str) -> None:
    shelf.path(SECTION).write_text(text, encoding="utf-8")
    assert shelf.loaded("intra42", "shelf") == (f"{shelf.path(SECTION)}:{message}\n", "")


@MISTAKES
def test_an_api_that_is_not_named_is_not_read(shelf: Shelf, text: str, message: str) -> None:
    shelf.path(SECTION).write_text(text, encoding="utf-8")
    assert shelf.loaded("xurrent") == ("serves xurrent\n", "")


@MISTAKES
def test_a_check_of_datasets_shows_it(shelf: Shelf, text: str, message: str) -> None:
    shelf.path(SECTION).write_text(text, encoding="utf-8")
    checked = shelf.run("datasets", "demo")
    assert checked.returncode == 1
    assert checked.stdout == f"{shelf.path(SECTION)}:{message}\n"


def test_worlds_are_made_of_the_dataset_without_it(shelf: Shelf) -> None:
    shelf.path("fixtures/empty.yaml").write_text("books: {count: [\n", encoding="utf-8")
    shelf.path(SECTION).write_text("boks: {}\n", encoding="utf-8")
    code = (
        "from fake_server import create_app\n"
        "app = create_app('demo')\n"
        "answer = app.test_client().post('/_fake/worlds', json={'dataset': 'empty'})\n"
        "print(answer.status_code, sorted(answer.json['apis']))\n"
    )
    ran = shelf.python("-c", code)
    assert ran.stdout == "201 ['fabmanager', 'intra42', 'xurrent']\n", ran.stderr


def test_a_dataset_of_one_s_own_is_refused_as_before(shelf: Shelf) -> None:
    own = shelf.folder / "own.yaml"
    own.write_text("shelf:\n  boks: {}\n", encoding="utf-8")
    code = (
        "from fake_server import create_app, UserError\n"
        "try:\n"
        f"    create_app({str(own)!r})\n"
        "except UserError as mistake:\n"
        "    print(mistake)\n"
    )
    ran = shelf.python("-c", code)
    assert ran.stdout == f"{own}:2: shelf.boks: no such key; meant books?\n", ran.stderr
