"""The OpenAPI document of an API: the part that follows from a resource's declaration.

The declaration has its operations as they are, under `paths`, each with its `x-action`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from fake_server.rest.documents.document_making import DocumentPart, Node
from fake_server.rest.resources.declaration import Declaration

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def describe(resource: Declaration, others: Mapping[str, Declaration]) -> DocumentPart:
    """Return the operations and components of a resource.

    A list says in `x-order` what the declaration says of its order, unless it does so itself.
    Raises `ValueError` for an operation without `x-action`.
    """
    return DocumentPart(list(_operations(resource)), resource.keys.get("components") or {})


def _operations(resource: Declaration) -> Iterator[tuple[str, str, Node]]:
    paths: Mapping[str, Mapping[str, Any]] = resource.keys.get("paths") or {}
    for path, item in paths.items():
        for method, operation in item.items():
            if method in _METHODS:
                where = f"{resource.name}: {method.upper()} {path}"
                yield path, method, {**_head(resource, operation, where), **operation}
            else:
                yield path, method, operation


def _head(resource: Declaration, operation: Mapping[str, Any], where: str) -> Node:
    for key in ("operationId", "x-action"):
        if key not in operation:
            raise ValueError(f"{where}: {key} is missing")
    head: Node = {"operationId": operation["operationId"], "x-resource": resource.name}
    if operation["x-action"] == "list" and "order" in resource.keys:
        head["x-order"] = list(resource.keys["order"])
    return head
