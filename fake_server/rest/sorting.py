"""The fields that a request sorts by."""

from typing import NamedTuple


class SortKey(NamedTuple):
    """One field to sort by."""

    field: str
    descending: bool


def parse_sort(text: str) -> list[SortKey]:
    """Return the keys of `a,-b` in order; empty parts are left out."""
    names = [part.strip() for part in text.split(",")]
    return [SortKey(name.removeprefix("-"), name.startswith("-")) for name in names if name]
