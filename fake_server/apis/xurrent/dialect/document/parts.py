"""The OpenAPI operations and components that a resource's declaration gives."""

from collections.abc import Iterator, Mapping
from typing import Any

from fake_server.api.declare import Declaration, DocumentPart, Field, Node, reference
from fake_server.apis.xurrent.dialect.document.body_schemas import bodies, fields_of, shape_of
from fake_server.apis.xurrent.dialect.document.documented_operations import (
    IDS,
    Nest,
    filter_name,
    operations_of,
)
from fake_server.apis.xurrent.dialect.document.nouns import a, is_countable
from fake_server.apis.xurrent.dialect.document.sections import section
from fake_server.apis.xurrent.dialect.model.declared import LAST
from fake_server.apis.xurrent.dialect.values.parsing import INSTANT

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
    "DateFilter": {
        "type": "string",
        "description": "A date; =value, =!value, empty, ! for present, <, <=, >, >= and ranges"
        " >a<b.",
        "pattern": f"^(!?({INSTANT})?|[<>]=?{INSTANT}|>=?{INSTANT}<=?{INSTANT})$",
    },
}
"""The schemas of the filters of some resources. The frame has the schemas of all others."""

_EXAMPLES = {
    "integer": "1,2,3",
    "reference": "1,2,3",
    "text": "24x5",
    "exact": "24x5",
    "option": "low",
    "boolean": "true",
    "instant": ">=2016-01-15T23:00:00Z",
    "local": ">=2016-06-17T00:00",
    "date": ">=2016-06-17",
}


def describe(resource: Declaration, declarations: Mapping[str, Declaration]) -> DocumentPart:
    """Return the parts of a resource in the document and in the schema of datasets."""
    operations = operations_of(resource, [declarations[name] for name in resource.parents])
    components = {
        "schemas": {**bodies(resource), **_filters(resource)},
        "responses": _responses(resource),
        "parameters": dict(_parameters(resource, declarations)),
    }
    return DocumentPart(operations, components, None if resource.part_of else section(resource))


def _filters(resource: Declaration) -> dict[str, Node]:
    names = {_filter_schema(field) for field in resource.filter.values()}
    return {name: schema for name, schema in _FILTERS.items() if name in names}


def _responses(resource: Declaration) -> dict[str, Node]:
    name, singular, plural = resource.type_name, resource.singular, resource.plural
    shape: Node = {"$ref": resource.shape}
    items: Node = {"type": "array", "items": reference("schemas", f"{name}Item")}
    examples = resource.keys.get("examples") or {}
    if "show" not in examples:
        raise ValueError(
            f"{resource.name}: examples.show is missing: the name of the shape's example"
        )
    record_examples = {"examples": {examples["show"]: {"value": shape_of(resource)["examples"][0]}}}
    list_examples = {"examples": examples["list"]} if "list" in examples else {}
    clause = "it is" if is_countable(resource) else "they are"
    page = f"A page of {plural}."
    responses = {
        f"{name}Page": _response(page, items, list_examples, *_PAGE_HEADERS),
        f"{name}NestedPage": _response(page, items, {}, *_NESTED_PAGE_HEADERS),
        name: _response(f"The {singular}.", shape, record_examples),
        f"{name}Created": _response(f"The new {singular}.", shape, record_examples, "Location"),
        f"{name}Updated": _response(f"The {singular} as {clause} now.", shape, record_examples),
    }
    unused = {
        f"{name}Page": bool(resource.part_of) or "list" not in resource.operations,
        f"{name}NestedPage": not resource.parents,
        name: "show" not in resource.operations,
        f"{name}Created": "create" not in resource.operations,
        f"{name}Updated": "update" not in resource.operations,
    }
    return {name: response for name, response in responses.items() if not unused[name]}


def _response(description: str, schema: Node, examples: Node, *headers: str) -> Node:
    return {
        "description": description,
        "headers": {name: reference("headers", name) for name in (*headers, *_RECORD_HEADERS)},
        "content": {"application/json": {"schema": schema, **examples}},
    }


def _parameters(
    resource: Declaration, declarations: Mapping[str, Declaration]
) -> Iterator[tuple[str, Node]]:
    name = resource.type_name
    nest = Nest(resource, declarations.get(resource.part_of))
    yield f"{name}Id", _id(resource, nest.argument)
    for parent, parent_keys in resource.parents.items():
        if "links" in parent_keys:
            yield f"Linked{name}Id", _id(resource, Nest(resource, declarations[parent]).argument)
    fields = [*(field for field in fields_of(resource) if field not in LAST), *LAST]
    yield f"{name}Fields", _list("fields", "The fields to show, beside the ID.", fields)
    if resource.sort:
        options = [sign + field for field in resource.sort for sign in ("", "-")]
        description = "The fields to sort by, first the most important; - for descending."
        yield f"{name}Sort", _list("sort", description, options, minItems=1)
    for field, filter_field in resource.filter.items():
        yield filter_name(field, filter_field), _filter(field, filter_field)
        if field == "id":
            yield filter_name(IDS, filter_field), _filter(IDS, filter_field)
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


def _query(name: str, description: str, schema: Node, **keys: Any) -> Node:
    return {"name": name, "in": "query", "description": description, **keys, "schema": schema}


def _list(name: str, description: str, options: list[str], **keys: Any) -> Node:
    schema = {"type": "array", **keys, "items": {"type": "string", "enum": options}}
    return _query(name, description, schema, style="form", explode=False)


def _filter(field: str, filter_field: Field) -> Node:
    field_name = "id" if field == IDS else field
    description = f"Filter by {field_name}. (The older {field_name}!=value negates too.)"
    schema = reference("schemas", _filter_schema(filter_field))
    parameter = _query(field, description, schema, **{"x-filter": filter_field.kind})
    return parameter | {"example": _EXAMPLES[filter_field.kind]}


def _filter_schema(filter_field: Field) -> str:
    return f"{filter_field.kind.capitalize()}Filter"
