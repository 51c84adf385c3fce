"""The OpenAPI operations that write records, and those that list what a person has."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from fake_server.api.declare import Declaration, Node, reference

_KINDS: Mapping[str, Node] = {
    "Integer": {"type": "integer"},
    "Integers": {"type": "array", "items": {"type": "integer"}},
    "Instant": {"type": "string", "format": "date-time"},
    "Text": {"type": "string"},
    "Flag": {"type": "boolean"},
}
_KEYWORDS = {
    "least": "minimum",
    "most": "maximum",
    "options": "enum",
    "default": "default",
    "longest": "maxLength",
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

_NO_CONTENT = 204

_Operations = Iterator[tuple[str, str, Node]]


def write_operations(resource: Declaration, declarations: Mapping[str, Declaration]) -> _Operations:
    """Yield the operations that create, change and delete records, with path and method."""
    is_flat = not resource.keys.get("written_below")
    if "create" in resource.operations and is_flat:
        yield f"/v2/{resource.name}", "post", _create(resource, None)
    for name, keys in resource.parents.items():
        yield from _below(resource, declarations[name], keys)
    for end, says in resource.keys.get("batch", {}).items():
        yield f"/v2/{resource.name}/{end}", "post", _create_many(resource, says)
    path = f"/v2/{resource.name}/{{{_noun(resource)}_id}}"
    if "update" in resource.operations:
        for method in ("patch", "put"):
            yield path, method, _update(resource, method)
    if "delete" in resource.operations and is_flat:
        yield path, "delete", _delete(resource, None)
    for end, action in resource.keys.get("actions", {}).items():
        yield f"{path}/{end}", action["method"], _act(resource, action)


def _act(resource: Declaration, action: Mapping[str, Any]) -> Node:
    """Return an operation that does something to a record, and answers it."""
    content = {"application/json": {"schema": {"$ref": f"{resource.item}"}}}
    done: Node = {"description": "The record.", "content": content}
    if action["status"] == _NO_CONTENT:
        done = {"description": "It is done."}
    forms = {"requestBody": _forms(_attributes(action["takes"], whole=True))}
    return {
        "operationId": action["name"],
        "x-resource": resource.name,
        "x-action": "act",
        "tags": [resource.name],
        "summary": f"{action['name'].replace('_', ' ').capitalize()} of one {resource.singular}",
        "description": action["says"] + _needs(resource, "act"),
        "parameters": [reference("parameters", f"{resource.type_name}Id")],
        **(forms if action["takes"] else {}),
        "responses": {str(action["status"]): done, **_refusals()},
    }


def _create_many(resource: Declaration, says: str) -> Node:
    """Return an operation that creates several records at once, and answers them."""
    attributes = _attributes(resource.keys["writable"], whole=True)
    schema = {"type": "array", "items": {"$ref": f"{resource.item}"}}
    content = {"application/json": {"schema": schema}}
    items = {"type": "array", "minItems": 1, "items": attributes}
    return {
        "operationId": f"create_{resource.name}",
        "x-resource": resource.name,
        "x-action": "create_many",
        "tags": [resource.name],
        "summary": f"Create several {resource.plural}",
        "description": says + _needs(resource, "create_many"),
        "requestBody": _forms(_object([resource.name], {resource.name: items})),
        "responses": {"201": {"description": "What it made.", "content": content}, **_refusals()},
    }


def _below(resource: Declaration, parent: Declaration, keys: Mapping[str, Any]) -> _Operations:
    """Yield the operations that write records below a record of another resource."""
    path = f"/v2/{parent.name}/{{{_noun(parent)}_id}}"
    if keys.get("create"):
        yield f"{path}/{resource.name}", "post", _create(resource, parent)
    if "register" in keys:
        yield f"{path}/{keys['register']}", "post", _create(resource, parent, "register")
    if keys.get("delete"):
        record = f"{path}/{resource.name}/{{{_noun(resource)}_id}}"
        yield record, "delete", _delete(resource, parent)


def _delete(resource: Declaration, parent: Declaration | None) -> Node:
    prefix = f"{_noun(parent)}_" if parent else ""
    types = [declaration.type_name for declaration in (parent, resource) if declaration]
    return {
        **_head(resource, "delete", f"{prefix}{_noun(resource)}"),
        **({"x-parent": parent.name} if parent else {}),
        "parameters": [reference("parameters", f"{name}Id") for name in types],
        "responses": {"204": {"description": "It is deleted."}, **_refusals()},
    }


def _create(resource: Declaration, parent: Declaration | None, verb: str = "create") -> Node:
    prefix = f"{_noun(parent)}_" if parent else ""
    operation = _head(resource, "create", f"{prefix}{_noun(resource)}", verb)
    if parent:
        operation |= {"x-parent": parent.name}
        operation |= {"parameters": [reference("parameters", f"{parent.type_name}Id")]}
    schema: Node = {"$ref": f"{resource.item}"}
    if resource.keys.get("many"):
        schema = {"type": "array", "items": schema}
    content = {"application/json": {"schema": schema}}
    return {
        **operation,
        "requestBody": _body(resource, f"{_noun(parent)}_id" if parent else "", whole=True),
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
        "requestBody": _body(resource, "", whole=False),
        "responses": {"204": {"description": "It is changed."}, **_refusals()},
    }


def _head(resource: Declaration, action: str, noun: str, verb: str = "") -> Node:
    word = {"create": "Create", "update": "Change", "delete": "Delete"}[action]
    return {
        "operationId": f"{verb or action}_{noun}",
        "x-resource": resource.name,
        "x-action": action,
        "tags": [resource.name],
        "summary": f"{verb.capitalize() or word} one {resource.singular}",
        "description": resource.operations[action] + _needs(resource, action),
    }


def _needs(resource: Declaration, action: str) -> str:
    """Return a sentence on what the token or the application of a write needs."""
    declared = resource.keys.get("access") or {}
    access = declared.get(action) or declared.get("write") or {}
    roles = f"the role {' or '.join(access.get('roles', ()))}"
    scope = access.get("scope")
    if access.get("with_scope"):
        return f" It needs an application with {roles}, and a token with the scope {scope}."
    needs = f"a token of a person with the scope {scope}, or " if scope else "an application with "
    return f" It needs {needs}{roles}."


def _body(resource: Declaration, nested: str, *, whole: bool) -> Node:
    writable = {
        name: about
        for name, about in resource.keys["writable"].items()
        if name != nested and (whole or not about.get("once"))
    }
    noun = _noun(resource)
    return _forms(_object([noun], {noun: _attributes(writable, whole=whole)}))


def _attributes(writable: Mapping[str, Any], *, whole: bool) -> Node:
    required = [name for name, about in writable.items() if whole and about.get("required")]
    return _object(required, {name: _value(about) for name, about in writable.items()})


def _forms(schema: Node) -> Node:
    return {"content": {form: {"schema": schema} for form in _FORMS}}


def _object(required: Sequence[str], properties: Node) -> Node:
    needed = {"required": [*required]} if required else {}
    return {"type": "object", **needed, "properties": properties}


def _value(about: Node) -> Node:
    """Return the schema of the values of an attribute."""
    if "each" in about:
        items = _attributes(about["each"], whole=True)
        return {"type": "array", "items": items, "description": about["says"]}
    node = {**_KINDS[about["kind"]], "description": about["says"]}
    if about.get("nullable"):
        node["type"] = [node["type"], "null"]
    return node | {keyword: about[key] for key, keyword in _KEYWORDS.items() if key in about}


def shared_bodies(operations: Iterable[tuple[str, str, Node]]) -> Mapping[str, Node]:
    """Move the bodies that operations take to components; return these by name."""
    bodies: dict[str, Node] = {}
    for _, _, operation in operations:
        if "requestBody" in operation:
            body = operation["requestBody"]
            own = operation["operationId"].title().replace("_", "")
            name = next((name for name, other in bodies.items() if other == body), own)
            bodies[name] = body
            operation["requestBody"] = reference("requestBodies", name)
    return bodies


def _refusals() -> Node:
    return {status: reference("responses", name) for status, name in _REFUSALS.items()}


def _noun(resource: Declaration) -> str:
    return resource.singular.replace(" ", "_")
