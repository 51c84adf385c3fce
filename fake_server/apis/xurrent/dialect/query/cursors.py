"""Cursors: the positions at which a page of an ordered collection begins and ends.

A cursor is base64url of `{"offset": …, "cursor": [sort values…, id]}`. Clients do not read it.
"""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Sequence
from typing import Any, NamedTuple

import orjson
from sqlalchemy import ColumnElement, and_, func, literal_column, or_

from fake_server.api.declare import ColumnPlan
from fake_server.api.records import Row
from fake_server.apis.xurrent.dialect.errors import BadRequestError

_LARGEST = 2**62
_LEAST = 1 - _LARGEST
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class OrderTerm(NamedTuple):
    """One term of an order: the column, its direction, and whether its values are text.

    - `name`: the name of the column in a row.
    """

    column: ColumnElement[Any]
    descending: bool
    textual: bool
    name: str

    def value(self, row: Row) -> Any:
        """Return the sort key of a row: a text or a whole number.

        A missing text is empty, and a missing number is the least one. False is 0, and true is 1.
        """
        sort_value = getattr(row, self.name)
        if sort_value is None:
            return "" if self.textual else _LEAST
        return int(sort_value) if isinstance(sort_value, bool) else sort_value

    def sql(self, *, reverse: bool = False) -> ColumnElement[Any]:
        """Return the ORDER BY term."""
        return self.column.desc() if self.descending != reverse else self.column.asc()


def term_of(plan: ColumnPlan, column: ColumnElement[Any], *, descending: bool) -> OrderTerm:
    """Return the term that sorts by a column of the kind of `plan`.

    Rows without a value come first, with the rows of the least value.
    """
    textual = plan.kind == "text"
    least: ColumnElement[Any] = literal_column("''" if textual else str(_LEAST))
    compared = func.coalesce(column, least) if plan.nullable else column
    return OrderTerm(compared, descending, textual, column.key or plan.name)


class Cursor(NamedTuple):
    """A row's position (from 0) at the time of its page, and its sort values."""

    offset: int
    values: tuple[Any, ...]

    def encoded(self) -> str:
        """Return the cursor in the form of links and headers."""
        text = orjson.dumps({"offset": self.offset, "cursor": self.values})
        return urlsafe_b64encode(text).decode()


def decoded(parameter: str, text: str, order: Sequence[OrderTerm]) -> Cursor:
    """Return the cursor that a text encodes for an order.

    Raises `BadRequestError`.
    """
    try:
        decoded_cursor = json.loads(urlsafe_b64decode(text.encode("ascii")).decode())
        offset, values = decoded_cursor["offset"], decoded_cursor["cursor"]
    except (Error, ValueError, KeyError, TypeError, RecursionError):
        raise _invalid(parameter) from None
    if not isinstance(offset, int) or not 0 <= offset < _LARGEST:
        raise _invalid(parameter)
    if not isinstance(values, list) or not _fits(values, order):
        raise _invalid(parameter)
    return Cursor(offset, tuple(values))


def _invalid(parameter: str) -> BadRequestError:
    return BadRequestError(f"Parameter '{parameter}' is invalid")


def _fits(values: list[Any], order: Sequence[OrderTerm]) -> bool:
    return len(values) == len(order) and all(
        _encodable(value) if term.textual else type(value) is int and abs(value) < _LARGEST
        for value, term in zip(values, order, strict=True)
    )


def _encodable(value: Any) -> bool:
    return isinstance(value, str) and not _LONE_SURROGATE.search(value) and "\0" not in value


def beyond(order: Sequence[OrderTerm], cursor: Cursor, *, reverse: bool) -> ColumnElement[bool]:
    """Return the condition for the rows after a cursor's row, or with `reverse` before it."""
    options = []
    for position, term in enumerate(order):
        before = [
            earlier.column == value
            for earlier, value in zip(order[:position], cursor.values, strict=False)
        ]
        value = cursor.values[position]
        further = term.column < value if term.descending != reverse else term.column > value
        options.append(and_(*before, further))
    return or_(*options)
