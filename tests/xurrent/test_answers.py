"""Rate limit, headers of every answer, paths, and bodies that are too much."""

import gzip
import json
import re
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from fake_server import create_app
from tests.support.client import CheckedClient
from tests.xurrent.conftest import BEARER, Caller

Maker = Callable[..., Caller]


@pytest.mark.behaviour(
    "xurrent.answers.etag", "xurrent.answers.not_modified", "xurrent.answers.known_etags"
)
def test_etag(api: Caller) -> None:
    for path in ("/calendars", "/calendars/32", "/holidays", "/calendars/42/calendar_hours"):
        answer = api.get(path)
        etag = answer.headers["ETag"]
        assert etag == f'W/"{sha256(answer.data).hexdigest()[:32]}"'
        for text in (f'"x", {etag}', etag.removeprefix("W/"), "*"):
            known = api.get(path, headers={"If-None-Match": text})
            assert (known.status_code, known.data) == (304, b"")
            assert known.headers["ETag"] == etag
        assert api.get(path, headers={"If-None-Match": '"x"'}).status_code == 200
    for failed in (api.get("/calendars/99"), api.get("/calendars?x=1"), api.post("/calendars")):
        assert "ETag" not in failed.headers


@pytest.mark.behaviour("xurrent.answers.json")
def test_json_as_rails_writes_it(api: Caller) -> None:
    answer = api.post("/calendars", {"name": "É <a> & b"})
    assert b'"name":"\xc3\x89 \\u003ca\\u003e \\u0026 b"' in answer.data
    assert answer.content_type == "application/json; charset=utf-8"
    assert answer.data == answer.data.strip()
    assert b": " not in answer.data


@pytest.mark.behaviour("xurrent.answers.gzip")
@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip", "gzip"),
        ("br, gzip;q=0.5, deflate", "gzip"),
        ("*", "gzip"),
        ("GZIP", "gzip"),
        ("gzip;q=0", None),
        ("identity", None),
        ("br", None),
        ("", None),
        (None, None),
    ],
)
def test_long_answers_are_compressed(api: Caller, accepted: str | None, encoding: str) -> None:
    headers = {} if accepted is None else {"Accept-Encoding": accepted}
    plain = api.get("/calendars?fields=name,source,calendar_hours")
    answer = api.get("/calendars?fields=name,source,calendar_hours", headers=headers)
    assert len(plain.data) >= 1024
    assert answer.headers.get("Content-Encoding") == encoding
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["ETag"] == plain.headers["ETag"]
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert (gzip.decompress(answer.data) if encoding else answer.data) == plain.data


@pytest.mark.behaviour("xurrent.answers.gzip")
def test_what_is_short_or_an_error_is_not_compressed(api: Caller) -> None:
    headers = {"Accept-Encoding": "gzip"}
    name = "x" * 2000
    answers = [
        api.get("", headers=headers),
        api.get("/calendars?fields=id", headers=headers),
        api.get(f"/calendars?{name}=1", headers=headers),
        api.get("/calendars", headers={**headers, "If-None-Match": "*"}),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 400, 304]
    for answer in answers:
        assert {"Content-Encoding", "Vary"}.isdisjoint(answer.headers.keys())


@pytest.mark.behaviour("xurrent.answers.headers")
def test_headers_of_every_answer(api: Caller) -> None:
    for answer in (api.get("/calendars"), api.get("/calendars/99"), api.post("/calendars", {})):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-XSS-Protection"] == "1; mode=block"
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000;")
        assert re.fullmatch(r"\d+\.\d{6}", answer.headers["X-Runtime"])
        assert re.fullmatch(r"[0-9a-f-]{36}", answer.headers["X-Request-Id"])
    first, second = (api.get("").headers["X-Request-Id"] for _ in range(2))
    assert first != second


@pytest.mark.behaviour("xurrent.answers.cors")
def test_cors_by_quirk(api: Caller, caller_for: Callable[..., Caller]) -> None:
    origin = {"Origin": "https://app.example"}
    asked = {
        **origin,
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": "authorization,x-4me-account",
    }
    for path in ("/calendars", "/calendars/0", "/nonesuch"):
        assert "Access-Control-Allow-Origin" not in api.get(path, headers=origin).headers
    assert api("OPTIONS", "/calendars", token=None, headers=asked).status_code == 404

    client = caller_for(quirks=("xurrent.cors-any-origin",))
    for path, token in (("/calendars", "Bearer wrong"), ("/calendars/0", None), ("/calendars", "")):
        sent = {"token": token} if token is not None else {}
        headers = client.get(path, headers=origin, **sent).headers
        assert headers["Access-Control-Allow-Origin"] == "https://app.example"
        assert headers["Access-Control-Allow-Credentials"] == "true"
        assert "Origin" in headers["Vary"]
    assert "Access-Control-Allow-Origin" not in client.get("/calendars").headers
    preflight = client("OPTIONS", "/calendars/1", token=None, headers=asked)
    assert (preflight.status_code, preflight.data) == (204, b"")
    assert preflight.headers["Access-Control-Allow-Headers"] == "authorization,x-4me-account"
    assert "PATCH" in preflight.headers["Access-Control-Allow-Methods"]
    assert client("OPTIONS", "/calendars", headers=origin).status_code == 404


@pytest.mark.behaviour("xurrent.answers.suffix")
def test_spellings_of_a_path(api: Caller) -> None:
    for path in ("/calendars/", "/calendars.json", "//calendars"):
        assert api.get(path).json == api.get("/calendars").json
    assert api.get("/calendars/32.json").json == api.get("/calendars/32/").json


@pytest.mark.behaviour("xurrent.answers.head")
def test_head(api: Caller) -> None:
    for path in ("/calendars?per_page=1", "/calendars/32", "/rate_limit"):
        answer = api("HEAD", path)
        assert (answer.status_code, answer.data) == (200, b"")
        assert "ETag" in answer.headers


@pytest.mark.behaviour("xurrent.errors.method")
def test_paths_that_are_not_served_say_so(api: Caller) -> None:
    for path in ("/people", "/calendars/32/teams", "/calendars.html"):
        for token in (BEARER, None):
            answer = api.get(path, token=token)
            assert (answer.status_code, answer.json) == (404, {"message": "Not Found"})
            assert answer.headers["X-Fake-Not-Served"] == f"GET /v1{path}"
    assert "X-Fake-Not-Served" not in api("OPTIONS", "/calendars").headers


@pytest.mark.behaviour("xurrent.rate_limit.headers")
def test_rate_limit_headers(api: Caller) -> None:
    opened = int(api.world.clock.now().timestamp())
    first, second = api.get("/calendars"), api.get("/calendars/99")
    for answer, remaining in ((first, "3599"), (second, "3598")):
        assert answer.headers["X-RateLimit-Limit"] == "3600"
        assert answer.headers["X-RateLimit-Remaining"] == remaining
        assert answer.headers["X-RateLimit-Reset"] == str(opened + 3600)
    other = api.get("/calendars", token="Bearer api-token")
    assert other.headers["X-RateLimit-Remaining"] == "3599"
    assert api.get("", token=None).headers["X-RateLimit-Remaining"] == "3599"
    api.world.clock.advance(timedelta(hours=1))
    assert api.get("/calendars").headers["X-RateLimit-Remaining"] == "3599"


@pytest.mark.behaviour("xurrent.rate_limit.get")
def test_rate_limit_is_free(api: Caller) -> None:
    api.get("/calendars")
    for _ in range(3):
        answer = api.get("/rate_limit")
        core = answer.json["resources"]["core"]
        assert (core["limit"], core["remaining"]) == (3600, 3599)
        assert core["reset"] == int(answer.headers["X-RateLimit-Reset"])


@pytest.mark.behaviour("xurrent.rate_limit.exceeded")
def test_rate_limit_is_enforced_on_demand(tmp_path: Path) -> None:
    path = tmp_path / "limited.yaml"
    path.write_text(
        "start: 2020-01-01T00:00:00Z\nfrozen: true\n"
        "xurrent: {rate_limit: 2, credentials: {tokens: [{token: a}, {token: b}]}}\n"
    )
    limited = Caller(CheckedClient(create_app(str(path), limits=True)))
    for _ in range(2):
        assert limited.get("/calendars", token="Bearer a").status_code == 200
    refused = limited.post("/calendars", {"name": "x"}, token="Bearer a")
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "3600"
    assert refused.headers["X-RateLimit-Remaining"] == "0"
    assert refused.json == {
        "message": "Too Many Requests",
        "documentation_url": "https://developer.xurrent.com/v1/#rate-limiting",
    }
    assert limited.get("/calendars", token="Bearer b").json == []
    looks = [limited.get("/rate_limit", token="Bearer a").status_code for _ in range(2)]
    assert looks == [200, 429]
    limited.world.clock.advance(timedelta(seconds=1))
    assert limited.get("/rate_limit", token="Bearer a").status_code == 200
    limited.world.clock.advance(timedelta(hours=1))
    assert limited.get("/calendars", token="Bearer a").status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"name": "x" * (1024 * 1024)}),
        '{"name":' + "[" * 50_000 + "]" * 50_000 + "}",
        '{"name": ' + "9" * 6000 + "}",
    ],
)
@pytest.mark.behaviour("xurrent.errors.json")
def test_giant_bodies(api: Caller, body: str) -> None:
    answer = api("POST", "/calendars", data=body, content_type="application/json")
    assert answer.status_code in {400, 413}
    assert set(answer.json) == {"message"}
    assert len(api.ids("/calendars")) == 3


PATHS = [
    ("GET", ""),
    ("GET", "/rate_limit"),
    ("GET", "/calendars"),
    ("GET", "/calendars/33"),
    ("PATCH", "/calendars/33"),
    ("POST", "/calendars"),
    ("GET", "/calendars/33/duration"),
    ("GET", "/calendars/33/calendar_hours"),
    ("GET", "/calendars/33/calendar_hours/6"),
    ("DELETE", "/calendars/33/calendar_hours/6"),
    ("DELETE", "/calendars/33/calendar_hours"),
    ("POST", "/calendars/33/holidays/1"),
    ("DELETE", "/calendars/33/holidays/1"),
    ("DELETE", "/calendars/33/holidays"),
    ("GET", "/holidays/1"),
    ("DELETE", "/holidays/1/calendars"),
]


@pytest.mark.parametrize(("method", "path"), PATHS)
@pytest.mark.behaviour("xurrent.errors.query", "xurrent.errors.json")
def test_what_cannot_be_decoded_changes_nothing(api: Caller, method: str, path: str) -> None:
    day = {"name": "x", "start_at": "2020-01-01T00:00", "end_at": "2020-01-02T00:00"}
    api.created("/holidays", day)
    api.created("/holidays", day)
    api.post("/calendars/33/holidays/2")
    before = [api.get(f"/calendars/33{below}").json for below in ("", "/holidays")]
    for query in ("x=%ff", "x=%zz", "x=1&x[]=2"):
        assert api(method, f"{path}?{query}").status_code == 400
    for body in (b"{", b"[]", b'"x"'):
        answer = api(method, path, data=body, content_type="application/json")
        assert (answer.status_code, answer.json) == (400, {"message": "Invalid JSON string posted"})
    assert before == [api.get(f"/calendars/33{below}").json for below in ("", "/holidays")]
    assert before[1]


@pytest.mark.behaviour("xurrent.errors.query")
def test_conflicting_parameters(api: Caller) -> None:
    for query in ("name=1&name[]=2", "page[a]=1&page=2", "fields[x][y]=1", "name[][a]=1"):
        answer: Any = api.get(f"/calendars?{query}")
        assert answer.status_code in {200, 400}
        if answer.status_code == 400:
            assert set(answer.json) == {"message"}
