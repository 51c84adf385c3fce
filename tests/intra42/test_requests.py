"""Requests in all their spellings, and what every answer carries."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest

from tests.intra42.conftest import Intra

BAD_REQUEST = {"status": 400, "error": "Bad Request"}


@pytest.mark.behaviour("intra42.request.body")
def test_parameters_in_a_body(intra: Intra) -> None:
    expected = intra.json("/v2/projects_users?filter[user_id]=101&page[number]=1&page[size]=1")
    body = {"page": {"number": 1, "size": 1}, "filter": {"user_id": 101}}
    assert intra.json("/v2/projects_users", json=body) == expected
    form = {"page[number]": "1", "page[size]": "1", "filter[user_id]": "101"}
    assert intra.json("/v2/projects_users", data=form) == expected
    (endless,) = intra.json("/v2/slots", json={"filter": {"end": False}})
    assert (endless["id"], endless["end_at"]) == (1007, None)
    assert intra.json("/v2/slots/graph", json={"field": "end_at"}) == intra.json(
        "/v2/slots/graph/on/end_at"
    )


@pytest.mark.parametrize(
    "filters",
    [{"id": None}, {"id": [1]}, {"id": {"a": 1}}, {"id": 1.5}, {"id": True}, {"begin_at": 5}],
)
@pytest.mark.behaviour("intra42.filter.value")
def test_values_of_a_json_body_that_are_of_the_wrong_kind(
    intra: Intra, filters: dict[str, object]
) -> None:
    response = intra.get("/v2/slots", json={"filter": filters})
    assert response.status_code == 422


@pytest.mark.parametrize(
    "path",
    ["/v2//slots", "/v2/slots//", "/v2/slots/", "/v2/slots.json", "/v2/slots.json/"],
)
@pytest.mark.behaviour("intra42.request.paths")
def test_spellings_of_a_path(intra: Intra, path: str) -> None:
    url = f"{path}?per_page=3&filter[future]=false"
    assert intra.json(url) == intra.json("/v2/slots?per_page=3&filter[future]=false")


@pytest.mark.behaviour("intra42.request.paths")
def test_links_keep_the_path_as_it_was_asked(intra: Intra) -> None:
    link = intra.get("/v2//slots?per_page=1").headers["Link"]
    assert "<http://localhost/v2//slots?page=2&per_page=1>" in link


@pytest.mark.behaviour("intra42.request.unknown_parameter")
def test_unknown_parameters_are_ignored(intra: Intra) -> None:
    assert intra.json("/v2/slots?foo=1&bar[baz]=2&=&&x=%00") == intra.json("/v2/slots")


@pytest.mark.parametrize(
    "query",
    [
        "a=%zz",
        "filter[id]=%",
        "a=%FF",
        "%C3%28=1",
        "filter[id]=1&filter=2",
        "filter=1&filter[id]=2",
    ],
)
@pytest.mark.behaviour("intra42.request.malformed")
def test_queries_that_cannot_be_read(intra: Intra, query: str) -> None:
    for path in ("/v2/slots", "/v2/projects_users/graph", "/v2/campus"):
        response = intra.get(f"{path}?{query}")
        assert response.status_code == 400
        assert response.json == BAD_REQUEST


@pytest.mark.behaviour("intra42.request.malformed")
def test_a_query_that_nobody_needs_must_be_readable_too(intra: Intra) -> None:
    for query in ("a=%zz", "a=%FF", "a=1&a[b]=2"):
        response = intra.get(f"/oauth/token/info?{query}")
        assert (response.status_code, response.json) == (400, BAD_REQUEST)


@pytest.mark.parametrize("body", [b"{", b"[1]", b'"x"', b"\xff", b'{"a": NaN}', b"[" * 5000])
@pytest.mark.behaviour("intra42.request.malformed")
def test_bodies_that_cannot_be_read(intra: Intra, body: bytes) -> None:
    asked = intra.get("/v2/slots", data=body, content_type="application/json")
    granted = intra.client.post("/oauth/token", data=body, content_type="application/json")
    assert (asked.status_code, asked.json) == (400, BAD_REQUEST)
    assert (granted.status_code, granted.json) == (400, BAD_REQUEST)


@pytest.mark.behaviour("intra42.request.too_large")
def test_a_body_that_is_too_large(intra: Intra) -> None:
    response = intra.client.post("/oauth/token", data=b"x" * 2_000_000, content_type="text/plain")
    assert response.status_code in {401, 413}
    form = intra.client.post("/oauth/token", data={"grant_type": "x" * 2_000_000})
    assert form.status_code == 413
    assert form.json == {"status": 413, "error": "Payload Too Large"}


@pytest.mark.behaviour("intra42.request.too_large")
def test_a_filter_of_very_many_values(intra: Intra) -> None:
    many = ",".join(str(number) for number in range(2001))
    refused = intra.get("/v2/slots", json={"filter": {"id": many}})
    assert refused.status_code == 413
    assert refused.json == {"status": 413, "error": "Payload Too Large"}
    same = {"id": "3," * 90_000 + "3", "future": "true,false," * 20_000 + "true"}
    assert [slot["id"] for slot in intra.json("/v2/slots", json={"filter": same})] == [3]
    statuses = {name: ",".join(map(str, range(2000))) for name in ("id", "user_id", "final_mark")}
    assert intra.json("/v2/projects_users", json={"filter": statuses}) != []


def test_a_sort_by_very_many_fields(intra: Intra) -> None:
    sort = "user_id,-user_id," * 10_000 + "-id"
    assert intra.json("/v2/slots", json={"sort": sort}) == intra.json("/v2/slots?sort=user_id,-id")


@pytest.mark.parametrize(
    ("method", "path", "known"),
    [
        ("GET", "/v2/closes", False),
        ("GET", "/v2", False),
        ("POST", "/v2/closes", False),
        ("DELETE", "/v2/users/1/slots/graph", True),
        ("GET", "/v2/slots/graph/on", True),
        ("GET", "/v2/users/1/slots/graph/on/begin_at/by", True),
        ("GET", "/oauth/token", True),
        ("PATCH", "/v2/oauth/token", True),
        ("POST", "/oauth/token/info", True),
        ("PUT", "/oauth/authorize", True),
        ("GET", "/oauth/revoke", True),
        ("POST", "/oauth/introspect", False),
        ("OPTIONS", "/v2/slots", False),
    ],
)
@pytest.mark.behaviour("intra42.request.not_routed")
def test_what_is_not_routed(intra: Intra, method: str, path: str, known: bool) -> None:
    response = intra.client.open(path, method=method)
    assert response.status_code == 404
    assert response.json == {"status": 404, "error": "Not Found"}
    assert ("X-Fake-Not-Served" in response.headers) is not known


@pytest.mark.behaviour("intra42.request.not_routed")
def test_the_quirk_answers_an_html_page(intra_with: Callable[..., Intra]) -> None:
    response = intra_with("html-not-found").get("/v2/slots/graph/on")
    assert response.status_code == 404
    assert response.mimetype == "text/html"
    assert response.text.startswith("<!DOCTYPE html>")


@pytest.mark.behaviour("intra42.request.user_agent")
def test_user_agent(intra: Intra, intra_with: Callable[..., Intra]) -> None:
    nobody = {"User-Agent": ""}
    assert intra.get("/v2/slots", headers=nobody).status_code == 200
    live = intra_with("user-agent-required")
    refused = live.get("/v2/slots", headers=nobody)
    assert (refused.status_code, refused.data) == (403, b"")
    assert live.get("/v2/slots", headers={"User-Agent": "curl/8"}).status_code == 200


@pytest.mark.behaviour("intra42.request.head")
def test_head(intra: Intra) -> None:
    for path in ("/v2/slots", "/v2/slots/graph/on/begin_at/by/day", "/oauth/token/info"):
        got = intra.get(path)
        headed = intra.client.head(path, headers=intra.headers)
        assert (headed.status_code, headed.data) == (200, b"")
        for name in ("ETag", "Content-Type", "Content-Length", "X-Total", "Link"):
            assert headed.headers.get(name) == got.headers.get(name)


@pytest.mark.parametrize(
    "path", ["/v2/slots", "/v2/slots?sort=x", "/v2/nothing", "/v2/slots/graph", "/oauth/token/info"]
)
@pytest.mark.behaviour("intra42.answer.headers", "intra42.answer.json")
def test_headers_of_every_answer(intra: Intra, path: str) -> None:
    response = intra.get(path)
    headers = response.headers
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert headers["Vary"] == "Origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert headers["X-XSS-Protection"] == "1; mode=block"
    assert UUID(headers["X-Request-Id"]) != UUID(intra.get(path).headers["X-Request-Id"])
    assert float(headers["X-Runtime"]) >= 0
    kept = "max-age=0, private, must-revalidate"
    assert headers["Cache-Control"] == (kept if response.status_code == 200 else "no-cache")


@pytest.mark.behaviour("intra42.answer.application")
def test_headers_of_the_application(intra: Intra) -> None:
    ours = intra.get("/v2/campus").headers
    assert ours["X-Application-Id"] == "3"
    assert ours["X-Application-Name"] == "Ours"
    assert ours["X-Application-Roles"] == "None"
    staff = intra.get("/v2/campus", token="staff").headers
    assert staff["X-Application-Roles"] == "Basic staff, Tutor"
    assert "X-Application-Id" not in intra.get("/v2/campus", token="nonsense").headers


@pytest.mark.behaviour("intra42.answer.etag")
def test_etag_and_304(intra: Intra) -> None:
    for path in ("/v2/slots", "/v2/slots/graph", "/v2/campus", "/oauth/token/info"):
        etag = intra.get(path).headers["ETag"]
        assert re.fullmatch(r'W/"[0-9a-f]{32}"', etag)
        again = intra.get(path, headers={"If-None-Match": etag})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == etag
        changed = intra.get(path, headers={"If-None-Match": 'W/"0"'})
        assert changed.status_code == 200
    assert intra.get("/v2/slots").headers["ETag"] != intra.get("/v2/slots?page=2").headers["ETag"]
    assert "ETag" not in intra.get("/v2/slots?sort=x").headers


@pytest.mark.behaviour("intra42.answer.cors")
def test_cors(intra: Intra, intra_with: Callable[..., Intra]) -> None:
    origin = {"Origin": "https://app.example"}
    assert "Access-Control-Allow-Origin" not in intra.get("/v2/slots", headers=origin).headers
    live = intra_with("cors-any-origin")
    answered = live.get("/v2/slots", headers=origin).headers
    assert answered["Access-Control-Allow-Origin"] == "https://app.example"
    assert answered["Access-Control-Allow-Credentials"] == "true"
    assert "Access-Control-Allow-Origin" not in live.get("/v2/slots").headers
    preflight = live.client.options(
        "/v2/slots",
        headers={
            **origin,
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "authorization",
        },
    )
    assert preflight.status_code == 200
    assert preflight.headers["Access-Control-Allow-Headers"] == "authorization"


def test_the_whole_live_profile_answers(intra_with: Callable[..., Intra]) -> None:
    live = intra_with(profile="live")
    assert live.ids("/v2/slots") == sorted(live.ids("/v2/slots"), reverse=True)
    assert list(live.json("/v2/slots/graph/on/begin_at/by/year?filter[id]=1001")) == ["2019-01-01"]
    assert live.get("/v2/nothing").mimetype == "text/html"
