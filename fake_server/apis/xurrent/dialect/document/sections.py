"""A resource's section in the schema of datasets, from shape and declaration."""

from collections.abc import Callable, Mapping
from typing import Any

from fake_server.api.declare import Declaration, Node
from fake_server.apis.xurrent.dialect.attributes.attribute_kinds import Attribute, attributes_of
from fake_server.apis.xurrent.dialect.document.body_schemas import shape_of
from fake_server.apis.xurrent.dialect.document.nouns import capitalized
from fake_server.apis.xurrent.dialect.model.declared import LAST
from fake_server.apis.xurrent.dialect.values.parsing import DATE, INSTANT, TIME

_MOST = 10_000
_LARGEST_ID = 999_999_999_999_999_999
_FIRST = ("name", "source", "sourceID")


def section(resource: Declaration) -> Node:
    """Return the schema of a resource's section in a dataset.

    The key `dataset` of the declaration has the parts that are not derived:

    - `count`: the meaning of the number.
    - `settings`: further keys of the section.
    - `records`: further attributes of a pinned record, or keywords of a derived one.
    """
    own: Mapping[str, Any] = resource.keys.get("dataset") or {}
    attributes = {attribute.name: attribute for attribute in attributes_of(resource)}
    count = own.get("count", f"How many {resource.plural} are invented beside the records.")
    return _object(
        {
            "count": {
                "type": "integer",
                "minimum": 0,
                "maximum": _MOST,
                "description": count,
            },
            **own.get("settings", {}),
            "records": {
                "type": "array",
                "description": f"{capitalized(resource.plural)} pinned by hand.",
                "items": _record(resource, attributes, own.get("records", {})),
            },
        },
        says=f"The {resource.plural}.",
    )


def _record(
    resource: Declaration, attributes: Mapping[str, Attribute], own: Mapping[str, Node]
) -> Node:
    shape_properties = shape_of(resource)["properties"]
    properties: dict[str, Node] = {
        "id": {
            "type": "integer",
            "minimum": 1,
            "maximum": _LARGEST_ID,
            "description": "The ID of the record.",
        }
    }
    first_names = [name for name in _FIRST if name in attributes]
    for name in first_names:
        properties[name] = _attribute(attributes[name], shape_properties[name])
    properties |= {name: node for name, node in _TIMES.items() if name in shape_properties}
    properties["account"] = {
        "type": "string",
        "description": "The ID of the account it belongs to; the first account by default.",
    }
    for name, attribute in attributes.items():
        if name not in first_names:
            properties[name] = _attribute(
                attribute, shape_properties.get(attribute.property_name, {})
            )
    shown = {attribute.property_name for attribute in attributes.values()} | properties.keys()
    for name, schema in shape_properties.items():
        if name not in shown and name not in LAST and name not in own:
            properties |= _read_only(name, schema)
    for name, node in own.items():
        properties[name] = {**properties.get(name, {}), **node}
    required = [attribute.name for attribute in attributes.values() if attribute.required]
    return _object(properties, required=["id", *required])


def _object(
    properties: Mapping[str, Node], *, required: list[str] | None = None, says: str = ""
) -> Node:
    description = {"description": says} if says else {}
    return {
        "type": "object",
        "additionalProperties": False,
        "required": required or [],
        "properties": {**properties},
        **description,
    }


def _read_only(name: str, schema: Node) -> dict[str, Node]:
    """Return the attribute of a column that no request writes; none where no dataset pins it."""
    if schema.get("x-column") is False or schema.get("x-pinned") is False:
        return {}
    about = {"description": schema.get("description", "")}
    pinned: Mapping[str, Any] = schema.get("x-pinned") or {}
    if "x-reference" in schema:
        return {f"{name}_id": {"type": ["integer", "null"], **about, **pinned}}
    if schema.get("format") == "date-time":
        kinds = schema.get("type", "string")
        return {name: {"type": kinds, **about, "pattern": f"^{INSTANT}$", **pinned}}
    own = {key: value for key, value in schema.items() if not key.startswith("x-")}
    return {name: {**own, **pinned}}


def _attribute(attribute: Attribute, property_schema: Node) -> Node:
    default = {} if attribute.default is None else {"default": attribute.default}
    return {
        "description": property_schema.get("description", ""),
        **_SCHEMAS[attribute.kind](attribute),
        **default,
    }


def _text(attribute: Attribute) -> Node:
    longest = {"maxLength": attribute.longest} if attribute.longest else {}
    if not attribute.required:
        return {"type": ["string", "null"], **longest}
    description = (
        f"The {attribute.name}, of 1 to {attribute.longest} characters, not all of them blank."
    )
    return {
        "type": "string",
        "description": description,
        "minLength": 1,
        **longest,
        "pattern": r"\S",
    }


def _option(attribute: Attribute) -> Node:
    return {"enum": [*attribute.options, *([] if attribute.required else [None])]}


def _patterned(attribute: Attribute, pattern: str) -> Node:
    kind = "string" if attribute.required else ["string", "null"]
    return {"type": kind, "pattern": pattern}


def _described(description: str) -> Callable[[Attribute], Node]:
    return lambda attribute: {**_text(attribute), "description": description}


_SCHEMAS: Mapping[str, Callable[[Attribute], Node]] = {
    "text": _text,
    "source": _described("Where the record comes from; nothing by default."),
    "sourceID": _described("The ID of the record where it comes from; nothing by default."),
    "boolean": lambda attribute: {
        "type": "boolean",
        "description": f"Whether it is {attribute.name.replace('_', ' ')}; false by default.",
    },
    "local": lambda attribute: _patterned(attribute, f"^{DATE}T{TIME}$"),
    "instant": lambda attribute: _patterned(attribute, f"^{INSTANT}$"),
    "date": lambda attribute: _patterned(attribute, f"^{DATE}$"),
    "decimal": lambda attribute: _patterned(attribute, r"^-?[0-9]{1,18}\.([0-9]{0,17}[1-9]|0)$"),
    "time_zone": lambda attribute: _patterned(attribute, r"\S"),
    "integer": lambda attribute: {"type": ["integer", "null"]},
    "reference": lambda attribute: {"type": ["integer", "null"]},
    "option": _option,
    "custom_fields": lambda attribute: {"type": ["array", "null"], "items": _PAIR},
}
_PAIR: Node = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id", "value"],
    "properties": {
        "id": {"type": "string", "description": "The ID of the custom field."},
        "value": {"description": "Its value."},
    },
}
_TIMES: Mapping[str, Node] = {
    "created_at": {
        "type": "string",
        "description": "When it was created, as 2016-03-14T03:09:47-06:00; the dataset's start by"
        " default.",
        "pattern": f"^{INSTANT}$",
    },
    "updated_at": {
        "type": "string",
        "description": "When it was last updated; created_at by default.",
        "pattern": f"^{INSTANT}$",
    },
}
