"""The base class of resources: what a resource defines in code, and what it inherits."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from sqlalchemy import Column, MetaData, select

from fake_server.data_files import registry
from fake_server.data_files.package_files import json_file
from fake_server.errors import RecordError
from fake_server.rest.context import world
from fake_server.rest.resources.columns import ColumnPlan, column_plans, table_of
from fake_server.rest.resources.declaration import Declaration, Field
from fake_server.rest.resources.operation_index import declaration
from fake_server.rest.resources.rendering import Json, Lookup, Renderer, Writers, compiled
from fake_server.rest.resources.resource_registry import Resources
from fake_server.rest.resources.sightings import (
    LearnedRecords,
    ListMembership,
    Sighting,
    plain_sightings,
)
from fake_server.world.image_inputs import DatasetPath, silent
from fake_server.world.instants import instant_of, moment, rfc3339, spelled
from fake_server.world.records.kinds import TableKind
from fake_server.world.records.pinning import (
    BATCH,
    PinnedRecord,
    fill,
    ids_with,
    part,
    pinned_by_id,
    require_existing,
    with_paths,
)
from fake_server.world.records.tables import Record, RecordKey, Records, Seeding, Tables
from fake_server.world.storage.store import Row

Values = dict[str, Any]
DeclaredColumn = tuple[tuple[str | int, ...], str, bool]
"""A row that is to be written: a value for each column."""


class Resource(TableKind):
    """One resource of an API: its table, its JSON, and its records in a dataset.

    A dialect's own base class says what all resources of its API share: `api`, `tables`,
    `resources` and `instants`. A plain resource has only `invented`: its table, its JSON and its
    section in a dataset are derived from declaration and shape. What is not plain, it
    overrides.

    - `name`: that of the declaration, of the dataset's key and, unless it has one, of the table.
    - `table`: the table, if it does not follow from the shape.
    - `views`: the functions that answer actions which only this resource has, by action; a text,
      `module:function`, is imported when it is first asked for.
    - `has_records`: whether datasets and the control plane know its records.
    - `first_ids`: the ids that invented records take before others.
    - `table_options`: the options of SQLAlchemy's table besides its columns.
    """

    api: ClassVar[str]
    tables: ClassVar[MetaData]
    resources: ClassVar[Resources]
    name: str
    has_records: ClassVar[bool] = True
    views: ClassVar[Mapping[str, Callable[..., Any] | str]] = {}
    table_options: ClassVar[Mapping[str, Any]] = {}

    def __init__(self) -> None:
        self.path = (self.name, "records")
        if not hasattr(type(self), "table"):
            self.table = table_of(self.name, self.columns, self.tables, self.table_options)
        if not hasattr(type(self), "filters"):
            self.filters = tuple(
                name for name in self.declaration.filter if name in self.table.c and name != "id"
            )

    @cached_property
    def declaration(self) -> Declaration:
        """What can be asked of the resource."""
        return declaration(self.api, self.name)

    @cached_property
    def columns(self) -> tuple[ColumnPlan, ...]:
        """The columns that follow from its shape, and the hidden ones.

        A resource that has a table of its own says itself what its columns mean: there are none.
        """
        if hasattr(type(self), "table"):
            return ()
        shape = self.shape(self.declaration.shape)
        return column_plans(shape, self.declaration.columns, self.shape)

    def shape(self, file: str | None) -> Mapping[str, Any]:
        """Return a shape, the JSON Schema in a file of the API's folder; empty without a file."""
        if file is None:
            return {"properties": {}}
        shape: Mapping[str, Any] = json_file(registry.package(self.api).schemas / file)
        return shape

    def declared(self) -> Declaration:
        """Return the declaration of the resource in the world of the current request."""
        if not self.declaration.quirks:
            return self.declaration
        prefix = f"{self.api}."
        active = (name.removeprefix(prefix) for name in world().quirks if name.startswith(prefix))
        return self.declaration.under(active)

    def has_field(self, name: str) -> bool:
        """Return whether lists can be sorted, cut out or counted by a field: it is a column."""
        return name in self.table.c or any(plan.shown == name for plan in self.columns)

    def has_filter(self, name: str, field: Field) -> bool:
        """Return whether lists can be filtered by a field: it is a column, or has a condition."""
        return self.has_field(field.column or name)

    def declared_columns(self, declared: Declaration) -> Iterator[DeclaredColumn]:
        """Yield the columns that a declaration names, those of keys of one API's own included.

        Each has its path in the declaration, its name, and whether it exists.
        """
        for key in ("order", "sort"):
            for number, text in enumerate(declared.keys.get(key) or ()):
                field = text.removeprefix("-")
                yield (key, number), field, self.has_field(field)
        for name, about in declared.filter.items():
            yield ("filter", name), about.column or name, self.has_filter(name, about)
        for name, about in declared.range.items():
            yield ("range", name), about.column or name, self.has_field(about.column or name)
        for number, field in enumerate(declared.graph):
            yield ("graph", "fields", number), field, self.has_field(field)

    def misdeclared(self, declared: Declaration) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Yield further contradictions of declaration and columns: a path and a sentence each.

        A resource has none by default.
        """
        yield from ()

    # JSON

    def instants(self) -> Callable[[int], str]:
        """Return the writer of milliseconds since 1970 in answers to the current request.

        By default RFC 3339 in UTC: `2026-03-02T09:00:00Z`.
        """
        return _rfc3339

    @cached_property
    def _render_items(self) -> Renderer:
        return self.renderer(self.shape(self.declaration.item)["properties"])

    @cached_property
    def _render_records(self) -> Renderer:
        return self.renderer(self.shape(self.declaration.shape)["properties"])

    def renderer(self, properties: Iterable[str]) -> Renderer:
        """Return the renderer of rows with some properties, in the given order."""
        names = list(properties)
        return compiled(names, self.columns, self._lookups(names), self.writers)

    def writers(self) -> Writers:
        """Return the writers of columns' values in answers to the current request, by kind."""
        return {"instant": self.instants()}

    def _lookups(self, names: Iterable[str]) -> dict[str, Lookup]:
        """Return the lookups of properties that are no plain column."""
        plans = {plan.shown: plan for plan in self.columns}
        lookups: dict[str, Lookup] = {}
        for name in names:
            plan = plans.get(name)
            if plan is None:
                lookups[name] = getattr(self, name)
            elif plan.reference and plan.reference.function:
                lookups[name] = self._referred(plan)
        return lookups

    def _referred(self, plan: ColumnPlan) -> Lookup:
        reference = plan.reference
        assert reference is not None

        def lookup(rows: Sequence[Row]) -> Mapping[int, Any]:
            render = getattr(self.resources[reference.resource], reference.function)
            values = {getattr(row, plan.name) for row in rows}
            rendered: Mapping[int, Any] = render(values - {None})
            return rendered

        return lookup

    def as_items(self, rows: Sequence[Row]) -> list[Json]:
        """Return rows as items of a list."""
        return self._render_items(rows)

    def as_record(self, row: Row) -> Json:
        """Return a row as the answer that shows it alone."""
        return self._render_records([row])[0]

    def sightings(self, item: Json) -> Iterator[Sighting]:
        """Yield the sightings of pinned records in an item or a record of an answer: its own last.

        The inverse of `as_items` and `as_record`. What those derive from something else than a
        column, an override turns back.
        """
        return plain_sightings(self, item)

    def satisfy(self, records: LearnedRecords, membership: ListMembership) -> None:
        """Change learned records so that a list has a record. By default nothing is changed.

        What an item shows, and the column that refers to its parent, need no change.
        """

    # Records of a dataset

    def invented(self, number: int, tables: Tables) -> Values:
        """Return the row of an invented record, which depends on the seed and its id alone.

        A pinned record takes from it what its dataset leaves out. Raises `RecordError` where
        nothing can be invented, for want of records that it refers to.
        """
        raise RecordError((self.name,), "these records are not invented: pin them under records")

    def check(self, record: PinnedRecord, path: DatasetPath, tables: Tables) -> None:
        """Raise `RecordError` for a mistake that no schema can refuse in the record at `path`."""

    def row(self, number: int, record: PinnedRecord, tables: Tables) -> Values:
        """Return the row of a record that is pinned with some attributes, or with none.

        A record that is pinned with all attributes needs nothing for its invention.
        """
        values = self._values(record)
        if values.keys() >= set(self.table.c.keys()):
            return values
        return {**self.invented(number, tables), **values}

    def _values(self, record: PinnedRecord) -> Values:
        instants = self._instants
        return {
            name: instant_of(value) if name in instants and value is not None else value
            for name, value in record.items()
        }

    def seed(self, tables: Seeding) -> None:
        """Fill the table with the records of a dataset; raises `RecordError`."""
        pinned = pinned_by_id(tables.section, self.name)
        self.check_all(pinned.values(), tables)
        count = part(tables.section, self.name).get("count", 0)
        numbers = ids_with(pinned, count, self.first_ids(tables))
        rows = (self.row(number, pinned.get(number, {}), tables) for number in numbers)
        progress = tables.inputs.progress if len(numbers) > BATCH else silent
        fill(tables.connection, self.table, rows, len(numbers), progress)

    def check_all(self, records: Iterable[PinnedRecord], tables: Tables) -> None:
        """Raise `RecordError` for the first mistake in pinned records."""
        checked = list(records)
        existing = self._existing_references(checked, tables)
        for path, record in with_paths(self.name, checked):
            self.check(record, path, tables)
            for name, keys in existing.items():
                require_existing((*path, name), self._references(record, name), keys)

    def first_ids(self, tables: Tables) -> Iterable[int]:
        """Return the ids that invented records take before others."""
        return ()

    def _existing_references(
        self, records: Sequence[PinnedRecord], tables: Tables
    ) -> Mapping[str, Container[int]]:
        """Return by column the keys that exist, of those that records refer to.

        The records exist for each other.
        """
        existing: dict[str, Container[int]] = {}
        for plan in self.columns:
            if plan.reference is None:
                continue
            keys = {key for record in records for key in self._references(record, plan.name)}
            own: set[int] = set()
            if plan.reference.resource == self.name:
                own = keys & {record["id"] for record in records}
            column = self.resources[plan.reference.resource].table.c.id
            existing[plan.name] = own | tables.existing_values(column, keys - own)
        return existing

    def _references(self, record: PinnedRecord, name: str) -> Sequence[int]:
        """Return the keys that a record has in a column of one reference or of a list of them."""
        value = record.get(name)
        if value is None:
            return ()
        return value if isinstance(value, list) else [value]

    def read(self, records: Records, keys: Sequence[RecordKey]) -> list[Record]:
        """Return the records with these keys, in their order; missing ones are left out."""
        rows = {row.id: row for row in records.matching(self.table.c.id, keys)}
        return [self.as_pinned(rows[key]) for key in keys if key in rows]

    def as_pinned(self, row: Row) -> Record:
        """Return a row as a dataset pins it."""
        unpinned = {plan.name for plan in self.columns if not plan.is_pinned}
        instants = self._instants
        return {
            name: spelled(value) if name in instants and value is not None else value
            for name, value in row._asdict().items()
            if name not in unpinned
        }

    @cached_property
    def _instants(self) -> set[str]:
        if self.columns:
            return {plan.name for plan in self.columns if plan.kind == "instant"}
        return {name for name in self.table.c.keys() if name.endswith("_at")}  # noqa: SIM118

    def add(self, records: Records, added: Sequence[Record]) -> None:
        """Add records that are not of the dataset; raises `RecordError` for the first mistake."""
        self.check_all(added, records)
        records.insert(self.table, [self.row(record["id"], record, records) for record in added])

    def clear(self, records: Records, keys: Sequence[RecordKey]) -> None:
        """Remove the rows with these keys, and nothing that refers to them."""
        records.delete(self.table.c.id, keys)

    def release(self, records: Records, keys: Sequence[RecordKey]) -> None:
        """Delete the records that refer to removed ones, and those that refer to them in turn.

        A reference that may be null is emptied; a list of references loses the removed ones.
        """
        for other in self.resources:
            for plan in other.referring(self.name):
                column = other.table.c[plan.name]
                if plan.kind == "value":
                    _remove_from_lists(records, column, keys)
                elif plan.nullable:
                    records.unset(column, keys, [plan.name])
                else:
                    ids = [row.id for row in records.matching(column, keys)]
                    if ids:
                        other.release(records, ids)
                    records.delete(column, keys)

    def referring(self, name: str) -> Iterable[ColumnPlan]:
        """Return the columns that refer to a resource."""
        return [plan for plan in self.columns if plan.reference and plan.reference.resource == name]


def _remove_from_lists(records: Records, column: Column[Any], keys: Sequence[RecordKey]) -> None:
    table = column.table
    for row in records.rows(select(table.c.id, column)):
        after = [key for key in row[1] or () if key not in keys]
        if after != (row[1] or []):
            change = table.update().where(table.c.id == row.id)
            records.connection.execute(change.values({column: after}))


def _rfc3339(instant: int) -> str:
    return rfc3339(moment(instant))
