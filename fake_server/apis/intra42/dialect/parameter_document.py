"""The parameters of a resource's operations in the OpenAPI document."""

from collections.abc import Mapping
from typing import Any

from fake_server.api.declare import Declaration, Field, Node, reference


def query_parameters(
    resource: Declaration, declarations: Mapping[str, Declaration]
) -> dict[str, Node]:
    """Return the parameters of a resource, by the name of their component."""
    declared = {
        f"{resource.type_name}Sort": _sort(resource) if resource.sort else None,
        f"{resource.type_name}Filter": _filter(resource) if resource.filter else None,
        f"{resource.type_name}Range": _range(resource) if resource.range else None,
    }
    parameters = {name: node for name, node in declared.items() if node}
    if resource.graph:
        field = {"type": "string", "enum": list(resource.graph)}
        default = {"default": default_field(resource)}
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
        argument, component = path_argument(declarations[parent])
        schema = reference("schemas", "Identifier")
        text = f"The {_identifier(declarations[parent])} of {_article(declarations[parent])}."
        parameters[component] = _path_parameter(argument, text, schema)
        if resource.parents[parent].get("query"):
            is_linked = "through" in resource.parents[parent]
            parameters[query_component(component, resource.parents[parent])] = {
                "name": argument,
                "in": "query",
                "description": f"{text[:-1]} whose records alone are wanted.",
                "schema": schema,
                # A column of the parent's name, if there is one, means something else.
                **({"x-filter": False} if is_linked else {}),
            }
    if "show" in resource.operations:
        argument, component = path_argument(resource)
        text = f"The {_identifier(resource)} of {_article(resource)}."
        parameters[component] = _path_parameter(argument, text, reference("schemas", "Identifier"))
    return parameters


def query_component(component: str, parent_keys: Mapping[str, Any]) -> str:
    """Return the component of the query parameter that names a parent."""
    return f"{component}{'Linked' if 'through' in parent_keys else ''}Query"


def _path_parameter(name: str, description: str, schema: Node) -> Node:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": schema,
    }


def path_argument(resource: Declaration) -> tuple[str, str]:
    """Return the argument that names a record in a path, and its component."""
    noun = resource.singular.replace(" ", "_")
    return f"{noun}_id", f"{resource.type_name}Id"


def noun_of(resource: Declaration) -> str:
    """Return the word for one record."""
    return resource.singular


def _identifier(resource: Declaration) -> str:
    names = resource.keys.get("names")
    return f"id or the {names}" if names else "id"


def _article(resource: Declaration) -> str:
    noun = noun_of(resource)
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
    return node | declared_examples(resource, "sort")


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
    return node | declared_examples(resource, "filter")


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
    return node | declared_examples(resource, "range")


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


def declared_examples(resource: Declaration, name: str, usual: Node | None = None) -> Node:
    """Return the declared examples of a part of the document, or the default ones."""
    examples = (resource.keys.get("examples") or {}).get(name, usual)
    return {"examples": examples} if examples else {}


def default_field(resource: Declaration) -> str:
    """Return the field that a graph without a field counts."""
    return str(resource.keys["graph"].get("default", resource.graph[0]))
