from typing import Any

import pytest
from flask import Request, Response
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder

from fake_server.errors import UnknownWorldError
from fake_server.rest.answers import AnswerHeaders, answer, json_answer, with_etag
from fake_server.rest.api_definition import Dialect
from fake_server.rest.context import DECLARATION
from fake_server.rest.problems import problem
from fake_server.rest.rails import RAILS
from fake_server.rest.rails.json_and_etag import etag_of, to_json


class _Declaration:
    dialect = Dialect(conventions=RAILS)


def _request(method: str = "GET", known: str | None = None) -> Request:
    headers = {} if known is None else {"If-None-Match": known}
    environ = EnvironBuilder("/", method=method, headers=list(headers.items())).get_environ()
    return Request({**environ, DECLARATION: _Declaration()})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"b": 1, "a": [None, True, "é"]}, '{"b":1,"a":[null,true,"é"]}'),
        ("a & b < c > d", '"a \\u0026 b \\u003c c \\u003e d"'),
        ("\u2028\u2029", '"\\u2028\\u2029"'),
        ({"<": "/"}, '{"\\u003c":"/"}'),
        ('"\\\n\0\x7f', '"\\"\\\\\\n\\u0000\x7f"'),
        ("\U0001f600", '"\U0001f600"'),
    ],
)
def test_json_is_written_as_rails_writes_it(value: object, expected: str) -> None:
    assert to_json(value).decode() == expected


def test_the_etag_is_racks_weak_digest_of_the_body() -> None:
    assert etag_of(b"[]") == 'W/"4f53cda18c2baa0c0354bb5f9a3ecbe5"'
    assert etag_of(b"{}") == 'W/"44136fa355b3678a1146ad16f7e8649e"'


ETAG = etag_of(b"[]")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "known",
    [ETAG, ETAG.removeprefix("W/"), f'"x", {ETAG}', f'"x",{ETAG},"y"', "*", " * "],
)
def test_what_the_client_already_has_is_not_sent_again(method: str, known: str) -> None:
    response = with_etag(json_answer([], headers={"X-Total": "0"}), _request(method, known))
    assert response.status_code == 304
    assert response.get_data() == b""
    assert response.headers["ETag"] == ETAG
    assert response.headers["X-Total"] == "0"
    assert "Content-Type" not in response.headers


@pytest.mark.parametrize("known", [None, "", '"x"', ETAG[:-2], '"*"', 'W/""'])
def test_what_the_client_does_not_have_is_sent(known: str | None) -> None:
    response = with_etag(json_answer([]), _request("GET", known))
    assert (response.status_code, response.get_data()) == (200, b"[]")
    assert response.headers["ETag"] == ETAG


@pytest.mark.parametrize("status", [204, 400, 404, 500])
def test_errors_have_no_etag(status: int) -> None:
    assert "ETag" not in with_etag(json_answer([], status), _request("GET", "*")).headers


def test_a_write_is_answered_whatever_the_client_has() -> None:
    assert with_etag(json_answer([]), _request("POST", "*")).status_code == 200
    created = with_etag(json_answer([], 201), _request("POST", "*"))
    assert (created.status_code, created.headers["ETag"]) == (201, ETAG)


@pytest.mark.parametrize(
    ("body", "data", "kind"),
    [
        (None, b"", None),
        ("text <", b"text <", "text/plain; charset=utf-8"),
        ({"a": "<"}, b'{"a":"<"}', "application/json; charset=utf-8"),
        ([], b"[]", "application/json; charset=utf-8"),
    ],
)
def test_an_answer_has_the_kind_of_its_body(body: Any, data: bytes, kind: str | None) -> None:
    response: Response = answer(418, body, {"X-Any": "1"})
    assert (response.status_code, response.get_data()) == (418, data)
    assert (response.headers.get("Content-Type"), response.headers["X-Any"]) == (kind, "1")


def test_a_problem_says_that_it_is_the_fakes_own() -> None:
    response = problem(404, "Not Found", UnknownWorldError("nothing <here>"))
    assert response.content_type == "application/problem+json"
    assert response.headers["X-Fake-Server"] == "problem"
    assert response.json == {
        "type": "urn:understudy:unknown-world",
        "title": "Not Found",
        "status": 404,
        "detail": "nothing <here>",
    }


@pytest.mark.parametrize(
    "added",
    [
        {"A": "1", "B": "two words"},
        {"A": "1", "a": "2"},
        {"A": "é\u2028"},
        {"A": ["1", "2"]},
        {"A": 1},
        [("A", "1"), ("A", "2")],
        Headers({"A": "1"}),
    ],
)
def test_headers_take_what_those_of_werkzeug_take(added: Any) -> None:
    headers, expected = AnswerHeaders({"A": "0"}), Headers({"A": "0"})
    headers.extend(added)
    expected.extend(added)
    for name in ("a", "Date", "é"):
        assert (name in headers) == (name in expected)
    for name, value in (("B", "3"), ("b", "4"), ("Date", 5)):
        headers[name] = value
        expected[name] = value
    assert headers.to_wsgi_list() == expected.to_wsgi_list()


@pytest.mark.parametrize("value", ["a\nb", "a\rb", "\n"])
def test_headers_take_no_line_break(value: str) -> None:
    headers = AnswerHeaders({})
    with pytest.raises(ValueError, match="newline"):
        headers.extend({"A": "1", "B": value})
    with pytest.raises(ValueError, match="newline"):
        headers["B"] = value
    with pytest.raises(ValueError, match="newline"):
        AnswerHeaders({"B": value})
