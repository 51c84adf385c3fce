"""Instants to the millisecond, and one state of a record wherever it is shown."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from fake_server.verify import OperationUnderTest, behaviour, expect, need
from fake_server.verify.api_files.declared_conditions import FilterCondition, timed
from fake_server.verify.api_files.embedded import embedded
from fake_server.verify.api_files.row_values import as_time, is_plain, value_of
from fake_server.verify.recording.kind_checks import times_of
from fake_server.verify.recording.zone_check import OneZone
from fake_server.verify.target.exact_conditions import ExactCondition, indispensable_conditions
from fake_server.verify.target.operation_under_test import Row, Sample, keys_of
from fake_server.verify.target.owners import owners_of

from .kept_rows import expect_kept

_STEP = timedelta(milliseconds=1)
_MIDNIGHT = re.compile(r"\d{4}-\d\d-\d\dT00:00:00(\.0+)?(Z|[+-]\d\d:\d\d)", re.ASCII)


@behaviour("*.collections.moments")
def test_an_instant_counts_to_the_millisecond(operation: OperationUnderTest) -> None:
    sample = operation.require_rows(2)
    operation.expect_each(
        operation.turns(timed(operation.declared)),
        lambda condition: tells_moments(operation, condition, sample),
        lambda condition: condition.key,
        "an instant amid those of the rows",
    )


def tells_moments(operation: OperationUnderTest, condition: Any, sample: Sample) -> bool:
    """Assert what conditions keep a millisecond beside a row; return whether rows show it."""
    values = [value_of(operation.declared, row, condition.field) for row in sample.rows]
    moments = [as_time(value) for value in values if is_plain(value)]
    if len(moments) < len(values) or not all(isinstance(moment, datetime) for moment in moments):
        return False
    inner = sorted(moments)[len(moments) // 2]
    if inner in {min(moments), max(moments)} or inner.microsecond % 1000:
        return False
    first, later, last = (
        moment.isoformat(timespec="milliseconds")
        for moment in (min(moments), inner + _STEP, max(moments) + _STEP)
    )
    before = (inner - _STEP).isoformat(timespec="milliseconds")
    if isinstance(condition, FilterCondition):
        if condition.sign == "=":
            return False
        asked: list[tuple[str, ...]] = [(later if ">" in condition.sign else before,)]
    else:
        asked = [(later, last), (first, before)]
    if "data" in operation.target.capabilities:
        # A fake stores what it shows: no part of a millisecond keeps a row off its own instant.
        own = inner.isoformat(timespec="milliseconds")
        asked.append((own,) * len(asked[0]))
    for bounds in asked:
        text = bounds[0] if len(bounds) == 1 else operation.declared.listing.range_text(*bounds)
        kept = operation.sample({condition.key: text})
        satisfy = [
            condition.matches(value_of(operation.declared, row, condition.field), *bounds)
            for row in kept.rows
        ]
        stay = [condition.matches(value, *bounds) for value in values]
        expect_kept(f"{condition.key}={text}", sample, kept, stay, satisfy)
        if operation.declared.order and not kept.complete:
            expected = [row for row, stays in zip(sample.rows, stay, strict=True) if stays]
            expect_first(f"{condition.key}={text}", expected, kept)
    return True


def expect_first(what: str, expected: list[Row], kept: Sample) -> None:
    """Assert that the first rows of an ordered list that a condition keeps are on its first page.

    A row that comes meanwhile moves the last of them to the next page.
    """
    first = expected[: len(expected) // 2 + 1]
    lost = set(map(repr, keys_of(first))) - set(map(repr, keys_of(kept.rows)))
    expect(f"the rows that {what} loses", [], sorted(lost))


@behaviour("*.collections.midnights")
def test_a_date_is_its_midnight(operation: OperationUnderTest) -> None:
    rows = operation.require_rows(2).rows
    operation.expect_each(
        timed(operation.declared),
        lambda condition: counts_midnights(operation, condition, rows),
        lambda condition: condition.key,
        "an instant at midnight, and others",
    )


def counts_midnights(operation: OperationUnderTest, condition: Any, rows: list[Row]) -> bool:
    """Assert that a date is its midnight in a condition; return whether rows show it."""
    values = [value_of(operation.declared, row, condition.field) for row in rows]
    texts = sorted({value for value in values if isinstance(value, str)})
    midnight = next((text for text in texts if _MIDNIGHT.fullmatch(text)), None)
    if midnight is None or len(texts) < 2:
        return False
    day = midnight[:10]
    if isinstance(condition, FilterCondition):
        if condition.sign == "=" or not operation.accepts_value(condition, day):
            return False
        asked = [(day, midnight)]
    else:
        range_text = operation.declared.listing.range_text
        asked = [
            (range_text(day, texts[-1]), range_text(midnight, texts[-1])),
            (range_text(texts[0], day), range_text(texts[0], midnight)),
        ]
    for by_day, by_instant in asked:
        expected = sorted(map(repr, keys_of(operation.sample({condition.key: by_instant}).rows)))
        seen = sorted(map(repr, keys_of(operation.sample({condition.key: by_day}).rows)))
        expect(f"the rows with {condition.key}={by_day}, as with {by_instant}", expected, seen)
    return True


@behaviour("*.collections.paths")
def test_a_path_may_be_spelled_otherwise(operation: OperationUnderTest) -> None:
    rows = operation.require_rows(2).rows
    queries = indispensable_conditions(operation, rows)
    need(queries, f"rows of {operation.path} that conditions tell apart")
    for exact in queries:
        expect_same_at_spellings(operation, exact)


def expect_same_at_spellings(operation: OperationUnderTest, exact: list[ExactCondition]) -> None:
    """Assert that a query keeps the same rows at other spellings of its path."""
    params = {**operation.widest_params, **{condition.key: condition.text for condition in exact}}
    expected = keys_of(operation.rows(params))
    need(expected, "a row that the conditions keep")
    need(expected != keys_of(operation.sample().rows), "a row that the conditions leave out")
    for spelling in operation.declared.listing.spellings:
        path = spelling.format(path=operation.path)
        answer = operation.target.get(path, params=params).expect_status(200)
        what = f"the rows of {path} with {' and '.join(condition.key for condition in exact)}"
        expect(what, expected, keys_of(operation.target.records(answer)))


@behaviour("*.collections.zone")
def test_all_times_are_of_one_zone(operation: OperationUnderTest) -> None:
    rows = operation.rows()
    zone: OneZone = operation.target.remember("the zone of all lists", OneZone)
    need(any(True for _ in times_of(rows)), f"a time in a row of {operation.path}")
    zone.check(rows, "all")


@behaviour("*.collections.embedded")
def test_a_record_within_a_row_is_the_record(operation: OperationUnderTest) -> None:
    rows = operation.rows()
    names = embedded(operation.declared)
    shown: list[str] = []
    hidden: list[str] = []
    for name in names:
        (shown if agrees(operation, name, rows) else hidden).append(name)
    need(names, "a record within a row")
    operation.require_shown(shown, hidden, "a record that a list of its own shows as well")


def agrees(operation: OperationUnderTest, name: str, rows: list[Row]) -> bool:
    """Assert that records within rows are those of their own list; return whether any was there."""
    pairs = owners_of(operation, rows, name)
    for inner, own in pairs:
        expect(f"what is otherwise in {name} {inner['id']!r} of a row", {}, differing(inner, own))
    return bool(pairs)


def differing(inner: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members of a record within a row that its own list shows otherwise."""
    return {
        key: value for key, value in inner.items() if key in own and not same_value(value, own[key])
    }


def same_value(inner: Any, own: Any) -> bool:
    """Return whether two views of a value agree, in what both show of it."""
    if is_plain(inner) and is_plain(own):
        return bool(inner == own)
    if isinstance(inner, Mapping) and isinstance(own, Mapping):
        return inner.get("id") != own.get("id") or not differing(inner, own)
    if isinstance(inner, list) and isinstance(own, list):
        by_id = {record["id"]: record for record in own if is_record(record)}
        common = [record for record in inner if is_record(record) and record["id"] in by_id]
        return not any(differing(record, by_id[record["id"]]) for record in common)
    return True


def is_record(value: Any) -> bool:
    """Return whether a value is a record with an id."""
    return isinstance(value, Mapping) and "id" in value
