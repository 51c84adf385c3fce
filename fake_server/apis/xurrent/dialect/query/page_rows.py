"""The rows of the page that a request asks for."""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select

from fake_server.api.declare import index
from fake_server.api.records import Row
from fake_server.api.serve import Parameters, QueryValues, count_of, has_quirk, page_of, store
from fake_server.apis.xurrent.dialect.query import cursors
from fake_server.apis.xurrent.dialect.query.cursors import Cursor, OrderTerm, beyond
from fake_server.apis.xurrent.dialect.query.parameters import text_of, whole_number
from fake_server.apis.xurrent.resources import API

_CURSORS = ("search_after", "search_before")
_POSITIONS = (*_CURSORS, "page")
"""The parameters for the position of a page, the strongest first."""


class ListPage(NamedTuple):
    """A page: its rows, its number (from 1) and size, and the number of all rows.

    `start` and `end` are the cursors of its first and last row, if the collection has cursors.
    """

    rows: Sequence[Row]
    number: int
    size: int
    total: int
    has_previous: bool
    has_next: bool
    start: str | None = None
    end: str | None = None


def page_size(query_parameters: Parameters) -> int:
    """Return the number of records on a page.

    Raises `BadRequestError`.
    """
    usual, largest = _page_sizes()
    if has_quirk("per-page-clamped"):
        size = whole_number("per_page", query_parameters.get("per_page"))
    else:
        size = whole_number("per_page", query_parameters.get("per_page"), largest)
    return min(size or usual, largest)


@cache
def _page_sizes() -> tuple[int, int]:
    """Return the declared sizes of a page: the default and the largest."""
    declared = index(API).parameters["PerPage"]["schema"]
    return int(declared["default"]), int(declared["maximum"])


@lru_cache(maxsize=256)
def _in_order(query: Select[Any], order: tuple[OrderTerm, ...]) -> Select[Any]:
    return query.order_by(*(term.sql() for term in order))


def by_cursor(
    query: Select[Any],
    order: tuple[OrderTerm, ...],
    query_parameters: Parameters,
    size: int,
    values: QueryValues,
) -> ListPage:
    """Return the page that `page`, `search_after` or `search_before` (a cursor) asks for.

    A cursor wins over a number, and `search_after` over `search_before`. All of them are checked.

    `values` are the values of the query's named parameters.

    Raises `BadRequestError`.
    """
    sent = {
        parameter: cursors.decoded(parameter, text, order)
        for parameter in _CURSORS
        if (text := text_of(parameter, query_parameters.get(parameter)))
    }
    number = whole_number("page", query_parameters.get("page")) or 1
    for parameter, cursor in sent.items():
        _disregard_others(parameter, query_parameters)
        return _beside(query, order, cursor, size, values, reverse=parameter == "search_before")
    page = page_of(store(), _in_order(query, order), number, size, values)
    return _with_cursors(
        page.rows, order, page.offset, size, page.total, (number > 1, number < page.last)
    )


def _disregard_others(position: str, query_parameters: Parameters) -> None:
    """Note that one position counts, so that the journal lists the others as unread."""
    for name in _POSITIONS:
        if name != position:
            query_parameters.disregard(name)


def _beside(
    query: Select[Any],
    order: Sequence[OrderTerm],
    cursor: Cursor,
    size: int,
    values: QueryValues,
    *,
    reverse: bool,
) -> ListPage:
    total = count_of(store(), query, values)
    query = query.where(beyond(order, cursor, reverse=reverse))
    query = query.order_by(*(term.sql(reverse=reverse) for term in order)).limit(size + 1)
    fetched = list(store().rows(query, values))
    rows, more = fetched[:size], len(fetched) > size
    if reverse:
        rows.reverse()
        return _with_cursors(
            rows, order, max(0, cursor.offset - len(rows)), size, total, (more, True)
        )
    return _with_cursors(rows, order, cursor.offset + 1, size, total, (True, more))


def _with_cursors(
    rows: Sequence[Row],
    order: Sequence[OrderTerm],
    offset: int,
    size: int,
    total: int,
    around: tuple[bool, bool],
) -> ListPage:
    start = end = None
    if rows:
        start = _cursor(rows[0], order, offset)
        end = _cursor(rows[-1], order, offset + len(rows) - 1)
    return ListPage(rows, offset // size + 1, size, total, *around, start, end)


def _cursor(row: Row, order: Sequence[OrderTerm], offset: int) -> str:
    return Cursor(offset, tuple(term.value(row) for term in order)).encoded()


def by_number(
    query: Select[Any], order: tuple[OrderTerm, ...], query_parameters: Parameters, size: int
) -> ListPage:
    """Return the page of a nested collection. Its cursors are page numbers.

    Of several numbers the first of `_POSITIONS` counts. All of them are checked.

    Raises `BadRequestError`.
    """
    sent = {
        parameter: number
        for parameter in _POSITIONS
        if (number := whole_number(parameter, query_parameters.get(parameter))) is not None
    }
    parameter, number = next(iter(sent.items()), ("", 1))
    if parameter:
        _disregard_others(parameter, query_parameters)
    page = page_of(store(), _in_order(query, order), number, size)
    return ListPage(page.rows, number, size, page.total, number > 1, number < page.last)
