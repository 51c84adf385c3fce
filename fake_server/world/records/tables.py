"""The records of one API in one world, to be read and changed."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol, TypeVar, cast

from sqlalchemy import Column, Connection, Table, func, select
from sqlalchemy.sql import Executable

from fake_server.errors import RecordError
from fake_server.world.image_inputs import ImageInputs, Section
from fake_server.world.storage.store import Row, Store

RecordKey = int | str
"""The key of a record: an id, or the text of a token."""

Record = dict[str, Any]
"""A record, with the attributes that a record pinned in a dataset may have."""

_CHUNK = 5000
_Story = TypeVar("_Story")


class Tables(ABC):
    """The tables of one API, to be read and filled.

    `section` is the API's section of the dataset.
    """

    section: Section

    @property
    @abstractmethod
    def inputs(self) -> ImageInputs:
        """The inputs that records are invented from."""

    @property
    @abstractmethod
    def connection(self) -> Connection:
        """The connection to write with."""

    @abstractmethod
    def rows(self, statement: Executable) -> Sequence[Row]:
        """Return all rows of a query."""

    def story(self, make: Callable[["Tables"], _Story]) -> _Story:
        """Return the result of `make(tables)`, which is called once.

        A story is a fact that several records agree on: who was where, who did what.
        """
        if make not in self._stories:
            self._stories[make] = make(self)
        story: _Story = self._stories[make]
        return story

    @cached_property
    def _stories(self) -> dict[Any, Any]:
        return {}

    def ids(self, table: Table) -> list[int]:
        """Return the ids of all rows of a table, in ascending order."""
        return [row[0] for row in self.rows(select(table.c.id).order_by(table.c.id))]

    def insert(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write rows into a table."""
        if rows:
            self.connection.execute(table.insert(), rows)

    def delete(self, column: Column[Any], values: Iterable[Any]) -> None:
        """Delete the rows that have one of the values in a column."""
        for chunk in _chunks(values):
            self.connection.execute(column.table.delete().where(column.in_(chunk)))

    def unset(self, column: Column[Any], values: Iterable[Any], columns: Iterable[str]) -> None:
        """Set columns to null in the rows that have one of the values in a column."""
        nulls = dict.fromkeys(columns)
        for chunk in _chunks(values):
            self.connection.execute(column.table.update().where(column.in_(chunk)).values(nulls))

    def matching(self, column: Column[Any], values: Iterable[Any]) -> list[Row]:
        """Return the rows, with all columns, that have one of the values in a column."""
        query = select(column.table)
        return [
            row for chunk in _chunks(values) for row in self.rows(query.where(column.in_(chunk)))
        ]

    def existing_values(self, column: Column[Any], values: Iterable[Any]) -> set[Any]:
        """Return the subset of `values` that exist in a column."""
        query = select(column)
        results = (self.rows(query.where(column.in_(chunk))) for chunk in _chunks(values))
        return {row[0] for rows in results for row in rows}

    def require_new(self, column: Column[Any], added: Sequence[Record]) -> None:
        """Raise `RecordError` for a record whose value of a unique column another record has."""
        name = str(column.name)
        taken = self.existing_values(column, [record[name] for record in added if name in record])
        for index, record in enumerate(added):
            if record.get(name) in taken:
                path = (str(column.table.name), "records", index, name)
                raise RecordError(path, f"another record has {record[name]!r} too")
            taken |= {record[name]} if name in record else set()

    def largest(self, column: Column[int]) -> int:
        """Return the largest number in a column; 0 for an empty table."""
        return int(self.rows(select(func.max(column)))[0][0] or 0)


class Seeding(Tables):
    """The tables of a new image, to be filled with the records of a dataset."""

    def __init__(self, inputs: ImageInputs, connection: Connection) -> None:
        self._inputs = inputs
        self._connection = connection
        self.section = inputs.section

    @property
    def inputs(self) -> ImageInputs:
        """The inputs of the image."""
        return self._inputs

    @property
    def connection(self) -> Connection:
        """The connection to the new database."""
        return self._connection

    def rows(self, statement: Executable) -> Sequence[Row]:
        """Return the rows of a query."""
        rows: Any = self._connection.execute(statement).fetchall()
        return cast(Sequence[Row], rows)


_Part = TypeVar("_Part")


class RecordsOwner(Protocol):
    """The part of a `World` that `Records` uses."""

    @property
    def seed(self) -> int:
        """The seed of all invented values."""

    @property
    def start(self) -> datetime:
        """The start of the world's records, in UTC."""

    def section(self, api: str) -> Section:
        """Return the current section of an API."""

    def replace_section(self, api: str, section: Section) -> None:
        """Replace the section of an API."""

    def store(self, api: str) -> Store:
        """Return the store of an API."""

    def part(self, kind: type[_Part]) -> _Part:
        """Return the world's single instance of a class."""

    def changing(self) -> AbstractContextManager[None]:
        """Return a context that holds the world's lock and then raises its version."""


class Records(Tables):
    """The records of one API in one world. Reading is always possible, changing inside `writing`.

    - `world`: the `World`. Its type is `Any`, since the module of `World` imports this one.
    - `when_done`: the functions to call after all changes are kept.
    """

    def __init__(self, world: RecordsOwner, api: str) -> None:
        self.world: Any = world
        self.api = api
        self.section: Section = world.section(api)
        self.when_done: list[Callable[[], None]] = []
        self._stack: ExitStack | None = None
        self._connection: Connection | None = None

    @property
    def inputs(self) -> ImageInputs:
        """The inputs of the world's image."""
        return ImageInputs(self.section, self.world.seed, self.world.start)

    def rows(self, statement: Executable) -> Sequence[Row]:
        """Return the rows of a query."""
        rows: Sequence[Row] = self.world.store(self.api).rows(statement)
        return rows

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Keep the changes of the block, those to `section` included; an exception undoes them."""
        with self.world.changing():
            with ExitStack() as self._stack:
                yield
            self._connection = self._stack = None
            self.world.replace_section(self.api, self.section)
            for callback in self.when_done:
                callback()

    @property
    def connection(self) -> Connection:
        """The connection to write with; the first use gives the world a copy of the image."""
        if self._stack is None:
            raise RuntimeError("records are only changed inside `writing`")
        if self._connection is None:
            writing = self.world.store(self.api).writing()
            self._connection = self._stack.enter_context(writing)
        return self._connection


def _chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    unique = list(dict.fromkeys(values))
    return (unique[first : first + _CHUNK] for first in range(0, len(unique), _CHUNK))
