"""The tallies of values, of days and of hours that lists and graphs count by."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, ColumnElement, Integer, Text, literal_column

from fake_server.api.invent import DAY, HOUR
from fake_server.api.records import Tally, itself

_ERA_DAYS = 146_097
_ERA = _ERA_DAYS * DAY

BY_VALUE: dict[Column[Any], Tally] = {}
"""The number of rows for each value of a column."""

BY_DAY: dict[Column[Any], Tally] = {}
"""The number of rows with an instant on each day, by the day's number since 1970."""

BY_HOUR: dict[Column[Any], Tally] = {}
"""The number of rows with an instant in each hour of the day, from 0 to 23."""


def tally(
    *,
    values: Iterable[Column[Any]] = (),
    days: Iterable[Column[Any]] = (),
    hours: Iterable[Column[Any]] = (),
) -> None:
    """Keep tallies of columns, from which lists and graphs read their totals."""
    BY_VALUE.update((column, Tally(column, itself)) for column in values)
    BY_DAY.update((column, Tally(column, day_of)) for column in days)
    BY_HOUR.update((column, Tally(column, hour_of)) for column in hours)


def _literal(value: int) -> ColumnElement[Any]:
    return literal_column(str(value), Integer)


def day_of(instant: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the number of an instant's day since 1970.

    It adds 400 years first: SQL rounds negative numbers the other way.
    """
    days: ColumnElement[Any] = (instant + _literal(_ERA)) // _literal(DAY) - _literal(_ERA_DAYS)
    return days


def hour_of(instant: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the hour of an instant's day, from 0 to 23."""
    return (instant + _literal(_ERA)) // _literal(HOUR) % _literal(24)


def unindexed(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a column as a term that no index serves. A scan reads many rows faster."""
    if isinstance(column.type, Text):
        return column.concat("")
    if isinstance(column.type, Integer):
        return column + literal_column("0", Integer)
    return column
