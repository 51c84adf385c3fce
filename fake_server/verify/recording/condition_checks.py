"""Conditions of one request: the rows of its answer satisfy filters and ranges."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from fake_server.verify.api_files.declared_conditions import FilterCondition, filters, ranges
from fake_server.verify.api_files.row_values import HIDDEN, are_equal, as_time, text_of, value_of
from fake_server.verify.assertions import expect
from fake_server.verify.outcome_errors import NotShownError, brief, need
from fake_server.verify.recording.checked_exchange import Context, is_number
from fake_server.verify.target.paths import parent_fields

_BOUNDED = re.compile(r"(>=|<=|>|<)([^<>=!]+)(?:(<=|<|>=|>)([^<>=!]+))?")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_LARGEST = 10**300
"""Numbers from here on are not compared: a float cannot hold all of them."""

_ANY_ZONE = timedelta(hours=15)
"""How far the zone of a time without an offset can move it."""

Comparable = Any


def check_filters(context: Context) -> None:
    """Assert that every row satisfies the filters of the request."""
    checked = False
    for condition in filters(context.declared):
        text = _value(context, condition.key)
        if text is None or _bounds(context, condition, text) is not None:
            continue
        if text[0] in "<>=!" or text.startswith("[]"):
            continue
        checked |= _expect_rows(
            context, condition.field, f"{condition.key}={text}", _matcher(condition, text)
        )
    need(checked, "rows of a filtered list")


def check_ranges(context: Context) -> None:
    """Assert that every row lies in the ranges of the request."""
    checked = False
    for condition in ranges(context.declared):
        text = _value(context, condition.key)
        if text is None:
            continue
        if context.declared.query(context.listing.range) is not None:
            bounds = _two_values(text)
        else:
            bounds = _signed_values(text)
        if bounds is None:
            continue
        what = f"{condition.key}={text}"
        checked |= _expect_rows(context, condition.field, what, _between(bounds))
    need(checked, "rows of a list with a range")


def check_nesting(context: Context) -> None:
    """Assert that the rows below a record name that record."""
    names = [
        name
        for name in context.declared.path_parameters
        if not context.declared.path_schemas[name].options
    ]
    need(names, "a parent in the path")
    parent = context.match.values[names[-1]]
    need(is_number(parent), "a parent given by its number")
    rows = context.rows
    need(rows, "rows")
    named = [
        value
        for field in parent_fields(context.declared, names[-1])
        for value in (value_of(context.declared, row, field) for row in rows)
        if isinstance(value, int)
    ]
    need(named, "rows that name their parent")
    # A parent given by digits may be one with that slug, if the path takes slugs.
    takes_slugs = "integer" not in str(context.declared.path_schemas[names[-1]].schema.get("type"))
    need(not takes_slugs or int(parent) in named, "rows that name their parent")
    expect("the parents that rows name", {int(parent)}, set(named))


def _value(context: Context, key: str) -> str | None:
    """Return the value of a condition; None if the request has none."""
    text = context.query.get(key)
    if text is None and f"{key}[]" in context.query:
        text = context.query[f"{key}[]"]
    return text if text and text.strip() else None


def _expect_rows(
    context: Context, field: str, what: str, matches: Callable[[Any], bool | None]
) -> bool:
    """Assert that all rows match; return whether a row could have been refused.

    `matches` returns None for a row whose value it cannot judge.
    """
    judged = False
    for row in context.rows:
        value = value_of(context.declared, row, field)
        if value is HIDDEN or isinstance(value, dict):
            continue
        verdict = matches(value)
        if verdict is False:
            expect(
                f"the rows that {what} keeps though they do not satisfy it",
                "none",
                brief(f"{field} is {text_of(value)} in row {row.get('id', '')}".strip()),
            )
        judged |= verdict is True
    return judged


def _matcher(condition: FilterCondition, text: str) -> Callable[[Any], bool | None]:
    sign = condition.sign
    if sign != "=":
        return _compared([(sign, text)])
    bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    values = [part.strip() for part in bare.split(",")]

    def matches(value: Any) -> bool | None:
        if isinstance(value, list):
            members = [member for member in value if isinstance(member, str | int)]
            return any(_equals(member, choice) for member in members for choice in values)
        if value is None:
            return False
        # A text may have commas of its own.
        choices = [*values, bare] if isinstance(value, str) else values
        verdicts = [_equals(value, choice) for choice in choices]
        return True if True in verdicts else None if None in verdicts else False

    return matches


def _equals(value: Any, text: str) -> bool | None:
    """Return whether a row's value is that of a text; None if that cannot be said."""
    if isinstance(value, bool):
        return text_of(value) == text.lower() if text.lower() in {"true", "false"} else None
    if isinstance(value, int | float):
        is_comparable = _NUMBER.fullmatch(text) and abs(value) < _LARGEST
        return float(text) == float(value) if is_comparable else None
    moment = as_time(value)
    if isinstance(moment, date):
        instant = as_time(text)
        if isinstance(instant, datetime) and isinstance(moment, datetime):
            if moment.tzinfo is None or instant.tzinfo is None:
                return None
            return moment == instant or moment.replace(microsecond=0) == instant or None
        return True if are_equal(value, text) else None
    return are_equal(value, text)


def _bounds(
    context: Context, condition: FilterCondition, text: str
) -> list[tuple[str, str]] | None:
    """Return the bounds of a filter that may be written as a range; None if it has none."""
    parameter = context.declared.parameters.get(condition.key)
    if parameter is None or parameter.filter not in context.listing.ranged:
        return None
    return _signed_values(text)


def _signed_values(text: str) -> list[tuple[str, str]] | None:
    match = _BOUNDED.fullmatch(text)
    if match is None:
        return None
    first, low, second, high = match.groups()
    return [(first, low)] + ([(second, high)] if second else [])


def _two_values(text: str) -> list[tuple[str, str]] | None:
    low, comma, high = text.partition(",")
    if not comma or "," in high:
        return None
    return [(sign, value) for sign, value in ((">=", low), ("<=", high)) if value.strip()]


def _between(bounds: list[tuple[str, str]]) -> Callable[[Any], bool | None]:
    return _compared(bounds)


def _compared(bounds: list[tuple[str, str]]) -> Callable[[Any], bool | None]:
    def matches(value: Any) -> bool | None:
        if value is None:
            return False
        verdicts = list(_verdicts(value, bounds))
        return False if False in verdicts else True if True in verdicts else None

    return matches


def _verdicts(value: Any, bounds: list[tuple[str, str]]) -> Iterator[bool | None]:
    for sign, text in bounds:
        try:
            yield _is_on_side(value, sign, text.strip())
        except NotShownError:
            yield None


def _is_on_side(value: Any, sign: str, text: str) -> bool:
    """Return whether a value lies on the side of a bound that its sign names."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise NotShownError("a value with an order")
    if isinstance(value, int | float):
        need(_NUMBER.fullmatch(text) and abs(value) < _LARGEST, "numbers")
        return _compare(sign, float(value), float(text))
    moment = as_time(value)
    if not isinstance(moment, date):
        return _compare(sign, value, text)
    bound = as_time(text)
    need(isinstance(bound, date), "a time as bound")
    moment_at, is_sure = _instant(moment)
    bound_at, is_bound_sure = _instant(bound)
    # A time is printed to the second or to the millisecond, and compared in full. Two times
    # without an offset are in the same zone.
    leeway = timedelta(seconds=1) if is_sure == is_bound_sure else _ANY_ZONE
    if abs(moment_at - bound_at) < leeway:
        need(sign in {">=", "<="} and moment_at == bound_at, "a time farther from the bound")
        return True
    return _compare(sign, moment_at, bound_at)


def _instant(value: date) -> tuple[datetime, bool]:
    """Return a time with an offset, and whether the offset is known."""
    if not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC), False
    return (value, True) if value.tzinfo else (value.replace(tzinfo=UTC), False)


def _compare(sign: str, left: Comparable, right: Comparable) -> bool:
    if sign[0] == "<":
        return bool(left < right or (sign == "<=" and left == right))
    return bool(left > right or (sign == ">=" and left == right))


def rows_satisfy(context: Context, parameter: str, field: str, sign: str, text: str) -> bool:
    """Assert that a field of every row satisfies a parameter; return whether one was judged."""
    condition = FilterCondition(parameter, field, {}, sign)
    return _expect_rows(context, field, f"{parameter}={text}", _matcher(condition, text))
