"""Operations that a declaration holds as they are."""

from typing import Any

import pytest

from fake_server.rest.resources.declaration import Declaration
from fake_server.rest.standard.document import describe

LIST = {
    "operationId": "list_loans",
    "x-action": "list",
    "responses": {"200": {"description": "ok"}},
}


def _declaration(operation: Any, **more: Any) -> Any:
    item = {"summary": "Loans", "parameters": [], "get": operation}
    return Declaration("library", "loans", {"paths": {"/loans": item}, **more})


def test_what_was_written_is_what_is_made() -> None:
    part = describe(_declaration(LIST), {})
    assert part.components == {}
    assert part.operations == [
        ("/loans", "summary", "Loans"),
        ("/loans", "parameters", []),
        ("/loans", "get", {**LIST, "x-resource": "loans"}),
    ]


def test_the_order_of_a_list_is_told() -> None:
    (*_, (_, _, operation)) = describe(_declaration(LIST, order=["-id"]), {}).operations
    assert operation["x-order"] == ["-id"]
    own = {**LIST, "x-order": ["name"]}
    (*_, (_, _, operation)) = describe(_declaration(own, order=["-id"]), {}).operations
    assert operation["x-order"] == ["name"]


def test_components_of_a_resource_are_those_of_its_declaration() -> None:
    components = {"parameters": {"Page": {"name": "page", "in": "query"}}}
    assert describe(_declaration(LIST, components=components), {}).components == components


@pytest.mark.parametrize("missing", ["operationId", "x-action"])
def test_what_an_operation_needs_is_named(missing: Any) -> None:
    operation = {key: value for key, value in LIST.items() if key != missing}
    with pytest.raises(ValueError, match=f"^loans: GET /loans: {missing} is missing$"):
        describe(_declaration(operation), {})
