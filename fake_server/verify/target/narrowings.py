"""Conditions of a list with values from its own rows, and the server's answers to them.

A relation between answers needs no knowledge of data: only the answers to each condition alone
say what the answer to both must be.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from fake_server.verify.api_files.declared_conditions import (
    FilterCondition,
    RangeCondition,
    conditions,
    sortable,
    switches,
)
from fake_server.verify.api_files.row_values import (
    HIDDEN,
    is_plain,
    is_sorted,
    sorted_values,
    text_of,
    value_of,
)
from fake_server.verify.target.operation_under_test import (
    OperationUnderTest,
    Row,
    Sample,
    key_of,
    keys_of,
)

_SEVERAL = 20
"""How many ids a filter takes at most."""


@dataclass(frozen=True, eq=False)
class Narrowing:
    """One condition with its value.

    - `key`: the name of its parameter. `field`: the name of the field in rows.
    - `text`: its value in a query.
    - `matches`: whether a row with a value in the field satisfies it; None: rows do not tell.
    """

    key: str
    field: str
    text: str
    matches: Callable[[Any], bool] | None = None

    @property
    def params(self) -> dict[str, str]:
        """The parameters of a query."""
        return {self.key: self.text}

    def __str__(self) -> str:
        """Return the condition as a query holds it."""
        return f"{self.key}={self.text}"


@dataclass(frozen=True, eq=False)
class Kept:
    """The rows that a condition alone keeps, as the server answers."""

    narrowing: Narrowing
    sample: Sample
    operation: OperationUnderTest

    @cached_property
    def keys(self) -> frozenset[str]:
        """The identities of the rows."""
        return frozenset(map(repr, keys_of(self.sample.rows)))

    def keeps(self, row: Row) -> bool | None:
        """Return whether the condition keeps a row of the list; None if nothing tells."""
        if repr(key_of(row)) in self.keys:
            return True
        if self.sample.complete:
            return False
        value = value_of(self.operation.declared, row, self.narrowing.field)
        if self.narrowing.matches is None or value is HIDDEN:
            return None
        return self.narrowing.matches(value)


def narrowing_of(
    operation: OperationUnderTest,
    condition: FilterCondition | RangeCondition,
    rows: Sequence[Row],
) -> Narrowing | None:
    """Return a condition with a value for which some of the rows stay and others do not.

    None if the rows show no such value.
    """
    values = [value_of(operation.declared, row, condition.field) for row in rows]
    if isinstance(condition, RangeCondition):
        return _range_of(operation, condition, values)
    if HIDDEN in values:
        return _option_of(condition)
    if condition == operation.id_filter() and len(values) > 3:
        return _filter_for_several(operation, condition, values[::2][:_SEVERAL])
    usable = operation.query_values(condition, values)
    # A value that several rows have leaves something to combine, sort and part.
    counts = {
        text_of(value): (sum(condition.matches(other, value) for other in values), value)
        for value in usable
    }
    parting = [(count, value) for count, value in counts.values() if 0 < count < len(values)]
    best = max(parting, key=lambda item: min(item[0], len(values) // 2), default=None)
    return None if best is None else _filter_for(condition, best[1])


def _filter_for(condition: FilterCondition, value: Any) -> Narrowing:
    return Narrowing(
        condition.key,
        condition.field,
        text_of(value),
        lambda other: condition.matches(other, value),
    )


def _filter_for_several(
    operation: OperationUnderTest, condition: FilterCondition, ids: list[Any]
) -> Narrowing:
    """Return a filter for several ids, which keeps more than one row."""
    text = operation.declared.listing.several_values(ids)
    return Narrowing(condition.key, condition.field, text, lambda other: other in ids)


def _option_of(condition: FilterCondition) -> Narrowing | None:
    """Return a filter for the first value that the document lists; rows do not show its field."""
    options = condition.options
    return Narrowing(condition.key, condition.field, text_of(options[0])) if options else None


def _range_of(
    operation: OperationUnderTest, condition: RangeCondition, values: list[Any]
) -> Narrowing | None:
    ends = range_ends(values)
    if ends is None:
        return None
    low, high = ends[0], ends[1]
    return range_between(operation, condition, low, high)


def range_between(
    operation: OperationUnderTest, condition: RangeCondition, low: Any, high: Any
) -> Narrowing:
    """Return a range from `low` to `high`."""
    return Narrowing(
        condition.key,
        condition.field,
        operation.declared.listing.range_text(text_of(low), text_of(high)),
        lambda value: condition.matches(value, low, high),
    )


def range_ends(values: Iterable[Any]) -> tuple[Any, Any, Any] | None:
    """Return three values in ascending order; None if fewer are there, or a row hides its own."""
    all_values = list(values)
    usable = sorted_values([value for value in all_values if is_plain(value)])
    if HIDDEN in all_values or len(usable) < 3:
        return None
    return usable[len(usable) // 3], usable[2 * len(usable) // 3], usable[-1]


def kept_by(operation: OperationUnderTest, narrowing: Narrowing) -> Kept:
    """Return the rows that a condition alone keeps."""
    return Kept(narrowing, operation.sample(narrowing.params), operation)


def joined(
    operation: OperationUnderTest,
    first: Narrowing,
    condition: FilterCondition | RangeCondition,
    rows: Sequence[Row],
) -> Narrowing | None:
    """Return a second condition with a value that parts the rows which the first one keeps.

    It is the one for the rows of the list if that does, so that fewer requests are sent.
    """
    kept = operation.sample(first.params).rows
    second = narrowing_of(operation, condition, rows)
    if second is not None and second.matches is not None:
        values = [value_of(operation.declared, row, condition.field) for row in kept]
        if len({second.matches(value) for value in values}) > 1:
            return second
    return narrowing_of(operation, condition, kept)


@dataclass(frozen=True)
class Arrangement:
    """Parameters that change which rows a list has, or their order; `says` names them."""

    says: str
    params: Mapping[str, str]


def arrangements(operation: OperationUnderTest) -> Iterator[Arrangement]:
    """Yield each switch, then a condition or an order for each parameter whose turn it is."""
    rows = operation.sample().rows
    for name in switches(operation.declared):
        yield Arrangement(f"{name}=true", {name: "true"})
    declared = [*conditions(operation.declared), *sortable(operation.declared)]
    for parameter in operation.turns(declared):
        arrangement = _arrangement(operation, parameter, rows)
        if arrangement is not None:
            yield arrangement


def _arrangement(
    operation: OperationUnderTest,
    parameter: FilterCondition | RangeCondition | str,
    rows: Sequence[Row],
) -> Arrangement | None:
    """Return a condition, or the order by a field; None if the rows do not show any."""
    if isinstance(parameter, str):
        order = other_order(operation, parameter, rows)
        name = operation.declared.listing.sort
        return None if order is None else Arrangement(f"{name}={order}", sort(operation, order))
    narrowing = narrowing_of(operation, parameter, rows)
    return None if narrowing is None else Arrangement(str(narrowing), narrowing.params)


def sort(operation: OperationUnderTest, order: str) -> dict[str, str]:
    """Return the parameters for an order."""
    return {operation.declared.listing.sort: order}


def other_order(operation: OperationUnderTest, field: str, rows: Sequence[Row]) -> str | None:
    """Return the value of the sort parameter for an order by a field that rows do not have yet.

    None if the rows show fewer than two values.
    """
    values = [value_of(operation.declared, row, field) for row in rows]
    if HIDDEN in values or len({repr(value) for value in values if value is not None}) < 2:
        return None
    if is_sorted(values):
        return operation.declared.listing.descending.format(field=field)
    return field
