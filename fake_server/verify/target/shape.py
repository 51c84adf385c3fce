"""Whether what an answer holds is as its document's schema has it, in values and order of keys."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from fake_server.verify.api.declared import (
    Document,
    Identified,
    Operation,
    Schema,
    closed,
    properties,
    resolved,
)


@lru_cache(maxsize=512)
def _validator(whole: Identified) -> Any:
    # Here, because only a run needs it: it comes with the extra `verify`.
    import jsonschema_rs

    return jsonschema_rs.validator_for(dict(closed(whole.document, whole.schema)))


def mistakes(operation: Operation, value: Any) -> str:
    """Return the mistake in a row or record, in one line; "" without one."""
    found = _validator(Identified(operation.item, operation.document)).iter_errors(value)
    lines = [f"{'.'.join(map(str, one.instance_path)) or 'it'}: {one.message}" for one in found]
    return "; ".join(lines[:3])


def accepts(operation: Operation, schema: Schema, text: str, value: Any) -> bool:
    """Return whether the schema of a parameter takes a value, as a text or as what it is."""
    validator = _validator(Identified(schema, operation.document))
    return bool(validator.is_valid(text) or validator.is_valid(value))


def misplaced_keys(operation: Operation, value: Any) -> tuple[list[str], list[str]]:
    """Return the keys of the first object in the wrong order, as they should be and as they are.

    ([], []) where each object has its keys in the order of its schema's properties.
    """
    return _misplaced(operation.document, operation.item, value) or ([], [])


def _misplaced(
    document: Document, schema: Schema, value: Any
) -> tuple[list[str], list[str]] | None:
    schema = resolved(document, schema)
    if isinstance(value, list):
        members = [_misplaced(document, schema.get("items", {}), one) for one in value]
        return next((one for one in members if one), None)
    if not isinstance(value, Mapping):
        return None
    declared = _properties_of(document, schema, value)
    seen = [key for key in value if key in declared]
    expected = [key for key in declared if key in value]
    if seen != expected:
        return expected, seen
    inner = (_misplaced(document, declared[key], value[key]) for key in seen)
    return next((one for one in inner if one), None)


def _properties_of(
    document: Document, schema: Schema, value: Mapping[str, Any]
) -> Mapping[str, Schema]:
    """Return the properties of an object; of alternatives, those that have most of its keys."""
    several = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
    choices = [properties(document, schema)]
    choices += [properties(document, resolved(document, one)) for one in several]
    return max(choices, key=lambda one: len(one.keys() & value.keys()))
