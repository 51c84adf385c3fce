"""Conditions with the values of one row, which satisfies all of them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from fake_server.verify.api_files.declared_conditions import (
    FilterCondition,
    RangeCondition,
    conditions,
)
from fake_server.verify.api_files.row_values import (
    HIDDEN,
    as_time,
    is_plain,
    sorted_values,
    text_of,
    value_of,
)
from fake_server.verify.target.operation_under_test import OperationUnderTest, Row

_TRIED_ROWS = 20
"""The number of rows to search for two that conditions distinguish."""
_MOST_QUERIES = 3
_OFFSETS = (UTC, timezone(timedelta(hours=5, minutes=30)), timezone(timedelta(hours=-7)))
"""Offsets to both sides: of a bound read without its offset, either moves it beyond its row."""


@dataclass(frozen=True)
class ExactCondition:
    """A condition that one row satisfies.

    - `text`: a value that the row satisfies. `other_text`: one that it does not.
    - `matches`: whether a row satisfies it with `text`. `matches_other`: whether with `other_text`.
    """

    key: str
    text: str
    other_text: str
    matches: Callable[[Row], bool]
    matches_other: Callable[[Row], bool]


def exact_conditions(
    operation: OperationUnderTest, row: Row, rows: Sequence[Row]
) -> list[ExactCondition]:
    """Return the conditions that a row satisfies, and does not with a value of another row."""
    exact = []
    for condition in conditions(operation.declared):
        value = value_of(operation.declared, row, condition.field)
        others = [value_of(operation.declared, other, condition.field) for other in rows]
        if not is_plain(value) or HIDDEN in others:
            continue
        exact_condition = (
            _of_range(operation, condition, value, others)
            if isinstance(condition, RangeCondition)
            else _of_filter(operation, condition, value, others)
        )
        if exact_condition is not None:
            exact.append(exact_condition)
    return exact


def indispensable_conditions(
    operation: OperationUnderTest, rows: Sequence[Row]
) -> list[list[ExactCondition]]:
    """Return a few queries, of whose conditions each leaves out a row that all the others keep.

    A server that loses any condition of a query answers with further rows. Each query has a
    condition that those before it have not.
    """
    step = max(1, len(rows) // _TRIED_ROWS)
    choices = [_indispensable(exact_conditions(operation, row, rows), rows) for row in rows[::step]]
    queries: list[list[ExactCondition]] = []
    known: set[str] = set()
    while choices and len(queries) < _MOST_QUERIES:
        best = max(choices, key=lambda exact: len({condition.key for condition in exact} - known))
        if {condition.key for condition in best} <= known:
            break
        queries.append(best)
        known.update(condition.key for condition in best)
    return queries


def _indispensable(exact: Sequence[ExactCondition], rows: Sequence[Row]) -> list[ExactCondition]:
    chosen: list[ExactCondition] = []
    # One that keeps a single row leaves nothing for another to leave out.
    by_width = sorted(exact, key=lambda condition: sum(map(condition.matches, rows)), reverse=True)
    for condition in by_width:
        candidate = [*chosen, condition]
        if all(_leaves_out(member, candidate, rows) for member in candidate):
            chosen = candidate
    return chosen


def _leaves_out(
    condition: ExactCondition, exact: Sequence[ExactCondition], rows: Sequence[Row]
) -> bool:
    """Return whether a condition leaves out a row that the other conditions keep."""
    others = [other for other in exact if other is not condition]
    return any(
        not condition.matches(row) and all(other.matches(row) for other in others) for row in rows
    )


def _of_filter(
    operation: OperationUnderTest, condition: FilterCondition, value: Any, others: Sequence[Any]
) -> ExactCondition | None:
    usable = operation.query_values(condition, [value, *others])
    own = next((other for other in usable if condition.matches(value, other)), HIDDEN)
    other = next((other for other in usable if not condition.matches(value, other)), HIDDEN)
    if HIDDEN in (own, other):
        return None
    return ExactCondition(
        condition.key,
        text_of(own),
        text_of(other),
        lambda row: condition.matches(value_of(operation.declared, row, condition.field), own),
        lambda row: condition.matches(value_of(operation.declared, row, condition.field), other),
    )


def _of_range(
    operation: OperationUnderTest, condition: RangeCondition, value: Any, others: Sequence[Any]
) -> ExactCondition | None:
    known = sorted_values([other for other in others if is_plain(other)])
    above = [other for other in known if condition.matches(other, value, known[-1])][1:]
    below = [other for other in known if condition.matches(other, known[0], value)][:-1]
    beside = above or below
    if not beside:
        return None
    low, high = (value, above[0]) if above else (below[-1], value)
    range_text = operation.declared.listing.range_text
    return ExactCondition(
        condition.key,
        range_text(text_of(low), text_of(high)),
        range_text(text_of(beside[0]), text_of(beside[-1])),
        lambda row: condition.matches(
            value_of(operation.declared, row, condition.field), low, high
        ),
        lambda row: condition.matches(
            value_of(operation.declared, row, condition.field), beside[0], beside[-1]
        ),
    )


def at_other_offsets(text: str) -> list[str]:
    """Return the text of a condition with its instants at other offsets; [] if it has none."""
    moments = [part for part in _parts(text) if _has_offset(part)]
    return [
        spelled
        for offset in _OFFSETS
        if (spelled := _respelled(text, moments, offset)) != text and moments
    ]


def _parts(text: str) -> Iterable[str]:
    for separator in ",<>=":
        text = text.replace(separator, " ")
    return text.split()


def _has_offset(part: str) -> bool:
    moment = as_time(part)
    return isinstance(moment, datetime) and moment.tzinfo is not None


def _respelled(text: str, moments: Iterable[str], offset: timezone) -> str:
    for part in moments:
        moment: datetime = as_time(part)
        precision = "milliseconds" if "." in part else "seconds"
        spelled = moment.astimezone(offset).isoformat(timespec=precision)
        text = text.replace(part, spelled.replace("+00:00", "Z"))
    return text
