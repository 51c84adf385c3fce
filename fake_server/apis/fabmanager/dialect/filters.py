"""The filters of a list, by the kinds that declarations name.

A kind reads a parameter into a `LabListQuery`. It makes the condition on a column from it.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, bindparam

from fake_server.api.declare import Field
from fake_server.api.serve import Parameters
from fake_server.apis.fabmanager.dialect.list_query import LabListQuery
from fake_server.apis.fabmanager.dialect.parameters import (
    Instant,
    date,
    flag,
    integers,
    option,
    texts,
)
from fake_server.apis.fabmanager.moments import MILLISECOND

Condition = ColumnElement[bool]


class Related(NamedTuple):
    """A filter on the rows of another table.

    - `column`: the filter's values are compared with it.
    - `owner`: it holds the id of the record that a row belongs to.
    """

    column: Column[Any]
    owner: Column[Any]


class FilterKind(NamedTuple):
    """A kind of filters.

    - `read`: reads the parameter of a name. It raises the error for a parameter of the wrong kind.
    - `condition`: returns the condition on a column. The condition's value is the named parameter.
    """

    read: Callable[[LabListQuery, Parameters, str, Field], None]
    condition: Callable[[Column[Any], str], Condition]


def read_from(query: LabListQuery, parameters: Parameters, name: str, field: Field) -> None:
    """Read the first instant that a column may have.

    Stored instants are whole milliseconds.
    """
    instant = _instant(query, date(parameters, name))
    if instant is not None:
        query.require(name, -(-instant // MILLISECOND))


def read_until(query: LabListQuery, parameters: Parameters, name: str, field: Field) -> None:
    """Read the last instant that a column may have."""
    instant = _instant(query, date(parameters, name))
    if instant is not None:
        query.require(name, instant // MILLISECOND)


def _instant(query: LabListQuery, instant: Instant | None) -> int | None:
    if instant is None:
        return None
    query.matches_nothing |= instant.microseconds is None
    query.is_unstorable |= not instant.is_storable
    return instant.microseconds


def read_integers(query: LabListQuery, parameters: Parameters, name: str, field: Field) -> None:
    """Read the numbers of which a column must have one.

    An empty list matches nothing.
    """
    numbers = integers(parameters, name)
    if numbers is not None:
        query.require(name, numbers)


def read_option(query: LabListQuery, parameters: Parameters, name: str, field: Field) -> None:
    """Read the text that a column must have."""
    text = option(parameters, name, field.options)
    if text is not None:
        query.require(name, text)


def read_texts(query: LabListQuery, parameters: Parameters, name: str, field: Field) -> None:
    """Read the texts of which a column must have one."""
    values = texts(parameters, name)
    if values is not None:
        query.require(name, values)


def read_flag(query: LabListQuery, parameters: Parameters, name: str, field: Field) -> None:
    """Read whether a column must be true or false."""
    value = flag(parameters, name)
    if value is not None:
        query.require(name, value)


def _at_least(column: Column[Any], name: str) -> Condition:
    return column >= bindparam(name)


def _at_most(column: Column[Any], name: str) -> Condition:
    return column <= bindparam(name)


def _one_of(column: Column[Any], name: str) -> Condition:
    return column.in_(bindparam(name, expanding=True))


def _equal(column: Column[Any], name: str) -> Condition:
    return column == bindparam(name)


KINDS: Mapping[str, FilterKind] = {
    "From": FilterKind(read_from, _at_least),
    "Until": FilterKind(read_until, _at_most),
    "Integers": FilterKind(read_integers, _one_of),
    "Option": FilterKind(read_option, _equal),
    "Texts": FilterKind(read_texts, _one_of),
    "Flag": FilterKind(read_flag, _equal),
}
