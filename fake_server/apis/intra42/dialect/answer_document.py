"""The answers of a resource's operations in the OpenAPI document."""

import json
from typing import Any

from fake_server.api.declare import Declaration, Node, reference, schemas_of
from fake_server.apis.intra42.dialect.parameter_document import declared_examples, noun_of

_PAGE_HEADERS = ("Link", "X-Page", "X-Per-Page", "X-Total")
_RECORD_HEADERS = (
    *("ETag", "X-Request-Id", "X-Runtime"),
    *("X-Application-Id", "X-Application-Name", "X-Application-Roles"),
    *("X-Hourly-RateLimit-Limit", "X-Hourly-RateLimit-Remaining"),
    *("X-Secondly-RateLimit-Limit", "X-Secondly-RateLimit-Remaining"),
)


def answer_components(resource: Declaration) -> dict[str, Any]:
    """Return the components of a resource's answers, by kind and name."""
    name = resource.type_name
    responses: dict[str, Node] = {}
    if "list" in resource.operations:
        schema: Node = {"type": "array", "items": {"$ref": f"{resource.item}"}}
        page = {"page": {"value": [_example(resource, resource.item)]}}
        responses[f"{name}Page"] = {
            "description": f"A page of {resource.plural}.",
            "headers": _headers(*_PAGE_HEADERS, *_RECORD_HEADERS),
            "content": _json(schema, declared_examples(resource, "list", page)),
        }
    if "show" in resource.operations:
        record = {"record": {"value": _example(resource, resource.shape)}}
        responses[name] = {
            "description": f"One {noun_of(resource)}.",
            "headers": _headers(*_RECORD_HEADERS),
            "content": _json(
                {"$ref": f"{resource.shape}"}, declared_examples(resource, "show", record)
            ),
        }
    if "graph" in resource.operations:
        counts = {"by_day": {"value": _example(resource, "graph.json")}}
        responses[f"{name}Graph"] = {
            "description": "The count of each period, ascending, periods without any included.",
            "headers": _headers(*_RECORD_HEADERS),
            "content": _json({"$ref": "graph.json"}, declared_examples(resource, "graph", counts)),
        }
        responses[f"{name}NotGraphable"] = _not_graphable(resource)
    return {"responses": responses}


def _example(resource: Declaration, shape: str | None) -> Any:
    folder = schemas_of(resource.api)
    return json.loads((folder / str(shape)).read_bytes())["examples"][0]


def _not_graphable(resource: Declaration) -> Node:
    from fake_server.apis.intra42.dialect.errors import GraphFieldError

    example = GraphFieldError("marked_at", resource.graph).body
    return {
        "description": "The field or interval cannot be graphed by, or a filter or range holds a"
        " value which is not of its field's kind.",
        "headers": _headers(*_RECORD_HEADERS[1:]),
        "content": _json({"$ref": "error.json"}, {"examples": {"field": {"value": example}}}),
    }


def _headers(*names: str) -> Node:
    return {name: reference("headers", name) for name in names}


def _json(schema: Node, examples: Node) -> Node:
    return {"application/json": {"schema": schema, **examples}}
