"""Tables that hold nothing of their own: their rows follow from the rows of others."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    CompoundSelect,
    Select,
    literal_column,
    null,
    type_coerce,
)
from sqlalchemy.types import TypeEngine


def derived_table(
    name: str, query: Select[Any] | CompoundSelect[Any], required: Iterable[str]
) -> Any:
    """Return a stand-in for a table, whose rows are those of a query.

    `required` are the columns that are never null, so that an index may serve their order.
    """
    table: Any = query.subquery(name)
    for column in required:
        table.c[column].nullable = False
    return table


def nothing(kind: type[TypeEngine[Any]], name: str) -> ColumnElement[Any]:
    """Return a column that is always null."""
    return type_coerce(null(), kind).label(name)


def always(name: str) -> ColumnElement[bool]:
    """Return a column that is always true."""
    return type_coerce(literal_column("1"), Boolean).label(name)
