"""Flags: what evaluators may say of the work as a whole."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CompoundSelect,
    Integer,
    Text,
    literal,
    select,
    union_all,
)

from fake_server.api.declare import Json
from fake_server.api.records import Row, Seeding
from fake_server.apis.intra42.dialect.derived import derived_table
from fake_server.apis.intra42.dialect.resource import IntraResource
from fake_server.apis.intra42.dialect.timestamps import as_instant, timestamp
from fake_server.apis.intra42.invention.grading import FLAGS

_TYPES = {
    "id": Integer,
    "name": Text,
    "positive": Boolean,
    "icon": Text,
    "created_at": BigInteger,
    "updated_at": BigInteger,
}
_ROWS = (
    {name: as_instant(value) if name.endswith("_at") else value for name, value in flag.items()}
    for flag in FLAGS
)
_QUERY: CompoundSelect[Any] = union_all(
    *(
        select(*(literal(row[name], kind).label(name) for name, kind in _TYPES.items()))
        for row in _ROWS
    )
)


_TIMES = ("created_at", "updated_at")


class _Flags(IntraResource):
    name = "flags"
    has_records = False
    table = derived_table("flags", _QUERY, [name for name in _TYPES if name != "icon"])

    def seed(self, tables: Seeding) -> None:
        """Do nothing: the flags are the same everywhere."""

    def as_items(self, rows: Sequence[Row]) -> list[Json]:
        times = ({name: timestamp(getattr(row, name)) for name in _TIMES} for row in rows)
        return [{**row._asdict(), **own} for row, own in zip(rows, times, strict=True)]

    def as_record(self, row: Row) -> Json:
        return self.as_items([row])[0]


resource = _Flags()
