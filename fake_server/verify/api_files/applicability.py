"""Finds the operations that an entry of a ledger applies to."""

from collections.abc import Callable, Iterable, Mapping

from fake_server.verify.api_files.declared_conditions import (
    conditions,
    filters,
    parting,
    ranges,
    several,
    sortable,
    switches,
    timed,
)
from fake_server.verify.api_files.declared_operations import DeclaredOperation
from fake_server.verify.api_files.embedded import embedded
from fake_server.verify.api_files.ledger import Entry
from fake_server.verify.api_files.updates import update_of

_ACTIONS: Mapping[str, str] = {"collections": "list", "records": "show", "graphs": "graph"}


def _has_pages(operation: DeclaredOperation) -> bool:
    listing = operation.listing
    return bool(operation.query(listing.page) and operation.query(listing.size))


def _has_total(operation: DeclaredOperation) -> bool:
    total = operation.listing.total
    return total is not None and total.lower() in operation.headers


FEATURES: Mapping[str, Callable[[DeclaredOperation], object]] = {
    "pages": _has_pages,
    "total": _has_total,
    "links": lambda operation: operation.listing.link.lower() in operation.headers,
    "default_size": lambda operation: default_size(operation),
    "largest_size": lambda operation: largest_size(operation),
    "repeated": lambda operation: operation.listing.repeated and several(operation),
    "fields": lambda operation: operation.query(operation.listing.fields),
    "sort": sortable,
    "filters": filters,
    "ranges": ranges,
    "other_pages": lambda operation: _has_pages(operation) and operation.listing.other_pages,
    "names": lambda operation: operation.parent and operation.listing.names,
    "parent": lambda operation: operation.parent,
    "etag": lambda operation: "etag" in operation.headers,
    "item": lambda operation: operation.item,
    "conditions": conditions,
    "two_conditions": lambda operation: (
        conditions(operation) if len(conditions(operation)) > 1 else []
    ),
    "parting": parting,
    "timed": timed,
    "whole_days": lambda operation: operation.listing.range and timed(operation),
    "arrangements": lambda operation: [
        *conditions(operation),
        *sortable(operation),
        *switches(operation),
    ],
    "update": update_of,
    "spellings": lambda operation: operation.listing.spellings,
    "embedded": embedded,
    "roles": lambda operation: operation.roles and operation.listing.roles,
}
"""The features that an operation may declare, by their names in `where` of an entry."""


def default_size(operation: DeclaredOperation) -> int | None:
    """Return how many rows a page has unless the request says otherwise; None if undeclared."""
    return _whole_number(operation, "default")


def largest_size(operation: DeclaredOperation) -> int | None:
    """Return how many rows a page may have; None if the document declares no limit of pages."""
    size = _whole_number(operation, "x-maximum") or _whole_number(operation, "maximum")
    return size if size is not None and size <= _LARGEST_PAGE else None


_LARGEST_PAGE = 10_000
"""A greater maximum limits a number, not a page."""


def refuses_larger_pages(operation: DeclaredOperation) -> bool:
    """Return whether the document declares that a greater size is refused, and not cut."""
    return _whole_number(operation, "x-maximum") is None


def _whole_number(operation: DeclaredOperation, key: str) -> int | None:
    parameter = operation.query(operation.listing.size)
    value = parameter.schema.get(key) if parameter else None
    return value if isinstance(value, int) else None


def operations_of(entry: Entry, declared: Iterable[DeclaredOperation]) -> list[DeclaredOperation]:
    """Return the operations that an entry applies to; [] if it is shown once."""
    exempt = {name for exemption in entry.exempt for name in exemption.operations}
    return [
        operation
        for operation in declared
        if operation.id not in exempt
        and _applies_to(entry, operation)
        and all(FEATURES[name](operation) for name in entry.where)
    ]


def _applies_to(entry: Entry, operation: DeclaredOperation) -> bool:
    if entry.applies_to is None:
        return False
    if isinstance(entry.applies_to, str):
        return operation.action == _ACTIONS[entry.applies_to]
    return operation.resource in entry.applies_to and operation.action == "list"
