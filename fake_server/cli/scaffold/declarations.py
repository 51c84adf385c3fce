"""The data of a new API's resources: declarations, shapes, and its section in a dataset."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from fake_server.cli.scaffold.conversion import Node
from fake_server.cli.scaffold.credential_forms import Access
from fake_server.cli.scaffold.form import METHODS
from fake_server.cli.scaffold.guessed_resources import ResourceGuess
from fake_server.cli.scaffold.shapes import shape
from fake_server.rest.documents.document_making import plain_title

_STANDARD = {"list", "show", "create", "update", "delete"}


class Declared(NamedTuple):
    """The declaration of a resource, and its shapes by file name."""

    declaration: Node
    shapes: dict[str, Node]


def declared(document: Node, resource: ResourceGuess) -> Declared:
    """Return the declaration of a resource, its operations as the document has them."""
    keys: Node = {"says": _sentence(resource), "singular": resource.singular.replace("_", " ")}
    shapes: dict[str, Node] = {}
    if resource.record is not None:
        keys |= _record_keys(resource, shapes)
    keys["paths"] = _paths(document, resource)
    return Declared(keys, shapes)


def _sentence(resource: ResourceGuess) -> str:
    name = resource.name.replace("_", " ")
    if resource.record is None:
        return f"Operations on {name}, which have no records."
    return f"The {name}."


def _record_keys(resource: ResourceGuess, shapes: dict[str, Node]) -> Node:
    assert resource.record is not None
    title, title_in_list = _titles(resource)
    references = {name: parent for parent, name in resource.parents.items() if name}
    record_shape, key_column = shape(resource.record, title, resource.key, references)
    name = f"{resource.name}.json"
    shapes[name] = record_shape
    keys: Node = {"shape": name}
    if resource.item is not None and set(resource.item["properties"]) < set(
        record_shape["properties"]
    ):
        item, _ = shape(resource.item, title_in_list, resource.key, {})
        for property_, property_schema in item["properties"].items():
            property_schema.pop("x-column", None)
            column = record_shape["properties"][property_].get("x-column")
            if column is not None:
                property_schema["x-column"] = column
        shapes[f"{resource.name}_item.json"] = item
        keys["item"] = f"{resource.name}_item.json"
    columns = _hidden(resource, record_shape)
    if columns:
        keys["columns"] = columns
    if key_column:
        keys["key"] = key_column
    parents = _parents(resource, record_shape)
    if parents:
        keys["parents"] = parents
    return keys


def _hidden(resource: ResourceGuess, record_shape: Node) -> Node:
    columns: Node = {}
    shown = {
        property_schema.get("x-column", name)
        for name, property_schema in record_shape["properties"].items()
    }
    if "id" not in shown:
        columns["id"] = {
            "kind": "integer",
            "says": "Its number in the dataset, which is not shown.",
        }
    is_top_level = any(not path.rpartition("/")[0].endswith("}") for path in resource.paths)
    for parent, name in resource.parents.items():
        if name is None:
            several = len(resource.parents) > 1 or is_top_level
            kind = "integer?" if several else "integer"
            says = f"The number of the record of {parent} that it belongs to."
            columns[f"of_{parent}"] = {"kind": kind, "of": parent, "says": says}
    return columns


def _parents(resource: ResourceGuess, record_shape: Node) -> Node:
    parents: Node = {}
    for parent, name in resource.parents.items():
        column = (
            f"of_{parent}"
            if name is None
            else record_shape["properties"][name].get("x-column", name)
        )
        parents[parent] = {"column": column}
    return parents


def _paths(document: Node, resource: ResourceGuess) -> Node:
    paths: Node = {}
    for operation in resource.operations:
        item = document["paths"][operation.path]
        if operation.path not in paths:
            paths[operation.path] = {
                key: value for key, value in item.items() if key not in METHODS
            }
        node = {"x-action": operation.action}
        if operation.parent:
            node["x-parent"] = operation.parent
        if operation.member is not None and operation.is_standard and operation.action != "list":
            node["x-member"] = operation.member
        paths[operation.path][operation.method] = {**node, **operation.node}
    return paths


def frame(document: Node, resources: list[ResourceGuess], port: int) -> Node:
    """Return the frame of the document: everything but the operations of resources."""
    other_keys = {key: value for key, value in document.items() if key not in {"paths", "servers"}}
    fake = {"url": f"http://127.0.0.1:{port}", "description": "The fake, on its own machine."}
    result: Node = {
        "openapi": other_keys.pop("openapi"),
        "info": other_keys.pop("info", {"title": "An API", "version": "1"}),
        "servers": [fake, *document["servers"]],
        "x-resources": [resource.name for resource in resources],
        **other_keys,
        "paths": {},
    }
    components = result.pop("components", None) or {}
    if components.get("schemas"):
        titles = {name for resource in resources for name in _titles(resource)}
        components = {**components, "schemas": _single_titles(components["schemas"], titles)}
    result["components"] = components
    return result


def _titles(resource: ResourceGuess) -> tuple[str, str]:
    """Return the titles of the shapes of a resource's record and of its item in a list."""
    title = resource.singular.replace("_", " ").capitalize()
    return title, f"{title} in a list"


def _single_titles(schemas: Node, titles: Iterable[str]) -> Node:
    """Return schemas without titles that a shape or an earlier schema has."""
    used_titles = {plain_title(title) for title in titles}
    result: Node = {}
    for name, schema in schemas.items():
        title = schema.get("title") if isinstance(schema, Mapping) else None
        if isinstance(title, str):
            if plain_title(title) in used_titles:
                schema = {key: value for key, value in schema.items() if key != "title"}
            used_titles.add(plain_title(title))
        result[name] = schema
    return result


def dataset_frame(title: str, access: Access) -> Node:
    """Return the hand-written part of a dataset's section: the credentials."""
    properties: Node = {}
    if access.forms:
        properties["credentials"] = {
            "type": "object",
            "additionalProperties": False,
            "description": "Who may ask.",
            "properties": {
                "tokens": {
                    "type": "array",
                    "description": "The credentials that are accepted.",
                    "x-unique": [next(iter(access.fields))],
                    "items": {
                        "type": "object",
                        "additionalProperties": False,
                        "required": list(access.forms[0]["fields"]),
                        "properties": {
                            name: {
                                "type": "string",
                                "minLength": 1,
                                "description": f"The value of {name}.",
                            }
                            for name in access.fields
                        },
                    },
                }
            },
        }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{title} in a dataset",
        "description": f"The records and credentials of {title} in a dataset.",
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
    }


def fixtures(resources: list[ResourceGuess], access: Access) -> Mapping[str, Any]:
    """Return the API's section of each bundled dataset in which the API has one."""
    credentials = {"credentials": {"tokens": [access.fields]}} if access.forms else {}
    counts = {
        resource.name: {"count": 8 if resource.parents else 25 if index else 12}
        for index, resource in enumerate(resources)
        if resource.record is not None
    }
    for resource in resources:
        if resource.parents and resource.record is not None:
            counts[resource.name] = {"count": 60}
    return {"demo": {**credentials, **counts}, "documented": credentials, "empty": credentials}
