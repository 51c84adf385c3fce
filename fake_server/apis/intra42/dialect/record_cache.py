"""The records that other records show: their rows, and a cache for each state of a world."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, Table, bindparam, select

from fake_server.api.records import Row
from fake_server.api.serve import store, world

_T = TypeVar("_T")


class _Cache:
    """The rendered rows of a world since its last change, by table and id."""

    versioned = True

    def __init__(self) -> None:
        self.version = -1
        self.tables: dict[Table, dict[int, Any]] = {}


def cached(table: Table, ids: Collection[int], render: Callable[[Row], _T]) -> Mapping[int, _T]:
    """Return the results of `render` for rows of a table by id, at least for the given ids.

    It leaves out an id that no row has.
    """
    record_cache = world().part(_Cache)
    if record_cache.version != world().version:
        record_cache.version = world().version
        record_cache.tables.clear()
    results = record_cache.tables.setdefault(table, {})
    missing = [number for number in ids if number not in results]
    if missing:
        for row in rows_where(table.c.id, missing):
            results[row.id] = render(row)
    return results


def rows_where(column: Any, values: Collection[int], *order: ColumnElement[Any]) -> Sequence[Row]:
    """Return the rows of a table in whose `column` stands one of some values, in an order.

    The query is built once for a column and an order: building costs more than most answers.
    """
    return store().rows(_query(column, order), {"values": [*values]})


@cache
def _query(column: Any, order: tuple[ColumnElement[Any], ...]) -> Select[Any]:
    listed = column.in_(bindparam("values", expanding=True))
    return select(column.table).where(listed).order_by(*order)
