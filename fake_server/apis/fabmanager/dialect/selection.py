"""The records that a request selects: filters, order and page."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Column, select

from fake_server.api.records import Row
from fake_server.api.serve import SortKey, current_request, has_quirk, store
from fake_server.apis.fabmanager.dialect.errors import FrameworkError
from fake_server.apis.fabmanager.dialect.list_query import LabListQuery
from fake_server.apis.fabmanager.dialect.negotiation import page_kind
from fake_server.apis.fabmanager.dialect.pages import Window
from fake_server.apis.fabmanager.dialect.resource import LabResource
from fake_server.apis.fabmanager.dialect.ruby_parameters import LARGEST_BIGINT
from fake_server.apis.fabmanager.dialect.statements import Statements, statements
from fake_server.apis.fabmanager.postgres import limited

_MANY = 500
_BEFORE_ALL = -(2**63)


class Selection(NamedTuple):
    """The records that satisfy a query, and their number."""

    total: int
    statements: Statements
    values: Mapping[str, Any]
    order: tuple[SortKey, ...]


def selected(resource: LabResource, query: LabListQuery) -> Selection:
    """Return the selection of a query.

    Raises `FrameworkError` for a date that the database cannot hold.
    """
    if query.is_unstorable:
        raise FrameworkError(500, page_kind(current_request()))
    values = {
        name: _existing(resource.compared(name), value) if isinstance(value, frozenset) else value
        for name, value in query.values.items()
    }
    queries = statements(resource, frozenset(query.conditions), query.order)
    total = 0 if query.matches_nothing else store().rows(queries.total, values)[0][0]
    return Selection(int(total), queries, values, query.order)


def _existing(column: Column[Any], numbers: Collection[int]) -> list[int]:
    """Return numbers in ascending order.

    Of more than 500 numbers it returns those that the column has.
    """
    if len(numbers) > _MANY:
        numbers = {row[0] for row in store().rows(select(column).distinct())}.intersection(numbers)
    return sorted(numbers)


def page_rows(selection: Selection, window: Window | None) -> Sequence[Row]:
    """Return the rows of a page, or all rows without a page.

    Raises `FrameworkError` for a page beyond the database's numbers, as the real service does.
    """
    offset, limit = (window.offset, window.limit) if window else (0, selection.total)
    if max(offset, limit) > LARGEST_BIGINT and has_quirk("validation-off"):
        raise FrameworkError(500, page_kind(current_request()))
    if offset >= selection.total or limit == 0:
        return []
    if has_quirk("unstable-ties"):
        rows = store().rows(selection.statements.in_table_order, selection.values)
        first = selection.order[0]
        return limited(rows, lambda row: _sort_key(getattr(row, first.field), first), offset, limit)
    bounds = {"limit": min(limit, selection.total), "offset": offset}
    return store().rows(selection.statements.page, {**selection.values, **bounds})


def _sort_key(value: int | None, key: SortKey) -> int:
    """Return a number that sorts a row as its value does. Null counts as the greatest value."""
    if value is None:
        return _BEFORE_ALL if key.descending else -_BEFORE_ALL
    return -value if key.descending else value
