"""Parameters together: relations between answers, which hold whatever the records are."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from fake_server.verify import OperationUnderTest, behaviour, expect, expect_that
from fake_server.verify.api_files.declared_conditions import (
    FilterCondition,
    RangeCondition,
    conditions,
    parting,
    several,
    sortable,
)
from fake_server.verify.api_files.row_values import HIDDEN, is_sorted, value_of
from fake_server.verify.server.raw_messages import query_string
from fake_server.verify.target.narrowings import (
    Arrangement,
    Kept,
    Narrowing,
    arrangements,
    joined,
    kept_by,
    narrowing_of,
    other_order,
    range_between,
    range_ends,
    sort,
)
from fake_server.verify.target.operation_under_test import Row, Sample, key_of, keys_of

from .page_sizes import size_between_ties

_ESCAPE = re.compile("%[0-9A-F]{2}")

Condition = FilterCondition | RangeCondition


def odd_rows(kept: Kept, rows: list[Row]) -> list[Any]:
    """Return the identities of rows that a condition is known not to keep."""
    return [key_of(row) for row in rows if kept.keeps(row) is False]


@behaviour("*.collections.combined_conditions")
def test_two_conditions_keep_what_both_keep(operation: OperationUnderTest) -> None:
    rows = operation.require_rows(2).rows
    declared = conditions(operation.declared)
    pairs = operation.choose_pairs(
        "conditions", declared, declared, lambda first, second: first.field < second.field
    )
    operation.expect_each(
        pairs,
        lambda pair: conditions_join(operation, *pair, rows),
        lambda pair: f"{pair[0].key} with {pair[1].key}",
        "two conditions of which neither keeps all of the other",
    )


def conditions_join(
    operation: OperationUnderTest,
    first_condition: Condition,
    second_condition: Condition,
    rows: list[Row],
) -> bool:
    """Assert that two conditions keep the rows that each keeps; return whether rows show it."""
    first = narrowing_of(operation, first_condition, rows)
    second = first and joined(operation, first, second_condition, rows)
    if first is None or second is None:
        return False
    left, right = kept_by(operation, first), kept_by(operation, second)
    both = operation.sample({**first.params, **second.params})
    for kept in (left, right):
        expect(f"the rows that {first} with {second} keeps and {kept.narrowing} does not", [],
               odd_rows(kept, both.rows))  # fmt: skip
    common = [row for row in left.sample.rows if right.keeps(row)]
    if both.complete:
        lost = set(map(repr, keys_of(common))) - set(map(repr, keys_of(both.rows)))
        expect(f"the rows that {first} with {second} loses", [], sorted(lost))
    # Whatever ignores one of the two keeps a row that the other alone keeps.
    return bool(common) and all(
        any(other.keeps(row) is False for row in alone.sample.rows)
        for alone, other in ((left, right), (right, left))
    )


@behaviour("*.collections.combined_sort")
def test_an_order_keeps_the_rows_of_a_condition(operation: OperationUnderTest) -> None:
    rows = operation.require_rows(2).rows
    pairs = operation.choose_pairs(
        "sort",
        conditions(operation.declared),
        sortable(operation.declared),
        lambda condition, field: condition.field != field,
    )
    operation.expect_each(
        pairs,
        lambda pair: sorts_rows(operation, *pair, rows),
        lambda pair: f"{pair[0].key} by {pair[1]}",
        "a condition that keeps rows in need of another order",
    )


def sorts_rows(
    operation: OperationUnderTest, condition: Condition, field: str, rows: list[Row]
) -> bool:
    """Assert the order of the rows that a condition keeps; return whether rows show one."""
    narrowing = narrowing_of(operation, condition, rows)
    if narrowing is None:
        return False
    kept = kept_by(operation, narrowing)
    order = other_order(operation, field, kept.sample.rows)
    if order is None:
        return False
    seen = operation.rows({**operation.widest_params, **narrowing.params, **sort(operation, order)})
    what = f"the rows with {narrowing} sorted by {order}"
    expect(f"{what} that the condition does not keep", [], odd_rows(kept, seen))
    if kept.sample.complete:
        expected, keys = keys_of(kept.sample.rows), keys_of(seen)
        expect(what, sorted(map(repr, expected)), sorted(map(repr, keys)))
    values = [value_of(operation.declared, row, field) for row in seen]
    descending = order != field
    way = "descending order" if descending else "ascending order"
    expect_that(what, is_sorted(values, descending=descending), way, values)
    return any(kept.keeps(row) is False for row in rows)


@behaviour("*.collections.combined_pages")
def test_a_later_page_belongs_to_the_same_list(operation: OperationUnderTest) -> None:
    operation.require_rows(3)
    operation.expect_each(
        arrangements(operation),
        lambda arrangement: has_second_page(operation, arrangement),
        lambda arrangement: arrangement.says,
        "conditions and orders with a second page of their own",
    )


def has_second_page(operation: OperationUnderTest, arrangement: Arrangement) -> bool:
    """Assert the second page of a narrowed or sorted list; return whether rows show one."""
    sample = operation.sample(arrangement.params)
    whole = keys_of(sample.rows)
    size = size_between_ties(operation, sample.rows)
    expected = whole[size : 2 * size]
    params = {**operation.page(2, size), **arrangement.params}
    if not expected:
        return False
    seen = keys_of(operation.rows(params))
    expect(f"page 2 of {size} with {arrangement.says}", expected, seen)
    total = operation.total({**operation.widest_params, **arrangement.params})
    if total is not None:
        expect(f"the total on page 2 with {arrangement.says}", total, operation.total(params))
    return expected != keys_of(operation.sample().rows)[size : 2 * size]


@behaviour("*.collections.combined_links")
def test_links_keep_what_was_asked(operation: OperationUnderTest) -> None:
    operation.require_rows(3)
    operation.expect_each(
        arrangements(operation),
        lambda arrangement: links_keep(operation, arrangement),
        lambda arrangement: arrangement.says,
        "conditions and orders with a second page of their own",
    )


@behaviour("*.collections.repeated")
def test_each_value_of_a_repeated_parameter_counts(operation: OperationUnderTest) -> None:
    rows = operation.require_rows(3).rows
    operation.expect_each(
        operation.turns(several(operation.declared)),
        lambda condition: takes_each_value(operation, condition, rows),
        lambda condition: condition.key,
        "two values that two rows have",
    )


def takes_each_value(
    operation: OperationUnderTest, condition: FilterCondition, rows: list[Row]
) -> bool:
    """Assert what two values keep, as parameters and over links; return whether rows show it."""
    values = [value_of(operation.declared, row, condition.field) for row in rows]
    first, *others = dict.fromkeys(operation.query_values(condition, values)) or (None,)
    if not others or HIDDEN in values:
        return False
    listing, both = operation.declared.listing, [first, others[-1]]
    expected = operation.sample({condition.key: listing.several_values(both)})
    repeated = {str(listing.repeated).format(name=condition.key): both}
    seen = operation.sample(repeated)
    what = f"the rows with {query_string(repeated)}"
    expect(what, sorted(keys_of(expected.rows)), sorted(keys_of(seen.rows)))
    if operation.declared.query(listing.page) is not None:
        page = operation.get({**operation.page(1, len(seen.rows) - 1), **repeated})
        following = operation.follow(page.links["next"])
        # Rows that stand together may be on either page, and the list may have more.
        met = keys_of(operation.target.records(following))
        expect_that(f"the second page of {what}", met, "some rows", "none")
        strange = set(met) - set(keys_of(seen.rows)) if seen.complete else set()
        expect(f"what else is on the second page of {what}", set(), strange)
    return True


def links_keep(operation: OperationUnderTest, arrangement: Arrangement) -> bool:
    """Assert that `next` leads to the next page of the same list; return whether rows show it."""
    rows = operation.sample(arrangement.params).rows
    whole = keys_of(rows)
    size = size_between_ties(operation, rows)
    expected = whole[size : 2 * size]
    if not expected:
        return False
    first = operation.get({**operation.page(1, size), **arrangement.params})
    expect(f"the link next of page 1 with {arrangement.says}", True, "next" in first.links)
    answer = operation.follow(first.links["next"])
    seen = keys_of(operation.target.records(answer))
    expect(f"the rows of next with {arrangement.says}", expected, seen)
    return expected != keys_of(operation.sample().rows)[size : 2 * size]


@behaviour("*.collections.combined_nesting")
def test_a_condition_stays_below_its_parent(operation: OperationUnderTest) -> None:
    below = operation.require_rows(2)
    operation.expect_each(
        operation.turns(conditions(operation.declared)),
        lambda condition: stays_below(operation, condition, below),
        lambda condition: condition.key,
        "rows below other records that a condition keeps",
    )


def stays_below(operation: OperationUnderTest, condition: Condition, below: Sample) -> bool:
    """Assert that a condition keeps rows of its parent only; return whether others satisfy it."""
    narrowing = narrowing_of(operation, condition, below.rows)
    if narrowing is None or not below.complete:
        return False
    kept = kept_by(operation, narrowing)
    lost = set(map(repr, keys_of(kept.sample.rows))) - set(map(repr, keys_of(below.rows)))
    expect(f"the rows with {narrowing} that {operation.path} does not have", [], sorted(lost))
    whole = operation.whole_list()
    if whole is None or narrowing.key not in {
        condition.key for condition in conditions(whole.declared)
    }:
        return False
    every = whole.sample(narrowing.params)
    if every.complete:
        common = {repr(key) for key in keys_of(every.rows)} & set(map(repr, keys_of(below.rows)))
        keys = sorted(map(repr, keys_of(kept.sample.rows)))
        expect(f"the rows with {narrowing} of {operation.path}", sorted(common), keys)
    return len(kept.sample.rows) < min(len(every.rows), len(below.rows))


@behaviour("*.collections.combined_parts")
def test_parts_add_up_under_a_condition(operation: OperationUnderTest) -> None:
    rows = operation.require_rows(3).rows
    pairs = operation.choose_pairs(
        "parts",
        parting(operation.declared),
        conditions(operation.declared),
        lambda parting_condition, condition: parting_condition.field != condition.field,
    )
    operation.expect_each(
        pairs,
        lambda pair: parts_add_up(operation, *pair, rows),
        lambda pair: f"{pair[0].key} under {pair[1].key}",
        "a condition with rows in two parts",
    )


def parts_add_up(
    operation: OperationUnderTest,
    parting_condition: Condition,
    condition: Condition,
    rows: list[Row],
) -> bool:
    """Assert that the parts of a narrowed list have its rows; return whether rows show parts."""
    narrowing = narrowing_of(operation, condition, rows)
    if narrowing is None:
        return False
    kept = operation.sample(narrowing.params)
    if isinstance(parting_condition, FilterCondition):
        parts = [
            Narrowing(parting_condition.key, parting_condition.field, text)
            for text in ("true", "false")
        ]
        whole, twice = kept, 0
    else:
        ends = range_ends(
            value_of(operation.declared, row, parting_condition.field) for row in kept.rows
        )
        if ends is None:
            return False
        low, middle, high = ends
        spans = [(low, middle), (middle, high), (middle, middle), (low, high)]
        first, second, shared, all_ = (
            range_between(operation, parting_condition, begin, end) for begin, end in spans
        )
        parts = [first, second]
        whole = operation.sample({**narrowing.params, **all_.params})
        twice = len(operation.sample({**narrowing.params, **shared.params}).rows)
    samples = [operation.sample({**narrowing.params, **part.params}) for part in parts]
    if not all(sample.complete for sample in (*samples, whole)):
        return False
    counts = [len(sample.rows) for sample in samples]
    what = f"how many rows {parts[0]} and {parts[1]} keep with {narrowing}"
    expect(what, len(whole.rows) + twice, sum(counts))
    expected = {repr(key) for key in keys_of(whole.rows)}
    seen = {repr(key) for sample in samples for key in keys_of(sample.rows)}
    expect(f"the rows that {parts[0]} and {parts[1]} keep with {narrowing}", sorted(expected),
           sorted(seen))  # fmt: skip
    return min(counts) > twice and len(kept.rows) < len(rows)


@behaviour("*.collections.spelling")
def test_another_spelling_asks_the_same(operation: OperationUnderTest) -> None:
    rows = operation.require_rows(2).rows
    operation.expect_each(
        operation.turns(conditions(operation.declared)),
        lambda condition: spells(operation, condition, rows),
        lambda condition: condition.key,
        "a condition that keeps some rows and not others",
    )


def spells(operation: OperationUnderTest, condition: Condition, rows: list[Row]) -> bool:
    """Assert that two other spellings of a query are answered alike; return whether rows show it.

    In one the parameters stand in another order. In the other each character of a value is
    percent-encoded.
    """
    narrowing = narrowing_of(operation, condition, rows)
    if narrowing is None:
        return False
    expected = keys_of(operation.sample(narrowing.params).rows)
    params = {**operation.widest_params, **narrowing.params}
    for what, query in (
        ("in another order", query_string(dict(reversed(params.items())))),
        ("percent-encoded", encoded(params)),
    ):
        answer = operation.target.get(operation.path, params=query).expect_status(200)
        seen = keys_of(operation.target.records(answer))
        expect(f"the rows with {narrowing}, the query {what}", expected, seen)
    plain = keys_of(operation.sample().rows)
    return bool(expected) and expected != plain


def encoded(params: Mapping[str, Any]) -> str:
    """Return a query in which every byte of a value is percent-encoded, in lower case."""
    return "&".join(
        f"{_ESCAPE.sub(lambda escape: escape[0].lower(), quote(name))}"
        f"={''.join(f'%{byte:02x}' for byte in str(value).encode())}"
        for name, value in params.items()
    )
