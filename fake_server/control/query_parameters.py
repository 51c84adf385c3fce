"""Query parameters, as the operations of `schemas/control/openapi.yaml` declare them.

A declared parameter that is an object (`style: form`, exploded) allows parameters of any name.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import request

from fake_server.control.aliases import declared_rule
from fake_server.control.problem_error import ProblemError
from fake_server.errors import RequestError, expected_one_of
from fake_server.rest.schema.requested_operation import operation_of
from fake_server.rest.schema.spec import spec

_API = "control"


def require_declared_query() -> None:
    """Raise `ProblemError` for a query parameter that is not declared, or that occurs twice."""
    if not request.query_string or request.url_rule is None:
        return
    parameters = _query_parameters()
    for name, values in request.args.lists():
        if name not in parameters and not _takes_any_name(parameters):
            expected = expected_one_of(name, sorted(parameters)) if parameters else "it takes none"
            raise _refused(f"{name[:60]!a}: no such query parameter here; {expected}")
        if len(values) > 1:
            raise _refused(f"{name[:60]!a}: expected one value, found {len(values)}")


def query_text(name: str) -> str | None:
    """Return the text of a query parameter; None if the request has none."""
    return request.args.get(name)


def query_number(name: str) -> int:
    """Return the number of a query parameter, or its declared default.

    Raises `ProblemError` for a number that is not whole or not within the declared bounds.
    """
    schema = _query_parameters()[name]["schema"]
    text = request.args.get(name)
    if text is None:
        return int(schema["default"])
    low, high = schema["minimum"], schema["maximum"]
    if text.isascii() and text.isdigit() and len(text) < 19 and low <= int(text) <= high:
        return int(text)
    raise _refused(f"{name}: expected a whole number from {low} to {high}, found {text[:60]!a}")


def other_queries() -> dict[str, str]:
    """Return the query parameters whose names the operation does not declare."""
    parameters = _query_parameters()
    return {name: text for name, text in request.args.items() if name not in parameters}


def _query_parameters() -> Mapping[str, Mapping[str, Any]]:
    route = declared_rule(request.url_rule.rule) if request.url_rule else None
    operation = operation_of(_API, request.method, route)
    if operation is None:
        return {}
    parameters = spec(_API).operation(operation.partition(".")[2]).parameters
    return {name: parameter for name, parameter in parameters.items() if parameter["in"] == "query"}


def _takes_any_name(parameters: Mapping[str, Mapping[str, Any]]) -> bool:
    return any(parameter["schema"].get("type") == "object" for parameter in parameters.values())


def _refused(message: str) -> ProblemError:
    return ProblemError(HTTPStatus.BAD_REQUEST, RequestError(message))
