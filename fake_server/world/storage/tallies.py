"""Tallies: row counts per value of a column, so that totals need no `COUNT(*)`.

The tallies of an API are rows of one more table. SQLite triggers keep them up to date, in copies of
the database too. A tally counts the values of a column, or of a term of the column.

This module depends on SQLite, as `store` and `prepared` do.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple
from zlib import crc32

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    Table,
    func,
    literal_column,
    select,
    type_coerce,
)

NAME = "tallies"
"""The name of the table of tallies."""
_ROW = "{row}"

TallyTerm = Callable[[ColumnElement[Any]], ColumnElement[Any]]
"""Returns a term of a column, such as its month."""

TallyTest = Callable[[ColumnElement[Any]], ColumnElement[bool]]
"""Returns a condition on a column or term."""


def itself(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the column itself: the term of a tally of its values."""
    return column


class Tally:
    """The number of rows of a table for each value of a column, or of a `term` of the column.

    A tally is declared beside its table: it adds the table of tallies to the same `MetaData`.
    `number` identifies the tally. It depends on its names, not on the order of declarations.
    """

    def __init__(self, column: Column[Any], term: TallyTerm = itself) -> None:
        self.column = column
        self.term = term
        self._tallies = _table_of_tallies(column.table.metadata)
        self.number = crc32(f"{column.table.name}.{column.name}.{term.__name__}".encode())
        self._value = type_coerce(self._tallies.c.value, term(column).type)
        total = self._tallies.c.total
        self._totals = select(self._value, total).where(self._mine(), total > 0)
        _declare(self._tallies, self)

    def total(self, test: TallyTest) -> Select[Any]:
        """Return the query of the number of rows whose value satisfies `test`."""
        total = func.coalesce(func.sum(self._tallies.c.total), 0)
        return select(total).where(self._mine(), test(self._value))

    def totals(self) -> Select[Any]:
        """Return the query of each value, null included, and its number of rows."""
        return self._totals

    def _mine(self) -> ColumnElement[bool]:
        return self._tallies.c.tally == literal_column(str(self.number), Integer)

    def sql(self, dialect: Dialect) -> "_TallySql":
        """Return the SQL of the statements that keep the tally up to date."""
        column: ColumnElement[Any] = literal_column(f"{_ROW}.{self.column.name}", self.column.type)
        term = self.term(column).compile(dialect=dialect, compile_kwargs={"literal_binds": True})
        return _TallySql(self.number, self.column.name, str(term))


class _TallySql(NamedTuple):
    """The SQL of a tally: its number, its column, and its term, where `_ROW` is the row's name."""

    number: int
    column: str
    term: str

    def counting(self, table: str) -> str:
        """Return the query that counts the existing rows."""
        term = self.term.replace(_ROW, table)
        return f"SELECT {self.number}, {term}, count(*) FROM {table} GROUP BY 2"

    def adding(self) -> str:
        """Return the statements of a trigger that adds a row."""
        term = self.term.replace(_ROW, "NEW")
        return (
            f"UPDATE {NAME} SET total = total + 1 WHERE {self._condition(term)};"
            f" INSERT INTO {NAME} SELECT {self.number}, {term}, 1 WHERE changes() = 0;"
        )

    def removing(self) -> str:
        """Return the statement of a trigger that removes a row."""
        condition = self._condition(self.term.replace(_ROW, "OLD"))
        return f"UPDATE {NAME} SET total = total - 1 WHERE {condition};"

    def _condition(self, term: str) -> str:
        return f"tally = {self.number} AND value IS ({term})"


def _table_of_tallies(tables: MetaData) -> Table:
    if NAME in tables.tables:
        return tables.tables[NAME]
    # A column of bytes keeps numbers and text as they are.
    return Table(
        NAME,
        tables,
        Column("tally", Integer, nullable=False),
        Column("value", LargeBinary),
        Column("total", Integer, nullable=False),
        # It has all that is asked of a tally.
        Index("ix_tallies_value", "tally", "value", "total"),
    )


def _declared(tallies: Table) -> list[Tally]:
    declared: list[Tally] = tallies.info.setdefault(NAME, [])
    return declared


def _declare(tallies: Table, tally: Tally) -> None:
    declared = _declared(tallies)
    if any(other.number == tally.number for other in declared):
        raise ValueError(f"{tally.column}: is tallied twice, or has the number of another")
    declared.append(tally)


def begin_tallies(connection: Connection, tables: MetaData) -> None:
    """Count the existing rows, and make the triggers that count later changes."""
    if NAME not in tables.tables:
        return
    by_table: dict[str, list[_TallySql]] = {}
    for tally in _declared(tables.tables[NAME]):
        of_table = by_table.setdefault(tally.column.table.name, [])
        of_table.append(tally.sql(connection.dialect))
    for table, tallies in by_table.items():
        for statement in _beginning(table, tallies):
            connection.exec_driver_sql(statement)


def _beginning(table: str, tallies: Sequence[_TallySql]) -> Iterable[str]:
    for tally in tallies:
        yield f"INSERT INTO {NAME} {tally.counting(table)}"
    added = " ".join(tally.adding() for tally in tallies)
    removed = " ".join(tally.removing() for tally in tallies)
    columns = ", ".join(dict.fromkeys(tally.column for tally in tallies))
    for name, event, actions in (
        ("added", "INSERT", added),
        ("removed", "DELETE", removed),
        ("changed", f"UPDATE OF {columns}", f"{removed} {added}"),
    ):
        yield f"CREATE TRIGGER {table}_{name} AFTER {event} ON {table} BEGIN {actions} END"
