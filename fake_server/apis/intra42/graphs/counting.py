"""The graph of a selection, counted in the database."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, cast

from flask import Response
from sqlalchemy import Column, ColumnElement, Select, func, select

from fake_server.api.declare import Call, index
from fake_server.api.records import Tally, TallyTerm
from fake_server.api.serve import (
    Parameters,
    current_request,
    has_quirk,
    json_answer,
    request_parameters,
    restricted,
    store,
    world,
)
from fake_server.apis.intra42.dialect.declared_tallies import (
    BY_DAY,
    BY_HOUR,
    day_of,
    hour_of,
    unindexed,
)
from fake_server.apis.intra42.dialect.errors import GraphFieldError, GraphIntervalError
from fake_server.apis.intra42.dialect.parameters import sort_keys
from fake_server.apis.intra42.dialect.resource import IntraResource
from fake_server.apis.intra42.dialect.selection import Selection, selection_of
from fake_server.apis.intra42.graphs.series import day_series, hour_series
from fake_server.apis.intra42.resources import API


def graph_records(resource: IntraResource, call: Call) -> Response:
    """Answer a resource's records, or those of its parent, counted by period."""
    params = request_parameters(current_request())
    field, interval = field_and_interval(resource, params, call.path)
    if resource.declaration.keys["graph"].get("sorted"):
        sort_keys(resource, params)
    selection = selection_of(resource, params, call.path)
    headers = {"X-Total": str(selection.count())} if has_quirk("graph-x-total") else {}
    return json_answer(graph(selection, field, interval), headers=headers)


def field_and_interval(
    resource: IntraResource, params: Parameters, path: Mapping[str, str]
) -> tuple[str, str]:
    """Return field and interval, from the path, else the query, else the document's defaults.

    Raises `GraphFieldError` for a field, and `GraphIntervalError` for an interval, without a graph.
    """
    fields = resource.declaration.graph
    intervals = index(API).parameters["IntervalQuery"]["schema"]
    default = resource.declaration.keys["graph"].get("default", fields[0])
    field = _name("field", default, params, path)
    interval = _name("interval", intervals["default"], params, path)
    if field not in fields:
        raise GraphFieldError(field, fields)
    if interval not in intervals["enum"]:
        raise GraphIntervalError(interval, intervals["enum"])
    return field, interval


def _name(parameter: str, default: str, params: Parameters, path: Mapping[str, str]) -> str:
    if parameter in path:
        return path[parameter]
    value = params.get(parameter)
    if value is None:
        return default
    return value if isinstance(value, str) else ""


def graph(selection: Selection, field: str, interval: str) -> dict[str, int]:
    """Return the count of each period of `interval`, by its key, ascending."""
    if interval == "hour_of_day":
        return hour_series(_period_counts(selection, field, BY_HOUR))
    return day_series(
        _period_counts(selection, field, BY_DAY),
        interval,
        until=None if has_quirk("graph-ends-at-last-row") else world().clock.today(),
        monday_first=has_quirk("week-starts-monday"),
    )


def _period_counts(
    selection: Selection, field: str, tallies: Mapping[Column[Any], Tally]
) -> Iterable[tuple[int, int]]:
    """Return pairs of a period's number and its count, without the period of null.

    A tally, if there is one, has the counts of all records. A part of them is counted in a scan.
    """
    column = selection.resource.table.c[field]
    tally = tallies.get(column)
    if selection.everything and tally is not None:
        query = tally.totals()
    else:
        query = _by_period(column, hour_of if tallies is BY_HOUR else day_of)
    rows: Iterable[Any] = store().rows(restricted(query, selection.where(scanned=True)))
    counts: dict[int | None, int] = dict(rows)
    counts.pop(None, None)
    return cast("Iterable[tuple[int, int]]", counts.items())


@cache
def _by_period(column: Column[Any], term: TallyTerm) -> Select[Any]:
    period: ColumnElement[Any] = term(unindexed(column))
    return select(period, func.count()).group_by(period)
