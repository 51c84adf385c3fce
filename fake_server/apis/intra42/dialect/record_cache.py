"""A cache of the records that other records show, for each state of a world."""

from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Select, Table, bindparam, select

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
        for row in store().rows(_by_id(table), {"ids": missing}):
            results[row.id] = render(row)
    return results


@cache
def _by_id(table: Table) -> Select[Any]:
    return select(table).where(table.c.id.in_(bindparam("ids", expanding=True)))
