"""Tallies: how many rows of a table have each value, told without counting them.

A tally is of a column, or of a term of one. All those of an API stand in one table more, which
triggers keep true: whatever writes, and wherever the database is copied to.

Like `store`, this module knows of SQLite.
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
"""What the table of an API's tallies is called."""
_ROW = "{row}"

TallyTerm = Callable[[ColumnElement[Any]], ColumnElement[Any]]
"""Makes a term of a column."""

TallyTest = Callable[[ColumnElement[Any]], ColumnElement[bool]]
"""Makes a condition of a column or a term."""


def itself(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the column: the term of a tally of its values."""
    return column


class Tally:
    """How many rows of a table have each value of one of its columns, or of a `term` of that.

    To be declared where the table is: it adds the table of tallies to the same `MetaData`.
    `number` tells it from others whatever is declared first: it follows from its names.
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
        """Return the query of how many rows have a value that satisfies `test`."""
        total = func.coalesce(func.sum(self._tallies.c.total), 0)
        return select(total).where(self._mine(), test(self._value))

    def totals(self) -> Select[Any]:
        """Return the query of each value that rows have, null too, and how many have it."""
        return self._totals

    def _mine(self) -> ColumnElement[bool]:
        return self._tallies.c.tally == literal_column(str(self.number), Integer)

    def spelled(self, dialect: Dialect) -> "_Spelled":
        """Return what the statements that keep it hold."""
        column: ColumnElement[Any] = literal_column(f"{_ROW}.{self.column.name}", self.column.type)
        term = self.term(column).compile(dialect=dialect, compile_kwargs={"literal_binds": True})
        return _Spelled(self.number, self.column.name, str(term))


class _Spelled(NamedTuple):
    """A tally in the words of SQL: its number, its column, its term of a row called `_ROW`."""

    number: int
    column: str
    term: str

    def counting(self, table: str) -> str:
        """Return the query of the rows that are there."""
        term = self.term.replace(_ROW, table)
        return f"SELECT {self.number}, {term}, count(*) FROM {table} GROUP BY 2"

    def adding(self) -> str:
        """Return what a trigger does with a row that comes."""
        term = self.term.replace(_ROW, "NEW")
        return (
            f"UPDATE {NAME} SET total = total + 1 WHERE {self._found(term)};"
            f" INSERT INTO {NAME} SELECT {self.number}, {term}, 1 WHERE changes() = 0;"
        )

    def removing(self) -> str:
        """Return what a trigger does with a row that goes."""
        found = self._found(self.term.replace(_ROW, "OLD"))
        return f"UPDATE {NAME} SET total = total - 1 WHERE {found};"

    def _found(self, term: str) -> str:
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
        Index("ix_tallies_value", "tally", "value", unique=True),
    )


def _declared(tallies: Table) -> list[Tally]:
    found: list[Tally] = tallies.info.setdefault(NAME, [])
    return found


def _declare(tallies: Table, tally: Tally) -> None:
    declared = _declared(tallies)
    if any(other.number == tally.number for other in declared):
        raise ValueError(f"{tally.column}: is tallied twice, or has the number of another")
    declared.append(tally)


def begin_tallies(connection: Connection, tables: MetaData) -> None:
    """Tally the rows that are there; from now on, those that come, change and go."""
    if NAME not in tables.tables:
        return
    by_table: dict[str, list[_Spelled]] = {}
    for tally in _declared(tables.tables[NAME]):
        found = by_table.setdefault(tally.column.table.name, [])
        found.append(tally.spelled(connection.dialect))
    for table, tallies in by_table.items():
        for statement in _beginning(table, tallies):
            connection.exec_driver_sql(statement)


def _beginning(table: str, tallies: Sequence[_Spelled]) -> Iterable[str]:
    for one in tallies:
        yield f"INSERT INTO {NAME} {one.counting(table)}"
    added = " ".join(one.adding() for one in tallies)
    removed = " ".join(one.removing() for one in tallies)
    columns = ", ".join(dict.fromkeys(one.column for one in tallies))
    for name, event, acts in (
        ("added", "INSERT", added),
        ("removed", "DELETE", removed),
        ("changed", f"UPDATE OF {columns}", f"{removed} {added}"),
    ):
        yield f"CREATE TRIGGER {table}_{name} AFTER {event} ON {table} BEGIN {acts} END"
