"""The records within the rows of an operation, and the resources that they may be of."""

import re
from functools import lru_cache

from fake_server.verify.api_files.declared_operations import (
    DeclaredOperation,
    Document,
    Schema,
    properties,
    resolve,
)

_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@lru_cache(maxsize=64)
def embedded(operation: DeclaredOperation) -> list[str]:
    """Return the properties of a row that are records of resources with a list of their own.

    Each is an object with an id, or a list of such objects, and its name, or the value of
    `<name>_type`, is a resource's.
    """
    document = operation.document
    members = properties(document, operation.item)
    listed = _listed_resources(document)
    return [
        name
        for name, schema in members.items()
        if any("id" in properties(document, choice) for choice in _records(document, schema))
        and (f"{name}_type" in members or listed.intersection((name, *resources_of(name))))
    ]


def resources_of(noun: str) -> tuple[str, ...]:
    """Return the names that the resource of a noun, such as `ProjectSession`, may have."""
    plain = _WORD_START.sub("_", noun).lower()
    return (f"{plain}s", plain, f"{plain.removesuffix('y')}ies", f"{plain}es")


def _listed_resources(document: Document) -> set[str]:
    """Return the resources that have a list of all their records."""
    operations = (
        item.get("get", {}) for path, item in document["paths"].items() if "{" not in path
    )
    return {
        operation["x-resource"]
        for operation in operations
        if operation.get("x-action") == "list" and "x-resource" in operation
    }


def _records(document: Document, schema: Schema) -> list[Schema]:
    """Return the schemas of what a property may be, or of what a list of it may hold."""
    choices = _choices(document, schema)
    items = [choice["items"] for choice in choices if "items" in choice]
    return [*choices, *(each for item in items for each in _choices(document, item))]


def _choices(document: Document, schema: Schema) -> list[Schema]:
    """Return a schema, and its alternatives, with references resolved."""
    resolved = resolve(document, schema)
    alternatives = [*resolved.get("anyOf", ()), *resolved.get("oneOf", ())]
    return [resolved, *(resolve(document, alternative) for alternative in alternatives)]
