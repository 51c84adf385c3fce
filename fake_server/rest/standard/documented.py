"""Answers that an API's document shows: examples, errors of the document's own form."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from flask import Response

from fake_server.rest.answers import answer, json_answer
from fake_server.rest.attribute_reader import body_schema, read_body, with_references
from fake_server.rest.context import current_request, now, world
from fake_server.rest.parameters import query_parameters
from fake_server.rest.resources.resource_routes import Call
from fake_server.rest.schema.flattening import flattened
from fake_server.rest.schema.spec import resolved, spec
from fake_server.rest.standard.sketches import fits, sketch
from fake_server.world.instants import milliseconds
from fake_server.world.seeded_random import SeededRandom

_DATA = {"example", "examples", "default", "enum", "const"}


class DocumentedAnswer(NamedTuple):
    """An answer of an operation: its node in the document, and its status."""

    status: int
    node: Mapping[str, Any]

    def content(self) -> tuple[str, Mapping[str, Any]]:
        """Return the media type that it prefers, JSON if it may, and what is said of it."""
        kinds: Mapping[str, Any] = self.node.get("content") or {}
        chosen = next((kind for kind in kinds if is_json(kind)), next(iter(kinds), ""))
        return chosen, (kinds.get(chosen) or {})


def is_json(kind: str) -> bool:
    """Return whether a media type is that of JSON."""
    return kind.partition(";")[0].strip().endswith("json")


def answers_of(api: str, operation: str) -> Mapping[str, Mapping[str, Any]]:
    """Return the answers of an operation, named without its API, by status."""
    document = spec(api).document
    declared = spec(api).operation(operation)
    node = document["paths"][declared.path][declared.method.lower()]
    return {
        str(status): resolved(document, about)
        for status, about in (node.get("responses") or {}).items()
    }


def good_answer(api: str, operation: str) -> DocumentedAnswer:
    """Return the answer to a good request: the first of 2xx, else of 3xx, else the default one."""
    answers = answers_of(api, operation)
    for first in "23":
        for status in sorted(answers):
            if status[0] == first:
                return DocumentedAnswer(int(status.upper().replace("XX", "00")), answers[status])
    return DocumentedAnswer(200, answers.get("default", {}))


def answer_example(resource: Any, call: Call) -> Response:
    """Answer an action with the document's example, or with one made from the schema."""
    api, operation = resource.api, call.operation.id
    query_parameters(current_request())
    if body_schema(api, operation).get("properties"):
        read_body(operation).checked()
    shown = good_answer(api, operation)
    kind, content = shown.content()
    if not kind or shown.status in {204, 205, 304}:
        return answer(shown.status, None, _headers(api, operation, shown))
    value = _example(api, operation, content)
    headers = _headers(api, operation, shown)
    if is_json(kind):
        return json_answer(value, shown.status, headers)
    text = value if isinstance(value, str) else ""
    return Response(text, shown.status, headers, content_type=kind.replace("*", "plain"))


def _example(api: str, operation: str, content: Mapping[str, Any]) -> Any:
    """Return the first example of some content that fits its schema, else a value made from it."""
    whole = with_references(content.get("schema") or {}, spec(api).document)
    schema = answered(flattened(whole))
    for value in _examples(api, content, schema):
        if fits(answered(whole), value):
            return value
    return sketch(schema, _random(operation), milliseconds(now()))


def answered(schema: Any) -> Any:
    """Return a schema without its write-only parts, at any depth: no answer may have them."""
    if isinstance(schema, list):
        return [answered(item) for item in schema]
    if not isinstance(schema, Mapping):
        return schema
    whole = {name: answered(value) for name, value in schema.items() if name not in _DATA}
    kept = {name: value for name, value in schema.items() if name in _DATA}
    properties = schema.get("properties")
    if not isinstance(properties, Mapping):
        return {**whole, **kept}
    hidden = {
        name
        for name, about in properties.items()
        if isinstance(about, Mapping) and about.get("writeOnly")
    }
    whole["properties"] = {
        name: False if name in hidden else answered(about) for name, about in properties.items()
    }
    required = [name for name in schema.get("required") or () if name not in hidden]
    return {**whole, **kept, "required": required}


def _examples(api: str, content: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[Any]:
    if "example" in content:
        yield content["example"]
    for example in (content.get("examples") or {}).values():
        shown = resolved(spec(api).document, example)
        if "value" in shown:
            yield shown["value"]
    if "example" in schema:
        yield schema["example"]
    yield from schema.get("examples") or ()


def fits_document(api: str, schema: Mapping[str, Any], value: Any) -> bool:
    """Return whether a JSON value fits a schema of an API's document, at any depth.

    A schema that is within itself holds there, too.
    """
    whole = {**schema, "components": spec(api).document.get("components") or {}}
    return fits(whole, value)


def property_schema(api: str, schema: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return the schema of a property in an API's document; empty if there is none."""
    whole = resolved(spec(api).document, schema)
    own: Mapping[str, Any] | None = (whole.get("properties") or {}).get(name)
    parts = [property_schema(api, part, name) for part in whole.get("allOf") or ()]
    said = [part for part in (own, *parts) if part]
    return said[0] if len(said) == 1 else {"allOf": said} if said else {}


def without_written(api: str, schema: Mapping[str, Any], value: Any) -> Any:
    """Return a JSON value without what its schema says is only written, at any depth."""
    if isinstance(value, list):
        items = resolved(spec(api).document, schema).get("items")
        return [without_written(api, items, item) for item in value] if items else value
    if not isinstance(value, Mapping):
        return value
    members = {name: property_schema(api, schema, name) for name in value}
    return {
        name: without_written(api, members[name], member)
        for name, member in value.items()
        if not resolved(spec(api).document, members[name]).get("writeOnly")
    }


def sent_schema(api: str, operation: str) -> Mapping[str, Any]:
    """Return the schema of an operation's JSON body as the document has it; empty without one."""
    document = spec(api).document
    declared = spec(api).operation(operation)
    node = document["paths"][declared.path][declared.method.lower()]
    body = resolved(document, node.get("requestBody") or {})
    contents = (body.get("content") or {}).items()
    return next((about.get("schema") or {} for kind, about in contents if is_json(kind)), {})


def schema_of(api: str, content: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema of some content, references and `allOf` resolved."""
    whole = flattened(with_references(content.get("schema") or {}, spec(api).document))
    return whole if isinstance(whole, Mapping) else {}


def _random(operation: str) -> SeededRandom:
    return SeededRandom(world().seed, operation, current_request().path)


def _headers(api: str, operation: str, shown: DocumentedAnswer) -> dict[str, str]:
    """Return the headers that the document says are always there."""
    headers = {}
    for name, about in (shown.node.get("headers") or {}).items():
        header = resolved(spec(api).document, about)
        if header.get("required") and name.lower() != "content-type":
            value = sketch(schema_of(api, header), _random(operation), milliseconds(now()), name)
            headers[name] = str(value)
    return headers
