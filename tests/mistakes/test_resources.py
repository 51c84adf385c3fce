"""Resources, modules, declarations and columns that disagree: one line each, when served."""

import pytest

from tests.mistakes.shelf import Shelf

BOOKS = "schemas/resources/books.yaml"
MODULE = "resources/books.py"
LISTED = "resources/__init__.py"


def _make_document(shelf: Shelf) -> None:
    command = shelf.run("openapi", "shelf", "--write")
    assert command.returncode == 0, command.stderr


def _checked(shelf: Shelf) -> str:
    """Return the standard error of a check that finds a mistake."""
    command = shelf.run("openapi", "shelf", "--check")
    assert (command.returncode, command.stdout) == (2, "")
    return command.stderr


def _line(shelf: Shelf) -> str:
    printed, logged = shelf.loaded("shelf")
    assert (printed.count("\n"), logged) == (1, "")
    return printed.rstrip("\n")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "sort: [id, title]",
            "sort: [id, tilte]",
            "5: sort.1: tilte: no such column of books; meant title?",
        ),
        (
            "filter: {title: Text}",
            "filter:\n  colour: Text",
            "7: filter.colour: colour: no such column of books; expected one of id, title",
        ),
        (
            "filter: {title: Text}",
            "filter: {name: {kind: Text, column: titel}}",
            "6: filter.name: titel: no such column of books; meant title?",
        ),
        (
            "filter: {title: Text}",
            "range: {titel: Text}",
            "6: range.titel: titel: no such column of books; meant title?",
        ),
        (
            "filter: {title: Text}",
            "graph: {fields: [titel]}",
            "6: graph.fields.0: titel: no such column of books; meant title?",
        ),
        (
            "    order: [-id]",
            "    order: [-idd]",
            "9: quirks.newest-first.order.0: idd: no such column of books; meant id?",
        ),
    ],
)
def test_a_field_that_is_no_column_is_one_line(
    shelf: Shelf, old: str, new: str, message: str
) -> None:
    shelf.change(BOOKS, old, new)
    _make_document(shelf)
    assert _line(shelf) == f"{shelf.path(BOOKS)}:{message}"
    assert _checked(shelf) == f"fake-server: {shelf.path(BOOKS)}:{message}\n"


def test_a_filter_may_have_a_condition_of_its_own(shelf: Shelf) -> None:
    shelf.change(BOOKS, "filter: {title: Text}", "filter: {colour: Text}")
    shelf.change(
        MODULE, '    name = "books"\n', '    name = "books"\n    conditions = {"colour": None}\n'
    )
    _make_document(shelf)
    assert shelf.loaded("shelf") == ("serves shelf\n200\n", "")


def test_a_property_that_neither_a_column_nor_a_method_tells_is_one_line(shelf: Shelf) -> None:
    title = '"title": {"type": "string"}'
    shelf.change(
        "schemas/book.json", title, title + ',\n"pages": {"type": "integer", "x-column": false}'
    )
    _make_document(shelf)
    module = shelf.path(MODULE)
    message = f"no column; {module} needs a method pages that tells it"
    mistake = f"{shelf.path('schemas/book.json')}:2: properties.pages.x-column: {message}"
    assert _line(shelf) == mistake
    assert _checked(shelf) == f"fake-server: {mistake}\n"
    text = module.read_text(encoding="utf-8")
    method = "    def pages(self, rows):\n        return {row.id: 1 for row in rows}\n\n"
    module.write_text(text.replace("    def invented", f"{method}    def invented"))
    assert shelf.loaded("shelf") == ("serves shelf\n200\n", "")
    assert shelf.run("openapi", "shelf", "--check").returncode == 0


def test_a_parameter_that_sorts_by_no_column_is_one_line(shelf: Shelf) -> None:
    shelf.change(
        BOOKS,
        "{name: title, in: query, schema: {type: string}}",
        "{name: sort, in: query, schema: {type: string, enum: [title, -tilte]}}",
    )
    _make_document(shelf)
    line = "shelf: books: the parameter sort: enum: there is no column tilte; meant title?"
    assert _line(shelf) == line


def test_a_resource_without_a_declaration_is_one_line(shelf: Shelf) -> None:
    shelf.change(LISTED, '("books",)', '("books", "films")')
    films = shelf.path(MODULE).read_text(encoding="utf-8").replace("books", "films")
    shelf.write("shelf_api/resources/films.py", films)
    expected = f"{shelf.path('schemas/resources/films.yaml')} is missing:"
    assert _line(shelf) == f"{expected} {shelf.path(LISTED)} lists the resource films"


def test_a_declaration_without_a_module_is_one_line(shelf: Shelf) -> None:
    shelf.write("shelf_api/schemas/resources/films.yaml", "says: What can be watched.\n")
    file = shelf.path("schemas/resources/films.yaml")
    _make_document(shelf)
    missing = "there is no module shelf_api.resources.films to serve it"
    assert _line(shelf) == f"{file}: {missing}"
    shelf.change(LISTED, '("books",)', '("books", "films")')
    assert _line(shelf) == f"{file}: {missing}"


def test_a_module_that_is_not_listed_is_one_line(shelf: Shelf) -> None:
    shelf.write("shelf_api/schemas/resources/films.yaml", "says: What can be watched.\n")
    shelf.write("shelf_api/resources/films.py", "")
    _make_document(shelf)
    expected = f"{shelf.path('schemas/resources/films.yaml')}: {shelf.path(LISTED)}"
    assert _line(shelf) == f"{expected} does not list it; add films to its names"


def test_a_module_of_the_same_folder_may_be_no_resource(shelf: Shelf) -> None:
    shelf.write("shelf_api/resources/films.py", "GENRES = ()\n")
    assert shelf.loaded("shelf") == ("serves shelf\n200\n", "")
    shelf.write("shelf_api/resources/films.py", "resource = None\n")
    expected = f"{shelf.path('resources/films.py')}: {shelf.path('schemas/resources/films.yaml')}"
    assert _line(shelf) == f"{expected} is missing, and {shelf.path(LISTED)} does not list films"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "resource = _Books()",
            "",
            "cannot be loaded: AttributeError: module 'shelf_api.resources.books' has no"
            " attribute 'resource'",
        ),
        ("class _Books", "clas _Books", "cannot be loaded: SyntaxError: invalid syntax"),
        ("class _Books", "import nothing_of_it\n\n\nclass _Books", "cannot be loaded: Module"),
    ],
)
def test_a_module_that_cannot_be_loaded_is_one_line(
    shelf: Shelf, old: str, new: str, message: str
) -> None:
    shelf.change(MODULE, old, new)
    assert _line(shelf).startswith(f"{shelf.path(MODULE)}: {message}")


def test_a_name_other_than_its_module_s_is_one_line(shelf: Shelf) -> None:
    shelf.change(MODULE, 'name = "books"', 'name = "boks"')
    file = shelf.path("schemas/resources/boks.yaml")
    assert _line(shelf) == f"{file} is missing: no resource boks is declared; meant books?"


def test_an_operation_of_no_resource_is_one_line(shelf: Shelf) -> None:
    shelf.change("schemas/openapi.yaml", "x-resource: books", "x-resource: boks")
    file = shelf.path("schemas/openapi.yaml")
    expected = f"{file}: GET /shelf/books: x-resource: boks: no such resource; meant books?"
    assert _line(shelf) == expected


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("schemas/dataset.json", "{\n  'books'\n", ":2: not JSON: Expecting property name"),
        ("schemas/dataset.json", "\xff", ": not JSON: invalid start byte"),
        ("schemas/book.json", "[" * 100_000, ": not JSON: nested too deeply"),
        ("schemas/openapi.yaml", "a: [\n", ":2: not YAML: "),
        ("schemas/openapi.yaml", None, ": cannot be read: No such file or directory"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line(
    shelf: Shelf, file: str, content: str | None, message: str
) -> None:
    if content is None:
        shelf.path(file).unlink()
    else:
        shelf.path(file).write_text(content, encoding="latin-1")
    assert _line(shelf).startswith(f"{shelf.path(file)}{message}")


def test_an_exception_while_records_are_invented_is_one_line(shelf: Shelf) -> None:
    shelf.change(MODULE, "return {", "return [][number] or {")
    expected = "its records cannot be made: IndexError: list index out of range"
    assert _line(shelf) == f"{shelf.path(MODULE)}: {expected}"
    assert shelf.loaded()[0] == "serves fabmanager intra42 xurrent\n"
