"""Filters and ranges: which rows they keep."""

from typing import Any

from fake_server.verify import OperationUnderTest, behaviour, expect, need
from fake_server.verify.api_files.declared_conditions import (
    FilterCondition,
    RangeCondition,
    filters,
    ranges,
)
from fake_server.verify.api_files.row_values import (
    HIDDEN,
    is_plain,
    sorted_values,
    text_of,
    value_of,
)
from fake_server.verify.target.operation_under_test import Row, Sample

from .kept_rows import expect_kept


@behaviour("*.collections.filters")
def test_each_filter_keeps_what_satisfies_it(operation: OperationUnderTest) -> None:
    sample = operation.require_rows(2)
    shown: list[Any] = []
    hidden: list[Any] = []
    for condition in operation.choose(filters(operation.declared)):
        is_shown = filters_rows(operation, condition, sample) or parts_rows(operation, condition)
        (shown if is_shown else hidden).append(condition.key)
    operation.require_shown(shown, hidden, "different values of what they can be filtered by")


def filters_rows(operation: OperationUnderTest, condition: FilterCondition, sample: Sample) -> bool:
    """Assert what a filter keeps, by a value of the sample; return whether rows show one."""
    values = [value_of(operation.declared, row, condition.field) for row in sample.rows]
    usable = operation.query_values(condition, values)
    chosen = next(
        (
            value
            for value in usable[len(usable) // 2 :] + usable
            if not all(condition.matches(held, value) for held in values)
            and any(condition.matches(held, value) for held in values)
        ),
        HIDDEN,
    )
    if chosen is HIDDEN or HIDDEN in values:
        return False
    kept = operation.sample({condition.key: text_of(chosen)})
    what = f"{condition.key}={text_of(chosen)}"
    expect_kept(
        what,
        sample,
        kept,
        [condition.matches(value, chosen) for value in values],
        [
            condition.matches(value_of(operation.declared, row, condition.field), chosen)
            for row in kept.rows
        ],
    )
    return True


def parts_rows(operation: OperationUnderTest, condition: FilterCondition) -> bool:
    """Assert that true and false part the list; return whether the filter takes both."""
    if not condition.parts:
        return False
    whole = operation.total(operation.widest_params)
    if whole is None:
        return False
    parts = [
        operation.total({**operation.widest_params, condition.key: value})
        for value in ("true", "false")
    ]
    expect(
        f"how many rows {condition.key}=true and {condition.key}=false keep",
        whole,
        sum(map(int_of, parts)),
    )
    return True


def int_of(value: int | None) -> int:
    """Return a total that must be there."""
    need(value is not None, "a total")
    return value or 0


@behaviour("*.collections.ranges")
def test_each_range_keeps_what_lies_in_it(operation: OperationUnderTest) -> None:
    sample = operation.require_rows(3)
    shown: list[Any] = []
    hidden: list[Any] = []
    for condition in operation.choose(ranges(operation.declared)):
        (shown if ranges_rows(operation, condition, sample) else hidden).append(condition.key)
    operation.require_shown(shown, hidden, "three values of what they can be ranged over")


def ranges_rows(operation: OperationUnderTest, condition: RangeCondition, sample: Sample) -> bool:
    """Assert what a range keeps, by two values of the sample; return whether rows show them."""

    def held(row: Row) -> Any:
        return value_of(operation.declared, row, condition.field)

    values = [held(row) for row in sample.rows]
    known = sorted_values([value for value in values if is_plain(value)])
    if HIDDEN in values or len(known) < 3:
        return False
    low, high = known[len(known) // 3], known[2 * len(known) // 3]
    range_text = operation.declared.listing.range_text(text_of(low), text_of(high))
    kept = operation.sample({condition.key: range_text})
    expect_kept(
        f"{condition.key}={range_text}",
        sample,
        kept,
        [condition.matches(value, low, high) for value in values],
        [condition.matches(held(row), low, high) for row in kept.rows],
    )
    return True
