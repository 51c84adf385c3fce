"""rest/schema/requested_operation.py: requests are named as their operations are."""

import pytest
from flask import Flask, request

from fake_server import create_app
from fake_server.data_files import registry
from fake_server.rest.schema.requested_operation import operation_of, operations_of
from fake_server.rest.schema.spec import spec


@pytest.fixture(scope="module")
def app() -> Flask:
    return create_app("empty")


@pytest.mark.parametrize(
    ("api", "method", "path", "expected"),
    [
        ("intra42", "GET", "/v2/users/1/slots/graph/on/end_at/by/day", "graph_user_slots_on_by"),
        ("intra42", "POST", "/oauth/token", "create_token"),
        ("fabmanager", "GET", "/open_api/v1/availabilities", "list_availabilities"),
        ("fabmanager", "GET", "/open_api/v1/availabilities.xml", "list_availabilities"),
        ("xurrent", "HEAD", "/v1/calendars/31", "get_calendar"),
        ("xurrent", "PUT", "/v1/calendars/31", "replace_calendar"),
        ("xurrent", "GET", "/v1/calendars/enabled", "list_enabled_calendars"),
    ],
)
def test_a_request_has_the_id_of_its_operation(
    app: Flask, api: str, method: str, path: str, expected: str
) -> None:
    with app.test_request_context(path, method=method):
        assert operation_of(api, method, _route()) == f"{api}.{expected}"


def test_a_request_that_is_not_routed_has_none(app: Flask) -> None:
    with app.test_request_context("/v2/closes"):
        assert operation_of("intra42", "GET", _route()) is None


@pytest.mark.parametrize("api", registry.names())
def test_every_operation_of_a_specification_is_routed(app: Flask, api: str) -> None:
    routed = set()
    for each in spec(api).operations.values():
        path = each.path.replace("{", "").replace("}", "")
        with app.test_request_context(path, method=each.method):
            routed.add(operation_of(api, each.method, _route()))
    assert routed == set(operations_of(api))


def _route() -> str | None:
    return request.url_rule.rule if request.url_rule else None
