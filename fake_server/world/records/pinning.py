"""The records that a dataset's section pins, and the rows made from them.

Every API fills its tables in the same way: it reads the records that the section pins, refuses ids
and names that occur twice, gives the next free ids to the records it invents, and writes the rows
in batches. A mistake raises `RecordError` with the path of the value within the section.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import count, islice
from typing import Any, TypeVar, overload

from sqlalchemy import Connection, Table

from fake_server.errors import RecordError
from fake_server.world.image_inputs import DatasetPath, ImageProgress, Section
from fake_server.world.instants import instant_of

PinnedRecord = Mapping[str, Any]
"""A record as a section pins it: with the attributes that the section gives, and no others."""

BATCH = 5000
"""The greatest number of rows that one statement inserts."""

_Item = TypeVar("_Item")
_Key = TypeVar("_Key", int, str)


# Sections


def part(section: Section, name: str) -> Mapping[str, Any]:
    """Return the part of a section about one resource, with `count`, `records` and so on.

    The part is empty if the section has no such key, or a key without a value (`users:`).
    """
    value: Mapping[str, Any] = section.get(name) or {}
    return value


def pinned(section: Section, name: str) -> Sequence[PinnedRecord]:
    """Return the records of one resource that a section pins, in the section's order."""
    records: Sequence[PinnedRecord] = part(section, name).get("records") or ()
    return records


def with_paths(
    name: str, records: Iterable[PinnedRecord]
) -> Iterator[tuple[DatasetPath, PinnedRecord]]:
    """Yield `(path, record)` for each record; a path is such as `("users", "records", 0)`."""
    for index, record in enumerate(records):
        yield (name, "records", index), record


# Ids and names


def claim(taken: set[_Key], key: _Key, path: DatasetPath) -> None:
    """Add an id or a name to `taken`; raises `RecordError` if an earlier record has it.

    `path` leads to the attribute: `("users", "records", 0, "login")`.
    """
    if key in taken:
        spelled = f"the id {key}" if isinstance(key, int) else repr(key)
        raise RecordError(path, f"an earlier record has {spelled} too")
    taken.add(key)


def pinned_by_id(section: Section, name: str) -> dict[int, PinnedRecord]:
    """Return the pinned records of a resource by id, in the section's order.

    Raises `RecordError` for an id that occurs twice.
    """
    ids: set[int] = set()
    records: dict[int, PinnedRecord] = {}
    for path, record in with_paths(name, pinned(section, name)):
        claim(ids, record["id"], (*path, "id"))
        records[record["id"]] = record
    return records


def pinned_values(section: Section, name: str, attribute: str) -> set[str]:
    """Return the values that pinned records have of a unique attribute, such as `login`.

    A record may leave the attribute out. Raises `RecordError` for a value that occurs twice.
    """
    values: set[str] = set()
    for path, record in with_paths(name, pinned(section, name)):
        if attribute in record:
            claim(values, record[attribute], (*path, attribute))
    return values


def free_ids(taken: Iterable[int], preferred: Iterable[int] = ()) -> Iterator[int]:
    """Yield free ids without end: the `preferred` ones first, then 1, 2, 3 and so on.

    No id occurs twice. The iterator reads `taken` once, at its start.
    """
    unusable = set(taken)
    for number in preferred:
        if number not in unusable:
            unusable.add(number)
            yield number
    yield from (number for number in count(1) if number not in unusable)


def ids_with(pinned_ids: Iterable[int], others: int, preferred: Iterable[int] = ()) -> list[int]:
    """Return the pinned ids and the ids of `others` further records, in ascending order."""
    taken = set(pinned_ids)
    return sorted([*taken, *islice(free_ids(taken, preferred), others)])


# References and times


def require_existing(
    path: DatasetPath, references: Iterable[int | None], existing: Container[int]
) -> None:
    """Raise `RecordError` for a reference to a missing record; None is no reference."""
    for reference in references:
        if reference is not None and reference not in existing:
            raise RecordError(path, f"there is no {reference} in this dataset")


def require_source(api: str, name: str, needed: str, existing: Sequence[object]) -> None:
    """Raise `RecordError` if there are no `needed` records for those of `name` to refer to."""
    if not existing:
        raise RecordError((name,), f"these records need {needed}: give {api}.{needed} a count")


@overload
def instant_in(record: PinnedRecord, attribute: str, default: int) -> int: ...


@overload
def instant_in(record: PinnedRecord, attribute: str, default: None = None) -> int | None: ...


def instant_in(record: PinnedRecord, attribute: str, default: int | None = None) -> int | None:
    """Return an instant of a pinned record in milliseconds since 1970 (UTC).

    A record without a value has the `default`. An instant without an offset is in UTC.
    """
    value = record.get(attribute)
    return default if value is None else instant_of(value)


def require_after(
    path: DatasetPath,
    start: int | None,
    end: int | None,
    names: tuple[str, str] = ("start_at", "end_at"),
) -> None:
    """Raise `RecordError` unless the end is after the start; a missing time passes.

    - `path`: the path of the record.
    - `names`: the attributes of start and end.
    """
    if start is not None and end is not None and end <= start:
        raise RecordError((*path, names[1]), f"is not after {names[0]}")


# Rows


def insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows into a table; an empty sequence writes nothing."""
    if rows:
        connection.execute(table.insert(), rows)


def batches(
    items: Iterable[_Item], total: int, label: str, progress: ImageProgress, size: int = BATCH
) -> Iterator[list[_Item]]:
    """Yield items in lists of at most `size`, and report progress after each list.

    `label` names the items; `total` is their number.
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
