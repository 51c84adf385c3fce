"""Pages of a collection, and the order of its rows, as queries."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, func, select

from fake_server.rest.sorting import SortKey
from fake_server.world.storage.store import Row, Store

LARGEST_OFFSET = 2**63 - 1
"""The largest position in a list that the database accepts."""

QueryValues = Mapping[str, Any]
"""The values of a query's named parameters."""

_NO_VALUES: QueryValues = {}


class Page(NamedTuple):
    """One page: its rows, its number (from 1), how many rows a page has, how many there are."""

    rows: Sequence[Row]
    number: int
    size: int
    total: int

    @property
    def last(self) -> int:
        """The number of the last page; 0 if the collection is empty."""
        return -(-self.total // self.size)

    @property
    def offset(self) -> int:
        """The position (from 0) of the page's first row in the collection."""
        return (self.number - 1) * self.size


def page_of(
    store: Store, query: Select[Any], number: int, size: int, values: QueryValues = _NO_VALUES
) -> Page:
    """Return page `number` (from 1) of an ordered query, `size` (at least 1) rows a page.

    `values` are those of the query's named parameters. A query that is built once and asked for
    again costs a third of one that is built for each request. A first page that is not full says
    itself how many rows there are.
    """
    offset = (number - 1) * size
    window = {"limit": min(size, LARGEST_OFFSET), "offset": min(offset, LARGEST_OFFSET)}
    if number == 1:
        rows = store.rows(_window(query), {**values, **window})
        total = len(rows) if len(rows) < size else count_of(store, query, values)
        return Page(rows, number, size, total)
    total = count_of(store, query, values)
    rows = store.rows(_window(query), {**values, **window}) if offset < total else []
    return Page(rows, number, size, total)


@lru_cache(maxsize=256)
def _window(query: Select[Any]) -> Select[Any]:
    return query.limit(bindparam("limit")).offset(bindparam("offset"))


def count_of(store: Store, query: Select[Any], values: QueryValues = _NO_VALUES) -> int:
    """Return how many rows a query has, whatever its order."""
    return int(store.rows(_count(query), values)[0][0])


@lru_cache(maxsize=256)
def _count(query: Select[Any]) -> Select[Any]:
    return select(func.count()).select_from(query.order_by(None).subquery())


def restricted(query: Select[Any], where: Sequence[ColumnElement[Any]]) -> Select[Any]:
    """Return a query with conditions; the same one, which is built, where there are none."""
    return query.where(*where) if where else query


def order_by(
    keys: list[SortKey], columns: Mapping[str, ColumnElement[Any]]
) -> list[ColumnElement[Any]]:
    """Return ORDER BY terms; every key's field must be in `columns`."""
    return [
        columns[key.field].desc() if key.descending else columns[key.field].asc() for key in keys
    ]
