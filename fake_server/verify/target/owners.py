"""The record that a row holds another view of, as the record's own list shows it."""

from collections.abc import Mapping
from typing import Any

from fake_server.verify.api_files.embedded import resources_of
from fake_server.verify.target.operation_under_test import OperationUnderTest, Row


def owner_of(operation: OperationUnderTest, row: Row, name: str) -> Mapping[str, Any] | None:
    """Return the row of the own list of the record in the member `name` of a row.

    `name` names the resource, or a member `<name>_type` does. None if the document declares no such
    list, or the longest page of that list does not show the record.
    """
    inner = row.get(name)
    if not isinstance(inner, Mapping) or "id" not in inner:
        return None
    kind = row.get(f"{name}_type", name)
    for resource in resources_of(str(kind)):
        own_list = operation.paths.whole_list(resource)
        if own_list is not None and own_list is not operation.declared:
            rows = operation.paths.rows_of(own_list.path)
            return next((own for own in rows if own.get("id") == inner["id"]), None)
    return None
