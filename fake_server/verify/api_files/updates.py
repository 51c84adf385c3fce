"""The request that updates a record, as the document declares it beside the record's GET."""

from collections.abc import Mapping
from typing import NamedTuple

from fake_server.verify.api_files.declared_operations import (
    DeclaredOperation,
    Schema,
    properties,
    resolve,
)


class DeclaredUpdate(NamedTuple):
    """An update of a record: a PATCH, or a PUT where the document declares no PATCH.

    `attributes`: the schemas of the attributes that a body may hold and a record shows, by name.
    """

    method: str
    attributes: Mapping[str, Schema]

    @property
    def is_partial(self) -> bool:
        """Whether attributes that the body lacks keep their values."""
        return self.method == "PATCH"


def update_of(operation: DeclaredOperation) -> DeclaredUpdate | None:
    """Return the update at an operation's path; None if the document declares none in JSON."""
    item = operation.document["paths"].get(operation.path, {})
    method = next((name for name in ("patch", "put") if name in item), None)
    if method is None or operation.action != "show":
        return None
    body = resolve(operation.document, item[method].get("requestBody", {}))
    schema = body.get("content", {}).get("application/json", {}).get("schema", {})
    writable = properties(operation.document, resolve(operation.document, schema))
    shown = properties(operation.document, operation.item)
    attributes = {
        name: resolve(operation.document, declared)
        for name, declared in writable.items()
        if name in shown and name != "id"
    }
    return DeclaredUpdate(method.upper(), attributes) if attributes else None
