"""Schemas with `allOf`, merged so that they show all properties of an object."""

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

_SMALLEST = {"minimum", "minLength", "minItems"}
_LARGEST = {"maximum", "maxLength", "maxItems"}


def flattened(schema: Any) -> Any:
    """Return a schema with its `allOf`, at any depth, merged into it.

    References must have been resolved. What two parts say of one property is put together too.
    """
    if isinstance(schema, list):
        return [flattened(item) for item in schema]
    if not isinstance(schema, Mapping):
        return schema
    own = {
        key: {name: flattened(item) for name, item in value.items()}
        if key in {"properties", "patternProperties"} and isinstance(value, Mapping)
        else value
        if key in {"example", "examples", "default", "enum", "const"}
        else flattened(value)
        for key, value in schema.items()
        if key != "allOf"
    }
    whole: dict[str, Any] = {}
    for part in [*(flattened(member) for member in schema.get("allOf") or ()), own]:
        if isinstance(part, Mapping):
            whole = _both(whole, part)
    return whole


def _both(first: Schema, second: Schema) -> dict[str, Any]:
    whole = dict(first)
    for key, value in second.items():
        before = whole.get(key)
        if key == "properties" and isinstance(before, Mapping):
            shared = {name: _both(before[name], value[name]) for name in before if name in value}
            whole[key] = {**before, **value, **shared}
        elif key == "required" and isinstance(before, list):
            whole[key] = list(dict.fromkeys([*before, *value]))
        elif key == "enum" and isinstance(before, list):
            whole[key] = [option for option in before if option in value]
        elif key in _SMALLEST and before is not None:
            whole[key] = max(before, value)
        elif key in _LARGEST and before is not None:
            whole[key] = min(before, value)
        else:
            whole[key] = value
    return whole
