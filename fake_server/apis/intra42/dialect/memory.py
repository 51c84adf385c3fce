"""Records that other records show: read once for each state of a world."""

from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Select, Table, bindparam, select

from fake_server.api.records import Row
from fake_server.api.serve import store, world

_T = TypeVar("_T")


class _Memory:
    """What was read of a world's tables since it last changed, by table and id."""

    def __init__(self) -> None:
        self.version = -1
        self.tables: dict[Table, dict[int, Any]] = {}


def remembered(table: Table, ids: Collection[int], made: Callable[[Row], _T]) -> Mapping[int, _T]:
    """Return the results of `made` for rows of a table, by id: at least for the given ids.

    An id that no row has is left out.
    """
    memory = world().part(_Memory)
    if memory.version != world().version:
        memory.version = world().version
        memory.tables.clear()
    known = memory.tables.setdefault(table, {})
    missing = [number for number in ids if number not in known]
    if missing:
        for row in store().rows(_by_id(table), {"ids": missing}):
            known[row.id] = made(row)
    return known


@cache
def _by_id(table: Table) -> Select[Any]:
    return select(table).where(table.c.id.in_(bindparam("ids", expanding=True)))
