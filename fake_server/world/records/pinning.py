"""The records that a dataset's section pins, and the rows that are made of them.

Every API fills its tables in the same way: it reads the records that the section pins, refuses ids
and names that stand twice, gives the next free ids to the records it invents, and writes the rows
in batches. A mistake raises `RecordError` with the path of the value within the section.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import count, islice
from typing import Any, TypeVar, overload

from sqlalchemy import Connection, Table

from fake_server.world.errors import RecordError
from fake_server.world.image_inputs import DatasetPath, ImageProgress, Section
from fake_server.world.instants import instant_of

PinnedRecord = Mapping[str, Any]
"""A record as a section pins it, with the attributes it has there and no others."""

BATCH = 5000
"""How many rows one statement inserts at most."""

_Item = TypeVar("_Item")
_Key = TypeVar("_Key", int, str)


# What a section says


def part(section: Section, name: str) -> Mapping[str, Any]:
    """Return what a section says of one resource: `count`, `records` …; empty where it is silent.

    A key without a value (`users:`) is silent too.
    """
    value: Mapping[str, Any] = section.get(name) or {}
    return value


def pinned(section: Section, name: str) -> Sequence[PinnedRecord]:
    """Return the records that a section pins of one resource, in its order."""
    records: Sequence[PinnedRecord] = part(section, name).get("records") or ()
    return records


def with_paths(
    name: str, records: Iterable[PinnedRecord]
) -> Iterator[tuple[DatasetPath, PinnedRecord]]:
    """Yield each record of a resource after its path: `("users", "records", 0)`, …"""
    for index, record in enumerate(records):
        yield (name, "records", index), record


# Ids and names


def claim(taken: set[_Key], key: _Key, path: DatasetPath) -> None:
    """Add an id or a name to those taken; raises `RecordError` if an earlier record has it.

    `path` leads to the attribute: `("users", "records", 0, "login")`.
    """
    if key in taken:
        spelled = f"the id {key}" if isinstance(key, int) else repr(key)
        raise RecordError(path, f"an earlier record has {spelled} too")
    taken.add(key)


def pinned_by_id(section: Section, name: str) -> dict[int, PinnedRecord]:
    """Return the pinned records of a resource by id, in the section's order.

    Raises `RecordError` for an id that stands twice.
    """
    taken: set[int] = set()
    records: dict[int, PinnedRecord] = {}
    for path, record in with_paths(name, pinned(section, name)):
        claim(taken, record["id"], (*path, "id"))
        records[record["id"]] = record
    return records


def pinned_values(section: Section, name: str, attribute: str) -> set[str]:
    """Return the values that pinned records have of a unique attribute, such as `login`.

    A record may leave it out. Raises `RecordError` for a value that stands twice.
    """
    taken: set[str] = set()
    for path, record in with_paths(name, pinned(section, name)):
        if attribute in record:
            claim(taken, record[attribute], (*path, attribute))
    return taken


def free_ids(taken: Iterable[int], preferred: Iterable[int] = ()) -> Iterator[int]:
    """Yield ids without end that are not taken: those of `preferred` first, then 1, 2, 3 …

    No id comes twice. Ids that are claimed after the first one was taken are not noticed.
    """
    unusable = set(taken)
    for number in preferred:
        if number not in unusable:
            unusable.add(number)
            yield number
    yield from (number for number in count(1) if number not in unusable)


def ids_with(pinned_ids: Iterable[int], wanted: int, preferred: Iterable[int] = ()) -> list[int]:
    """Return the pinned ids and those of `wanted` further records, all in ascending order."""
    taken = set(pinned_ids)
    return sorted([*taken, *islice(free_ids(taken, preferred), wanted)])


# References and times


def require_existing(
    path: DatasetPath, references: Iterable[int | None], existing: Container[int]
) -> None:
    """Raise `RecordError` for a reference to a record that does not exist; None refers to none."""
    for reference in references:
        if reference is not None and reference not in existing:
            raise RecordError(path, f"there is no {reference} in this dataset")


def require_source(api: str, name: str, needed: str, existing: Sequence[object]) -> None:
    """Raise `RecordError` where records of `name` cannot be invented, for want of `needed` ones."""
    if not existing:
        raise RecordError((name,), f"these records need {needed}: give {api}.{needed} a count")


@overload
def instant_in(record: PinnedRecord, attribute: str, default: int) -> int: ...


@overload
def instant_in(record: PinnedRecord, attribute: str, default: None = None) -> int | None: ...


def instant_in(record: PinnedRecord, attribute: str, default: int | None = None) -> int | None:
    """Return an instant of a pinned record in milliseconds since 1970; `default` without a value.

    An instant without an offset is one of UTC.
    """
    value = record.get(attribute)
    return default if value is None else instant_of(value)


def require_after(
    path: DatasetPath,
    start: int | None,
    end: int | None,
    names: tuple[str, str] = ("start_at", "end_at"),
) -> None:
    """Raise `RecordError` unless the end lies after the start; None, for no time, passes.

    `path` leads to the record, `names` are the attributes of start and end.
    """
    if start is not None and end is not None and end <= start:
        raise RecordError((*path, names[1]), f"is not after {names[0]}")


# Rows


def insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows into a table; without rows, nothing happens."""
    if rows:
        connection.execute(table.insert(), rows)


def batches(
    items: Iterable[_Item], total: int, label: str, progress: ImageProgress, size: int = BATCH
) -> Iterator[list[_Item]]:
    """Yield items in lists of at most `size`; report progress when the next list is asked for.

    `label` says what the items are, `total` how many there will be.
    """
    remaining = iter(items)
    done = 0
    while batch := list(islice(remaining, size)):
        yield batch
        done += len(batch)
        progress(label, done, total)


def fill(
    connection: Connection,
    table: Table,
    rows: Iterable[Mapping[str, Any]],
    total: int,
    progress: ImageProgress,
) -> None:
    """Write `total` rows into a table in batches and report progress under the table's name."""
    for batch in batches(rows, total, str(table.name), progress):
        insert(connection, table, batch)
