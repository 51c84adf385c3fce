"""The records that other records show: rendered, and kept for each state of a world."""

from collections.abc import Callable, Collection, Hashable, Mapping
from typing import Any, TypeVar

from fake_server.rest.context import world

_MOST = 10_000
_T = TypeVar("_T")


class _RenderedRecords:
    """The rendered records of a world since its last change, by their kind and id."""

    versioned = True

    def __init__(self) -> None:
        self.version = -1
        self.kinds: dict[Hashable, dict[int, Any]] = {}


def cached_records(
    kind: Hashable, ids: Collection[int], render: Callable[[Collection[int]], Mapping[int, _T]]
) -> Mapping[int, _T]:
    """Return records of a kind by id, at least those with the given ids.

    The caller must not change the records: these are kept until the current world changes, up to
    10,000 of a kind.

    - `kind`: all that the records depend on beside the world: a table, or a table and an address.
    - `render`: returns the records with some ids. An id that it leaves out is asked for again.
    """
    kept = world().part(_RenderedRecords)
    if kept.version != world().version:
        kept.version = world().version
        kept.kinds.clear()
    records = kept.kinds.setdefault(kind, {})
    missing = [number for number in ids if number not in records]
    if missing:
        if len(records) + len(missing) > _MOST:
            records.clear()
            missing = [*ids]
        records.update(render(missing))
    return records
