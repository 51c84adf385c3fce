"""What a request asks of a collection: which records, in which order, with which fields."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_

from fake_server.api.serve import Parameters, parse_sort
from fake_server.apis.xurrent.dialect.errors import BadRequestError
from fake_server.apis.xurrent.dialect.model.resource import XurrentResource
from fake_server.apis.xurrent.dialect.query.cursors import Term, term_of
from fake_server.apis.xurrent.dialect.query.filters import Filterable, conditions, field_of
from fake_server.apis.xurrent.dialect.query.parameters import text_of
from fake_server.apis.xurrent.dialect.values.formatting import account_zone

RESERVED = frozenset(
    {"page", "per_page", "search_after", "search_before", "fields", "sort", "state"}
    | {"predefined_filter", "parent_scope_id"}
)
IMPLICIT = frozenset({"id", "nodeID", "account"})


class Wanted(NamedTuple):
    """What a request asks of a collection: conditions, order and fields, checked.

    `fields` are none where the request does not name any.
    """

    conditions: list[ColumnElement[bool]]
    order: tuple[Term, ...]
    fields: frozenset[str]


def wanted(resource: XurrentResource, given: Parameters) -> Wanted:
    """Return the selection that a request makes in a collection; raises `BadRequestError`."""
    names = {name: text_of(name, given[name]) for name in given if name not in RESERVED}
    fields = _fields(given, resource)
    order = _order(given, resource)
    filterable = {name: filterable_field(resource, name) for name in resource.declaration.filter}
    for name in names:
        if field_of(name, filterable) not in filterable:
            given.disregard(name)
    chosen = conditions(names, filterable, {*resource.fields}, account_zone())
    return Wanted(chosen, order, fields)


def filterable_field(resource: XurrentResource, name: str) -> Filterable:
    """Return how a field is filtered by."""
    kind = resource.declaration.filter[name].kind
    plan = resource.column_of(name)
    column = resource.compared(name) if kind == "text" else resource.table.c[plan.name]
    return Filterable(kind, column, kind != "text" and plan.nullable)


def _fields(given: Parameters, resource: XurrentResource) -> frozenset[str]:
    names = [name.strip() for name in text_of("fields", given.get("fields")).split(",")]
    asked = [name for name in names if name]
    unknown = [name for name in asked if name not in resource.fields]
    if unknown:
        raise BadRequestError(f"Unknown fields: {', '.join(unknown)}")
    return frozenset(asked) | IMPLICIT if asked else frozenset()


def _order(given: Parameters, resource: XurrentResource) -> tuple[Term, ...]:
    keys = parse_sort(text_of("sort", given.get("sort")))
    refused = [key.field for key in keys if key.field not in resource.declaration.sort]
    if refused:
        raise BadRequestError(f"Sorting not allowed on fields: {', '.join(refused)}")
    chosen = keys or resource.declaration.default_order()
    directions = {key.field: key.descending for key in reversed(chosen)}
    names = list(dict.fromkeys(key.field for key in chosen))
    if "id" in names:
        names = names[: names.index("id")]
    return tuple(_term(resource, name, directions) for name in (*names, "id"))


def _term(resource: XurrentResource, name: str, directions: Mapping[str, bool]) -> Term:
    descending = directions.get(name, False)
    return term_of(resource.column_of(name), resource.compared(name), descending=descending)


def states(
    resource: XurrentResource, given: Parameters, predefined: str
) -> list[ColumnElement[bool]]:
    """Return the conditions of a predefined filter, in the path or as `state`.

    Raises `BadRequestError` for one that the resource does not have.
    """
    if not resource.predefined:
        return []
    names = (predefined, text_of("state", given.get("state")))
    return [_state(resource, name) for name in names if name]


def _state(resource: XurrentResource, name: str) -> ColumnElement[bool]:
    if name not in resource.predefined:
        raise BadRequestError(f"Unknown state: {name}")
    if name in resource.states:
        return resource.states[name]()
    columns = resource.table.c
    return and_(*(columns[each] == value for each, value in resource.predefined[name].items()))
