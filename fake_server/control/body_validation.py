"""Validation of request bodies against the schemas of `schemas/control/`."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from http import HTTPStatus
from typing import Any

from flask import request

from fake_server.control.problem_error import ProblemError
from fake_server.data_files.api_document import api_document
from fake_server.errors import RequestError, SettingError, expected_one_of
from fake_server.rest.api_errors import MalformedParametersError
from fake_server.rest.json_text import parse_json
from fake_server.world.json_schema import validator_class

_MAX_LETTERS = 60


def attributes(shape: str) -> dict[str, Any]:
    """Return the attributes in the current request's body; an empty body has none.

    `shape`: the name of a file in `schemas/control/`. Raises `ProblemError`: 415 for a body of
    another content type, 400 for one that is not JSON, 422 for one that does not fit the shape.
    """
    attributes: dict[str, Any] = body(shape)
    return attributes


def body(shape: str) -> Any:
    """Return the current request's body, a JSON value of any type; see `attributes`."""
    value = _body()
    require_shape(shape, value)
    return value


def require_shape(shape: str, value: Any) -> None:
    """Raise `ProblemError`, 422, for a value that does not fit a shape; see `attributes`."""
    mistake = _mistake_finder(shape)(value)
    if mistake is not None:
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, SettingError(_message_of(mistake)))


def _body() -> Any:
    raw = request.get_data()
    if not raw:
        return {}
    if request.mimetype != "application/json":
        raise ProblemError(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            RequestError(
                f"Content-Type: expected application/json, found {request.mimetype or 'none'!a}"
            ),
        )
    try:
        return parse_json(raw, _members)
    except _RepeatedError as error:
        raise ProblemError(HTTPStatus.BAD_REQUEST, RequestError(f"the body: {error}")) from None
    except MalformedParametersError as error:
        raise ProblemError(HTTPStatus.BAD_REQUEST, RequestError(f"the body: {error}")) from None


class _RepeatedError(Exception):
    """A name stands twice in one object: neither value has precedence."""


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for name, value in pairs:
        if name in members:
            raise _RepeatedError(f"{_json_text(name)} stands twice in one object")
        members[name] = value
    return members


@cache
def _mistake_finder(shape: str) -> Callable[[Any], Any]:
    """Return a function that finds the most telling mistake in a value, or None."""
    from jsonschema.exceptions import best_match

    components = api_document("control")["components"]
    schema = {"$ref": f"#/components/schemas/{shape}", "components": components}
    validator = validator_class()(schema)
    return lambda value: best_match(validator.iter_errors(value))


def _message_of(mistake: Any) -> str:
    if mistake.validator == "additionalProperties":
        names = sorted(mistake.schema["properties"])
        name = next(name for name in mistake.instance if name not in names)
        return f"{_json_text(name)}: no such attribute; {expected_one_of(name, names)}"
    if mistake.validator == "required":
        name = next(name for name in mistake.validator_value if name not in mistake.instance)
        expected = _expected(mistake.schema["properties"][name])
        return f"{name}: is missing; expected {expected}"
    if mistake.validator == "not":
        return f"expected {_expected(mistake.validator_value)}"
    path = ".".join(str(step) for step in mistake.absolute_path) or "the body"
    return f"{path}: expected {_expected(mistake.schema)}, found {_json_text(mistake.instance)}"


def _expected(schema: Mapping[str, Any]) -> str:
    """Return the words that follow `expected` in a message, from the schema."""
    if "$ref" in schema:
        schema = api_document("control")["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return str(schema["x-expected"])


def _json_text(value: Any) -> str:
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    text = json.dumps(value)
    return text if len(text) <= _MAX_LETTERS else f"{text[:_MAX_LETTERS]}..."
