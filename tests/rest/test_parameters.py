import json
from typing import Any

import pytest
from flask import Request
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder

from fake_server.rest.api_definition import Dialect
from fake_server.rest.api_errors import MalformedParametersError
from fake_server.rest.context import DECLARATION
from fake_server.rest.json_text import parse_json
from fake_server.rest.links import query_string
from fake_server.rest.parameters import body_values, query_values, request_parameters
from fake_server.rest.rails import RAILS
from fake_server.rest.rails.rack_query import nested, query_pairs

HASH = "Rack::QueryParser::Params"


class _Declaration:
    dialect = Dialect(conventions=RAILS)


def _request(query: str = "", **options: Any) -> Request:
    environ = EnvironBuilder("/", query_string=query, **options).get_environ()
    return Request({**environ, DECLARATION: _Declaration()})


def _nested(query: str) -> dict[str, Any]:
    return nested(query_pairs(query))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {}),
        ("&&", {}),
        ("=5", {}),
        ("a", {"a": None}),
        ("a[b]&a[c]=", {"a": {"b": None, "c": ""}}),
        ("a[]", {"a": []}),
        ("a[]&a[]=1&a[]=", {"a": ["1", ""]}),
        ("a[][]", {"a": []}),
        ("a&a[b]=1", {"a": {"b": "1"}}),
        ("a&a[]=1", {"a": ["1"]}),
        ("a[b]&a[b][]=1", {"a": {"b": ["1"]}}),
        ("a=", {"a": ""}),
        ("a=1&a=2", {"a": "2"}),
        ("a=b=c", {"a": "b=c"}),
        ("a=1;b=2", {"a": "1", "b": "2"}),
        ("a=1&  b=2", {"a": "1", "b": "2"}),
        ("a+b=c+d", {"a b": "c d"}),
        ("a%5Bb%5D=%C3%A9%26", {"a": {"b": "é&"}}),
        ("a[]=1&a[]=2", {"a": ["1", "2"]}),
        ("a[b]=1&a[c]=2", {"a": {"b": "1", "c": "2"}}),
        ("a[b][c]=1", {"a": {"b": {"c": "1"}}}),
        ("a[b][]=1&a[b][]=2", {"a": {"b": ["1", "2"]}}),
        ("a[][b]=1", {"a": [{"b": "1"}]}),
        ("a[][b]=1&a[][c]=2", {"a": [{"b": "1", "c": "2"}]}),
        ("a[][b]=1&a[][b]=2", {"a": [{"b": "1"}, {"b": "2"}]}),
        ("a[][b][c]=1&a[][b][d]=2", {"a": [{"b": {"c": "1", "d": "2"}}]}),
        ("a[][b][]=1&a[][b][]=2", {"a": [{"b": ["1", "2"]}]}),
        ("a[]=1&a[][b]=2", {"a": ["1", {"b": "2"}]}),
        ("a[][]=1", {"a": [["1"]]}),
        ("[a]=1", {"a": "1"}),
        ("a]=1", {"a": "1"}),
        ("a[=1", {"a[": "1"}),
        ("a[b=1", {"a": {"b": "1"}}),
        ("a[b]c=1", {"a": {"b": {"c": "1"}}}),
        ("[]=1", {}),
        ("page[size]=10&page=2", {"page": "2"}),
    ],
)
def test_names_are_nested_as_rack_2_2_nests_them(query: str, expected: dict[str, Any]) -> None:
    assert _nested(query) == expected


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("page=2&page[size]=10", "expected Hash (got String) for param `page'"),
        ("a[]=1&a[b]=2", "expected Hash (got Array) for param `a'"),
        ("a=1&a[]=2", "expected Array (got String) for param `a'"),
        ("a[b]=1&a[]=2", f"expected Array (got {HASH}) for param `a'"),
        ("x[a]=1&x[a][b]=2", "expected Hash (got String) for param `a'"),
        ("a=%", "invalid %-encoding (%)"),
        ("a=%4", "invalid %-encoding (%4)"),
        ("%zz=1", "invalid %-encoding (%zz)"),
        ("a=%ff", "invalid byte sequence in UTF-8"),
        ("a=%ed%a0%80", "invalid byte sequence in UTF-8"),
        ("a=1&" * 4096, "total number of query parameters (4097) exceeds limit (4096)"),
        (f"a{'[b]' * 100}=1", "parameters are nested too deeply"),
    ],
)
def test_what_rack_2_2_refuses_is_refused(query: str, message: str) -> None:
    with pytest.raises(MalformedParametersError) as raised:
        _nested(query)
    assert str(raised.value) == message


def test_the_limits_themselves_are_accepted() -> None:
    assert _nested("&".join(["a=1"] * 4096)) == {"a": "1"}
    assert len(_nested(f"a{'[b]' * 99}=1")) == 1


@given(st.text("ab[]=&%41; +", max_size=60))
def test_any_query_is_parameters_or_malformed(query: str) -> None:
    try:
        values = _nested(query)
    except MalformedParametersError:
        return
    assert all(isinstance(name, str) for name in values)


_WORDS = st.text("abcé &=+%[", min_size=1, max_size=4).filter(lambda word: "[" not in word)
_VALUES = st.recursive(
    st.text("abcé &=+%[];", max_size=4),
    lambda inner: st.dictionaries(_WORDS, inner, min_size=1, max_size=3),
    max_leaves=8,
) | st.lists(st.text("ab,", max_size=3), min_size=1, max_size=3)


@given(st.dictionaries(_WORDS, _VALUES, max_size=4))
def test_what_to_query_writes_is_read_back(values: dict[str, Any]) -> None:
    assert _nested(query_string(values)) == values


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"{}", {}),
        (b' {"a": [1, 2.5, null, true]} \n', {"a": [1, 2.5, None, True]}),
        (b'{"a": 1, "a": 2}', {"a": 2}),
        (b'"\\ud83d\\ude00"', "\U0001f600"),
        (b'"\\u0000"', "\0"),
        (b"-0", 0),
        (b"123456789012345678901234567890", 123456789012345678901234567890),
        (b"[" * 100 + b"]" * 100, json.loads("[" * 100 + "]" * 100)),
        (b"[" + b",".join([b"[]"] * 500) + b"]", [[]] * 500),
    ],
)
def test_json_is_read(raw: bytes, expected: object) -> None:
    assert parse_json(raw) == expected


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"{'a': 1}",
        b'{"a": 1,}',
        b"{} {}",
        b"NaN",
        b"[Infinity]",
        b"[-Infinity]",
        b"1e999",
        b"-1e999",
        b"9" * 5000,
        b'"\xff"',
        b'"\\ud800"',
        b'{"\\udfff": 1}',
        b"\xef\xbb\xbf{}",
        '{"a": 1}'.encode("utf-16"),
        b"[" * 101 + b"]" * 101,
        b'{"a":' * 101 + b"1" + b"}" * 101,
        b"[" * 100_000,
    ],
    ids=lambda raw: repr(raw[:12]),
)
def test_what_is_no_json_is_refused(raw: bytes) -> None:
    with pytest.raises(MalformedParametersError, match="invalid JSON"):
        parse_json(raw)


@given(st.binary(max_size=40))
def test_any_bytes_are_json_or_malformed(raw: bytes) -> None:
    try:
        value = parse_json(raw)
    except MalformedParametersError:
        return
    assert json.loads(raw) == value


JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("body", "kind", "expected"),
    [
        (b'{"page": {"number": 2}}', JSON, {"page": {"number": 2}}),
        (b'{"a": 1}', "application/vnd.api+json; charset=utf-8", {"a": 1}),
        (b"a[]=1&a[]=2", FORM, {"a": ["1", "2"]}),
        (b"a=1;b=2", FORM, {"a": "1;b=2"}),
        (b"a=1", "text/plain", None),
        (b'{"a": 1}', "text/plain", None),
        (b"", JSON, {}),
        (b"  \n", JSON, {}),
    ],
)
def test_a_body_is_read_by_its_content_type(
    body: bytes, kind: str, expected: dict[str, Any] | None
) -> None:
    assert body_values(_request(data=body, content_type=kind, method="POST")) == expected


def test_a_multipart_body_is_nested_too() -> None:
    request = _request(
        data={"a[b]": "1", "c[]": ["2", "3"]}, method="POST", content_type="multipart/form-data"
    )
    assert body_values(request) == {"a": {"b": "1"}, "c": ["2", "3"]}


@pytest.mark.parametrize("kind", [None, "text/plain", FORM, "application/xml"])
def test_json_may_be_recognised_by_its_look(kind: str | None) -> None:
    request = _request(data=b' {"a": 1}', content_type=kind, method="GET")
    assert body_values(request, sniff_json=True) == {"a": 1}


@pytest.mark.parametrize("body", [b"[1]", b"1", b"null", b'"a"', b"{]"])
def test_json_other_than_an_object_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedParametersError, match="invalid JSON"):
        body_values(_request(data=body, content_type=JSON, method="POST"))


def test_a_name_in_the_query_wins_over_the_body_whole() -> None:
    request = _request(
        "a=query&filter[x]=1",
        data=b'{"a": "body", "b": 2, "filter": {"y": 3}}',
        content_type=JSON,
        method="POST",
    )
    parameters = request_parameters(request)
    assert (parameters["a"], parameters["b"], dict(parameters["filter"])) == (
        "query",
        2,
        {"x": "1"},
    )
    assert query_values(request) == {"a": "query", "filter": {"x": "1"}}


def test_parameters_remember_what_nobody_took() -> None:
    parameters = request_parameters(_request("a=1&b=2&filter[x]=3&filter[y]=4&page[a][b]=5&c[]=6"))
    assert set(parameters) == {"a", "b", "filter", "page", "c"}
    assert parameters.unread() == ["a", "b", "filter", "page", "c"]
    assert parameters["a"] == "1"
    assert parameters["filter"]["x"] == "3"
    assert parameters["page"]["a"].get("absent") is None
    assert parameters.get("absent") is None
    assert "b" in parameters
    assert "absent" not in parameters
    assert parameters.unread() == ["b", "filter[y]", "page[a][b]", "c"]
    parameters.disregard("a")
    assert parameters.unread() == ["a", "b", "filter[y]", "page[a][b]", "c"]


def test_parameters_within_lists_are_remembered_too() -> None:
    body = b'{"hours": [{"wekday": "mon", "from": "1"}, {"from": "2"}, [3]], "list": [1]}'
    parameters = request_parameters(_request(data=body, content_type=JSON, method="POST"))
    assert [hours["from"] for hours in parameters["hours"][:2]] == ["1", "2"]
    assert parameters["list"] == [1]
    assert parameters.unread() == ["hours[0][wekday]"]


def test_parameters_are_made_once_for_a_request() -> None:
    request = _request("a=1&b=2")
    assert request_parameters(request)["a"] == "1"
    assert request_parameters(request)["b"] == "2"
    assert request_parameters(request).unread() == []
