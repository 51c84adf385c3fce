"""The selection of a collection: its records, their order and their fields."""

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_

from fake_server.api.serve import Parameters, SortKey
from fake_server.apis.xurrent.dialect.errors import BadRequestError
from fake_server.apis.xurrent.dialect.model.resource import XurrentResource
from fake_server.apis.xurrent.dialect.query.cursors import OrderTerm, term_of
from fake_server.apis.xurrent.dialect.query.filters import TIMES, Filterable, conditions, field_of
from fake_server.apis.xurrent.dialect.query.parameters import text_of
from fake_server.apis.xurrent.dialect.values.formatting import account_zone
from fake_server.apis.xurrent.dialect.values.requested import warn_of_plus

RESERVED = frozenset(
    {"page", "per_page", "search_after", "search_before", "fields", "sort", "state"}
    | {"predefined_filter", "parent_scope_id"}
)
IMPLICIT = frozenset({"id", "nodeID", "account"})


class CollectionQuery(NamedTuple):
    """The checked conditions, order and fields that a request asks for.

    `fields` are empty if the request does not name any.
    """

    conditions: list[ColumnElement[bool]]
    order: tuple[OrderTerm, ...]
    fields: frozenset[str]


def selection_of(resource: XurrentResource, query_parameters: Parameters) -> CollectionQuery:
    """Return the selection that a request makes in a collection.

    Raises `BadRequestError`.
    """
    names = {
        name: text_of(name, query_parameters[name])
        for name in query_parameters
        if name not in RESERVED
    }
    fields = _fields(query_parameters, resource)
    order = _order(query_parameters, resource)
    filterable = _filterable_fields(resource)
    for name, value in names.items():
        field = filterable.get(field_of(name, filterable))
        if field is None:
            query_parameters.disregard(name)
        elif field.kind in TIMES:
            warn_of_plus(query_parameters, name, value)
    filter_conditions = conditions(names, filterable, {*resource.fields}, account_zone())
    return CollectionQuery(filter_conditions, order, fields)


@cache
def _filterable_fields(resource: XurrentResource) -> Mapping[str, Filterable]:
    return {name: _filterable(resource, name) for name in resource.declaration.filter}


def _filterable(resource: XurrentResource, name: str) -> Filterable:
    kind = resource.declaration.filter[name].kind
    plan = resource.column_of(name)
    column = resource.compared(name) if kind == "text" else resource.table.c[plan.name]
    return Filterable(kind, column, kind != "text" and plan.nullable)


def _fields(query_parameters: Parameters, resource: XurrentResource) -> frozenset[str]:
    text = text_of("fields", query_parameters.get("fields"))
    if not text:
        return frozenset()
    requested = [name for part in text.split(",") if (name := part.strip())]
    unknown = [name for name in requested if name not in resource.fields]
    if unknown:
        raise BadRequestError(f"Unknown fields: {', '.join(unknown)}")
    return frozenset(requested) | IMPLICIT if requested else frozenset()


def _order(query_parameters: Parameters, resource: XurrentResource) -> tuple[OrderTerm, ...]:
    keys = _sort_keys(query_parameters)
    refused = [key.field for key in keys if key.field not in resource.declaration.sort]
    if refused:
        raise BadRequestError(f"Sorting not allowed on fields: {', '.join(refused)}")
    sort_keys = keys or resource.declaration.default_order()
    directions = {key.field: key.descending for key in reversed(sort_keys)}
    names = list(dict.fromkeys(key.field for key in sort_keys))
    if "id" in names:
        names = names[: names.index("id")]
    return tuple(_term(resource, name, directions.get(name, False)) for name in (*names, "id"))


def _sort_keys(query_parameters: Parameters) -> list[SortKey]:
    """Return the keys of `sort`. An empty part is the key of a field without a name."""
    if "sort" not in query_parameters:
        return []
    parts = [part.strip() for part in text_of("sort", query_parameters["sort"]).split(",")]
    return [SortKey(part.removeprefix("-"), part.startswith("-")) for part in parts]


@lru_cache(maxsize=256)
def _term(resource: XurrentResource, name: str, descending: bool) -> OrderTerm:
    return term_of(resource.column_of(name), resource.compared(name), descending=descending)


def states(
    resource: XurrentResource, query_parameters: Parameters, predefined: str
) -> list[ColumnElement[bool]]:
    """Return the conditions of a predefined filter, in the path or as `state`.

    Raises `BadRequestError` for an unknown one.
    """
    if not resource.predefined:
        return []
    names = (predefined, text_of("state", query_parameters.get("state")))
    return [_state(resource, name) for name in names if name]


def _state(resource: XurrentResource, name: str) -> ColumnElement[bool]:
    if name not in resource.predefined:
        raise BadRequestError(f"Unknown state: {name}")
    if name in resource.states:
        return resource.states[name]()
    columns = resource.table.c
    return and_(*(columns[column] == value for column, value in resource.predefined[name].items()))
