"""The common base of all resources of the 42 intra API."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from sqlalchemy import JSON, ColumnElement, MetaData, exists, func, select

from fake_server.api.declare import Call, Field, Json, Resource, declaration
from fake_server.api.records import Row
from fake_server.api.serve import store
from fake_server.apis.intra42.dialect.errors import NoSuchRecordError
from fake_server.apis.intra42.dialect.record_cache import rows_where
from fake_server.apis.intra42.dialect.sql_conditions import Condition
from fake_server.apis.intra42.dialect.timestamps import timestamp
from fake_server.apis.intra42.resources import API, RESOURCES

metadata = MetaData()


def documented_ids(name: str) -> list[int]:
    """Return the ids that the documents list for `filter[campus]` or `filter[cursus]`."""
    return [int(option) for option in declaration(API, "projects_users").filter[name].options]


class IntraResource(Resource):
    """A resource of the API.

    `conditions` has, by name, the functions that make the conditions of filters on more than a
    plain column. Each function gets the resource, the field's name and the text.
    """

    api = API
    tables = metadata
    resources = RESOURCES
    conditions: ClassVar[Mapping[str, Callable[[Any, str, str], Condition]]] = {}

    def instants(self) -> Callable[[int], str]:
        """Return the function that spells milliseconds: `2017-11-24T20:15:00.000Z`, in UTC."""
        return timestamp

    def has_field(self, name: str) -> bool:
        """Return whether the table has a column of that name."""
        return name in self.table.c

    def has_filter(self, name: str, field: Field) -> bool:
        """Return whether a filter is answered: by `conditions`, or as by any resource."""
        return name in self.conditions or super().has_filter(name, field)

    def as_belongings(self, rows: Sequence[Row], keys: Sequence[str]) -> list[Json]:
        """Return rows as the record of their user shows them, with the given keys."""
        return [{key: item[key] for key in keys} for item in self.as_items(rows)]

    def existing(self) -> Iterable[ColumnElement[bool]]:
        """Return the conditions of every record that the current world has."""
        return ()

    def of_parent(self, parent: str, parent_id: int) -> ColumnElement[bool]:
        """Return the condition of records that belong to a record of another resource."""
        through = self.declaration.parents[parent].get("through")
        if through:
            return self.linked(RESOURCES[through], f"{_noun(parent)}_id", parent_id)
        column = self.table.c[self._parent_columns[parent]]
        if isinstance(column.type, JSON):
            members = func.json_each(column).table_valued("value")
            return exists(select(members.c.value).where(members.c.value == parent_id))
        condition: ColumnElement[bool] = column == parent_id
        return condition

    def linked(self, link: Resource, name: str, parent_id: int) -> ColumnElement[bool]:
        """Return the condition that a record of `link`, whose column `name` has an id, ties it.

        Either records refer to the link, or the link refers to records.
        """
        is_parent = link.table.c[name] == parent_id
        own = self.table.c.get(f"{_noun(link.name)}_id")
        if own is not None:
            return own.in_(select(link.table.c.id).where(is_parent))
        return self.table.c.id.in_(select(link.table.c[f"{_noun(self.name)}_id"]).where(is_parent))

    def of_person(self, user_id: int) -> ColumnElement[bool]:
        """Return the condition of the records that a person has under `/v2/me`.

        It is that of a column or a resource that ties them, as `me` of the declaration says; else
        they are those that the list under the user has.
        """
        keys = self.declaration.keys["me"]
        if "through" in keys:
            return self.linked(RESOURCES[keys["through"]], "user_id", user_id)
        if "column" in keys:
            condition: ColumnElement[bool] = self.table.c[keys["column"]] == user_id
            return condition
        return self.of_parent("users", user_id)

    def counts(self, resource_name: str, rows: Sequence[Row]) -> Mapping[int, int]:
        """Return how many records of another resource refer to each row, by the row's id."""
        column, ids = RESOURCES[resource_name].table.c[self.argument], [row.id for row in rows]
        query = select(column, func.count()).where(column.in_(ids)).group_by(column)
        counted = {row[0]: row[1] for row in store().rows(query)}
        return {number: counted.get(number, 0) for number in ids}

    def shown_in_lists(self, ids: Collection[int]) -> Mapping[int, Json]:
        """Return records by id, as lists show them. It leaves out an id that no record has."""
        rows = rows_where(self.table.c.id, ids)
        items = zip(rows, self.as_items(rows), strict=True)
        return {row.id: item for row, item in items}

    @cached_property
    def _parent_columns(self) -> Mapping[str, str]:
        return {
            name: keys.get("column", f"{_noun(name)}_id")
            for name, keys in self.declaration.parents.items()
        }

    @property
    def argument(self) -> str:
        """The name of the argument that names a record of the resource, such as `user_id`."""
        return f"{_noun(self.name)}_id"

    def id_of(self, text: str) -> int:
        """Return the id of the record that a path names by id, login or slug.

        Raises `NoSuchRecordError`.
        """
        number = None
        if text.isascii() and text.isdigit() and len(text) < 19:
            number = store().value(select(self.table.c.id).where(self.table.c.id == int(text)))
        names = self.declaration.keys.get("names")
        if number is None and names:
            number = store().value(select(self.table.c.id).where(self.table.c[names] == text))
        if number is None:
            raise NoSuchRecordError
        return int(number)

    def named(self, text: str) -> Row:
        """Return the row of the record that a path names; raises `NoSuchRecordError`."""
        row = store().row(
            select(self.table).where(self.table.c.id == self.id_of(text), *self.existing())
        )
        if row is None:
            raise NoSuchRecordError
        return row

    def called(self, call: Call) -> Row:
        """Return the row of the record that a request names, below its parent if it names one.

        Raises `NoSuchRecordError`.
        """
        row = self.named(call.record)
        if call.operation.parent:
            parent = RESOURCES[call.operation.parent]
            assert isinstance(parent, IntraResource)
            belongs = self.of_parent(parent.name, parent.id_of(call.parent))
            if (
                store().value(select(self.table.c.id).where(self.table.c.id == row.id, belongs))
                is None
            ):
                raise NoSuchRecordError
        return row


def referred_by(
    rows: Sequence[Row], column: str, render: Callable[[Collection[int]], Mapping[int, Json]]
) -> Mapping[int, Json | None]:
    """Return the record that a column names in each row, by the row's id; None where it is null.

    `render` returns records by id.
    """
    numbers = {row.id: getattr(row, column) for row in rows}
    records = render(set(numbers.values()) - {None})
    return {row_id: records.get(number) for row_id, number in numbers.items()}


def listed_by(
    rows: Sequence[Row], column: str, render: Callable[[Collection[int]], Mapping[int, Json]]
) -> Mapping[int, list[Json]]:
    """Return the records that a column of ids names in each row, by the row's id.

    `render` returns records by id. It leaves out those that there are not.
    """
    numbers = {row.id: getattr(row, column) or () for row in rows}
    records = render({number for listed in numbers.values() for number in listed})
    return {
        row_id: [records[number] for number in listed if number in records]
        for row_id, listed in numbers.items()
    }


def _noun(name: str) -> str:
    """Return the word for one record of a resource, as it stands in names of columns."""
    noun: str = RESOURCES[name].declaration.singular.replace(" ", "_")
    return noun
