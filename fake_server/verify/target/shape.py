"""Compares rows and records with the schemas of their document: values and order of keys."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from fake_server.verify.api_files.declared_operations import (
    DeclaredOperation,
    Document,
    Schema,
    SchemaIdentity,
    properties,
    resolve,
    with_references,
)


@lru_cache(maxsize=512)
def _validator(identified: SchemaIdentity) -> Any:
    # The extra `verify` installs it, and only a run needs it.
    import jsonschema_rs

    return jsonschema_rs.validator_for(
        dict(with_references(identified.document, identified.schema))
    )


def schema_mistakes(operation: DeclaredOperation, value: Any) -> str:
    """Return the first three mistakes of a row or record, in one line; "" without any.

    A JSON schema takes 3.0 for an integer. Many clients do not.
    """
    errors = _validator(SchemaIdentity(operation.item, operation.document)).iter_errors(value)
    lines = [
        f"{'.'.join(map(str, error.instance_path)) or 'it'}: {error.message}" for error in errors
    ]
    lines += _fractions(operation.document, operation.item, value, "it")
    return "; ".join(lines[:3])


def _fractions(document: Document, schema: Schema, value: Any, name: str) -> Iterator[str]:
    """Yield the integers within a value that are written with a fraction, as 3.0."""
    schema = resolve(document, schema)
    if isinstance(value, float) and "integer" in _types(schema) and "number" not in _types(schema):
        yield f"{name}: {value} is an integer written with a fraction"
    elif isinstance(value, list):
        for member in value:
            yield from _fractions(document, schema.get("items", {}), member, name)
    elif isinstance(value, Mapping):
        declared = _properties_of(document, schema, value)
        for key in declared.keys() & value.keys():
            yield from _fractions(document, declared[key], value[key], key)


def _types(schema: Schema) -> list[Any]:
    kinds = schema.get("type", ())
    return [kinds] if isinstance(kinds, str) else list(kinds)


def accepts(operation: DeclaredOperation, schema: Schema, text: str, value: Any) -> bool:
    """Return whether the schema of a parameter accepts a value, or its text."""
    validator = _validator(SchemaIdentity(schema, operation.document))
    return bool(validator.is_valid(text) or validator.is_valid(value))


def misplaced_keys(operation: DeclaredOperation, value: Any) -> tuple[list[str], list[str]]:
    """Return the keys of the first object in the wrong order: expected order, actual order.

    ([], []) if each object has its keys in the order of its schema's properties.
    """
    return _misplaced(operation.document, operation.item, value) or ([], [])


def _misplaced(
    document: Document, schema: Schema, value: Any
) -> tuple[list[str], list[str]] | None:
    schema = resolve(document, schema)
    if isinstance(value, list):
        members = [_misplaced(document, schema.get("items", {}), member) for member in value]
        return next((result for result in members if result), None)
    if not isinstance(value, Mapping):
        return None
    declared = _properties_of(document, schema, value)
    actual = [key for key in value if key in declared]
    expected = [key for key in declared if key in value]
    if actual != expected:
        return expected, actual
    inner = (_misplaced(document, declared[key], value[key]) for key in actual)
    return next((result for result in inner if result), None)


def _properties_of(
    document: Document, schema: Schema, value: Mapping[str, Any]
) -> Mapping[str, Schema]:
    """Return the properties of an object; among alternatives, those with most of its keys."""
    alternatives = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
    choices = [properties(document, schema)]
    choices += [
        properties(document, resolve(document, alternative)) for alternative in alternatives
    ]
    return max(choices, key=lambda choice: len(choice.keys() & value.keys()))
