"""The records of a resource in a dataset, pinned and invented, and their pinned form."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import select

from fake_server.api.declare import ColumnPlan, Values
from fake_server.api.invent import SECOND, milliseconds, spelled
from fake_server.api.records import (
    DatasetPath,
    PinnedRecord,
    Record,
    RecordError,
    RecordKey,
    Records,
    Row,
    Section,
    Seeding,
    Tables,
    fill,
    free_ids,
    part,
    pinned_by_id,
    with_paths,
)
from fake_server.apis.xurrent.dialect.access.accounts import accounts, check_account
from fake_server.apis.xurrent.dialect.model.declared import FOLDED, DeclaredResource
from fake_server.apis.xurrent.dialect.values.parsing import folded, instant, local_time

_FIRST = ("id", "name", "source", "sourceID", "created_at", "updated_at", "account")


class PinnedResource(DeclaredResource):
    """A resource whose records a dataset pins by their columns.

    A pinned record gets nothing from the invented ones: a missing column is empty.
    """

    def check(self, record: PinnedRecord, path: DatasetPath, tables: Tables) -> None:
        """Raise `RecordError` for an account that the section does not have."""
        check_account(tables.section, record, path)

    def check_all(self, records: Iterable[PinnedRecord], tables: Tables) -> None:
        """Check each record, and that no two have the same value of a unique attribute."""
        checked = list(records)
        super().check_all(checked, tables)
        for attribute in self.attributes:
            if attribute.unique:
                self._check_unique(attribute.name, checked, tables)

    def _check_unique(self, name: str, records: Iterable[PinnedRecord], tables: Tables) -> None:
        columns = self.table.c
        query = select(columns.account, columns[name + FOLDED].label("text"), columns.id)
        owners = {(row.account, row.text): row.id for row in tables.rows(query)}
        for path, record in with_paths(self.name, records):
            key = account_of(record, tables.section), folded(record.get(name))
            owner = owners.setdefault(key, record["id"])
            if owner != record["id"]:
                noun = self.declaration.singular
                raise RecordError((*path, name), f"{noun} {owner} has this {name} too")

    def row(self, number: int, record: PinnedRecord, tables: Tables) -> Values:
        """Return the row of a record: its own columns, completed by `completed_row`."""
        values = {
            plan.name: _value(plan, record[plan.name])
            for plan in self.columns
            if plan.name in record
        }
        return self.completed_row({**values, "id": number}, tables)

    def completed_row(self, values: Values, tables: Tables) -> Values:
        """Return a whole row. By default it is in the first account and created at the start."""
        start = milliseconds(tables.inputs.start) // SECOND * SECOND
        return self.completed(values, account_of(values, tables.section), start)

    def seed(self, tables: Seeding) -> None:
        """Add the pinned records of a dataset, then as many invented ones as its `count` says."""
        pinned = pinned_by_id(tables.section, self.name)
        self.add_rows(tables, pinned.values())
        count = part(tables.section, self.name).get("count", 0)
        if count:
            self.invent(tables, islice(free_ids(pinned), count), count)

    def invent(self, tables: Seeding, ids: Iterator[int], count: int) -> None:
        """Write `count` invented records with these ids.

        Raises `RecordError`.
        """
        values = ({**self.invented(number, tables), "id": number} for number in ids)
        rows = (self.completed_row(row_values, tables) for row_values in values)
        fill(tables.connection, self.table, rows, count, tables.inputs.progress)

    def add(self, records: Records, added: Sequence[Record]) -> None:
        """Add records that are not of the dataset."""
        self.add_rows(records, added)

    def add_rows(self, tables: Tables, records: Collection[PinnedRecord]) -> None:
        """Write pinned records into the table.

        Raises `RecordError`.
        """
        self.check_all(records, tables)
        tables.insert(self.table, [self.row(record["id"], record, tables) for record in records])

    def as_pinned(self, row: Row) -> Record:
        """Return a row as a dataset pins it, the usual attributes first."""
        kinds = {plan.name: plan.kind for plan in self.columns if not plan.name.endswith(FOLDED)}
        names = dict.fromkeys([*(name for name in _FIRST if name in kinds), *kinds])
        return {name: _pinned(kinds[name], getattr(row, name)) for name in names}

    def release(self, records: Records, keys: Sequence[RecordKey]) -> None:
        """Remove what refers to records: their links to other records, too."""
        super().release(records, keys)
        for links in self.links.values():
            records.delete(links.columns[self.name], keys)


def account_of(record: Mapping[str, Any], section: Section) -> str:
    """Return the account of a record. The default is the first account."""
    account: str = record.get("account", accounts(section)[0]["id"])
    return account


def _value(plan: ColumnPlan, value: Any) -> Any:
    """Return the value of a column that a dataset pins."""
    if plan.kind == "instant":
        milliseconds_utc = instant(_text(value), UTC)
        return None if milliseconds_utc is None else milliseconds_utc // SECOND * SECOND
    if plan.kind == "local":
        return local_time(_text(value))
    if plan.kind == "json":
        return None if value is None else json.dumps(value)
    if isinstance(value, date):
        return value.isoformat()
    return None if value == "" and plan.nullable else value


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _pinned(kind: str, value: Any) -> Any:
    """Return a column's value as a dataset pins it."""
    if value is None:
        return None
    if kind == "instant":
        return spelled(value)
    if kind == "local":
        return spelled(value).removesuffix("Z")
    return json.loads(value) if kind == "json" else value
