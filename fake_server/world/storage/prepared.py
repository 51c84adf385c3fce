"""Prepared queries: the SQL and the parameters of query objects that are used again.

SQLAlchemy compiles the SQL once. Each further execution by SQLAlchemy costs more than most queries.
`python -m bench.cpu_time` measures the saving: a fifth to a third of the CPU time of a list.
"""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import Dialect, Select

_MOST = 256
_MOST_SHAPES = 128
_LONGEST = 128
_LISTS = (list, tuple)

Values = Mapping[str, Any]
Process = Callable[[Any], Any]
ResultShape = tuple[tuple[str, int], ...]
"""The names and lengths of the values of a query that are lists."""


@lru_cache(maxsize=1000)
def row_maker(columns: tuple[str, ...]) -> Callable[[Sequence[Any]], Any]:
    """Return the maker of rows with these columns: it takes the values, and returns a named tuple.

    It is ten times as fast as SQLAlchemy's, and twice as fast as the `_make` of a named tuple.
    """
    return partial(tuple.__new__, namedtuple("Row", columns, rename=True))


class Prepared:
    """A query, compiled for values of one shape."""

    __slots__ = ("_make_row", "_parameters", "_processors", "_sql")

    def __init__(self, query: Select[Any], dialect: Dialect, values: Values) -> None:
        marks = {name: _mark(name, value) for name, value in values.items()}
        state = query.compile(dialect=dialect).construct_expanded_state(marks)
        self._sql = state.statement
        self._make_row: Callable[[Sequence[Any]], Any] | None = None
        self._parameters = [
            _bound(parameter, state.processors.get(name))
            for name, parameter in zip(
                state.positiontup or (), state.positional_parameters, strict=True
            )
        ]
        self._processors = [
            (index, process)
            for index, column in enumerate(query.selected_columns)
            if (process := _processor(column.type, dialect)) is not None
        ]

    def rows(self, driver: sqlite3.Connection, values: Values) -> Sequence[Any]:
        """Return all rows of the query for values of its shape."""
        parameters = [
            parameter.of(values) if type(parameter) is _Mark else parameter
            for parameter in self._parameters
        ]
        cursor = driver.execute(self._sql, parameters)
        rows = cursor.fetchall()
        make_row = self._make_row
        if make_row is None:
            columns = tuple([column[0] for column in cursor.description])
            make_row = self._make_row = row_maker(columns)
        if self._processors:
            rows = _processed(rows, self._processors)
        return [*map(make_row, rows)]


def _processed(
    rows: Sequence[tuple[Any, ...]], processors: Iterable[tuple[int, Process]]
) -> list[list[Any]]:
    lists = [*map(list, rows)]
    for index, process in processors:
        for values in lists:
            values[index] = process(values[index])
    return lists


class _Mark:
    """Marks a parameter: a named value or an item of it; `process` converts it for the driver."""

    __slots__ = ("_index", "_name", "_process")

    def __init__(self, name: str, index: int | None = None, process: Process | None = None) -> None:
        self._name = name
        self._index = index
        self._process = process

    def of(self, values: Values) -> Any:
        """Return the parameter's value."""
        value = values[self._name]
        if self._index is not None:
            value = value[self._index]
        return value if self._process is None else self._process(value)

    def processed(self, process: Process) -> "_Mark":
        """Return a mark for the same parameter, converted by `process`."""
        return _Mark(self._name, self._index, process)


def _bound(parameter: Any, process: Process | None) -> Any:
    """Return a parameter of the SQL, converted for the driver: a mark, or a value of the query."""
    if process is None:
        return parameter
    return parameter.processed(process) if isinstance(parameter, _Mark) else process(parameter)


def _mark(name: str, value: Any) -> Any:
    if isinstance(value, _LISTS):
        return [_Mark(name, index) for index in range(len(value))]
    return _Mark(name)


def _processor(kind: Any, dialect: Dialect) -> Process | None:
    processor: Process | None = kind.dialect_impl(dialect).result_processor(dialect, None)
    return processor


class Use:
    """The use of one query: it is prepared at its second use, for each shape of its values."""

    __slots__ = ("_prepared", "_query", "_used")

    def __init__(self, query: Select[Any]) -> None:
        self._query = query
        self._used = False
        self._prepared: dict[ResultShape, Prepared] = {}

    def prepared(self, dialect: Dialect, values: Values) -> Prepared | None:
        """Return the query prepared for these values; None at its first use and for long lists."""
        shape = tuple(
            [(name, len(value)) for name, value in values.items() if isinstance(value, _LISTS)]
        )
        prepared = self._prepared.get(shape)
        if prepared is not None:
            return prepared
        if not self._used or any(length > _LONGEST for _, length in shape):
            self._used = True
            return None
        if len(self._prepared) == _MOST_SHAPES:
            self._prepared.clear()
        prepared = self._prepared[shape] = Prepared(self._query, dialect, values)
        return prepared


@lru_cache(maxsize=_MOST)
def use_of(query: Select[Any]) -> Use:
    """Return the use of this very query object."""
    return Use(query)
