"""What a resource's declaration comes to in the OpenAPI document of the API."""

from collections.abc import Iterator, Mapping
from typing import Any

from fake_server.api.declare import Declaration, Field, Node, Part, reference
from fake_server.apis.xurrent.dialect.document.bodies import bodies, fields_of, shape_of
from fake_server.apis.xurrent.dialect.document.operations import (
    IDS,
    Nest,
    filter_name,
    operations_of,
)
from fake_server.apis.xurrent.dialect.document.sections import section
from fake_server.apis.xurrent.dialect.document.words import a, is_countable
from fake_server.apis.xurrent.dialect.model.declared import LAST

_RECORD_HEADERS = (
    *("ETag", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"),
    *("Cache-Control", "Content-Security-Policy", "Strict-Transport-Security"),
    *("X-Content-Type-Options", "X-XSS-Protection", "X-Request-Id", "X-Runtime"),
)
_NESTED_PAGE_HEADERS = (
    *("X-Pagination-Per-Page", "X-Pagination-Current-Page", "X-Pagination-Total-Pages"),
    *("X-Pagination-Total-Entries", "Link"),
)
_PAGE_HEADERS = (*_NESTED_PAGE_HEADERS, "X-Pagination-Start-Cursor", "X-Pagination-End-Cursor")
_FILTERS: Mapping[str, Node] = {
    "ReferenceFilter": {
        "type": "string",
        "description": "The ID of a record; =value, =!value, a list 1,2,3, empty, ! for present,"
        " <, <=, >, >= and ranges >a<b.",
        "pattern": r"^(!?([0-9]{1,18}(,[0-9]{1,18}){0,999})?|[<>]=?[0-9]{1,18}"
        r"|>=?[0-9]{1,18}<=?[0-9]{1,18})$",
    },
    "ExactFilter": {
        "type": "string",
        "description": "=value, =!value, empty, ! for present; case matters.",
        "pattern": r"^!?([^\u0000<>,!][^\u0000,]*)?$",
    },
    "OptionFilter": {
        "type": "string",
        "description": "=value, =!value, a list low,high, empty, ! for present; case matters.",
        "pattern": r"^!?([^\u0000<>,!][^\u0000,]*(,[^\u0000,]+){0,999})?$",
    },
}
"""The schemas of the filters that only some resources have; those of all are in the frame."""

_EXAMPLES = {
    "integer": "1,2,3",
    "reference": "1,2,3",
    "text": "24x5",
    "exact": "24x5",
    "option": "low",
    "boolean": "true",
    "instant": ">=2016-01-15T23:00:00Z",
    "local": ">=2016-06-17T00:00",
}


def describe(resource: Declaration, others: Mapping[str, Declaration]) -> Part:
    """Return the parts of a resource in the document and in the schema of datasets."""
    operations = operations_of(resource, [others[name] for name in resource.parents])
    components = {
        "schemas": {**bodies(resource), **_filters(resource)},
        "responses": _responses(resource),
        "parameters": dict(_parameters(resource, others)),
    }
    return Part(operations, components, None if resource.part_of else section(resource))


def _filters(resource: Declaration) -> dict[str, Node]:
    names = {_filter_schema(field) for field in resource.filter.values()}
    return {name: schema for name, schema in _FILTERS.items() if name in names}


def _responses(resource: Declaration) -> dict[str, Node]:
    name, one, several = resource.type_name, resource.singular, resource.plural
    shape: Node = {"$ref": resource.shape}
    items: Node = {"type": "array", "items": reference("schemas", f"{name}Item")}
    examples = resource.keys.get("examples") or {}
    shown = {"examples": {examples["show"]: {"value": shape_of(resource)["examples"][0]}}}
    listed = {"examples": examples["list"]} if "list" in examples else {}
    now = "it is" if is_countable(resource) else "they are"
    page = f"A page of {several}."
    responses = {
        f"{name}Page": _response(page, items, listed, *_PAGE_HEADERS),
        f"{name}NestedPage": _response(page, items, {}, *_NESTED_PAGE_HEADERS),
        name: _response(f"The {one}.", shape, shown),
        f"{name}Created": _response(f"The new {one}.", shape, shown, "Location"),
        f"{name}Updated": _response(f"The {one} as {now} now.", shape, shown),
    }
    unused = {
        f"{name}Page": bool(resource.part_of) or "list" not in resource.operations,
        f"{name}NestedPage": not resource.parents,
        name: "show" not in resource.operations,
        f"{name}Created": "create" not in resource.operations,
        f"{name}Updated": "update" not in resource.operations,
    }
    return {name: response for name, response in responses.items() if not unused[name]}


def _response(says: str, schema: Node, examples: Node, *headers: str) -> Node:
    return {
        "description": says,
        "headers": {name: reference("headers", name) for name in (*headers, *_RECORD_HEADERS)},
        "content": {"application/json": {"schema": schema, **examples}},
    }


def _parameters(
    resource: Declaration, others: Mapping[str, Declaration]
) -> Iterator[tuple[str, Node]]:
    name = resource.type_name
    nest = Nest(resource, others.get(resource.part_of))
    yield f"{name}Id", _id(resource, nest.argument)
    for parent, about in resource.parents.items():
        if "links" in about:
            yield f"Linked{name}Id", _id(resource, Nest(resource, others[parent]).argument)
    fields = [*(field for field in fields_of(resource) if field not in LAST), *LAST]
    yield f"{name}Fields", _list("fields", "The fields to show, beside the ID.", fields)
    if resource.sort:
        options = [sign + field for field in resource.sort for sign in ("", "-")]
        says = "The fields to sort by, first the most important; - for descending."
        yield f"{name}Sort", _list("sort", says, options)
    for field, filtered in resource.filter.items():
        yield filter_name(field, filtered), _filter(field, filtered)
        if field == "id":
            yield filter_name(IDS, filtered), _filter(IDS, filtered)
    states = [*(resource.keys.get("predefined") or ())]
    if states:
        yield (
            f"{name}State",
            _query("state", "A predefined filter.", {"type": "string", "enum": states}),
        )


def _id(resource: Declaration, argument: str) -> Node:
    return {
        "name": argument,
        "in": "path",
        "required": True,
        "description": f"The ID of {a(resource)}, plain or as a nodeID.",
        "schema": {"type": "string", "minLength": 1},
        "example": str(shape_of(resource)["examples"][0]["id"]),
    }


def _query(name: str, says: str, schema: Node, **keys: Any) -> Node:
    return {"name": name, "in": "query", "description": says, **keys, "schema": schema}


def _list(name: str, says: str, options: list[str]) -> Node:
    schema = {"type": "array", "items": {"type": "string", "enum": options}}
    return _query(name, says, schema, style="form", explode=False)


def _filter(field: str, about: Field) -> Node:
    compared = "id" if field == IDS else field
    says = f"Filter by {compared}. (The older {compared}!=value negates too.)"
    schema = reference("schemas", _filter_schema(about))
    parameter = _query(field, says, schema, **{"x-filter": about.kind})
    return parameter | {"example": _EXAMPLES[about.kind]}


def _filter_schema(about: Field) -> str:
    return f"{about.kind.capitalize()}Filter"
