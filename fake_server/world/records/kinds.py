"""Kinds of records, as the schema of datasets has them: what each API declares of its own.

A record is an object with the attributes that a record pinned in a dataset may have, all of them.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Boolean, Column, Integer, Table, func, select

from fake_server.world.image_inputs import DatasetPath
from fake_server.world.json_values import as_json
from fake_server.world.records.tables import Record, RecordKey, Records

_FLAGS = {"true": True, "false": False}


class RecordKind(ABC):
    """One kind of records.

    - `name`: what it is called, such as `users`.
    - `path`: where its records stand in a dataset's section, such as `("users", "records")`.
    - `key`: the attribute that tells its records apart.
    - `filters`: the attributes by whose value records can be listed.
    """

    name: str
    path: tuple[str, ...]
    key: str
    filters: tuple[str, ...]

    @abstractmethod
    def key_of(self, text: str) -> RecordKey | None:
        """Return the key that a URL spells, None if it spells none."""

    @abstractmethod
    def count(self, records: Records) -> int:
        """Return how many records there are."""

    @abstractmethod
    def keys(
        self, records: Records, after: RecordKey | None, limit: int, where: Mapping[str, str]
    ) -> list[RecordKey]:
        """Return the keys of at most `limit` records behind `after`, in their order.

        `where`: the values, as text, that some of the attributes in `filters` have.
        """

    @abstractmethod
    def all_keys(self, records: Records) -> list[RecordKey]:
        """Return the keys of all records, in the order in which a dataset must have them."""

    @abstractmethod
    def read(self, records: Records, keys: Sequence[RecordKey]) -> list[Record]:
        """Return the records with these keys, in the keys' order; none for a key that is not there.

        Each has all its attributes.
        """

    def there(self, records: Records, keys: Sequence[RecordKey]) -> set[RecordKey]:
        """Return those of the keys that records have."""
        return {one[self.key] for one in self.read(records, keys)}

    def spelled(self, given: object) -> object:
        """Return a record that a dataset may spell in short as the object that it stands for."""
        return given

    def numbered(self, records: Records, given: Sequence[object]) -> list[object]:
        """Return records that are to be added, with keys for those that have none."""
        return list(given)

    def changed(self, before: Record, changes: Mapping[str, Any]) -> Record:
        """Return what a record becomes."""
        return {**before, **changes}

    @abstractmethod
    def add(self, records: Records, added: Sequence[Record]) -> None:
        """Add records that fit the schema and have new keys; raises `RecordError`."""

    @abstractmethod
    def replace(self, records: Records, record: Record) -> None:
        """Put a whole record where the one with its key is; raises `RecordError`."""

    @abstractmethod
    def remove(self, records: Records, keys: Sequence[RecordKey]) -> None:
        """Remove records and what hangs on them; raises `InUseError` where that is refused."""

    def in_section(self, records: Sequence[object]) -> dict[str, Any]:
        """Return the part of a dataset's section that holds these records."""
        found: Any = list(records)
        for step in reversed(self.path):
            found = {step: found}
        return dict(found)


class TableKind(RecordKind):
    """A kind whose records have a table, whose `id` is their key.

    `place`: the column that holds the order in which a dataset must have them.
    """

    table: Table
    key = "id"

    def __init__(self) -> None:
        self.name = str(self.table.name)
        self.path = (self.name, "records")

    @property
    def place(self) -> Column[Any]:
        """The column whose order a dataset must have them in."""
        return self.table.c.id

    def key_of(self, text: str) -> RecordKey | None:
        """See `RecordKind`."""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None

    def count(self, records: Records) -> int:
        """See `RecordKind`."""
        return int(records.rows(select(func.count()).select_from(self.table))[0][0])

    def keys(
        self, records: Records, after: RecordKey | None, limit: int, where: Mapping[str, str]
    ) -> list[RecordKey]:
        """See `RecordKind`."""
        query = select(self.table.c.id).order_by(self.table.c.id).limit(limit)
        if after is not None:
            query = query.where(self.table.c.id > after)
        for name, text in where.items():
            column = self.table.c[name]
            value = _value(column, text)
            if value is None:
                return []
            query = query.where(column == value)
        return [row[0] for row in records.rows(query)]

    def all_keys(self, records: Records) -> list[RecordKey]:
        """See `RecordKind`."""
        return [row[0] for row in records.rows(select(self.table.c.id).order_by(self.place))]

    def there(self, records: Records, keys: Sequence[RecordKey]) -> set[RecordKey]:
        """See `RecordKind`."""
        return records.there(self.table.c.id, keys)

    def numbered(self, records: Records, given: Sequence[object]) -> list[object]:
        """See `RecordKind`."""
        ids = [
            one["id"] for one in given if isinstance(one, dict) and isinstance(one.get("id"), int)
        ]
        number = max([records.largest(self.table.c.id), *ids])
        found: list[object] = []
        for one in given:
            if isinstance(one, dict) and "id" not in one:
                number += 1
                one = {"id": number, **one}
            found.append(one)
        return found

    def replace(self, records: Records, record: Record) -> None:
        """See `RecordKind`."""
        self.clear(records, [record["id"]])
        self.add(records, [record])

    def remove(self, records: Records, keys: Sequence[RecordKey]) -> None:
        """See `RecordKind`."""
        self.release(records, keys)
        self.clear(records, keys)

    @abstractmethod
    def clear(self, records: Records, keys: Sequence[RecordKey]) -> None:
        """Delete records with what is a part of them."""

    def release(self, records: Records, keys: Sequence[RecordKey]) -> None:
        """Delete or change what refers to records that are removed."""


def _value(column: Column[Any], text: str) -> Any:
    if isinstance(column.type, Boolean):
        return _FLAGS.get(text)
    if not isinstance(column.type, Integer):
        return text
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None


class ListKind(RecordKind):
    """A kind whose records are a list in the section, such as credentials."""

    def __init__(self, name: str, path: tuple[str, ...], key: str, *filters: str) -> None:
        self.name = name
        self.path = path
        self.key = key
        self.filters = filters

    def entries(self, records: Records) -> list[Record]:
        """Return all records."""
        found: Any = records.section
        for step in self.path:
            found = (found or {}).get(step)
        return [as_json(one) for one in found or []]

    def write(self, records: Records, entries: Sequence[Record]) -> None:
        """Put these records where all were."""
        records.section = _with(records.section, self.path, list(entries))

    def key_of(self, text: str) -> RecordKey | None:
        """See `RecordKind`."""
        return text

    def count(self, records: Records) -> int:
        """See `RecordKind`."""
        return len(self.entries(records))

    def keys(
        self, records: Records, after: RecordKey | None, limit: int, where: Mapping[str, str]
    ) -> list[RecordKey]:
        """See `RecordKind`."""
        entries = self.entries(records)
        behind = [place for place, one in enumerate(entries, 1) if one[self.key] == after]
        return [
            one[self.key]
            for one in entries[behind[0] if behind else 0 :]
            if all(_spelled(one.get(name)) == text for name, text in where.items())
        ][:limit]

    def all_keys(self, records: Records) -> list[RecordKey]:
        """See `RecordKind`."""
        return [one[self.key] for one in self.entries(records)]

    def read(self, records: Records, keys: Sequence[RecordKey]) -> list[Record]:
        """See `RecordKind`."""
        by_key = {one[self.key]: one for one in self.entries(records)}
        return [by_key[key] for key in keys if key in by_key]

    def verify(self, records: Records, entry: Record, place: DatasetPath) -> None:
        """Raise `RecordError` for what no schema can refuse."""

    def add(self, records: Records, added: Sequence[Record]) -> None:
        """See `RecordKind`."""
        for index, one in enumerate(added):
            self.verify(records, one, (*self.path, index))
        self.write(records, [*self.entries(records), *added])

    def replace(self, records: Records, record: Record) -> None:
        """See `RecordKind`."""
        self.verify(records, record, (*self.path, 0))
        entries = self.entries(records)
        self.write(
            records, [record if one[self.key] == record[self.key] else one for one in entries]
        )

    def remove(self, records: Records, keys: Sequence[RecordKey]) -> None:
        """See `RecordKind`."""
        gone = set(keys)
        self.write(records, [one for one in self.entries(records) if one[self.key] not in gone])


def _spelled(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _with(section: Any, path: Sequence[str], value: object) -> dict[str, Any]:
    """Return a section with another value at a path; nothing that it shares is changed."""
    first, *rest = path
    inner = _with((section or {}).get(first), rest, value) if rest else value
    return {**(section or {}), first: inner}
