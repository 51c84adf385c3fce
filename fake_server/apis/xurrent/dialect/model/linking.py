"""Links between records of two resources. Neither is a part of the other."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, Connection, Integer, MetaData, Table, exists, select

from fake_server.api.declare import declaration
from fake_server.api.serve import store
from fake_server.apis.xurrent.resources import API


class Links(NamedTuple):
    """The links between records of two resources.

    - `columns`: the column that holds the ids of a resource's records, by the resource's name.
    """

    table: Table
    columns: Mapping[str, Column[Any]]

    def linked(self, column: ColumnElement[Any], parent: str, number: int) -> ColumnElement[bool]:
        """Return the condition that the record whose id a column holds is linked to a parent."""
        (own,) = (column_of for name, column_of in self.columns.items() if name != parent)
        return exists().where(self.columns[parent] == number, own == column)

    def between(self, ids: Mapping[str, int]) -> list[ColumnElement[bool]]:
        """Return the conditions of the link between two records, by their resources' names."""
        return [self.columns[name] == number for name, number in ids.items()]

    def is_linked(self, ids: Mapping[str, int]) -> bool:
        """Return whether two records are linked."""
        return store().row(select(self.table).where(*self.between(ids))) is not None

    def link(self, connection: Connection, ids: Mapping[str, int]) -> None:
        """Link two records, unless they are linked already."""
        if not self.is_linked(ids):
            values = {self.columns[name].name: number for name, number in ids.items()}
            connection.execute(self.table.insert().values(values))


def links_between(tables: MetaData, names: tuple[str, str], table_name: str) -> Links:
    """Return the links between two resources. The first call makes their table."""
    columns = {name: id_column(name) for name in names}
    table = tables.tables.get(table_name)
    if table is None:
        first, second = sorted(columns.values())
        table = Table(
            table_name,
            tables,
            Column(first, Integer, primary_key=True),
            Column(second, Integer, primary_key=True, index=True),
        )
    return Links(table, {name: table.c[column] for name, column in columns.items()})


def id_column(name: str) -> str:
    """Return the default name of the column that refers to a resource's records."""
    return f"{declaration(API, name).singular.replace(' ', '_')}_id"
