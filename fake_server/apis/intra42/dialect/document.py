"""The OpenAPI operations and components that a resource's declaration gives."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from fake_server.api.declare import Declaration, DocumentPart, Node, reference
from fake_server.apis.intra42.dialect.answer_document import answer_components
from fake_server.apis.intra42.dialect.parameter_document import (
    default_field,
    noun_of,
    path_argument,
    query_component,
    query_parameters,
)
from fake_server.apis.intra42.dialect.written_document import shared_bodies, write_operations

_INTERVALS = (
    *("day", "week", "month", "quarter", "year"),
    *("hour_of_day", "day_of_week", "day_of_month", "month_of_year"),
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
_Parents = tuple[Declaration, ...]


def describe(resource: Declaration, declarations: Mapping[str, Declaration]) -> DocumentPart:
    """Return the operations and components of a resource."""
    operations: list[tuple[str, str, Node]] = []
    for nest in _nests(resource, declarations):
        if "list" in resource.operations:
            operations += _list(resource, nest, declarations)
        if "graph" in resource.operations and (not nest or _is_graphed(resource, nest[-1])):
            operations += _graphs(resource, nest, declarations)
    if "show" in resource.operations:
        operations += _show(resource)
    for name, keys in resource.parents.items():
        if keys.get("show"):
            operations += _show_below(resource, declarations[name])
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
        **answer_components(resource),
        "parameters": query_parameters(resource, declarations),
        "requestBodies": shared_bodies(operations),
    }
    return DocumentPart(operations, components)


def _nests(resource: Declaration, declarations: Mapping[str, Declaration]) -> Iterator[_Parents]:
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
    resource: Declaration, nest: _Parents, declarations: Mapping[str, Declaration]
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
    resource: Declaration, nest: _Parents, declarations: Mapping[str, Declaration]
) -> _Operations:
    graph = resource.keys["graph"]
    name = resource.type_name
    path = f"{_path(resource, nest)}/graph"
    defaults = (
        f" Without field and interval it counts {default_field(resource)} by month_of_year.",
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
        "summary": f"Show one {noun_of(resource)}",
        "description": resource.operations["show"] + _needs(resource, "read"),
        "parameters": [*_shared(path_argument(resource)[1], "IfNoneMatch")],
        "responses": _responses(resource.type_name, nested=True),
    }
    del operation["responses"]["422"]
    yield f"{_path(resource, ())}/{{{path_argument(resource)[0]}}}", "get", operation


def _show_below(resource: Declaration, parent: Declaration) -> _Operations:
    """Yield the operation that shows a record under a parent."""
    ((_, _, operation),) = _show(resource)
    noun = resource.singular.replace(" ", "_")
    yield (
        f"{_path(resource, (parent,))}/{{{path_argument(resource)[0]}}}",
        "get",
        {
            **operation,
            "operationId": f"show_{parent.singular.replace(' ', '_')}_{noun}",
            "x-action": "show_below",
            "x-parent": parent.name,
            "parameters": [*_shared(path_argument(parent)[1]), *operation["parameters"]],
        },
    )


def _head(
    action: str,
    resource: Declaration,
    nest: _Parents,
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


def _path(resource: Declaration, nest: _Parents) -> str:
    parents = "".join(f"{parent.name}/{{{path_argument(parent)[0]}}}/" for parent in nest)
    return f"/v2/{parents}{resource.name}"


def _of(nest: _Parents) -> str:
    nouns = " and ".join(f"one {noun_of(parent)}" for parent in nest)
    return f" of {nouns}" if nest else ""


def _parents(
    resource: Declaration,
    nest: _Parents,
    declarations: Mapping[str, Declaration],
    *,
    query: bool,
) -> Iterator[Node]:
    for parent in nest:
        yield from _shared(path_argument(parent)[1])
    for name, parent_keys in resource.parents.items():
        if query and parent_keys.get("query") and all(name != parent.name for parent in nest):
            yield from _shared(query_component(path_argument(declarations[name])[1], parent_keys))


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
