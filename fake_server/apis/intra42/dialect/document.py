"""The OpenAPI operations and components that a resource's declaration gives."""

import json
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from fake_server.api.declare import Declaration, Field, Node, Part, reference, schemas_of
from fake_server.apis.intra42.dialect.written_document import shared_bodies, write_operations

_INTERVALS = (
    *("day", "week", "month", "quarter", "year"),
    *("hour_of_day", "day_of_week", "day_of_month", "month_of_year"),
)
_PAGE_HEADERS = ("Link", "X-Page", "X-Per-Page", "X-Total")
_RECORD_HEADERS = (
    *("ETag", "X-Request-Id", "X-Runtime"),
    *("X-Application-Id", "X-Application-Name", "X-Application-Roles"),
    *("X-Hourly-RateLimit-Limit", "X-Hourly-RateLimit-Remaining"),
    *("X-Secondly-RateLimit-Limit", "X-Secondly-RateLimit-Remaining"),
)
_REFUSALS = {
    "304": "NotModified",
    "400": "BadRequest",
    "401": "Unauthorized",
    "403": "Forbidden",
    "404": "NotFound",
    "413": "TooLarge",
    "422": "UnusableValue",
    "429": "TooManyRequests",
}
_COUNTS = "Counts the occurrences of a date field by a period, from the first occurrence to now."

_Operations = Iterator[tuple[str, str, Node]]
_Nest = tuple[Declaration, ...]


def describe(resource: Declaration, declarations: Mapping[str, Declaration]) -> Part:
    """Return the operations and components of a resource."""
    operations: list[tuple[str, str, Node]] = []
    for nest in _nests(resource, declarations):
        if "list" in resource.operations:
            operations += _list(resource, nest, declarations)
        if "graph" in resource.operations and (not nest or _is_graphed(resource, nest[-1])):
            operations += _graphs(resource, nest, declarations)
    if "show" in resource.operations:
        operations += _show(resource)
    if "own" in resource.operations:
        operations += _own(resource)
    if "sides" in resource.keys:
        operations += _sides(resource, declarations)
    operations += write_operations(resource, declarations)
    refused = {
        use
        for keys in (resource.keys, *resource.quirks.values())
        for use in keys.get("access") or ()
    }
    for _, method, operation in operations:
        if ("read" if method == "get" else "write") in refused:
            operation["responses"]["403"] = reference("responses", "Refused")
    components = {
        **_components(resource),
        "parameters": _parameters(resource, declarations),
        "requestBodies": shared_bodies(operations),
    }
    return Part(operations, components)


def _nests(resource: Declaration, declarations: Mapping[str, Declaration]) -> Iterator[_Nest]:
    """Yield the parents in the paths of a resource's lists: none, each, and one under another."""
    if resource.keys.get("flat", True):
        yield ()
    for name, keys in resource.parents.items():
        yield (declarations[name],)
        if "under" in keys:
            yield declarations[keys["under"]], declarations[name]


def _is_graphed(resource: Declaration, parent: Declaration) -> bool:
    """Return whether the graph is nested under a parent too."""
    nested = resource.keys["graph"].get("nested", True)
    return parent.name in nested if isinstance(nested, list) else bool(nested)


def _list(
    resource: Declaration, nest: _Nest, declarations: Mapping[str, Declaration]
) -> _Operations:
    description = resource.parents[nest[-1].name]["says"] if nest else resource.operations["list"]
    operation = {
        **_head("list", resource, nest, declarations),
        "summary": f"List the {resource.plural}{_of(nest)}",
        "description": description + _needs(resource, "read"),
        "x-order": resource.keys["order"],
        "parameters": [
            *_parents(resource, nest, declarations, query=True),
            *_choice(resource, "Sort", "Filter", "Range"),
            *_shared("Page", "PerPage", "IfNoneMatch"),
        ],
        "responses": _responses(f"{resource.type_name}Page", nested=bool(resource.parents)),
    }
    yield _path(resource, nest), "get", operation


def _graphs(
    resource: Declaration, nest: _Nest, declarations: Mapping[str, Declaration]
) -> _Operations:
    graph = resource.keys["graph"]
    name = resource.type_name
    path = f"{_path(resource, nest)}/graph"
    defaults = (
        f" Without field and interval it counts {_default_field(resource)} by month_of_year.",
        " Without an interval it counts by month_of_year.",
        "",
    )
    forms = (
        ("", "", (f"{name}FieldQuery", "IntervalQuery")),
        ("_on", "/on/{field}", (f"{name}Field", "IntervalQuery")),
        ("_on_by", "/on/{field}/by/{interval}", (f"{name}Field", "Interval")),
    )
    sort = ("Sort",) if graph.get("sorted") else ()
    for (suffix, rest, form), default in zip(forms, defaults, strict=True):
        head = _head("graph", resource, nest, declarations)
        operation = {
            **head,
            "operationId": head["operationId"] + suffix,
            "tags": [*head["tags"], "graph"],
            "summary": f"Count the {resource.plural}{_of(nest)} by period",
            "description": _COUNTS + default + _needs(resource, "read"),
            "parameters": [
                *_parents(resource, nest, declarations, query=not nest),
                *_shared(*form),
                *_choice(resource, *sort, "Filter", "Range"),
                *_shared("IfNoneMatch"),
            ],
            "responses": _responses(f"{name}Graph", nested=bool(resource.parents))
            | {"422": reference("responses", f"{name}NotGraphable")},
        }
        yield path + rest, "get", operation


def _own(resource: Declaration) -> _Operations:
    """Yield the list of what the person of the token has."""
    operation = {
        "operationId": f"list_own_{resource.name}",
        "x-resource": resource.name,
        "x-action": "own",
        "tags": [resource.name],
        "summary": f"List the {resource.plural} of the token's person",
        "description": resource.keys["me"]["says"],
        "x-order": resource.keys["order"],
        "parameters": [
            *_choice(resource, "Sort", "Filter", "Range"),
            *_shared("Page", "PerPage", "IfNoneMatch"),
        ],
        "responses": _responses(f"{resource.type_name}Page", nested=True),
    }
    yield f"/v2/me/{resource.name}", "get", operation


def _sides(resource: Declaration, declarations: Mapping[str, Declaration]) -> _Operations:
    """Yield the lists of the records to which a user is tied in one way alone."""
    lists = [*_list(resource, (declarations["users"],), declarations), *_own(resource)]
    for side, says in resource.keys["sides"].items():
        for path, method, operation in lists:
            yield (
                f"{path}/{side}",
                method,
                {
                    **operation,
                    "operationId": f"{operation['operationId']}_{side}",
                    "x-action": "side",
                    "summary": f"{operation['summary']} {side.replace('_', ' ')}",
                    "description": says,
                },
            )


def _show(resource: Declaration) -> _Operations:
    operation = {
        **_head("show", resource, ()),
        "summary": f"Show one {_noun(resource)}",
        "description": resource.operations["show"] + _needs(resource, "read"),
        "parameters": [*_shared(_argument(resource)[1], "IfNoneMatch")],
        "responses": _responses(resource.type_name, nested=True),
    }
    del operation["responses"]["422"]
    yield f"{_path(resource, ())}/{{{_argument(resource)[0]}}}", "get", operation


def _head(
    action: str,
    resource: Declaration,
    nest: _Nest,
    declarations: Mapping[str, Declaration] = MappingProxyType({}),
) -> Node:
    noun = resource.singular.replace(" ", "_") if action == "show" else resource.name
    of = "".join(f"{parent.singular.replace(' ', '_')}_" for parent in nest)
    # The users of a campus are not the campus users.
    is_taken = bool(nest) and f"{of}{noun}" in declarations
    name = f"{noun}_of_{of[:-1]}" if is_taken else f"{of}{noun}"
    head = {
        "operationId": f"{action}_{name}",
        "x-resource": resource.name,
        "x-action": action,
        "tags": [resource.name],
    }
    roles = _roles(resource, "read")
    return (
        head | ({"x-parent": nest[-1].name} if nest else {}) | ({"x-roles": roles} if roles else {})
    )


def _roles(resource: Declaration, use: str) -> list[str]:
    """Return the roles of applications of which one is needed to read or write records."""
    roles: list[str] = ((resource.keys.get("access") or {}).get(use) or {}).get("roles", [])
    return roles


def _needs(resource: Declaration, use: str) -> str:
    roles = _roles(resource, use)
    return f" It needs an application with the role {' or '.join(roles)}." if roles else ""


def _path(resource: Declaration, nest: _Nest) -> str:
    parents = "".join(f"{parent.name}/{{{_argument(parent)[0]}}}/" for parent in nest)
    return f"/v2/{parents}{resource.name}"


def _argument(resource: Declaration) -> tuple[str, str]:
    """Return the argument that names a record in a path, and its component."""
    noun = resource.singular.replace(" ", "_")
    return f"{noun}_id", f"{resource.type_name}Id"


def _noun(resource: Declaration) -> str:
    return resource.singular


def _of(nest: _Nest) -> str:
    nouns = " and ".join(f"one {_noun(parent)}" for parent in nest)
    return f" of {nouns}" if nest else ""


def _parents(
    resource: Declaration,
    nest: _Nest,
    declarations: Mapping[str, Declaration],
    *,
    query: bool,
) -> Iterator[Node]:
    for parent in nest:
        yield from _shared(_argument(parent)[1])
    for name, parent_keys in resource.parents.items():
        if query and parent_keys.get("query") and all(name != parent.name for parent in nest):
            yield from _shared(_query_component(_argument(declarations[name])[1], parent_keys))


def _shared(*names: str) -> Iterator[Node]:
    return (reference("parameters", name) for name in names)


def _choice(resource: Declaration, *parameters: str) -> Iterator[Node]:
    declared = {"Sort": resource.sort, "Filter": resource.filter, "Range": resource.range}
    return _shared(*(f"{resource.type_name}{name}" for name in parameters if declared[name]))


def _responses(body: str, *, nested: bool) -> Node:
    refusals = {
        status: reference("responses", name)
        for status, name in _REFUSALS.items()
        if nested or status != "404"
    }
    return {"200": reference("responses", body), **refusals}


def _parameters(resource: Declaration, declarations: Mapping[str, Declaration]) -> dict[str, Node]:
    declared = {
        f"{resource.type_name}Sort": _sort(resource) if resource.sort else None,
        f"{resource.type_name}Filter": _filter(resource) if resource.filter else None,
        f"{resource.type_name}Range": _range(resource) if resource.range else None,
    }
    parameters = {name: node for name, node in declared.items() if node}
    if resource.graph:
        field = {"type": "string", "enum": list(resource.graph)}
        default = {"default": _default_field(resource)}
        description = {"description": "The date field to graph on."}
        name = resource.type_name
        parameters[f"{name}Field"] = _path_parameter("field", description["description"], field)
        parameters[f"{name}FieldQuery"] = {
            "name": "field",
            "in": "query",
            **description,
            "schema": field | default,
        }
    for parent in resource.parents:
        argument, component = _argument(declarations[parent])
        schema = reference("schemas", "Identifier")
        text = f"The {_identifier(declarations[parent])} of {_article(declarations[parent])}."
        parameters[component] = _path_parameter(argument, text, schema)
        if resource.parents[parent].get("query"):
            is_linked = "through" in resource.parents[parent]
            parameters[_query_component(component, resource.parents[parent])] = {
                "name": argument,
                "in": "query",
                "description": f"{text[:-1]} whose records alone are wanted.",
                "schema": schema,
                # A column of the parent's name, if there is one, means something else.
                **({"x-filter": False} if is_linked else {}),
            }
    if "show" in resource.operations:
        argument, component = _argument(resource)
        text = f"The {_identifier(resource)} of {_article(resource)}."
        parameters[component] = _path_parameter(argument, text, reference("schemas", "Identifier"))
    return parameters


def _query_component(component: str, parent_keys: Mapping[str, Any]) -> str:
    return f"{component}{'Linked' if 'through' in parent_keys else ''}Query"


def _path_parameter(name: str, description: str, schema: Node) -> Node:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": schema,
    }


def _identifier(resource: Declaration) -> str:
    names = resource.keys.get("names")
    return f"id or the {names}" if names else "id"


def _article(resource: Declaration) -> str:
    noun = _noun(resource)
    return f"{'an' if noun[0] in 'aeio' else 'a'} {noun}"


def _sort(resource: Declaration) -> Node:
    order = ", ".join(
        f"{key.field} ({'descending' if key.descending else 'ascending'})" for key in resource.order
    )
    node = {
        "name": "sort",
        "in": "query",
        "description": "The fields to sort by, first the most significant; a minus sign before one"
        f" sorts descending. Without it {resource.plural} come by {order}."
        f"{_remark(resource, 'sort')}",
        "style": "form",
        "explode": False,
        "schema": {
            "type": "array",
            "items": {
                "type": "string",
                "enum": [sign + name for name in resource.sort for sign in ("", "-")],
            },
        },
    }
    return node | _examples(resource, "sort")


def _filter(resource: Declaration) -> Node:
    node = {
        "name": "filter",
        "in": "query",
        "description": f"Keeps the {resource.plural} whose fields have one of the given values,"
        " joined by commas; of several fields, those that satisfy each."
        f"{_remark(resource, 'filter')}",
        "style": "deepObject",
        "explode": True,
        "schema": _fields({name: _values(field) for name, field in resource.filter.items()}),
    }
    return node | _examples(resource, "filter")


def _range(resource: Declaration) -> Node:
    node = {
        "name": "range",
        "in": "query",
        "description": f"Keeps the {resource.plural} whose field lies between two values joined by"
        f" a comma, both included. One of the two may be left out.{_remark(resource, 'range')}",
        "style": "deepObject",
        "explode": True,
        "schema": _fields(
            {
                name: reference("schemas", f"{field.kind}Span")
                for name, field in resource.range.items()
            }
        ),
    }
    return node | _examples(resource, "range")


def _fields(properties: Node) -> Node:
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _values(field: Field) -> Node:
    if field.options:
        node: Node = {"type": "string", "enum": list(field.options)}
    else:
        node = reference("schemas", "Flag" if field.kind == "Flag" else f"{field.kind}List")
    return node | ({"description": field.says} if field.says else {})


def _remark(resource: Declaration, parameter: str) -> str:
    remark = (resource.keys.get("remarks") or {}).get(parameter)
    return f" {remark}" if remark else ""


def _examples(resource: Declaration, name: str, usual: Node | None = None) -> Node:
    """Return the declared examples of a part of the document, or the default ones."""
    examples = (resource.keys.get("examples") or {}).get(name, usual)
    return {"examples": examples} if examples else {}


def _example(resource: Declaration, shape: str | None) -> Any:
    folder = schemas_of(resource.api)
    return json.loads((folder / str(shape)).read_bytes())["examples"][0]


def _default_field(resource: Declaration) -> str:
    return str(resource.keys["graph"].get("default", resource.graph[0]))


def _components(resource: Declaration) -> dict[str, Any]:
    name = resource.type_name
    responses: dict[str, Node] = {}
    if "list" in resource.operations:
        schema: Node = {"type": "array", "items": {"$ref": f"{resource.item}"}}
        page = {"page": {"value": [_example(resource, resource.item)]}}
        responses[f"{name}Page"] = {
            "description": f"A page of {resource.plural}.",
            "headers": _headers(*_PAGE_HEADERS, *_RECORD_HEADERS),
            "content": _json(schema, _examples(resource, "list", page)),
        }
    if "show" in resource.operations:
        record = {"record": {"value": _example(resource, resource.shape)}}
        responses[name] = {
            "description": f"One {_noun(resource)}.",
            "headers": _headers(*_RECORD_HEADERS),
            "content": _json({"$ref": f"{resource.shape}"}, _examples(resource, "show", record)),
        }
    if "graph" in resource.operations:
        counts = {"by_day": {"value": _example(resource, "graph.json")}}
        responses[f"{name}Graph"] = {
            "description": "The count of each period, ascending, periods without any included.",
            "headers": _headers(*_RECORD_HEADERS),
            "content": _json({"$ref": "graph.json"}, _examples(resource, "graph", counts)),
        }
        responses[f"{name}NotGraphable"] = _not_graphable(resource)
    return {"responses": responses}


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
