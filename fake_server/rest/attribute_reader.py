"""The body of a create or update: read property by property, all mistakes reported at once."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from fake_server.rest.api_errors import ApiError
from fake_server.rest.context import DECLARATION, current_request
from fake_server.rest.parameters import body_parameters
from fake_server.rest.schema.flattening import flattened
from fake_server.rest.schema.schema_values import (
    InvalidValueError,
    Mistake,
    Schema,
    mistake_of,
    read_json,
)
from fake_server.rest.schema.spec import resolved, spec

Read = Callable[[Any], Any]
"""Returns the value to keep; raises `InvalidValueError`."""


class AttributeReader:
    """The attributes of a record in a request; gathers every mistake before it fails.

    - `given`: the body's properties.
    - `before`: the values of the record as it is; empty for one that is being created.
    - `invalid`: makes the API's error of all mistakes.
    - `values`: the values that were read, by property.
    """

    def __init__(
        self,
        values: Mapping[str, Any],
        before: Mapping[str, Any],
        invalid: Callable[[list[Mistake]], ApiError],
    ) -> None:
        self._sent_values = values
        self._before = before
        self._invalid = invalid
        self._mistakes: list[Mistake] = []
        self.values: dict[str, Any] = {}

    def take(self, field: str, read: Read, *, required: bool = False) -> None:
        """Read a property, if it is given. One that is required must be, unless there is a record.

        A required one whose reader returns None is `required` as well.
        """
        if field not in self._sent_values:
            if required and not self._before:
                self.refuse(field, "required")
            return
        try:
            value = read(self._sent_values[field])
        except InvalidValueError as error:
            self._mistakes.append(mistake_of(field, error))
            return
        if required and value is None:
            self.refuse(field, "required")
        else:
            self.values[field] = value

    def take_all(self, schema: Schema, *, readers: Mapping[str, Read] | None = None) -> None:
        """Read every property of an object's schema; `readers` are for those of the API's own.

        A property with a `default` gets it in a record that is being created. One that the schema
        does not list is `unknown` where `additionalProperties` is false, and ignored where not.
        """
        own = readers or {}
        required = set(schema.get("required", ()))
        for name, about in schema.get("properties", {}).items():
            if about.get("readOnly"):
                continue
            if name not in self._sent_values and not self._before and "default" in about:
                self.values[name] = about["default"]
                continue
            self.take(name, own.get(name) or _reader(about), required=name in required)
        if schema.get("additionalProperties") is False:
            for name in self._sent_values:
                if name not in schema.get("properties", {}):
                    self.refuse(name, "unknown")

    def value(self, field: str) -> Any:
        """Return the new value of a property; None if it is unknown."""
        return self.values.get(field, self._before.get(field))

    def refuse(self, field: str, code: str, **values: Any) -> None:
        """Note a mistake; `values` are what its message mentions."""
        self._mistakes.append(Mistake(field, code, values))

    def checked(self) -> dict[str, Any]:
        """Return the values that change; raises the API's error after any mistake."""
        if self._mistakes:
            raise self._invalid(self._mistakes)
        return {
            name: value
            for name, value in self.values.items()
            if name not in self._before or self._before[name] != value
        }


def _reader(schema: Schema) -> Read:
    def read(value: Any) -> Any:
        return read_json(schema, value)

    return read


def read_body(
    operation: str,
    before: Mapping[str, Any] | None = None,
    *,
    readers: Mapping[str, Read] | None = None,
) -> AttributeReader:
    """Return the body of the current request, read by the schema its operation has in the document.

    Raises `MalformedParametersError` for a body that is no JSON object, whatever its Content-Type.
    `body.refuse` adds the mistakes that no schema can express; `body.checked` gives the values.

    - `operation`: the operation's id, without the API's name.
    - `before`: the values of the record that changes.
    """
    request = current_request()
    api = request.environ[DECLARATION]
    body = AttributeReader(body_parameters(request), before or {}, api.dialect.invalid)
    body.take_all(body_schema(api.name, operation), readers=readers)
    return body


@cache
def body_schema(api: str, operation: str) -> Schema:
    """Return the schema of an operation's JSON body, references resolved; empty without one.

    A schema within itself, at any depth, takes anything.
    """
    document = spec(api).document
    declared = spec(api).operation(operation)
    node = document["paths"][declared.path][declared.method.lower()]
    body = resolved(document, node.get("requestBody") or {})
    for kind, about in (body.get("content") or {}).items():
        if kind == "application/json" or kind.endswith("+json"):
            schema: Schema = flattened(with_references(about.get("schema") or {}, document))
            return schema
    return {}


def with_references(node: Any, document: Mapping[str, Any]) -> Any:
    """Return a schema of a document with what it refers to in place of its references.

    A schema within itself, at any depth, takes anything.
    """
    return _whole(node, document, frozenset())


def _whole(node: Any, document: Mapping[str, Any], around: frozenset[str]) -> Any:
    """Return a node, `around` being the references that it is within."""
    if isinstance(node, list):
        return [_whole(item, document, around) for item in node]
    if not isinstance(node, Mapping):
        return node
    reference = node.get("$ref")
    if not isinstance(reference, str):
        return {key: _whole(value, document, around) for key, value in node.items()}
    if reference in around:
        return {}
    return _whole(resolved(document, node), document, around | {reference})
