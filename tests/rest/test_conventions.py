"""Plain conventions, and queries and bodies that are read apart from each other."""

from typing import Any

import pytest
from flask import Request
from werkzeug.test import EnvironBuilder

from fake_server.rest.api_errors import MalformedParametersError
from fake_server.rest.conventions import PLAIN, conventions_of, flat_query
from fake_server.rest.parameters import PARAMETERS, body_parameters, query_parameters
from fake_server.rest.rails import RAILS


def _request(query: str = "", **options: Any) -> Request:
    return Request(EnvironBuilder("/", query_string=query, **options).get_environ())


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("", {}),
        ("a=1&b=", {"a": "1", "b": ""}),
        ("a=1&a=2&a=3", {"a": ["1", "2", "3"]}),
        ("a[b]=1;c=2", {"a[b]": "1;c=2"}),
        ("a=%C3%A9+b", {"a": "é b"}),
        ("a=%", {"a": "%"}),
    ],
)
def test_a_plain_query_has_a_value_for_each_name(query: Any, values: Any) -> None:
    assert flat_query(query) == values


@pytest.mark.parametrize("query", ["a=%ff", "a=\xff", "&".join(["a=1"] * 4097)])
def test_a_query_that_cannot_be_read_is_refused(query: Any) -> None:
    with pytest.raises(MalformedParametersError):
        flat_query(query)


def test_without_an_api_conventions_are_plain() -> None:
    assert conventions_of({}) is PLAIN
    assert PLAIN.etag is None
    assert PLAIN.to_json({"a": "<&>"}) == b'{"a":"<&>"}'
    assert RAILS.to_json("&") == b'"\\u0026"'
    assert RAILS.read_query("a[b]=1;c=2") == {"a": {"b": "1"}, "c": "2"}


def test_query_and_body_are_apart_and_know_what_was_read() -> None:
    request = _request("a=query&b=2", method="POST", data='{"a": {"x": 1}, "c": 3}')
    assert query_parameters(request)["a"] == "query"
    assert body_parameters(request)["a"]["x"] == 1
    assert request.environ[PARAMETERS].unread() == ["b", "c"]


def test_what_was_never_asked_for_is_unread() -> None:
    request = _request("a=1", method="POST", data="{", content_type="application/json")
    assert query_parameters(request)["a"] == "1"
    assert request.environ[PARAMETERS].unread() == ["(body)"]
    with pytest.raises(MalformedParametersError):
        body_parameters(request)
