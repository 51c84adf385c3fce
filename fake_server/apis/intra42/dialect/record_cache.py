"""The rows that other records show, by their ids."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, Table, bindparam, select

from fake_server.api.records import Row
from fake_server.api.serve import cached_records, store

_T = TypeVar("_T")


def cached(table: Table, ids: Collection[int], render: Callable[[Row], _T]) -> Mapping[int, _T]:
    """Return the results of `render` for rows of a table by id, at least for the given ids.

    It leaves out an id that no row has.
    """

    def rendered(missing: Collection[int]) -> Mapping[int, _T]:
        return {row.id: render(row) for row in rows_where(table.c.id, missing)}

    return cached_records(table, ids, rendered)


def rows_where(column: Any, values: Collection[int], *order: ColumnElement[Any]) -> Sequence[Row]:
    """Return the rows of a table in whose `column` stands one of some values, in an order.

    The query is built once for a column and an order: building costs more than most answers.
    """
    return store().rows(_query(column, order), {"values": [*values]})


@cache
def _query(column: Any, order: tuple[ColumnElement[Any], ...]) -> Select[Any]:
    listed = column.in_(bindparam("values", expanding=True))
    return select(column.table).where(listed).order_by(*order)
