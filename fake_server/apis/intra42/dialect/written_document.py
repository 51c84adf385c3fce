"""The OpenAPI operations that write records, and those that list what a person has."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fake_server.api.declare import Declaration, Node, reference

_KINDS: Mapping[str, Node] = {
    "Integer": {"type": "integer"},
    "Instant": {"type": "string", "format": "date-time"},
}
_FORMS = ("application/json", "application/x-www-form-urlencoded")
_REFUSALS = {
    "400": "Malformed",
    "401": "Unauthorized",
    "403": "Forbidden",
    "404": "NotFound",
    "413": "TooLarge",
    "422": "InvalidRecord",
    "429": "TooManyRequests",
}

_Operations = Iterator[tuple[str, str, Node]]


def write_operations(resource: Declaration, declarations: Mapping[str, Declaration]) -> _Operations:
    """Yield the operations that create, change and delete records, with path and method."""
    if "create" in resource.operations:
        yield f"/v2/{resource.name}", "post", _create(resource, None)
        for name, keys in resource.parents.items():
            if keys.get("create"):
                parent = declarations[name]
                path = f"/v2/{name}/{{{_noun(parent)}_id}}/{resource.name}"
                yield path, "post", _create(resource, parent)
    path = f"/v2/{resource.name}/{{{_noun(resource)}_id}}"
    if "update" in resource.operations:
        for method in ("patch", "put"):
            yield path, method, _update(resource, method)
    if "delete" in resource.operations:
        operation = _head(resource, "delete", _noun(resource))
        parameters = [reference("parameters", f"{resource.type_name}Id")]
        responses = {"204": {"description": "It is deleted."}, **_refusals()}
        yield path, "delete", {**operation, "parameters": parameters, "responses": responses}


def _create(resource: Declaration, parent: Declaration | None) -> Node:
    prefix = f"{_noun(parent)}_" if parent else ""
    operation = _head(resource, "create", f"{prefix}{_noun(resource)}")
    if parent:
        operation |= {"x-parent": parent.name}
        operation |= {"parameters": [reference("parameters", f"{parent.type_name}Id")]}
    schema: Node = {"$ref": f"{resource.item}"}
    if resource.keys.get("many"):
        schema = {"type": "array", "items": schema}
    content = {"application/json": {"schema": schema}}
    return {
        **operation,
        "requestBody": _body(resource, f"{parent.singular} id".replace(" ", "_") if parent else ""),
        "responses": {
            "201": {"description": "What it made.", "content": content},
            **_refusals(),
        },
    }


def _update(resource: Declaration, method: str) -> Node:
    noun = _noun(resource)
    operation = _head(resource, "update", noun if method == "patch" else f"{noun}_by_put")
    return {
        **operation,
        "parameters": [reference("parameters", f"{resource.type_name}Id")],
        "requestBody": _body(resource, ""),
        "responses": {"204": {"description": "It is changed."}, **_refusals()},
    }


def _head(resource: Declaration, action: str, noun: str) -> Node:
    access = (resource.keys.get("access") or {}).get("write") or {}
    roles = " or ".join(access.get("roles", ()))
    scope = access.get("scope")
    needs = f" It needs a token of a person with the scope {scope}, or the role {roles}."
    verb = {"create": "Create", "update": "Change", "delete": "Delete"}[action]
    return {
        "operationId": f"{action}_{noun}",
        "x-resource": resource.name,
        "x-action": action,
        "tags": [resource.name],
        "summary": f"{verb} one {resource.singular}",
        "description": resource.operations[action] + needs,
    }


def _body(resource: Declaration, nested: str) -> Node:
    writable = {name: about for name, about in resource.keys["writable"].items() if name != nested}
    attributes: dict[str, Any] = {
        "type": "object",
        "required": [name for name, about in writable.items() if about.get("required")],
        "properties": {
            name: {**_KINDS[about["kind"]], "description": about["says"]}
            for name, about in writable.items()
        },
    }
    noun = _noun(resource)
    schema = {"type": "object", "required": [noun], "properties": {noun: attributes}}
    return {"content": {form: {"schema": schema} for form in _FORMS}}


def shared_bodies(operations: Iterable[tuple[str, str, Node]]) -> Mapping[str, Node]:
    """Move the bodies that operations take to components; return these by name."""
    bodies: dict[str, Node] = {}
    for _, _, operation in operations:
        if "requestBody" in operation:
            name = operation["operationId"].title().replace("_", "")
            bodies[name] = operation["requestBody"]
            operation["requestBody"] = reference("requestBodies", name)
    return bodies


def _refusals() -> Node:
    return {status: reference("responses", name) for status, name in _REFUSALS.items()}


def _noun(resource: Declaration) -> str:
    return resource.singular.replace(" ", "_")
