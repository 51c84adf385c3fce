"""The order of lists."""

from itertools import groupby
from typing import Any

from fake_server.verify import OperationUnderTest, behaviour, expect, expect_that, need
from fake_server.verify.api_files.declared_conditions import sortable
from fake_server.verify.api_files.row_values import HIDDEN, is_sorted, value_of
from fake_server.verify.target.operation_under_test import Row, keys_of

_WINDOW = 40
_NO_FIELD = "no_such_field"


@behaviour("*.collections.order")
def test_a_list_has_one_order(operation: OperationUnderTest) -> None:
    sample = operation.require_rows(2)
    if operation.declared.order:
        expect_order(operation, sample.rows, list(operation.declared.order))
        expect_order_of_pages(operation, len(sample.rows))
        return
    again = operation.target.get(operation.path, params=operation.widest_params).expect_status(200)
    expect("the order of the rows", keys_of(sample.rows), keys_of(operation.target.records(again)))


def expect_order_of_pages(operation: OperationUnderTest, count: int) -> None:
    """Assert that a second page goes on where the first ends: one that repeats it shows nothing."""
    listing = operation.declared.listing
    if operation.declared.query(listing.page) is None:
        return
    size = -(-count // 3)
    first, second = (operation.rows(operation.page(number, size)) for number in (1, 2))
    need(keys_of(first) != keys_of(second), f"two pages of {operation.path} that are unlike")
    expect_order(operation, [*first, *second], list(operation.declared.order))


def expect_order(operation: OperationUnderTest, rows: list[Row], order: list[str]) -> None:
    """Assert that rows come by fields, the first the most significant, as far as rows show them."""
    if not order or len(rows) < 2:
        return
    field = order[0].removeprefix("-")

    def value(row: Row) -> Any:
        return value_of(operation.declared, row, field)

    values = [value(row) for row in rows]
    if HIDDEN in values:
        need(len(order) < len(operation.declared.order), f"rows that show {field}")
        return
    descending = order[0].startswith("-")
    way = "descending" if descending else "ascending"
    expect_that(f"the rows by {field}", is_sorted(values, descending=descending), way, values)
    for _, tied in groupby(rows, value):
        expect_order(operation, list(tied), order[1:])


@behaviour("*.collections.unknown_fields", invalid=True)
def test_an_unknown_field_is_refused(operation: OperationUnderTest) -> None:
    need(operation.rows(), f"rows in {operation.path}")
    listing = operation.declared.listing
    queries = [{listing.sort: _NO_FIELD}]
    if operation.declared.query(listing.filter) is not None:
        queries.append({f"{listing.filter}[{_NO_FIELD}]": "1"})
    for params in queries:
        operation.target.get(operation.path, params=params).expect_status(400, 422)


@behaviour("*.collections.sort")
def test_each_field_sorts(operation: OperationUnderTest) -> None:
    sample = operation.require_rows(2)
    narrowing = None if sample.complete else operation.params_for_rows(sample.rows[:_WINDOW])
    known = sample.rows if sample.complete else sample.rows[:_WINDOW] if narrowing else None
    shown: list[Any] = []
    hidden: list[Any] = []
    for field in operation.choose(sortable(operation.declared)):
        values = [value_of(operation.declared, row, field) for row in known or sample.rows]
        is_shown = (
            HIDDEN not in values and len({repr(value) for value in values if value is not None}) > 1
        )
        (shown if is_shown else hidden).append(field)
        for descending in (False, True) if is_shown else (False,):
            expect_sorted(operation, field, descending, narrowing, known, is_shown=is_shown)
    operation.require_shown(shown, hidden, "different values of what they can be sorted by")


def expect_sorted(
    operation: OperationUnderTest,
    field: str,
    descending: bool,
    narrowing: dict[str, Any] | None,
    known: list[Row] | None,
    *,
    is_shown: bool,
) -> None:
    """Assert that a list sorted by a field has the same rows, in that field's order."""
    listing = operation.declared.listing
    spelling = listing.descending.format(field=field) if descending else field
    rows = operation.rows({**operation.widest_params, **(narrowing or {}), listing.sort: spelling})
    if known is not None:
        expected, seen = sorted(map(repr, keys_of(known))), sorted(map(repr, keys_of(rows)))
        expect(f"which rows are sorted by {spelling}", expected, seen)
    if is_shown:
        values = [value_of(operation.declared, row, field) for row in rows]
        way = "descending" if descending else "ascending"
        ordered = is_sorted(values, descending=descending)
        expect_that(f"the rows sorted by {spelling}", ordered, f"{way} order", values)
