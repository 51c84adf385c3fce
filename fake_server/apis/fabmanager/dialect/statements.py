"""The queries for a list, one build for each set of conditions.

A build takes three times as long as a run, and there are few sets.
"""

from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, func

from fake_server.api.serve import SortKey
from fake_server.apis.fabmanager.dialect.resource import LabResource


class Statements(NamedTuple):
    """The queries for one set of conditions. Each has the filters' values as named parameters.

    - `total`: the number of records that satisfy the conditions.
    - `page`: a page of the records in order. Its parameters are `limit` and `offset`.
    - `in_table_order`: all of the records, in the order of the real service's table.
    """

    total: Select[Any]
    page: Select[Any]
    in_table_order: Select[Any]


@lru_cache(maxsize=1024)
def statements(
    resource: LabResource, conditions: frozenset[str], order: tuple[SortKey, ...]
) -> Statements:
    """Return the queries for a set of conditions of a resource."""
    matching = resource.matching(conditions)
    window = matching.limit(bindparam("limit")).offset(bindparam("offset"))
    return Statements(
        total=matching.with_only_columns(func.count(), maintain_column_froms=True),
        page=window.order_by(*(_term(resource, conditions, key) for key in order)),
        in_table_order=matching.order_by(resource.in_table_order()),
    )


def _term(resource: LabResource, conditions: frozenset[str], key: SortKey) -> ColumnElement[Any]:
    """Return a term of ORDER BY in which null counts as the greatest value, as in PostgreSQL."""
    column = resource.table.c[key.field]
    term = column.desc() if key.descending else column.asc()
    # An index serves the term only if the term does not order nulls.
    if not resource.may_be_unset(key.field, conditions):
        return term
    return term.nulls_first() if key.descending else term.nulls_last()
