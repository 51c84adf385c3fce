"""The OpenAPI operations and components that a resource's declaration gives."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from fake_server.api.declare import Declaration, DocumentPart, Field, Node, reference

_BASE = "/open_api/v1"
_RECORD_HEADERS = ("ETag", "Cache-Control", "Vary", "X-Request-Id", "X-Runtime")
_SEARCH = "search"
"""The action of a list that needs a filter: it is of a record, which may not be there."""

_LISTS = ("list", _SEARCH)
_PAGE_PARAMETERS = {"always": ("Page", "PerPage"), "asked": ("AskedPage", "AskedPerPage")}
_WRITES = {
    "create": ("post", "201"),
    "update": ("patch", "200"),
    "replace": ("put", "200"),
    "destroy": ("delete", "204"),
}
_PAGE_HEADERS = ("Total", "Per-Page", "Link")
_ZONE = "Without an offset it is in the server's time zone; without a time it is midnight there."


class _FilterDocument(NamedTuple):
    """How the document describes a kind of filters.

    - `schema`: its schema. `says`: a remark on its values.
    - `comparison`: its `x-filter`; "": a row has the value, or one of several.
    """

    schema: Callable[[Field], Node]
    says: str = ""
    comparison: str = ""


def _dates(field: Field) -> Node:
    return reference("schemas", "DateTime")


def _integers(field: Field) -> Node:
    return reference("schemas", "Integers")


def _integer(field: Field) -> Node:
    return reference("schemas", "Integer")


def _integers_or_null(field: Field) -> Node:
    return {"anyOf": [{"type": "string", "const": "null"}, reference("schemas", "Integers")]}


def _options(field: Field) -> Node:
    # Generated clients name a member after its value, and an empty text gives no name.
    names = [*field.options, "Blank"]
    return {"type": "string", "enum": [*field.options, ""], "x-enum-varnames": names}


def _texts(field: Field) -> Node:
    return {"type": "string"}


def _flags(field: Field) -> Node:
    return {"anyOf": [{"type": "boolean"}, reference("schemas", "Blank")]}


_KINDS: Mapping[str, _FilterDocument] = {
    "From": _FilterDocument(_dates, _ZONE, "min"),
    "Until": _FilterDocument(_dates, _ZONE, "max"),
    "Integers": _FilterDocument(_integers, "Several as `{0}=[1,2]`, or as `{0}[]=1&{0}[]=2`."),
    "Integer": _FilterDocument(_integer),
    "IntegersOrNull": _FilterDocument(
        _integers_or_null, "Several as `{0}=[1,2]`, or as `{0}[]=1&{0}[]=2`."
    ),
    "Option": _FilterDocument(_options),
    "Texts": _FilterDocument(_texts, "Several as `{0}[]=a&{0}[]=b`."),
    "Flag": _FilterDocument(_flags),
}


def describe(resource: Declaration, declarations: Mapping[str, Declaration]) -> DocumentPart:
    """Return the operations and components of a resource."""
    operations: list[tuple[str, str, Node]] = []
    responses: dict[str, Node] = {}
    schemas: dict[str, Node] = {}
    action = next((name for name in _LISTS if name in resource.operations), None)
    if action is not None:
        operations.append((f"{_BASE}/{resource.name}", "get", _list(action, resource)))
        responses[_page_name(resource)] = _page(resource)
        if _page_file(resource) is None:
            schemas[_page_name(resource)] = _page_schema(resource)
    if "show" in resource.operations:
        path = f"{_BASE}/{resource.name}/{{{_argument(resource)}}}"
        operations.append((path, "get", _show(resource)))
        responses[resource.type_name] = _record(resource)
    for action, (method, status) in _WRITES.items():
        if action in resource.operations:
            path = f"{_BASE}/{resource.name}"
            if action != "create":
                path = f"{path}/{{{_argument(resource)}}}"
            operations.append((path, method, _write(action, resource, status)))
    if "create" in resource.operations:
        responses[f"{resource.type_name}Written"] = _written(resource)
    if "download" in resource.operations:
        path = f"{_BASE}/{resource.name}/{{{_argument(resource)}}}/download"
        operations.append((path, "get", _download(resource)))
        responses[f"{resource.type_name}File"] = _file(resource)
    return DocumentPart(
        operations,
        {"parameters": _parameters(resource), "responses": responses, "schemas": schemas},
    )


def _list(action: str, resource: Declaration) -> Node:
    pages = _PAGE_PARAMETERS.get(resource.keys.get("pages", "never"), ())
    filters = (_component(resource, name) for name in resource.filter)
    return {
        **_head(action, resource, resource.name),
        "summary": f"List the {resource.plural}",
        "description": resource.operations[action],
        **({"x-order": list(resource.keys["order"])} if "order" in resource.keys else {}),
        "parameters": [*_shared(*pages, *filters, "IfNoneMatch")],
        "responses": {
            "200": reference("responses", _page_name(resource)),
            "304": reference("responses", _not_modified(resource)),
            "400": reference("responses", "BadRequest"),
            **({"404": reference("responses", "NotFound")} if action == _SEARCH else {}),
            **_refusals(),
        },
    }


def _show(resource: Declaration) -> Node:
    return {
        **_head("show", resource, _noun(resource)),
        "summary": f"Show one {resource.singular}",
        "description": resource.operations["show"],
        "parameters": [*_shared(f"{resource.type_name}Id", "IfNoneMatch")],
        "responses": {
            "200": reference("responses", resource.type_name),
            "304": reference("responses", "NotModifiedRecord"),
            "400": reference("responses", "BadRequest"),
            "404": reference("responses", "NotFound"),
            **_refusals(),
        },
    }


def _write(action: str, resource: Declaration, status: str) -> Node:
    identified = () if action == "create" else (f"{resource.type_name}Id",)
    node = {
        **_head(action, resource, _noun(resource)),
        "summary": f"{action.capitalize()} a {resource.singular}",
        "description": resource.operations[action],
        "parameters": [*_shared(*identified)],
    }
    success = reference("responses", f"{resource.type_name}Written")
    if action == "destroy":
        success = reference("responses", "NoContent")
    else:
        schema = {"$ref": resource.keys["new" if action == "create" else "body"]}
        node["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schema}},
        }
    node["responses"] = {
        status: success,
        "400": reference("responses", "BadRequest"),
        **({"404": reference("responses", "NotFound")} if identified else {}),
        **({} if action == "destroy" else {"422": reference("responses", "InvalidRecord")}),
        **_refusals(),
    }
    return node


def _download(resource: Declaration) -> Node:
    return {
        **_head("download", resource, _noun(resource)),
        "summary": f"Download one {resource.singular}",
        "description": resource.operations["download"],
        "parameters": [*_shared(f"{resource.type_name}Id")],
        "responses": {
            "200": reference("responses", f"{resource.type_name}File"),
            "400": reference("responses", "BadRequest"),
            "404": reference("responses", "NotFound"),
            **_refusals(),
        },
    }


def _file(resource: Declaration) -> Node:
    return {
        "description": f"The PDF of one {resource.singular}.",
        "headers": _headers("Content-Disposition", "X-Request-Id", "X-Runtime"),
        "content": {"application/pdf": {}},
    }


def _head(action: str, resource: Declaration, noun: str) -> Node:
    return {
        "operationId": f"{action}_{noun}",
        "x-resource": resource.name,
        "x-action": action,
        "tags": [resource.name],
    }


def _refusals() -> Node:
    return {
        "401": reference("responses", "Unauthorized"),
        "413": reference("responses", "TooLarge"),
    }


def _shared(*names: str) -> Iterator[Node]:
    return (reference("parameters", name) for name in names)


def _noun(resource: Declaration) -> str:
    return resource.singular.replace(" ", "_")


def _argument(resource: Declaration) -> str:
    return f"{_noun(resource)}_id"


def _component(resource: Declaration, filter_name: str) -> str:
    words = filter_name.split("_")
    return f"{resource.type_name}Filter" + "".join(word.capitalize() for word in words)


def _not_modified(resource: Declaration) -> str:
    return "NotModified" if resource.keys.get("pages") == "always" else "NotModifiedRecord"


def _parameters(resource: Declaration) -> dict[str, Node]:
    parameters = {
        _component(resource, name): _filter(resource, name, field)
        for name, field in resource.filter.items()
    }
    if not {"show", "download"}.isdisjoint(resource.operations):
        names = resource.keys.get("names")
        identifier = f"The id or the {names}" if names else "The id"
        kind = "Identifier" if names else "Integer"
        parameters[f"{resource.type_name}Id"] = {
            "name": _argument(resource),
            "in": "path",
            "required": True,
            "description": f"{identifier} of the {resource.singular}.",
            "schema": reference("schemas", kind),
        }
    return parameters


def _filter(resource: Declaration, name: str, field: Field) -> Node:
    kind = _KINDS[field.kind]
    remark = resource.keys["filter"][name].get("remark", "")
    node: Node = {
        "name": name,
        "in": "query",
        "description": " ".join(filter(None, [field.says, kind.says.format(name), remark])),
        "schema": kind.schema(field),
    }
    if resource.keys["filter"][name].get("required"):
        node["required"] = True
    column = resource.keys["filter"][name].get("column")
    # What the document calls an id of a user is another number in the service.
    if column not in {None, "id"} and field.kind != "Flag":
        node |= {"x-column": column} | ({"x-filter": kind.comparison} if kind.comparison else {})
    return node | _examples(resource, name)


def _examples(resource: Declaration, name: str) -> Node:
    examples = (resource.keys.get("examples") or {}).get(name)
    if examples is None:
        return {}
    return {"examples" if isinstance(examples, Mapping) else "example": examples}


def _page_name(resource: Declaration) -> str:
    return "".join(word[:1].upper() + word[1:] for word in resource.plural.split())


def _page_file(resource: Declaration) -> str | None:
    file: str | None = resource.keys.get("page")
    return file


def _page(resource: Declaration) -> Node:
    always = resource.keys.get("pages") == "always"
    file = _page_file(resource)
    schema = {"$ref": file} if file else reference("schemas", _page_name(resource))
    return {
        "description": f"{'A page of' if always else 'The'} {resource.plural}.",
        "headers": _headers(*(_PAGE_HEADERS if always else ()), *_RECORD_HEADERS),
        "content": _json(schema, _examples(resource, "list")),
    }


def _page_schema(resource: Declaration) -> Node:
    envelope = resource.keys.get("envelope", resource.name)
    items = {"$ref": resource.item}
    return {
        "description": f"An answer to a list of {resource.plural}.",
        "type": "object",
        "additionalProperties": False,
        "required": [envelope],
        "properties": {
            envelope: {
                "type": "array",
                "items": items,
                "description": f"The {resource.plural}.",
            }
        },
    }


def _record(resource: Declaration) -> Node:
    return {
        "description": f"One {resource.singular}.",
        "headers": _headers(*_RECORD_HEADERS),
        "content": _json({"$ref": resource.shape}, _examples(resource, "show")),
    }


def _written(resource: Declaration) -> Node:
    return {
        "description": f"The {resource.singular} as it was written.",
        "headers": _headers("Location", *_RECORD_HEADERS),
        "content": _json({"$ref": resource.shape}, _examples(resource, "show")),
    }


def _headers(*names: str) -> Node:
    return {name: reference("headers", name) for name in names}


def _json(schema: Any, examples: Node) -> Node:
    return {"application/json": {"schema": schema, **examples}}
