"""Conversion of OpenAPI 3.0 to 3.1."""

from collections.abc import Mapping
from typing import Any

Node = dict[str, Any]

DATA_KEYS = {"example", "examples", "default", "enum", "const", "mapping"}
"""Keys whose value is data, which is no part of the document's own structure."""
NAMED_KEYS = {
    "properties",
    "patternProperties",
    "schemas",
    "parameters",
    "responses",
    "headers",
    "paths",
    "callbacks",
    "requestBodies",
    "securitySchemes",
    "links",
    "content",
    "encoding",
    "variables",
}
"""Keys whose value is a mapping by names, which are no keys of OpenAPI."""


def plain_keys(node: Any) -> Any:
    """Return a node with text for each key: YAML reads `200:` as a number, `on:` as true."""
    if isinstance(node, Mapping):
        return {_key(key): plain_keys(value) for key, value in node.items()}
    if isinstance(node, list):
        return [plain_keys(item) for item in node]
    return node


def _key(key: object) -> str:
    if isinstance(key, bool):
        return "on" if key else "off"
    return "null" if key is None else str(key)


def converted(node: Any, *, names: bool = False) -> Any:
    """Return a node of an OpenAPI 3.0 document as 3.1 has it.

    `nullable` becomes a type, an `exclusiveMinimum` that is true becomes the limit itself.
    `names`: the node is a mapping by names.
    """
    if isinstance(node, list):
        return [converted(item) for item in node]
    if not isinstance(node, Mapping):
        return node
    if names:
        return {name: converted(value) for name, value in node.items()}
    result: Node = {
        key: value if key in DATA_KEYS else converted(value, names=key in NAMED_KEYS)
        for key, value in node.items()
    }
    for limit, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        flag = result.get(exclusive)
        if isinstance(flag, bool):
            del result[exclusive]
            if flag and limit in result:
                result[exclusive] = result.pop(limit)
    nullable = result.get("nullable")
    if isinstance(nullable, bool):
        del result["nullable"]
        if nullable:
            return _nullable(result)
    return result


def _nullable(schema: Node) -> Node:
    kind = schema.get("type")
    if isinstance(kind, str):
        result = {**schema, "type": [kind, "null"]}
        if "enum" in schema and None not in schema["enum"]:
            result["enum"] = [*schema["enum"], None]
        return result
    if not {"allOf", "oneOf", "anyOf", "$ref"} & schema.keys():
        return schema
    annotations: dict[str, Any] = {
        key: schema[key] for key in ("description", "title") if key in schema
    }
    other_keys = {key: value for key, value in schema.items() if key not in annotations}
    return {**annotations, "anyOf": [other_keys, {"type": "null"}]}
