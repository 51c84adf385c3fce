"""All conditions at once, and the same rows in every answer."""

from collections.abc import Sequence
from typing import Any

from fake_server.verify import OperationUnderTest, behaviour, expect, expect_that, need
from fake_server.verify.api_files.declared_conditions import FilterCondition, filters, timed
from fake_server.verify.api_files.row_values import HIDDEN, value_of
from fake_server.verify.target.exact_conditions import (
    ExactCondition,
    at_other_offsets,
    exact_conditions,
)
from fake_server.verify.target.narrowings import arrangements, narrowing_of
from fake_server.verify.target.operation_under_test import Row, Sample, key_of, keys_of

_TRIED_ROWS = 20
"""How many rows are looked at for one that conditions can choose and leave out."""


@behaviour("*.collections.all_conditions")
def test_each_condition_counts_beside_all_others(operation: OperationUnderTest) -> None:
    sample = operation.require_rows(2)
    row, exact = chosen_row(operation, sample.rows)
    need(len(exact) > 1, f"a row of {operation.path} that two conditions can choose")
    params = {condition.key: condition.text for condition in exact}
    kept_by_all = operation.sample(params)
    expect_satisfying(exact, {}, kept_by_all, row)
    for flag in operation.rotation.share(f"{operation.declared.id} flags", flags(operation, row)):
        expect_parted(operation, flag, params, kept_by_all)
    for condition in operation.rotation.share(operation.declared.id, exact):
        others = [other for other in exact if other is not condition]
        query = {**params, condition.key: condition.other_text}
        kept = operation.sample(query)
        odd = [key_of(kept_row) for kept_row in kept.rows if not condition.matches_other(kept_row)]
        what = f"the rows with {condition.key}={condition.other_text} beside {names_of(others)}"
        expect(f"{what} that do not satisfy it", [], odd)
        is_left = key_of(row) not in keys_of(kept.rows)
        expect_that(what, is_left, f"no {key_of(row)!r}", keys_of(kept.rows))
        expect_satisfying(others, {condition.key: condition.other_text}, kept, None)


def flags(operation: OperationUnderTest, row: Row) -> list[FilterCondition]:
    """Return the filters by true and false that rows do not show."""
    return [
        condition
        for condition in filters(operation.declared)
        if condition.parts and value_of(operation.declared, row, condition.field) is HIDDEN
    ]


def expect_parted(
    operation: OperationUnderTest, flag: FilterCondition, params: dict[str, str], whole: Sample
) -> None:
    """Assert that true and false part the rows that conditions keep."""
    parts = [operation.sample({**params, flag.key: text}) for text in ("true", "false")]
    if whole.complete and all(part.complete for part in parts):
        seen = sorted(repr(key) for part in parts for key in keys_of(part.rows))
        what = f"the rows with {flag.key}=true, and with {flag.key}=false, beside {params}"
        expect(what, sorted(map(repr, keys_of(whole.rows))), seen)


def chosen_row(
    operation: OperationUnderTest, rows: Sequence[Row]
) -> tuple[Row, list[ExactCondition]]:
    """Return the row that most conditions can choose and leave out, and those conditions."""
    step = max(1, len(rows) // _TRIED_ROWS)
    choices = [(row, exact_conditions(operation, row, rows)) for row in rows[::step]]
    return max(choices, key=lambda choice: len(choice[1]))


def names_of(exact: Sequence[ExactCondition]) -> str:
    """Return conditions as a query holds them."""
    return "&".join(f"{condition.key}={condition.text}" for condition in exact)


def expect_satisfying(
    exact: Sequence[ExactCondition], more: dict[str, str], kept: Sample, row: Row | None
) -> None:
    """Assert that rows satisfy conditions, and that a row is one of them."""
    query = "&".join(filter(None, [names_of(exact), *(f"{key}={more[key]}" for key in more)]))
    for condition in exact:
        odd = [key_of(kept_row) for kept_row in kept.rows if not condition.matches(kept_row)]
        expect(f"the rows with {query} that {condition.key} does not keep", [], odd)
    if row is not None and kept.complete:
        is_kept = key_of(row) in keys_of(kept.rows)
        expect_that(f"the rows with {query}", is_kept, f"{key_of(row)!r} too", keys_of(kept.rows))


@behaviour("*.collections.instants")
def test_an_instant_is_the_same_at_another_offset(operation: OperationUnderTest) -> None:
    rows = operation.require_rows(2).rows
    operation.expect_each(
        operation.turns(timed(operation.declared)),
        lambda condition: keeps_at_offsets(operation, condition, rows),
        lambda condition: condition.key,
        "an instant that keeps some rows and not others",
    )


def keeps_at_offsets(operation: OperationUnderTest, condition: Any, rows: Sequence[Row]) -> bool:
    """Assert that a condition keeps the same rows at other offsets; return whether rows show it."""
    narrowing = narrowing_of(operation, condition, rows)
    if narrowing is None:
        return False
    expected = keys_of(operation.sample(narrowing.params).rows)
    spellings = at_other_offsets(narrowing.text)
    for text in spellings:
        seen = keys_of(operation.sample({narrowing.key: text}).rows)
        expect(f"the rows with {narrowing.key}={text}, which is {narrowing.text}", expected, seen)
    plain = keys_of(operation.sample().rows)
    return bool(spellings) and bool(expected) and expected != plain


@behaviour("*.collections.same_rows")
def test_a_row_is_the_same_however_it_is_asked_for(operation: OperationUnderTest) -> None:
    rows = operation.require_rows(2).rows
    shown: list[str] = []
    hidden: list[str] = []
    for arrangement in arrangements(operation):
        is_shown = shows_same_rows(operation, arrangement.params, rows)
        (shown if is_shown else hidden).append(arrangement.says)
    operation.require_shown(shown, hidden, "rows that a condition keeps or an order moves")


def shows_same_rows(operation: OperationUnderTest, params: Any, rows: Sequence[Row]) -> bool:
    """Assert that rows look as in the plain list; return whether any was in both."""
    known = {repr(key_of(row)): row for row in rows}
    again = operation.sample(params).rows
    common = [row for row in again if repr(key_of(row)) in known]
    changed = [row for row in common if changed_keys(known[repr(key_of(row))], row)]
    if changed:
        # Somebody may have changed a row between the two answers.
        plain = operation.target.get(operation.path, params=operation.widest_params)
        known |= {repr(key_of(row)): row for row in operation.target.records(plain)}
    for row in changed:
        keys = changed_keys(known[repr(key_of(row))], row)
        expect(f"what {dict(params)} changes in the row {key_of(row)!r}", {}, keys)
    return bool(common) and keys_of(again) != keys_of(rows)


def changed_keys(before: Row, after: Row) -> dict[str, Any]:
    """Return the members of a row that another answer shows otherwise."""
    return {
        key: after.get(key)
        for key in before
        if without_order(after.get(key)) != without_order(before[key])
    }


def without_order(value: Any) -> Any:
    """Return a value whose lists are in one order; theirs may be that of the database."""
    if isinstance(value, list):
        return sorted(map(without_order, value), key=repr)
    if isinstance(value, dict):
        return {key: without_order(member) for key, member in value.items()}
    return value
