"""Queries that come again as the same object: as SQL, and what is to be put into it.

SQLAlchemy makes the SQL, once; after that, the way through it costs more than most queries here.
`python -m bench.prepared_queries` says what this saves: 8 to 15 % of a request's CPU time.
"""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect, Select

_MOST = 256
_MOST_SHAPES = 128
_LONGEST = 128
_LISTS = (list, tuple)

Values = Mapping[str, Any]
Process = Callable[[Any], Any]
Shape = tuple[tuple[str, int], ...]
"""The names of those values of a query that are lists, and how long each is."""


@lru_cache(maxsize=1000)
def row_class(columns: tuple[str, ...]) -> Any:
    """Return the class of rows with these columns: read ten times as fast as SQLAlchemy's own."""
    return namedtuple("Row", columns, rename=True)


class Prepared:
    """One query, for values of one shape."""

    __slots__ = ("_places", "_processors", "_sql")

    def __init__(self, query: Select[Any], dialect: Dialect, values: Values) -> None:
        marks = {name: _mark(name, value) for name, value in values.items()}
        state = query.compile(dialect=dialect).construct_expanded_state(marks)
        self._sql = state.statement
        self._places = [
            _bound(one, state.processors.get(name))
            for name, one in zip(state.positiontup or (), state.positional_parameters, strict=True)
        ]
        self._processors = [
            (place, process)
            for place, column in enumerate(query.selected_columns)
            if (process := _processor(column.type, dialect)) is not None
        ]

    def rows(self, driver: sqlite3.Connection, values: Values) -> Sequence[Any]:
        """Return all rows of the query for values of its shape."""
        given = [one.of(values) if type(one) is _Mark else one for one in self._places]
        cursor = driver.execute(self._sql, given)
        found = cursor.fetchall()
        made = row_class(tuple([column[0] for column in cursor.description]))._make
        if self._processors:
            return [made(self._processed(row)) for row in found]
        return [*map(made, found)]

    def _processed(self, row: tuple[Any, ...]) -> list[Any]:
        values = list(row)
        for place, process in self._processors:
            values[place] = process(values[place])
        return values


class _Mark:
    """Stands for a value, or for one of a list; `process` makes of it what the driver takes."""

    __slots__ = ("_name", "_place", "_process")

    def __init__(self, name: str, place: int | None = None, process: Process | None = None) -> None:
        self._name = name
        self._place = place
        self._process = process

    def of(self, values: Values) -> Any:
        """Return the value that it stands for."""
        value = values[self._name]
        if self._place is not None:
            value = value[self._place]
        return value if self._process is None else self._process(value)

    def processed(self, process: Process) -> "_Mark":
        """Return a mark for the same value, processed."""
        return _Mark(self._name, self._place, process)


def _bound(one: Any, process: Process | None) -> Any:
    """Return what stands in a place of the SQL: a mark, or a value of the query's own."""
    if process is None:
        return one
    return one.processed(process) if isinstance(one, _Mark) else process(one)


def _mark(name: str, value: Any) -> Any:
    if isinstance(value, _LISTS):
        return [_Mark(name, place) for place in range(len(value))]
    return _Mark(name)


def _processor(kind: Any, dialect: Dialect) -> Process | None:
    found: Process | None = kind.dialect_impl(dialect).result_processor(dialect, None)
    return found


class Use:
    """How a query has been used: prepared at its second use, for each shape of its values."""

    __slots__ = ("_prepared", "_query", "_used")

    def __init__(self, query: Select[Any]) -> None:
        self._query = query
        self._used = False
        self._prepared: dict[Shape, Prepared] = {}

    def prepared(self, dialect: Dialect, values: Values) -> Prepared | None:
        """Return the query prepared for these values; None at its first use, or for long lists."""
        shape = tuple([(name, len(one)) for name, one in values.items() if isinstance(one, _LISTS)])
        found = self._prepared.get(shape)
        if found is not None:
            return found
        if not self._used or any(length > _LONGEST for _, length in shape):
            self._used = True
            return None
        if len(self._prepared) == _MOST_SHAPES:
            self._prepared.clear()
        found = self._prepared[shape] = Prepared(self._query, dialect, values)
        return found


@lru_cache(maxsize=_MOST)
def use_of(query: Select[Any]) -> Use:
    """Return how a query, this very object, has been used."""
    return Use(query)
