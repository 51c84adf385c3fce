"""The kinds of records that an API declares, in terms of its dataset schema.

A record is an object with all the attributes that a record pinned in a dataset may have.
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

    - `name`: the name of the kind, such as `users`.
    - `path`: the path of its records in a dataset's section, such as `("users", "records")`.
    - `key`: the attribute that identifies a record.
    - `filters`: the attributes whose values can restrict a list of records.
    """

    name: str
    path: tuple[str, ...]
    key: str
    filters: tuple[str, ...]

    @abstractmethod
    def key_of(self, text: str) -> RecordKey | None:
        """Return the key that a text of a URL spells; None if the text is not a key."""

    @abstractmethod
    def count(self, records: Records) -> int:
        """Return the number of records."""

    @abstractmethod
    def keys(
        self, records: Records, after: RecordKey | None, limit: int, where: Mapping[str, str]
    ) -> list[RecordKey]:
        """Return the keys of at most `limit` records that follow the key `after`, in order.

        `where`: the values, as text, that the records have, by attribute of `filters`.
        """

    @abstractmethod
    def all_keys(self, records: Records) -> list[RecordKey]:
        """Return the keys of all records, in the order in which a dataset lists the records."""

    @abstractmethod
    def read(self, records: Records, keys: Sequence[RecordKey]) -> list[Record]:
        """Return the records with these keys, in the keys' order and with all attributes.

        A key without a record is skipped.
        """

    def existing_keys(self, records: Records, keys: Sequence[RecordKey]) -> set[RecordKey]:
        """Return the subset of `keys` that exist."""
        return {record[self.key] for record in self.read(records, keys)}

    def spelled(self, record: object) -> object:
        """Return the object that a record of a dataset stands for; a dataset may abbreviate it."""
        return record

    def numbered(self, records: Records, new_records: Sequence[object]) -> list[object]:
        """Return the new records; a record without a key gets the next free one."""
        return list(new_records)

    def changed(self, before: Record, changes: Mapping[str, Any]) -> Record:
        """Return a record with the changes applied."""
        return {**before, **changes}

    @abstractmethod
    def add(self, records: Records, added: Sequence[Record]) -> None:
        """Add records, which fit the schema and have new keys; raises `RecordError`."""

    @abstractmethod
    def replace(self, records: Records, record: Record) -> None:
        """Replace the record that has the same key; raises `RecordError`."""

    @abstractmethod
    def remove(self, records: Records, keys: Sequence[RecordKey]) -> None:
        """Remove records and their dependent records; raises `InUseError` if the API refuses it."""

    def in_section(self, records: Sequence[object]) -> dict[str, Any]:
        """Return a dataset's section that holds these records alone."""
        section: Any = list(records)
        for step in reversed(self.path):
            section = {step: section}
        return dict(section)


class TableKind(RecordKind):
    """A kind whose records are the rows of a table; the column `id` is their key."""

    table: Table
    key = "id"

    def __init__(self) -> None:
        self.name = str(self.table.name)
        self.path = (self.name, "records")

    @property
    def order(self) -> Column[Any]:
        """The column that a dataset orders the records by."""
        return self.table.c.id

    def key_of(self, text: str) -> RecordKey | None:
        """Return the id that a text stands for; None unless it is up to 18 digits."""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None

    def count(self, records: Records) -> int:
        """Return the number of rows."""
        return int(records.rows(select(func.count()).select_from(self.table))[0][0])

    def keys(
        self, records: Records, after: RecordKey | None, limit: int, where: Mapping[str, str]
    ) -> list[RecordKey]:
        """Return ids in ascending order, after one of them; `where` compares columns with texts."""
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
        """Return all ids in the order in which a dataset pins the records."""
        return [row[0] for row in records.rows(select(self.table.c.id).order_by(self.order))]

    def existing_keys(self, records: Records, keys: Sequence[RecordKey]) -> set[RecordKey]:
        """Return the subset of `keys` that the table has."""
        return records.existing_values(self.table.c.id, keys)

    def numbered(self, records: Records, new_records: Sequence[object]) -> list[object]:
        """Return records with an id each: a new one is beyond all ids there are."""
        ids = [
            record["id"]
            for record in new_records
            if isinstance(record, dict) and isinstance(record.get("id"), int)
        ]
        number = max([records.largest(self.table.c.id), *ids])
        numbered: list[object] = []
        for record in new_records:
            if isinstance(record, dict) and "id" not in record:
                number += 1
                record = {"id": number, **record}
            numbered.append(record)
        return numbered

    def replace(self, records: Records, record: Record) -> None:
        """Put a record in the place of the one with its id."""
        self.clear(records, [record["id"]])
        self.add(records, [record])

    def remove(self, records: Records, keys: Sequence[RecordKey]) -> None:
        """Remove rows, and before them what refers to them."""
        self.release(records, keys)
        self.clear(records, keys)

    @abstractmethod
    def clear(self, records: Records, keys: Sequence[RecordKey]) -> None:
        """Delete records and the rows that are parts of them."""

    def release(self, records: Records, keys: Sequence[RecordKey]) -> None:
        """Delete or change the rows that refer to removed records."""


def _value(column: Column[Any], text: str) -> Any:
    if isinstance(column.type, Boolean):
        return _FLAGS.get(text)
    if not isinstance(column.type, Integer):
        return text
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None


class ListKind(RecordKind):
    """A kind whose records are a list in the dataset's section, such as credentials."""

    def __init__(self, name: str, path: tuple[str, ...], key: str, *filters: str) -> None:
        self.name = name
        self.path = path
        self.key = key
        self.filters = filters

    def entries(self, records: Records) -> list[Record]:
        """Return all records."""
        value: Any = records.section
        for step in self.path:
            value = (value or {}).get(step)
        return [as_json(entry) for entry in value or []]

    def write(self, records: Records, entries: Sequence[Record]) -> None:
        """Replace all records by `entries`."""
        records.section = _with(records.section, self.path, list(entries))

    def key_of(self, text: str) -> RecordKey | None:
        """Return the text itself, which is the key."""
        return text

    def count(self, records: Records) -> int:
        """Return the length of the list."""
        return len(self.entries(records))

    def keys(
        self, records: Records, after: RecordKey | None, limit: int, where: Mapping[str, str]
    ) -> list[RecordKey]:
        """Return keys in order, after one of them; `where` compares attributes with texts."""
        keys = sorted(
            entry[self.key]
            for entry in self.entries(records)
            if all(_spelled(entry.get(name)) == text for name, text in where.items())
        )
        # By the order alone: the record that a page follows may be gone.
        return [key for key in keys if after is None or key > after][:limit]

    def all_keys(self, records: Records) -> list[RecordKey]:
        """Return all keys in the order of the list."""
        return [entry[self.key] for entry in self.entries(records)]

    def read(self, records: Records, keys: Sequence[RecordKey]) -> list[Record]:
        """Return the records with these keys, in their order; missing ones are left out."""
        by_key = {entry[self.key]: entry for entry in self.entries(records)}
        return [by_key[key] for key in keys if key in by_key]

    def verify(self, records: Records, entry: Record, path: DatasetPath) -> None:
        """Raise `RecordError` for a mistake at `path` that no schema can express."""

    def add(self, records: Records, added: Sequence[Record]) -> None:
        """Append records to the list; raises `RecordError` for the first mistake."""
        for index, entry in enumerate(added):
            self.verify(records, entry, (*self.path, index))
        self.write(records, [*self.entries(records), *added])

    def replace(self, records: Records, record: Record) -> None:
        """Put a record in the place of the one with its key; raises `RecordError`."""
        self.verify(records, record, (*self.path, 0))
        entries = self.entries(records)
        self.write(
            records, [record if entry[self.key] == record[self.key] else entry for entry in entries]
        )

    def remove(self, records: Records, keys: Sequence[RecordKey]) -> None:
        """Remove the records with these keys from the list."""
        removed = set(keys)
        self.write(
            records, [entry for entry in self.entries(records) if entry[self.key] not in removed]
        )


def _spelled(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _with(section: Any, path: Sequence[str], value: object) -> dict[str, Any]:
    """Return a copy of a section with `value` at a path; the original stays as it is."""
    first, *rest = path
    inner = _with((section or {}).get(first), rest, value) if rest else value
    return {**(section or {}), first: inner}
