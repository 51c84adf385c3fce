"""The common base of all resources of the Fab-manager Open API."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from sqlalchemy import Column, MetaData, Select, select

from fake_server.api.declare import Field, Json, Renderer, Resource
from fake_server.api.records import Row, Section, Seeding, part
from fake_server.api.serve import Parameters, store
from fake_server.apis.fabmanager.dialect.errors import NoSuchRecordError
from fake_server.apis.fabmanager.dialect.filters import KINDS, Condition, Related
from fake_server.apis.fabmanager.dialect.list_query import LabListQuery
from fake_server.apis.fabmanager.moments import server_zone, timestamp
from fake_server.apis.fabmanager.resources import API, RESOURCES

metadata = MetaData()

_NUMBER = re.compile("-?[0-9]+")

_CHUNK = 500


def rows_of(column: Column[Any], values: Collection[Any]) -> list[Row]:
    """Return the rows that have one of the values in a column, in the order of the table."""
    chosen = sorted(values)
    return [
        row
        for first in range(0, len(chosen), _CHUNK)
        for row in store().rows(
            select(column.table).where(column.in_(chosen[first : first + _CHUNK]))
        )
    ]


ReadFilter = Callable[[LabListQuery, Parameters, str, Field], None]


class LabResource(Resource):
    """A resource of the API.

    - `own_filters`: the readers of filters that no kind reads, by name.
    - `related`: the filters on another table, by name.
    """

    api = API
    tables = metadata
    resources = RESOURCES
    own_filters: ClassVar[Mapping[str, ReadFilter]] = {}
    related: ClassVar[Mapping[str, Related]] = {}

    def instants(self) -> Callable[[int], str]:
        """Return the function that spells milliseconds: in the zone of the lab, with its offset."""
        zone = server_zone()
        return lambda instant: timestamp(instant, zone)

    @property
    def envelope(self) -> str:
        """The key under which the answer to a list has the records."""
        return str(self.declaration.keys.get("envelope", self.name))

    def beside(self) -> Json:
        """Return the members that an answer to a list has beside the records."""
        return {}

    @cached_property
    def _optional(self) -> frozenset[str]:
        """The properties that an answer leaves out where they are null."""
        shape = self.shape(self.declaration.shape)
        return frozenset(shape["properties"]).difference(shape.get("required", ()))

    def as_items(self, rows: Sequence[Row]) -> list[Json]:
        """Return rows as items of a list, without the optional properties that are null."""
        return self._present(super().as_items(rows))

    def as_record(self, row: Row) -> Json:
        """Return a row as the record of its own operation; see `as_items`."""
        return self._present([super().as_record(row)])[0]

    def _present(self, items: list[Json]) -> list[Json]:
        if not self._optional:
            return items
        return [
            {
                name: value
                for name, value in item.items()
                if value is not None or name not in self._optional
            }
            for item in items
        ]

    def summaries(self, ids: Collection[int]) -> Mapping[int, Json]:
        """Return records as parts of others, by id."""
        rows = rows_of(self.table.c.id, ids)
        return {row.id: item for row, item in zip(rows, self.as_summaries(rows), strict=True)}

    def referred(
        self, resource: str, column: str, rows: Sequence[Row]
    ) -> Mapping[int, Json | None]:
        """Return the records that a column refers to, by the id of the referring row."""
        ids = {getattr(row, column) for row in rows} - {None}
        summaries = RESOURCES[resource].summaries(ids)
        return {row.id: summaries.get(getattr(row, column)) for row in rows}

    def as_summaries(self, rows: Sequence[Row]) -> list[Json]:
        """Return rows as parts of other records."""
        return self._render_summaries(rows)

    @cached_property
    def _render_summaries(self) -> Renderer:
        file = self.declaration.keys.get("summary", self.declaration.item)
        return self.renderer(self.shape(file)["properties"])

    def usual_count(self, section: Section) -> int:
        """Return how many records are invented where a dataset does not say."""
        return 0

    def seed(self, tables: Seeding) -> None:
        """Add the records of a dataset; their usual number if the dataset gives no `count`."""
        section = tables.section
        if "count" not in part(section, self.name) and (usual := self.usual_count(section)):
            own = {**part(section, self.name), "count": usual}
            tables.section = {**section, self.name: own}
        super().seed(tables)
        tables.section = section

    def has_field(self, name: str) -> bool:
        """Return whether the table has a column of that name."""
        return name in self.table.c

    def has_filter(self, name: str, field: Field) -> bool:
        """Return whether a filter is answered: by a related table, or as by any resource."""
        return name in self.related or super().has_filter(name, field)

    def list_query(self, parameters: Parameters) -> LabListQuery:
        """Return the list query that the parameters of a request make.

        Raises `BadRequestError` for the first parameter of the wrong kind. With quirks on it raises
        the `ServerError` of the real service.
        """
        declared = self.declared()
        query = LabListQuery(declared.order)
        for name, field in declared.filter.items():
            read = self.own_filters.get(name) or KINDS[field.kind].read
            read(query, parameters, name, field)
        query.conditions.update(self.always())
        return query

    def always(self) -> Iterable[str]:
        """Return the names of the conditions that every list has in the current world."""
        return ()

    def condition(self, name: str) -> Condition:
        """Return the condition of a name. Its value is the named parameter."""
        kind = KINDS[self.declaration.filter[name].kind]
        if name not in self.related:
            return kind.condition(self.compared(name), name)
        owners = select(self.related[name].owner)
        condition: Condition = self.table.c.id.in_(
            owners.where(kind.condition(self.compared(name), name))
        )
        return condition

    def compared(self, name: str) -> Column[Any]:
        """Return the column that the values of a filter are compared with."""
        if name in self.related:
            return self.related[name].column
        column: Column[Any] = self.table.c[self.declaration.filter[name].column or name]
        return column

    def matching(self, conditions: Iterable[str]) -> Select[Any]:
        """Return the query for the records that satisfy all conditions of these names."""
        return select(self.table).where(*(self.condition(name) for name in sorted(conditions)))

    def may_be_unset(self, column: str, conditions: Iterable[str]) -> bool:
        """Return whether a record that satisfies the conditions may have null in a column."""
        return bool(self.table.c[column].nullable)

    def in_table_order(self) -> Column[Any]:
        """Return the column that holds the order of the rows in the real service's table."""
        column: Column[Any] = self.table.c.id
        return column

    def shown(self, text: str) -> Row:
        """Return the row that a path names, for an answer that shows it.

        Raises `NoSuchRecordError`, or the error for a record that is not shown any more.
        """
        return self.named(text)

    def named(self, text: str) -> Row:
        """Return the row of the record that a path names, by its slug or its id.

        Raises `NoSuchRecordError`.
        """
        names = self.declaration.keys.get("names")
        if names:
            row = store().row(select(self.table).where(self.table.c[names] == text))
            if row is not None:
                return row
        is_number = _NUMBER.fullmatch(text) is not None
        if is_number and self.key_of(text) is not None:
            row = store().row(select(self.table).where(self.table.c.id == int(text)))
            if row is not None:
                return row
        raise NoSuchRecordError(self.declaration.type_name, text if is_number else None)
