"""The shapes of a new API: flat schemas of its records, as tables and datasets are made of them."""

from collections.abc import Mapping
from keyword import iskeyword
from typing import Any

from fake_server.cli.scaffold.conversion import Node
from fake_server.cli.scaffold.references import at
from fake_server.cli.scaffold.source import snake
from fake_server.rest.schema.flattening import flattened

_PLAIN = {"string", "integer", "number", "boolean"}
_TAKEN = {"count", "index", "t", "tuple", "id", "metadata", "key"}
"""Names that a row has for something of its own."""


def whole(document: Node, node: Any, around: frozenset[str] = frozenset()) -> Any:
    """Return a schema with what it refers to in place of references, `allOf` put together.

    A schema within itself takes anything there.
    """
    return flattened(_unreferred(document, node, around))


def _unreferred(document: Node, node: Any, around: frozenset[str]) -> Any:
    if isinstance(node, list):
        return [_unreferred(document, item, around) for item in node]
    if not isinstance(node, Mapping):
        return node
    reference = node.get("$ref")
    if not isinstance(reference, str):
        return {key: _unreferred(document, value, around) for key, value in node.items()}
    if reference in around:
        return {}
    beside = {key: value for key, value in node.items() if key in {"description"}}
    target = _unreferred(document, at(document, reference), around | {reference})
    return {**target, **beside} if isinstance(target, Mapping) else target


def is_record(schema: Any) -> bool:
    """Return whether a flat schema is that of an object with properties, in one form only."""
    return (
        isinstance(schema, Mapping)
        and bool(schema.get("properties"))
        and not {"oneOf", "anyOf"} & schema.keys()
    )


def properties_of(schema: Mapping[str, Any]) -> set[str]:
    """Return the names of the properties that an answer may show."""
    return {
        name
        for name, about in schema["properties"].items()
        if not (isinstance(about, Mapping) and about.get("writeOnly"))
    }


def key_property(schema: Mapping[str, Any], argument: str, singular: str) -> str | None:
    """Return the property by which an argument of a path names a record; None if none seems to."""
    names = {name.lower().replace("_", "").replace("-", ""): name for name in properties_of(schema)}
    wanted = snake(argument).replace("_", "")
    own = singular.replace("_", "")
    likely = [wanted, *([wanted.removeprefix(own)] if wanted.startswith(own) else [])]
    if wanted.endswith("id") or wanted == own:
        likely += ["id", f"{own}id", "uuid", "guid"]
    likely += ["id", "uuid", "slug", "key", "code", "name", "username"]
    for name in likely:
        found = names.get(name)
        if found is not None and plain_type(schema["properties"][found]) in {"string", "integer"}:
            return found
    return None


def plain_type(schema: Any) -> str:
    """Return the one plain type that a property has beside null; empty for any other."""
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
        one for one in schema.get("anyOf") or schema.get("oneOf") or () if one != {"type": "null"}
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
    for name, about in schema["properties"].items():
        if name not in properties_of(schema):
            continue
        own: Node = dict(about) if isinstance(about, Mapping) else {}
        kind = plain_type(own)
        refers_by_key = name in references and kind != "integer"
        named = f"of_{references[name]}" if refers_by_key else name
        column = "id" if name == key and kind == "integer" else _column(named, columns)
        columns.add(column)
        if name == key and kind == "string":
            key_column = column
        property_ = _property(own, kind, optional=name not in required and name != key)
        if column != name:
            property_ = {"x-column": column, **property_}
        if name in references:
            property_["x-reference"] = references[name] + (".keys_by_id" if refers_by_key else "")
        properties[name] = property_
    made = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "description": schema.get("description") or f"{title}, as an answer shows it.",
        "type": "object",
        "additionalProperties": schema.get("additionalProperties") is not False
        and schema.get("additionalProperties", True),
        "required": [name for name in properties if name in required],
        "properties": properties,
    }
    if made["additionalProperties"] is True:
        del made["additionalProperties"]
    return made, key_column


def _column(name: str, taken: set[str]) -> str:
    """Return the name of the column of a property: its own one, where Python can say it."""
    plain = name if name.isidentifier() and not name.startswith("_") else snake(name) or "value"
    if not plain.isidentifier():
        plain = f"a_{plain}"
    if plain in _TAKEN or iskeyword(plain):
        plain = f"{plain}_value"
    while plain in taken or plain.lower() in {one.lower() for one in taken}:
        plain += "_"
    return plain


def _property(schema: Node, kind: str, *, optional: bool) -> Node:
    options = schema.get("anyOf") or schema.get("oneOf") or ()
    if kind and options and "type" not in schema:
        chosen = next(one for one in options if one != {"type": "null"})
        rest = {name: value for name, value in schema.items() if name not in {"anyOf", "oneOf"}}
        nulls = [kind, "null"] if {"type": "null"} in options else kind
        schema = {**chosen, **rest, "type": nulls}
    made = {name: value for name, value in schema.items() if name not in {"readOnly", "writeOnly"}}
    if not kind:
        made = {"x-kind": "value", **made}
        if "type" not in made and ("properties" in made or "items" in made):
            made["type"] = "object" if "properties" in made else "array"
        elif not {"type", "anyOf", "oneOf"} & made.keys():
            made["type"] = ["object", "array", "string", "number", "boolean", "null"]
    elif "type" not in made:
        made = {"type": kind, **made}
    if made.get("format") in {"date-time", "instant"} and kind != "string":
        del made["format"]
    declared = made.get("type")
    nullable = isinstance(declared, list) and "null" in declared
    if optional and not nullable:
        made["x-optional"] = True
        if isinstance(declared, str):
            made["type"] = [declared, "null"]
            if "enum" in made and None not in made["enum"]:
                made["enum"] = [*made["enum"], None]
        elif isinstance(declared, list):
            made["type"] = [*declared, "null"]
    return made
