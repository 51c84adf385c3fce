"""`sort=a,-b` into ORDER BY."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement


class SortKey(NamedTuple):
    """One field to sort by."""

    field: str
    descending: bool


def parse_sort(text: str) -> list[SortKey]:
    """Return the keys of `a,-b` in order; empty parts are left out."""
    names = [part.strip() for part in text.split(",")]
    return [SortKey(name.removeprefix("-"), name.startswith("-")) for name in names if name]


def order_by(
    keys: list[SortKey], columns: Mapping[str, ColumnElement[Any]]
) -> list[ColumnElement[Any]]:
    """Return ORDER BY terms; every key's field must be in `columns`."""
    return [
        columns[key.field].desc() if key.descending else columns[key.field].asc() for key in keys
    ]
