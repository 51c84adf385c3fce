"""The schemas of list items and request bodies, from shape and declaration."""

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from fake_server.api.declare import Declaration, Node, reference, schemas_of
from fake_server.api.records import expected_one_of
from fake_server.apis.xurrent.dialect.attributes.attribute_kinds import (
    WEEKDAYS,
    Attribute,
    attributes_of,
)
from fake_server.apis.xurrent.dialect.document.nouns import a, capitalized, is_countable
from fake_server.apis.xurrent.dialect.model.declared import LAST
from fake_server.apis.xurrent.dialect.values.parsing import INSTANT

_TEXT = "^[^\\u0000]*$"
_NOT_BLANK = "^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$"
_TIME_OF_DAY = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"
_DECIMAL = "^-?[0-9]{1,18}(\\.[0-9]{1,18})?$"
_IGNORED = "Attributes that are not listed are ignored."


@cache
def shape_of(resource: Declaration) -> Mapping[str, Any]:
    """Return the shape of a single record."""
    file = schemas_of(resource.api) / str(resource.shape)
    shape: Mapping[str, Any] = json.loads(file.read_bytes())
    return shape


def bodies(resource: Declaration) -> dict[str, Node]:
    """Return the schemas of a resource by the names of their components."""
    name = resource.type_name
    schemas = {f"{name}Item": _item(resource)}
    if "create" in resource.operations:
        schemas[f"{name}New"] = _body(
            resource,
            f"New {resource.singular}",
            f"What {a(resource)} {'is' if is_countable(resource) else 'are'} created with.",
            "new",
        )
    if "update" in resource.operations:
        schemas[f"{name}Changes"] = _body(
            resource, f"Changes of {a(resource)}", f"What changes in {a(resource)}.", "changes"
        )
    return schemas


def _item(resource: Declaration) -> Node:
    shape = shape_of(resource)
    properties = shape["properties"]
    _require_fields(resource, properties)
    disabled = ", and disabled where it is true" if "disabled" in properties else ""
    declared = (resource.keys.get("examples") or {}).get("list")
    items = [example["value"] for example in declared.values()] if declared else []
    return {
        "title": f"{capitalized(resource.singular)} in a collection",
        "description": f"{capitalized(a(resource))} in a collection: the default fields or those"
        f" asked for{disabled}.",
        "type": "object",
        "additionalProperties": False,
        "required": ["id"],
        "properties": {name: _plain(properties[name]) for name in fields_of(resource)},
        "examples": [item for page in items for item in page]
        or [_fields_of(resource, example) for example in shape["examples"]],
    }


def fields_of(resource: Declaration) -> list[str]:
    """Return the fields that an item of a list can show, in their order."""
    properties = shape_of(resource)["properties"]
    own = [name for name in properties if name not in LAST]
    last = [name for name in LAST if name in properties]
    return list(dict.fromkeys([*resource.keys["fields"], *own, *last]))


def _plain(node: Node) -> Node:
    return {name: value for name, value in node.items() if not name.startswith("x-")}


def _require_fields(resource: Declaration, properties: Mapping[str, Any]) -> None:
    """Raise `ValueError` for a default field of lists that the shape lacks."""
    for field in resource.keys["fields"]:
        if field not in properties:
            expected = expected_one_of(field, [name for name in properties if name not in LAST])
            raise ValueError(
                f"{resource.name}: fields: {field}: {resource.shape} lacks it; {expected}"
            )


def _fields_of(resource: Declaration, record: Node) -> Node:
    return {name: record[name] for name in resource.keys["fields"] if name in record}


def _body(resource: Declaration, title: str, description: str, example: str) -> Node:
    attributes = attributes_of(resource)
    properties = shape_of(resource)["properties"]
    required = (
        [attribute.name for attribute in attributes if attribute.required]
        if example == "new"
        else []
    )
    schemas = {
        attribute.name: attribute_schema(attribute, properties.get(attribute.property_name, {}))
        for attribute in attributes
    }
    if example == "new":
        for attribute in attributes:
            if attribute.default is not None:
                schemas[attribute.name]["default"] = attribute.default
    return {
        "title": title,
        "description": f"{description} {_IGNORED}",
        "type": "object",
        "required": required,
        "properties": schemas,
        "examples": [(resource.keys.get("examples") or {}).get(example, {})],
    }


def attribute_schema(attribute: Attribute, property_schema: Node) -> Node:
    """Return the schema of an attribute in a body.

    `property_schema` is the schema of the property that shows the attribute.
    """
    description = attribute.says or property_schema.get("description", "")
    if attribute.kind == "text" and attribute.required:
        description = f"{re.split('[;.]', description)[0]}; not blank."
    return {
        **_SCHEMAS[attribute.kind](attribute),
        "description": _DESCRIPTIONS.get(attribute.kind, description),
    }


def _text(attribute: Attribute) -> Node:
    longest = {"maxLength": attribute.longest} if attribute.longest else {}
    if attribute.required:
        return {"type": "string", "minLength": 1, **longest, "pattern": _NOT_BLANK}
    return {"type": ["string", "null"], **longest, "pattern": _TEXT}


def _nullable(attribute: Attribute, *types: str) -> Node:
    return {"type": [*types] if attribute.required else [*types, "null"]}


def _option(attribute: Attribute, options: tuple[str, ...]) -> Node:
    if attribute.required:
        return {"type": "string", "enum": list(options)}
    return {"type": ["string", "null"], "enum": [*options, None]}


def _integer(attribute: Attribute) -> Node:
    return {**_nullable(attribute, "integer", "string"), "pattern": "^-?[0-9]{1,18}$"}


def _local(attribute: Attribute) -> Node:
    return reference("schemas", "Instant")


def _decimal(attribute: Attribute) -> Node:
    return {**_nullable(attribute, "number", "string"), "pattern": _DECIMAL}


def _nullable_text(attribute: Attribute, pattern: str) -> Node:
    return {**_nullable(attribute, "string"), "pattern": pattern}


def _pairs(attribute: Attribute) -> Node:
    item = {
        "type": "object",
        "additionalProperties": False,
        "required": ["id", "value"],
        "properties": {
            "id": {"type": "string", "description": "The ID of the custom field."},
            "value": {"description": "Its value."},
        },
    }
    return {"type": ["array", "null"], "items": item}


_SCHEMAS: Mapping[str, Callable[[Attribute], Node]] = {
    "text": _text,
    "source": _text,
    "sourceID": _text,
    "boolean": lambda attribute: {"type": ["boolean", "string", "integer", "number", "null"]},
    "weekday": lambda attribute: _option(attribute, WEEKDAYS),
    "time_of_day": lambda attribute: {"type": "string", "pattern": _TIME_OF_DAY},
    "local": _local,
    "instant": _local,
    "date": lambda attribute: _nullable_text(attribute, f"^{INSTANT}$"),
    "decimal": _decimal,
    "time_zone": lambda attribute: _nullable_text(attribute, _TEXT),
    "integer": _integer,
    "reference": _integer,
    "option": lambda attribute: _option(attribute, attribute.options),
    "custom_fields": _pairs,
}
_DESCRIPTIONS = {
    "source": "Where the record comes from; by default a header or the User-Agent says so.",
    "boolean": "1, T, Y, TRUE, YES and ON in any case are true, all else is false.",
}
