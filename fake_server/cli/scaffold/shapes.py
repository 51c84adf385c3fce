"""The shapes of a new API: flat schemas of its records, for tables and datasets."""

from collections.abc import Mapping
from keyword import iskeyword
from typing import Any

from fake_server.cli.scaffold.conversion import Node
from fake_server.cli.scaffold.references import at
from fake_server.cli.scaffold.source import snake
from fake_server.rest.schema.flattening import flattened
from fake_server.rest.standard.documented import answered
from fake_server.rest.standard.sketches import takes_anything

SKETCH_START = 1_767_225_600_000
"""2026-01-01T00:00:00Z, in milliseconds since 1970: sketched times are earlier."""

_PLAIN = {"string", "integer", "number", "boolean"}
_ROW_NAMES = {"count", "index", "t", "tuple", "id", "metadata", "key"}
"""The names that rows have as attributes, which no column may have."""


def expanded(document: Node, node: Any, ancestors: frozenset[str] = frozenset()) -> Any:
    """Return a schema with targets in place of references, and with `allOf` merged.

    A recursive reference becomes a schema that takes any value.
    """
    return flattened(_dereferenced(document, node, ancestors))


def _dereferenced(document: Node, node: Any, ancestors: frozenset[str]) -> Any:
    if isinstance(node, list):
        return [_dereferenced(document, item, ancestors) for item in node]
    if not isinstance(node, Mapping):
        return node
    reference = node.get("$ref")
    if not isinstance(reference, str):
        return {key: _dereferenced(document, value, ancestors) for key, value in node.items()}
    if reference in ancestors:
        return {}
    siblings = {key: value for key, value in node.items() if key in {"description"}}
    target = _dereferenced(document, at(document, reference), ancestors | {reference})
    return {**target, **siblings} if isinstance(target, Mapping) else target


def is_record(schema: Any) -> bool:
    """Return whether a flat schema is an object with properties and without alternatives."""
    return (
        isinstance(schema, Mapping)
        and bool(schema.get("properties"))
        and not {"oneOf", "anyOf"} & schema.keys()
    )


def properties_of(schema: Mapping[str, Any]) -> set[str]:
    """Return the names of the properties that an answer may show."""
    return {
        name
        for name, property_schema in schema["properties"].items()
        if not (isinstance(property_schema, Mapping) and property_schema.get("writeOnly"))
    }


def key_property(schema: Mapping[str, Any], argument: str, singular: str) -> str | None:
    """Return the property that an argument of a path has the value of; None if none fits."""
    names = {name.lower().replace("_", "").replace("-", ""): name for name in properties_of(schema)}
    argument_word = snake(argument).replace("_", "")
    resource_word = singular.replace("_", "")
    candidates = [
        argument_word,
        *(
            [argument_word.removeprefix(resource_word)]
            if argument_word.startswith(resource_word)
            else []
        ),
    ]
    if argument_word.endswith("id") or argument_word == resource_word:
        candidates += ["id", f"{resource_word}id", "uuid", "guid"]
    candidates += ["id", "uuid", "slug", "key", "code", "name", "username"]
    for name in candidates:
        property_name = names.get(name)
        if property_name is not None and plain_type(schema["properties"][property_name]) in {
            "string",
            "integer",
        }:
            return property_name
    return None


def plain_type(schema: Any) -> str:
    """Return the only plain type of a property besides null; empty for other types."""
    if not isinstance(schema, Mapping):
        return ""
    declared = schema.get("type")
    kinds = [declared] if isinstance(declared, str) else list(declared or ())
    kinds = [kind for kind in kinds if kind != "null"]
    if not kinds and "enum" in schema:
        options = [option for option in schema["enum"] if option is not None]
        if options and all(isinstance(option, str) for option in options):
            kinds = ["string"]
    if not kinds and isinstance(schema.get("const"), str):
        kinds = ["string"]
    options = [
        option
        for option in schema.get("anyOf") or schema.get("oneOf") or ()
        if option != {"type": "null"}
    ]
    if not kinds and len(options) == 1:
        return plain_type(options[0])
    return kinds[0] if len(kinds) == 1 and kinds[0] in _PLAIN else ""


def shape(
    schema: Mapping[str, Any],
    title: str,
    key: str | None,
    references: Mapping[str, str],
) -> tuple[Node, str]:
    """Return the shape of a resource, and the column of text that a path names a record by.

    - `schema`: the flat schema of its record.
    - `key`: the property by which a path names a record; the column is empty if it is the id.
    - `references`: the resource that a property refers to, by the property: by id if it is a whole
      number, or else by the key that paths name a record of that resource by.
    """
    columns = {"id"}
    key_column = ""
    properties: Node = {}
    required = set(schema.get("required") or ())
    for name, property_schema in schema["properties"].items():
        if name not in properties_of(schema):
            continue
        own_schema: Node = (
            dict(answered(property_schema)) if isinstance(property_schema, Mapping) else {}
        )
        kind = plain_type(own_schema)
        refers_by_key = name in references and kind != "integer"
        base_name = f"of_{references[name]}" if refers_by_key else name
        column = "id" if name == key and kind == "integer" else _column(base_name, columns)
        columns.add(column)
        if name == key and kind == "string":
            key_column = column
        property_ = _property(own_schema, kind, optional=name not in required and name != key)
        if column != name:
            property_ = {"x-column": column, **property_}
        if name in references:
            property_["x-reference"] = references[name] + (".keys_by_id" if refers_by_key else "")
        properties[name] = property_
    shape_schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "description": schema.get("description") or f"{title}, as an answer shows it.",
        "type": "object",
        "additionalProperties": schema.get("additionalProperties") is not False
        and schema.get("additionalProperties", True),
        "required": [name for name in properties if name in required],
        "properties": properties,
    }
    if shape_schema["additionalProperties"] is True:
        del shape_schema["additionalProperties"]
    return shape_schema, key_column


def _column(name: str, columns: set[str]) -> str:
    """Return the name of a property's column: its own name if that is an identifier of Python."""
    column = name if name.isidentifier() and not name.startswith("_") else snake(name) or "value"
    if not column.isidentifier():
        column = f"a_{column}"
    if column in _ROW_NAMES or iskeyword(column):
        column = f"{column}_value"
    while column in columns or column.lower() in {other.lower() for other in columns}:
        column += "_"
    return column


def _property(schema: Node, kind: str, *, optional: bool) -> Node:
    options = schema.get("anyOf") or schema.get("oneOf") or ()
    if kind and options and "type" not in schema:
        option = next(option for option in options if option != {"type": "null"})
        other_keys = {
            name: value for name, value in schema.items() if name not in {"anyOf", "oneOf"}
        }
        nulls = [kind, "null"] if {"type": "null"} in options else kind
        schema = {**option, **other_keys, "type": nulls}
    result = {
        name: value for name, value in schema.items() if name not in {"readOnly", "writeOnly"}
    }
    if not kind:
        result = {"x-kind": "value", **result}
        if "type" not in result and ("properties" in result or "items" in result):
            result["type"] = "object" if "properties" in result else "array"
        elif not {"type", "anyOf", "oneOf"} & result.keys():
            result["type"] = ["object", "array", "string", "number", "boolean", "null"]
    elif "type" not in result:
        result = {"type": kind, **result}
    if result.get("format") in {"date-time", "instant"} and kind != "string":
        del result["format"]
    if result.get("format") == "date-time" and "pattern" in result:
        # An instant has one spelling, which the pattern may refuse.
        result = {"x-kind": "text", **result}
    declared = result.get("type")
    nullable = isinstance(declared, list) and "null" in declared
    if optional and takes_anything(schema):
        result["x-optional"] = True
    if optional and not nullable:
        result["x-optional"] = True
        if isinstance(declared, str):
            result["type"] = [declared, "null"]
            if "enum" in result and None not in result["enum"]:
                result["enum"] = [*result["enum"], None]
        elif isinstance(declared, list):
            result["type"] = [*declared, "null"]
    return result
