"""SQL conditions on records. They find the records, or count them by a tally."""

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, Select, and_, func, or_, select

from fake_server.api.invent import DAY
from fake_server.api.records import Tally, TallyTest
from fake_server.apis.intra42.dialect.declared_tallies import BY_DAY, BY_VALUE, unindexed

_BEFORE_ALL, _AFTER_ALL = -(2**62), 2**62


class Condition(NamedTuple):
    """A condition in two forms.

    - `indexed`: the form that an index may serve.
    - `scanned`: the form that no index serves.
    - `field`: the name of its column.
    - `total`: makes the query that counts the matching records by a tally, or None without a tally.
    """

    indexed: ColumnElement[Any]
    scanned: ColumnElement[Any]
    field: str
    total: Callable[[], Select[Any]] | None = None


def valued(column: Column[Any], test: TallyTest) -> Condition:
    """Return the condition that a column's value satisfies `test`."""
    tally = BY_VALUE.get(column)
    total = None if tally is None else lambda: tally.total(test)
    return Condition(test(column), test(unindexed(column)), column.name, total)


def present(column: Column[Any], test: TallyTest) -> Condition:
    """Return the condition that an instant, null or not, satisfies `test`.

    No index serves it: both null and not null have too many records.
    """
    plain = test(unindexed(column))
    days = BY_DAY.get(column)
    total = None if days is None else lambda: days.total(test)
    return Condition(plain, plain, column.name, total)


def between(column: Column[Any], lower: Any, upper: Any) -> Condition:
    """Return the condition that a value lies between two bounds, both included.

    A bound of None does not limit the value.
    """

    def test(operand: ColumnElement[Any]) -> ColumnElement[bool]:
        return _between(operand, lower, upper)

    condition = valued(column, test)
    days = BY_DAY.get(column)
    return (
        condition
        if days is None
        else condition._replace(total=lambda: _instants(days, lower, upper))
    )


def _between(operand: ColumnElement[Any], lower: Any, upper: Any) -> ColumnElement[bool]:
    bounds = []
    if lower is not None:
        bounds.append(operand >= lower)
    if upper is not None:
        bounds.append(operand <= upper)
    return and_(*bounds) if bounds else operand.is_not(None)


def _instants(days: Tally, lower: int | None, upper: int | None) -> Select[Any]:
    """Return the query that adds up whole days between two instants and counts the rest."""
    start = _BEFORE_ALL if lower is None else lower
    end = _AFTER_ALL if upper is None else upper
    first, last = start // DAY, end // DAY
    whole_days = days.total(lambda day: day.between(first + 1, last - 1))
    partial_days = select(func.count()).where(
        or_(
            days.column.between(start, min(end, (first + 1) * DAY - 1)),
            days.column.between(max(start, last * DAY), end),
        )
    )
    return select(whole_days.scalar_subquery() + partial_days.scalar_subquery())
