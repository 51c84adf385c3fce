"""The specification of an API: its `openapi.yaml`, which declares all that it accepts.

Read from YAML once; kept parsed in the cache folder, keyed by the files' bytes.
"""

import json
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from fake_server.data_files import registry
from fake_server.data_files.cache import keep, recall
from fake_server.data_files.package_files import file_bytes, openapi_file

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


class OperationSpec(NamedTuple):
    """One operation of a specification; `parameters` is by name, references resolved."""

    operation_id: str
    method: str
    path: str
    parameters: Mapping[str, Mapping[str, Any]]

    def schema(self, parameter: str) -> Mapping[str, Any]:
        """Return the JSON Schema of a parameter."""
        schema: Mapping[str, Any] = self.parameters[parameter]["schema"]
        return schema

    def fields(self, parameter: str) -> tuple[str, ...]:
        """Return the fields of a parameter that is an object, such as `filter`; () if absent."""
        if parameter not in self.parameters:
            return ()
        return tuple(self.schema(parameter).get("properties", ()))

    def options(self, parameter: str, field: str | None = None) -> tuple[Any, ...]:
        """Return the values that a parameter, an item of it, or one field of it may have."""
        schema = self.schema(parameter)
        if field is not None:
            schema = schema["properties"][field]
        return tuple(schema.get("items", schema).get("enum", ()))

    def default(self, parameter: str) -> Any:
        """Return the default of a parameter, or None."""
        return self.schema(parameter).get("default")

    def sortable(self) -> tuple[str, ...]:
        """Return the fields that `sort` takes, without their `-`; () if it takes none."""
        if "sort" not in self.parameters:
            return ()
        return tuple(str(name) for name in self.options("sort") if not str(name).startswith("-"))


class Spec:
    """The specification of one API."""

    def __init__(self, api: str) -> None:
        self.api = api
        self.document = _document(registry.schemas_of(api))
        self.operations = {
            operation.operation_id: operation for operation in _operations(self.document)
        }

    def operation(self, operation_id: str) -> OperationSpec:
        """Return an operation by its id; raises KeyError."""
        return self.operations[operation_id]


@cache
def spec(api: str) -> Spec:
    """Return the specification of an API, read at the first call."""
    return Spec(api)


def _operations(document: Mapping[str, Any]) -> list[OperationSpec]:
    return [
        _operation(document, method.upper(), path, item, item[method])
        for path, item in document["paths"].items()
        for method in _METHODS
        if method in item
    ]


def _operation(
    document: Mapping[str, Any],
    method: str,
    path: str,
    item: Mapping[str, Any],
    declared: Mapping[str, Any],
) -> OperationSpec:
    both = [*item.get("parameters", []), *declared.get("parameters", [])]
    parameters = {
        parameter["name"]: parameter
        for parameter in (resolved(document, reference) for reference in both)
    }
    return OperationSpec(
        declared["operationId"],
        method,
        path,
        {
            name: {**parameter, "schema": resolved(document, parameter.get("schema", {}))}
            for name, parameter in parameters.items()
        },
    )


def resolved(document: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a node, or what it refers to by a `$ref` within the document."""
    while "$ref" in node and node["$ref"].startswith("#/"):
        target: Any = document
        for step in node["$ref"][2:].split("/"):
            target = target[step.replace("~1", "/").replace("~0", "~")]
        node = target
    return node


def _document(folder: Path) -> dict[str, Any]:
    raw = file_bytes(folder / "openapi.yaml")
    name = f"spec-{sha256(raw).hexdigest()[:32]}"
    kept = recall(name)
    if kept is None:
        kept = json.dumps(openapi_file(folder)).encode()
        keep(name, kept)
    document: dict[str, Any] = json.loads(kept)
    return document
