"""The records that rows hold other views of, as the records' own lists show them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fake_server.verify.api_files.embedded import resources_of
from fake_server.verify.target.operation_under_test import OperationUnderTest, Row

_MOST_ASKED = 20
"""How many records are asked for by their ids at most."""


def owners_of(
    operation: OperationUnderTest, rows: Sequence[Row], name: str
) -> list[tuple[Row, Row]]:
    """Return the records in the member `name` of rows, each with the row of its own list.

    `name` names the resource, or a member `<name>_type` does. Records are left out whose resource
    has no list of its own, and those that the longest page of that list does not show. Where that
    page shows none, they are asked for by their ids.
    """
    pairs: list[tuple[Row, Row]] = []
    by_kind: dict[str, list[Row]] = {}
    for row in rows:
        for inner in _records_in(row.get(name)):
            by_kind.setdefault(str(row.get(f"{name}_type", name)), []).append(inner)
    for kind, records in by_kind.items():
        own_list = _list_of(operation, kind)
        if own_list is not None:
            ids = list(dict.fromkeys(inner["id"] for inner in records))
            own = {row.get("id"): row for row in own_list.rows_with_ids(ids[:_MOST_ASKED])}
            pairs += [(inner, own[inner["id"]]) for inner in records if inner["id"] in own]
    return pairs


def _records_in(value: Any) -> Iterator[Row]:
    for member in value if isinstance(value, list) else [value]:
        if isinstance(member, Mapping) and "id" in member:
            yield dict(member)


def _list_of(operation: OperationUnderTest, kind: str) -> OperationUnderTest | None:
    """Return the list of all records of a kind; None without one, or if it is the operation."""
    for resource in (kind, *resources_of(kind)):
        own_list = operation.paths.whole_list(resource)
        if own_list is not None and own_list is not operation.declared:
            return OperationUnderTest(
                operation.target, own_list, operation.paths, operation.rotation
            )
    return None
