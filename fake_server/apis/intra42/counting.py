"""The graph of a selection: what the request asks for, counted in the database."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Column, Select, func, select

from fake_server.apis.intra42.errors import GraphFieldError, GraphIntervalError
from fake_server.apis.intra42.graph import day_series, hour_series
from fake_server.apis.intra42.resources import INTERVALS, Resource
from fake_server.apis.intra42.selection import Selection
from fake_server.apis.intra42.tables import BY_DAY, BY_HOUR, unindexed
from fake_server.rest.context import has_quirk, now, store
from fake_server.rest.pages import restricted
from fake_server.rest.parameters import Parameters
from fake_server.rest.spec import Operation
from fake_server.world.tallies import Tally


def graph_wanted(
    resource: Resource, params: Parameters, path: Mapping[str, str]
) -> tuple[str, str]:
    """Return field and interval, from the path, else the query, else the document's defaults.

    Raises `GraphFieldError` and `GraphIntervalError` for one that there is no graph of.
    """
    operation = resource.graphing
    field = _name("field", operation, params, path)
    interval = _name("interval", operation, params, path)
    if field not in operation.options("field"):
        raise GraphFieldError(field, operation.options("field"))
    if interval not in INTERVALS:
        raise GraphIntervalError(interval, INTERVALS)
    return field, interval


def _name(parameter: str, operation: Operation, params: Parameters, path: Mapping[str, str]) -> str:
    if parameter in path:
        return path[parameter]
    given = params.get(parameter)
    if given is None:
        return str(operation.default(parameter))
    return given if isinstance(given, str) else ""


def graph(chosen: Selection, field: str, interval: str) -> dict[str, int]:
    """Return the count of each period of `interval`, by its key, ascending."""
    if interval == "hour_of_day":
        return hour_series(_counted(chosen, field, BY_HOUR))
    return day_series(
        _counted(chosen, field, BY_DAY),
        interval,
        until=None if has_quirk("graph-ends-at-last-row") else now().date(),
        monday_first=has_quirk("week-starts-monday"),
    )


def _counted(
    chosen: Selection, field: str, tallies: Mapping[Column[Any], Tally]
) -> list[tuple[int, int]]:
    """Return pairs of a period's number and its count; the period of null is left out.

    Of everything, a tally tells them; a part is counted in a scan of the table.
    """
    tally = tallies[chosen.resource.table.c[field]]
    query = tally.totals() if chosen.everything else _by_period(tally)
    rows = store().rows(restricted(query, chosen.where(scanned=True)))
    return [(number, count) for number, count in map(tuple, rows) if number is not None]


@cache
def _by_period(tally: Tally) -> Select[Any]:
    period: Any = tally.term(unindexed(tally.column))
    return select(period, func.count()).group_by(period)
