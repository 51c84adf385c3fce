"""Which operations an entry of a ledger speaks of."""

from collections.abc import Callable, Iterable, Mapping

from fake_server.verify.api.conditions import filters, ranges, sortable
from fake_server.verify.api.declared import Operation
from fake_server.verify.api.ledger import Entry

_ACTIONS: Mapping[str, str] = {"collections": "list", "records": "show", "graphs": "graph"}


def _has_pages(operation: Operation) -> bool:
    listing = operation.listing
    return bool(operation.query(listing.page) and operation.query(listing.size))


def _has_total(operation: Operation) -> bool:
    total = operation.listing.total
    return total is not None and total.lower() in operation.headers


FEATURES: Mapping[str, Callable[[Operation], object]] = {
    "pages": _has_pages,
    "total": _has_total,
    "links": lambda operation: operation.listing.link.lower() in operation.headers,
    "default_size": lambda operation: default_size(operation),
    "largest_size": lambda operation: largest_size(operation),
    "sort": sortable,
    "filters": filters,
    "ranges": ranges,
    "parent": lambda operation: operation.parent,
    "etag": lambda operation: "etag" in operation.headers,
    "item": lambda operation: operation.item,
}
"""What an operation may declare, as `where` of an entry names it."""


def default_size(operation: Operation) -> int | None:
    """Return how many rows a page has unless the request says otherwise; None if undeclared."""
    return _whole_number(operation, "default")


def largest_size(operation: Operation) -> int | None:
    """Return how many rows a page may have; None if the document sets no limit of sense."""
    size = _whole_number(operation, "x-maximum") or _whole_number(operation, "maximum")
    return size if size is not None and size <= _SENSIBLE else None


_SENSIBLE = 10_000
"""A greater maximum is that of a number, not that of a page."""


def refuses_larger(operation: Operation) -> bool:
    """Return whether the document declares that a greater size is refused, not cut down."""
    return _whole_number(operation, "x-maximum") is None


def _whole_number(operation: Operation, key: str) -> int | None:
    parameter = operation.query(operation.listing.size)
    value = parameter.schema.get(key) if parameter else None
    return value if isinstance(value, int) else None


def operations_of(entry: Entry, declared: Iterable[Operation]) -> list[Operation]:
    """Return the operations that an entry is to be shown for; [] if it is shown once."""
    exempt = {name for one in entry.exempt for name in one.operations}
    return [
        one
        for one in declared
        if one.id not in exempt
        and _is_spoken_of(entry, one)
        and all(FEATURES[name](one) for name in entry.where)
    ]


def _is_spoken_of(entry: Entry, operation: Operation) -> bool:
    if entry.applies_to is None:
        return False
    if isinstance(entry.applies_to, str):
        return operation.action == _ACTIONS[entry.applies_to]
    return operation.resource in entry.applies_to and operation.action == "list"
