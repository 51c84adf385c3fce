"""The views of a world's requests: `/_fake/worlds/<name>/requests`."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response

from fake_server.control.body_validation import attributes
from fake_server.control.problem_error import ProblemError
from fake_server.control.query_parameters import query_number, query_text
from fake_server.control.render import render_verification
from fake_server.control.server_worlds import named_world
from fake_server.errors import ExpectationError, RequestError
from fake_server.rest.answers import answer, json_answer
from fake_server.rest.api_definition import Api
from fake_server.rest.schema.requested_operation import expected_operation, operations_of
from fake_server.rest.schema.spec import spec
from fake_server.world.journal.matching import matches
from fake_server.world.json_schema import compiled_pattern

_PATH = "/worlds/<name>/requests"
_FLAGS = {"true": True, "false": False}


def add_requests(blueprint: Blueprint, apis: Mapping[str, Api]) -> None:
    """Add the views, for an application that serves these APIs."""

    @blueprint.get(_PATH)
    def list_requests(name: str) -> Response:
        journal, criteria = named_world(name).journal, _criteria()
        _require_operation(criteria.get("operation"), apis)
        entries = journal.entries(
            since=query_number("since"), limit=query_number("limit"), **criteria
        )
        return json_answer(
            {
                "requests": [entry.shown() for entry in entries],
                "last": journal.last,
                "forgotten": journal.forgotten,
                "not_served": journal.not_served,
            }
        )

    @blueprint.delete(_PATH)
    def clear_requests(name: str) -> Response:
        named_world(name).journal.clear()
        return answer(HTTPStatus.NO_CONTENT, None)

    @blueprint.post(f"{_PATH}/verify")
    def verify_requests(name: str) -> Response:
        journal, body = named_world(name).journal, attributes("requests_verify")
        for expectation in body["expectations"]:
            _require_operation(expectation.get("operation"), apis)
        return json_answer(render_verification(journal.verify(**body)))


def _criteria() -> dict[str, Any]:
    readers: dict[str, Callable[[str], Any]] = dict.fromkeys(
        ("operation", "method", "path", "status"), str
    )
    readers["unread"] = _FLAGS.__getitem__
    texts = {name: query_text(name) for name in readers}
    schemas = spec("control").operation("list_requests").schema
    for name, text in texts.items():
        if text is not None and not compiled_pattern(schemas(name)["pattern"]).search(text):
            expected = schemas(name)["x-expected"]
            raise ProblemError(
                HTTPStatus.BAD_REQUEST,
                RequestError(f"{name}: expected {expected}, found {text[:60]!a}"),
            )
    return {name: readers[name](text) for name, text in texts.items() if text is not None}


def _require_operation(pattern: str | None, apis: Mapping[str, Api]) -> None:
    """Raise `ProblemError` for a pattern that no operation matches."""
    operations = [name for api in apis for name in operations_of(api)]
    if pattern is not None and not any(matches(name, pattern) for name in operations):
        expected = expected_operation(pattern, apis)
        raise ProblemError(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            ExpectationError(f"operation: none is called {pattern[:60]!a}; {expected}"),
        )
