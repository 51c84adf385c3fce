"""Mends what a document says against itself, so that an answer can be as the document says."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from fake_server.cli.scaffold.conversion import DATA_KEYS, NAMED_KEYS, Node
from fake_server.cli.scaffold.form import METHODS
from fake_server.cli.scaffold.references import resolved
from fake_server.cli.scaffold.shapes import SKETCH_START, expanded
from fake_server.rest.standard.sketches import fits, sketch
from fake_server.world.seeded_random import SeededRandom

_GENERIC = {
    *("schema", "schemas", "items", "properties", "allOf", "oneOf", "anyOf", "not"),
    *("additionalProperties", "content", "responses", "parameters", "requestBody", "headers"),
}
_NO_CONTENT = {
    "description": "The request succeeded. The document does not say how it is answered."
}
_REGEX_LITERAL = re.compile(r"/(\^.*|.*\$|\(\?.*)/[dgimsuvy]*", re.DOTALL)

_SENTENCES = {
    "oneOf": "A oneOf whose alternatives one value fits together became anyOf: {names}.",
    "pattern": "A pattern between slashes lost them: {names}.",
    "discriminator": "A discriminator beside no alternatives is not read; records are of the schema"
    " that has it: {names}.",
    "default": "A default that its own schema refuses is gone: {names}.",
    "writeOnly": "What is only written is no longer required of answers: {names}.",
    "required": "What a schema requires and admits not is no longer required: {names}.",
    "minItems": "A list may be empty: what asked for more records is gone: {names}.",
    "security": "Security schemes that one header would carry together are alternatives: {names}.",
    "responses": "Operations that declare no success answer 200 without content: {names}.",
}
"""The sentence on the changes of each kind, by the key of the document that changes."""


def mended(document: Node) -> tuple[Node, list[str]]:
    """Return a document that answers can satisfy, and the changes, each as one line.

    - An operation that declares no success gets an answer 200 without content.
    - Alternatives of a `oneOf` become an `anyOf` where one value fits several of them.
    - A `discriminator` without alternatives beside it, whose heirs no reference names, goes.
    - A default that does not fit its own schema goes.
    - What is only written is required of requests alone.
    - A property that is required and that `additionalProperties` refuses is no longer required.
    - An answer that is a list has no least number of records.
    - Security schemes that stand in one header, and that are required together, become
      alternatives.
    - A pattern that is a literal of JavaScript, such as `/^a$/`, becomes the pattern within.
    """
    changes: dict[str, list[str]] = {kind: [] for kind in _SENTENCES}
    result: Node = _changed(
        document, "", lambda node, label: _schema(document, node, label, changes)
    )
    _require_in_bodies(result, document)
    _free_lists(result, changes["minItems"])
    _part_schemes(result, changes["security"])
    for operation in _operations(result):
        if not _declares_success(operation):
            operation["responses"] = {"200": _NO_CONTENT, **(operation.get("responses") or {})}
            changes["responses"].append(str(operation["operationId"]))
    notes = [
        sentence.format(names=_some(changes[kind]))
        for kind, sentence in _SENTENCES.items()
        if changes[kind]
    ]
    return result, notes


def _free_lists(document: Node, changed: list[str]) -> None:
    """Let lists of the answers to GET be empty."""
    for operation in (item["get"] for item in document["paths"].values() if "get" in item):
        answers = (operation.get("responses") or {}).items()
        good = [response for status, response in answers if str(status).startswith("2")]
        contents = [resolved(document, response).get("content") or {} for response in good]
        for content in (content for each in contents for content in each.values()):
            schema = content.get("schema")
            if (
                isinstance(schema, Mapping)
                and schema.get("type") == "array"
                and "minItems" in schema
            ):
                content["schema"] = {key: schema[key] for key in schema if key != "minItems"}
                changed.append(str(operation["operationId"]))


def _part_schemes(document: Node, changed: list[str]) -> None:
    """Make alternatives of security schemes that no request can carry together."""
    declared = (document.get("components") or {}).get("securitySchemes") or {}
    for node in (document, *_operations(document)):
        parted: list[Any] = []
        for requirement in node.get("security") or ():
            carriers = [
                _header_of(resolved(document, declared.get(each, {}))) for each in requirement
            ]
            known = [name for name in carriers if name]
            if len(known) == len(set(known)):
                parted.append(requirement)
            else:
                parted += [{name: scopes} for name, scopes in requirement.items()]
                changed += list(requirement)
        if parted:
            node["security"] = parted


def _header_of(scheme: Mapping[str, Any]) -> str:
    """Return the header, in small letters, that carries a security scheme; empty for none."""
    if scheme.get("type") == "apiKey":
        return str(scheme.get("name")).lower() if scheme.get("in") == "header" else ""
    return "authorization" if scheme.get("type") in {"http", "oauth2", "openIdConnect"} else ""


def _require_in_bodies(document: Node, original: Node) -> None:
    """Let bodies require what the original document's schemas require that is only written."""
    schemas = (original.get("components") or {}).get("schemas") or {}
    required = {
        f"#/components/schemas/{name}": hidden
        for name, schema in schemas.items()
        if (hidden := _written_only(schema))
    }
    bodies = list(((document.get("components") or {}).get("requestBodies") or {}).values())
    bodies += [operation.get("requestBody") or {} for operation in _operations(document)]
    for content in [each for body in bodies for each in (body.get("content") or {}).values()]:
        reference = (content.get("schema") or {}).get("$ref")
        if reference in required:
            whole = [content["schema"], {"type": "object", "required": required[reference]}]
            content["schema"] = {"allOf": whole}


def _written_only(schema: Any) -> list[str]:
    """Return the properties that a schema requires and that are only written."""
    required = schema.get("required") if isinstance(schema, Mapping) else None
    if not isinstance(required, list):
        return []
    properties = schema.get("properties") or {}
    return [
        name
        for name in required
        if isinstance(properties.get(name), Mapping) and properties[name].get("writeOnly")
    ]


def _some(names: list[str]) -> str:
    names = list(dict.fromkeys(names))
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def _operations(document: Node) -> Iterator[Node]:
    for item in document["paths"].values():
        yield from (item[method] for method in METHODS if method in item)


def _declares_success(operation: Node) -> bool:
    return any(
        str(status)[0] in "23" or status == "default" for status in operation.get("responses") or {}
    )


def _changed(
    node: Any, label: str, change: Callable[[Node, str], Node], *, names: bool = False
) -> Any:
    """Return a node with each mapping in it changed, at any depth; examples stay as they are.

    `names`: the node is a mapping by names.
    """
    if isinstance(node, list):
        return [_changed(item, label, change) for item in node]
    if not isinstance(node, Mapping):
        return node
    whole = {
        key: value
        if key in DATA_KEYS and not names
        else _changed(value, _label(key, label), change, names=key in NAMED_KEYS and not names)
        for key, value in node.items()
    }
    return change(whole, label)


def _label(key: str, outer: str) -> str:
    """Return the label of a node: its key if that is a name, else that of the node around."""
    return outer if key in _GENERIC or key.isdigit() or key.find("/") > 0 else key


def _schema(document: Node, node: Node, label: str, changes: dict[str, list[str]]) -> Node:
    pattern = node.get("pattern")
    if isinstance(pattern, str) and (match := _REGEX_LITERAL.fullmatch(pattern)):
        node = {**node, "pattern": match[1]}
        changes["pattern"].append(label)
    if isinstance(node.get("discriminator"), Mapping) and not {"oneOf", "anyOf"} & node.keys():
        node = {key: value for key, value in node.items() if key != "discriminator"}
        changes["discriminator"].append(label)
    if (
        "default" in node
        and "type" in node
        and not _fits(expanded(document, node), node["default"])
    ):
        node = {key: value for key, value in node.items() if key != "default"}
        changes["default"].append(label)
    hidden = _written_only(node)
    if hidden:
        node = {**node, "required": [each for each in node["required"] if each not in hidden]}
        changes["writeOnly"].append(label)
    impossible = _impossible(node)
    if impossible:
        node = {**node, "required": [each for each in node["required"] if each not in impossible]}
        changes["required"].append(label)
    if isinstance(node.get("oneOf"), list) and _overlap(document, node["oneOf"]):
        node = {("anyOf" if key == "oneOf" else key): value for key, value in node.items()}
        changes["oneOf"].append(label)
    return node


def _impossible(schema: Node) -> set[str]:
    """Return the properties that a schema requires and that it admits in no value."""
    required, properties = schema.get("required"), schema.get("properties")
    is_closed = schema.get("additionalProperties") is False and "patternProperties" not in schema
    if not is_closed or not isinstance(required, list) or not isinstance(properties, Mapping):
        return set()
    return set(required) - set(properties)


def _fits(schema: Any, value: Any) -> bool:
    """Return whether a value fits; True where a pattern cannot be read, so that nobody knows."""
    try:
        return fits(schema, value)
    except re.error:
        return True


def _overlap(document: Node, options: list[Any]) -> bool:
    """Return whether a value that is made of one alternative fits another one as well."""
    schemas = [expanded(document, option) for option in options]
    for position, schema in enumerate(schemas):
        if not isinstance(schema, Mapping):
            continue
        value = sketch(schema, SeededRandom(1, "alternative", position), SKETCH_START)
        if any(_fits(other, value) for other in schemas if other is not schema):
            return True
    return False
