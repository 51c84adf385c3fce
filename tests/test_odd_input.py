"""Odd input of every kind to every path: never a 5xx, never a page of Flask's, nothing changed."""

import logging
import random
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from fake_server import apis
from fake_server.data_files import registry
from fake_server.data_files.api_document import api_document
from fake_server.rest.schema.spec import OperationSpec, resolved, spec
from fake_server.world.profile import Profile
from tests.support.client import CheckedClient, JsonResponse

REQUESTS = 1000
METHODS = (
    "GET",
    "GET",
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "BREW",
)
VALUES = (
    *("", " ", "0", "1", "2", "-1", "+5", "1.5", "1e3", "1e400", "NaN", "0x10", "١", "２", "1_0"),
    *("9" * 19, "9223372036854775808", "-9223372036854775809", "9" * 400, "9" * 5000),
    *(
        "true",
        "false",
        "null",
        "nil",
        "id",
        "-id",
        "name,-id",
        "[1,2]",
        "[]",
        "{}",
        "1,2",
        ",",
        "!",
    ),
    *("2017-11-22", "2017-11-22T14:00:00Z", "2017-11-22T14:00:00+25:00", "2017-02-30", "24:00"),
    *("0001-01-01", "9999-12-31T23:59:59Z", "99999-01-01", "-0001-01-01", "2017-11-22,2017-11-23"),
    *(
        "\0",
        "a\0b",
        "é",
        "\u202e",
        "\U0001f600",
        "%",
        "%00",
        "<script>",
        "'\"`;--",
        "../..",
        "a\r\nb: c",
    ),
    *("a" * 300, "(" * 200, "=>", "<=>", "in progress", "Europe/Paris", "Paris", "\uffff", " 1 "),
)
NAMES = (
    "page",
    "per_page",
    "page[size]",
    "page[number]",
    "sort",
    "filter",
    "filter[id]",
    "fields",
    "range[id]",
    "id",
    "id[]",
    "filter[][id]",
    "a[b][c]",
    "[]",
    "_method",
    "format",
    "\0",
    "é",
)
RAW_QUERIES = (
    "%",
    "%zz",
    "a=%ff",
    "%ff=1",
    "page=2&page[size]=10",
    "a[]=1&a[b]=2",
    "&&=&;",
    "?" * 50,
    "=" * 50,
    "a" * 4000,
    "x&" * 4200,
    "a" + "[b]" * 150 + "=1",
    "page[]=1",
    "sort[a]=b",
    "filter=1",
    "filter[]=1",
    "range=1",
    "per_page[a]=1",
    "fields[]=id",
)
BODIES = (
    b"",
    b"{",
    b"{}",
    b"[]",
    b"null",
    b"NaN",
    b"\xff\xfe",
    b"\0",
    b'{"a":1e999}',
    b"[" * 5000,
    b'{"name":{"a":1}}',
    b'{"name":[null]}',
    b'{"name":"\\ud800"}',
    b'{"name":"\\u0000"}',
    b'{"page":{"number":{}}}',
    b'{"page":{"number":1.5,"size":null}}',
    b'{"filter":[1]}',
    b'{"filter":{"id":{"a":1}}}',
    b'{"sort":["id"]}',
    b'{"start":1,"end":[]}',
    b"a=1&a[b]=2",
    b'{"sort":null,"per_page":true,"fields":{}}',
    b"%zz",
    b"<a/>",
    b'{"name":' + b"9" * 4000 + b"}",
    b'{"":1}',
    b'{"id":99999999999999999999,"name":"x","disabled":"maybe","timezone":3}',
    b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n',
    b"--x\r\n",
)
KINDS = (
    None,
    "",
    "application/json",
    "application/json; charset=latin-1",
    "text/plain",
    "*/*",
    "é",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "application/vnd.api+json",
    "application/xml",
    "x" * 500,
)
HEADERS: Any = (
    {}, {}, {"Accept": "text/html"}, {"Accept": ""}, {"Accept": "x" * 500}, {"If-None-Match": "*"},
    {"If-None-Match": 'W/"'}, {"Host": "a b"}, {"X-Forwarded-Host": '">\x7f'},
    {"Range": "bytes=0-1"},
    {"X-Forwarded-Prefix": "//evil"}, {"X-Forwarded-Proto": "javascript"}, {"Cookie": "a=\xff"},
    {"Authorization": ""}, {"Authorization": "Basic"}, {"Authorization": "Basic !!!"},
    {"Authorization": "Basic /////w=="},
    {"Authorization": "Bearer"}, {"Authorization": "Bearer \xff"},
    {"Authorization": "Bearer a b"},
    {"Authorization": "Token token="}, {"Authorization": "x" * 5000},
    {"X-HTTP-Method-Override": "DELETE"}, {"Content-Encoding": "gzip"}, {"Transfer-Encoding": "x"},
    {"Accept-Language": "\xff"}, {"Expect": "100-continue"}, {"X-4me-Account": "\xff" * 90},
)  # fmt: skip

IDS = ("1", "2", "32", "42")
SPELLINGS = ("{}/", "{}.json", "{}.xml", "{}//x", "{}/%00", "{}/%ff", "{};a=1", "{}/..", "{}?")

JSON_VALUES: Any = (
    *VALUES,
    None,
    True,
    0,
    -1,
    1.5,
    1e300,
    2**63,
    10**400,
    [],
    {},
    [[]],
    [{}],
    [None],
    {"id": None},
    {"id": [1]},
    [{"id": 10**30}],
    [1, "2"],
    {"": 0},
    {"a": {"b": {"c": 1}}},
    [{"weekday": "mon", "time_from": "25:00", "time_until": None}],
    "mon",
    "09:00",
    "32",
)


def _property_names(node: Any) -> set[str]:
    if isinstance(node, list):
        return set().union(*map(_property_names, node))
    if not isinstance(node, dict):
        return set()
    own = node.get("properties")
    inner = set().union(*map(_property_names, node.values()))
    return inner | set(own) if isinstance(own, dict) else inner


class Odd:
    """Makes requests out of the operations of an API and values nobody expects."""

    def __init__(self, api: str, seed: int) -> None:
        self._operations = list(spec(api).operations.values())
        self._prefixes = apis.load()[api].prefixes
        self._random = random.Random(seed)
        self._document = api_document(api)
        self._attributes = sorted(_property_names(self._document))

    def request(self) -> dict[str, Any]:
        """Return the arguments of one request."""
        choose = self._random.choice
        operation = choose(self._operations)
        routed = self._random.random() < 0.6
        return {
            "method": operation.method if routed else choose(METHODS),
            "path": self._path(operation),
            "query_string": self._query(operation),
            "headers": choose(HEADERS),
            **self._body(operation),
        }

    def _body(self, operation: OperationSpec) -> dict[str, Any]:
        choose = self._random.choice
        if self._random.random() < 0.5:
            return {"data": choose(BODIES), "content_type": choose(KINDS)}
        shape = self._shape(operation)
        own = list(shape.get("properties", ())) * 20
        names = self._random.choices([*self._attributes, *own], k=self._random.randint(0, 3))
        good = choose([{}, *shape.get("examples", ())])
        return {"json": good | {name: choose(JSON_VALUES) for name in names}}

    def _shape(self, operation: OperationSpec) -> Mapping[str, Any]:
        """Return the schema of the JSON that an operation takes."""
        declared = self._document["paths"][operation.path][operation.method.lower()]
        body = resolved(self._document, declared.get("requestBody", {}))
        media = body.get("content", {}).get("application/json", {})
        return resolved(self._document, media.get("schema", {}))

    def _path(self, operation: OperationSpec) -> str:
        choose, chance = self._random.choice, self._random.random
        if chance() < 0.05:
            return choose(self._prefixes) + "/" + quote(choose(VALUES))
        path = operation.path
        while "{" in path:
            head, _, rest = path.partition("{")
            name, _, rest = rest.partition("}")
            good = operation.options(name) or IDS
            path = head + quote(choose(good if chance() < 0.7 else VALUES), safe="") + rest
        return (choose(SPELLINGS) if chance() < 0.2 else "{}").format(path)

    def _query(self, operation: OperationSpec) -> str:
        choose = self._random.choice
        if self._random.random() < 0.15:
            return choose(RAW_QUERIES)
        names = [*NAMES, *operation.parameters]
        for parameter in operation.parameters:
            names += [f"{parameter}[{field}]" for field in operation.fields(parameter)] * 2
            names += [f"{parameter}[]"]
        size = self._random.randint(0, 3)
        return "&".join(
            f"{quote_plus(choose(names))}={quote_plus(choose(VALUES))}" for _ in range(size)
        )


def _defects(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """Return the logged errors; an operation that is not served is a warning."""
    return [record for record in caplog.records if record.levelno >= logging.ERROR]


def _check(response: JsonResponse, what: object) -> None:
    assert response.status_code < 500, (what, response.text)
    # The page on which a person allows an application is HTML, its errors too.
    is_page = isinstance(what, dict) and "/oauth/authorize" in what["path"]
    assert is_page or response.mimetype != "text/html", what
    assert "Traceback" not in response.text, what
    assert "object at 0x" not in response.text, what
    for name, value in response.headers:
        assert value.isprintable(), (what, name)


@pytest.fixture(params=["off", "dataset"])
def client(
    request: pytest.FixtureRequest, client_for: Callable[..., CheckedClient]
) -> CheckedClient:
    return client_for(dataset="documented", auth=request.param)


@pytest.mark.parametrize("api", registry.names())
def test_odd_input_is_refused_in_the_apis_own_words(api: str, client: CheckedClient) -> None:
    odd = Odd(api, seed=8042)
    for number in range(REQUESTS):
        if number % 50 == 0:
            client.world.reset()
        what = odd.request()
        version = client.world.version
        response = client.open(**what)
        _check(response, what)
        if response.status_code >= 400:
            assert client.world.version == version, what
            is_page = "/oauth/authorize" in what["path"]
            assert is_page or response.is_json or response.mimetype in {"", "text/plain"}, what


@pytest.mark.parametrize("api", registry.names())
def test_the_live_profile_fails_only_where_the_real_service_does(
    api: str, client_for: Callable[..., CheckedClient], caplog: pytest.LogCaptureFixture
) -> None:
    odd = Odd(api, seed=4208)
    client = client_for(dataset="documented", auth="off", profile="live")
    for _ in range(REQUESTS // 2):
        what = odd.request()
        client.open(**what)
        assert _defects(caplog) == [], what


@pytest.mark.parametrize("profile", ["documented", "live"])
@pytest.mark.parametrize("api", registry.names())
def test_a_mapping_is_no_value_of_a_parameter(
    api: str,
    profile: Profile,
    client_for: Callable[..., CheckedClient],
    caplog: pytest.LogCaptureFixture,
) -> None:
    client = client_for(dataset="documented", auth="off", profile=profile)
    tried: set[tuple[str, str]] = set()
    for operation in spec(api).operations.values():
        if operation.method != "GET":
            continue
        path = re.sub(r"\{.*?\}", "1", operation.path)
        for name, parameter in operation.parameters.items():
            # Lists share most of their parameters: each is asked of one list.
            if (name, repr(parameter)) in tried:
                continue
            tried.add((name, repr(parameter)))
            for spelled in ("[a]=1", "[][a]=1"):
                what = f"{path}?{quote_plus(name)}{spelled}"
                response = client.get(what)
                assert "object at 0x" not in response.text, what
                assert _defects(caplog) == [], what
