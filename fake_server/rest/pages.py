"""Pages of a collection."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from fake_server.world.store import Row, Store

LARGEST_OFFSET = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Page:
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


def page_of(store: Store, query: Select[Any], number: int, size: int) -> Page:
    """Return page `number` (from 1) of an ordered query, `size` (at least 1) rows a page.

    A first page that is not full says itself how many rows there are.
    """
    if number == 1:
        rows = store.rows(query.limit(min(size, LARGEST_OFFSET)))
        total = len(rows) if len(rows) < size else count_of(store, query)
        return Page(rows, number, size, total)
    total = count_of(store, query)
    offset = (number - 1) * size
    rows = []
    if offset < total:
        rows = store.rows(query.limit(min(size, total)).offset(min(offset, LARGEST_OFFSET)))
    return Page(rows, number, size, total)


def count_of(store: Store, query: Select[Any]) -> int:
    """Return how many rows a query has, whatever its order."""
    counted = query.order_by(None)
    if not query._distinct and not query._group_by_clauses:
        return int(store.value(counted.with_only_columns(func.count(), maintain_column_froms=True)))
    return int(store.value(select(func.count()).select_from(counted.subquery())))
