"""Paths, methods, formats, credentials."""

from collections.abc import Callable

import pytest

from tests.fabmanager.conftest import LIST, TOKEN, Lab
from tests.support.client import CheckedClient

NOT_FOUND = {"status": 404, "error": "Not Found"}
BAD_CREDENTIALS = b'{"errors":["Bad credentials"]}'


@pytest.mark.behaviour("fabmanager.availabilities.head")
def test_head_answers_like_get_without_a_body(lab: Lab) -> None:
    got, headed = lab.get("per_page=2"), lab.get("per_page=2", method="HEAD")
    assert headed.status_code == 200
    assert headed.data == b""
    for name in ("Total", "Per-Page", "Link", "ETag", "Cache-Control", "Vary", "Content-Type"):
        assert headed.headers[name] == got.headers[name]


@pytest.mark.behaviour("fabmanager.availabilities.path_spellings")
@pytest.mark.parametrize(
    ("path", "linked"),
    [
        (f"{LIST}/", LIST),
        (f"{LIST}.json", f"{LIST}.json"),
        (f"{LIST}.json/", f"{LIST}.json"),
        ("/open_api///v1//availabilities", LIST),
    ],
)
@pytest.mark.parametrize("profile", ["documented", "live"])
def test_spellings_of_the_path(
    lab_with: Callable[..., Lab], profile: str, path: str, linked: str
) -> None:
    lab = lab_with(profile=profile)
    response = lab.get("per_page=2&after=2026-10-02", path)
    assert response.json == lab.get("per_page=2&after=2026-10-02").json
    assert f"<http://localhost{linked}?after=2026-10-02&page=2&" in response.headers["Link"]


@pytest.mark.behaviour("fabmanager.routing.not_found")
@pytest.mark.parametrize(
    ("method", "path", "known"),
    [
        ("GET", f"{LIST}/1", True),
        ("POST", LIST, True),
        ("PUT", LIST, True),
        ("PATCH", LIST, True),
        ("DELETE", LIST, True),
        ("OPTIONS", LIST, True),
        ("GET", "/open_api/v2/availabilities", True),
        ("GET", "/open_api/v1/wallets", False),
        ("GET", "/open_api/v1/statistics/1", False),
        ("GET", "/open_api", False),
    ],
)
def test_what_is_not_routed(lab: Lab, method: str, path: str, known: bool) -> None:
    for headers in ({}, {"Authorization": None}, {"Accept": "text/html"}):
        response = lab.get(path=path, method=method, headers=headers)
        assert response.status_code == 404
        assert response.json == NOT_FOUND
        assert ("X-Fake-Not-Served" not in response.headers) == known


@pytest.mark.behaviour("fabmanager.routing.unknown_method")
@pytest.mark.parametrize("method", ["FOO", "LINK", "QUERY"])
def test_what_is_no_method(lab: Lab, live: Lab, method: str) -> None:
    for client in (lab, live):
        for path in (LIST, f"{LIST}/1", "/open_api/v1/machines"):
            response = client.get(path=path, method=method, headers={"Authorization": None})
            assert response.status_code == 405
            assert response.json == {"status": 405, "error": "Method Not Allowed"}
    for known in ("PROPFIND", "TRACE", "SEARCH", "LOCK"):
        assert lab.get(method=known).status_code == 404


@pytest.mark.behaviour("fabmanager.routing.not_found")
def test_framework_pages_come_in_the_format_asked_for(lab_with: Callable[..., Lab]) -> None:
    lab = lab_with("framework-error-pages")
    page = lab.get(path=f"{LIST}/1", headers={"Accept": "text/html"})
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert b"Not Found" in page.data
    assert lab.get(path=f"{LIST}/1", headers={"Accept": None}).mimetype == "text/html"
    xml = lab.get(path=f"{LIST}/1", headers={"Accept": "application/xml"})
    assert b'<status type="integer">404</status>' in xml.data
    yaml = lab.get(path=f"{LIST}/1", headers={"Accept": "text/yaml"})
    assert yaml.data == b"---\n:status: 404\n:error: Not Found\n"
    assert lab.get(path=f"{LIST}/1").json == NOT_FOUND


@pytest.mark.behaviour("fabmanager.routing.format")
def test_other_suffixes(lab: Lab, lab_with: Callable[..., Lab]) -> None:
    for suffix in ("xml", "csv", "foo", "json.xml"):
        assert lab.get(path=f"{LIST}.{suffix}").status_code == 404
    assert lab.get("format=xml").status_code == 200
    negotiating = lab_with("accept-negotiated")
    assert negotiating.get("id=1", f"{LIST}.xml").status_code == 406
    assert negotiating.get("id=1", f"{LIST}.foo").status_code == 200
    for doubled in ("json.xml", "xml.json", "json.json"):
        assert negotiating.get("id=1", f"{LIST}.{doubled}").status_code == 404
    odd = negotiating.get("per_page=2", f"{LIST}.x%20%0Ay")
    assert f"<http://localhost{LIST}.x%20%0Ay?page=" in odd.headers["Link"]
    assert negotiating.get("id=1&format=xml").status_code == 406
    html = {"Accept": "text/html"}
    assert negotiating.get("id=1&format=json", headers=html).status_code == 200
    assert negotiating.get("id=1", f"{LIST}.json", headers=html).status_code == 200


ACCEPTED = [
    "application/json",
    "*/*",
    "application/vnd.api+json",
    "application/json;q=0.1, text/html",
    "text/*",
    "made/up",
    "image/*",
]
NOT_ACCEPTED = [
    None,
    "",
    "text/html",
    "text/plain",
    "application/xml",
    "application/json, text/plain, */*",
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "nonsense",
    "image/*, text/html",
    "application/vnd.ms-excel",
]


@pytest.mark.behaviour("fabmanager.accept.any")
@pytest.mark.parametrize("accept", [*ACCEPTED, *NOT_ACCEPTED])
def test_the_answer_is_json_whatever_is_accepted(lab: Lab, accept: str | None) -> None:
    response = lab.get("id=1", headers={"Accept": accept})
    assert response.status_code == 200
    assert response.content_type == "application/json; charset=utf-8"


@pytest.mark.behaviour("fabmanager.accept.any")
def test_negotiated_formats(lab_with: Callable[..., Lab]) -> None:
    lab = lab_with("accept-negotiated")
    for accept in ACCEPTED:
        assert lab.get("id=1", headers={"Accept": accept}).status_code == 200
    for refused in NOT_ACCEPTED:
        response = lab.get("id=1", headers={"Accept": refused})
        assert response.status_code == 406
        assert "Total" not in response.headers
    html = lab.get("id=1", headers={"Accept": None})
    assert (html.data, html.content_type) == (b"", "text/html; charset=UTF-8")
    xml = lab.get("id=1", headers={"Accept": "application/xml"})
    assert b"<error>Not Acceptable</error>" in xml.data


@pytest.mark.behaviour("fabmanager.accept.any")
def test_scripts_in_a_page_are_not_taken_for_a_browser(lab_with: Callable[..., Lab]) -> None:
    lab = lab_with("accept-negotiated")
    script = {"X-Requested-With": "XMLHttpRequest"}
    for accepted, kind, status in (
        ("application/json, */*", None, 200),
        (None, "application/json", 200),
        (None, "application/xml", 406),
        (None, None, 406),
    ):
        headers = {**script, "Accept": accepted, "Content-Type": kind}
        response = lab.get("id=1", headers=headers)
        assert response.status_code == status
        assert ("Vary" in response.headers) == (status == 200)


@pytest.mark.behaviour("fabmanager.accept.vary")
def test_vary_follows_the_accept_header(lab: Lab) -> None:
    for accept in ("application/json", "*/*", "text/html"):
        assert lab.get("id=1", headers={"Accept": accept}).headers["Vary"] == "Accept"
    for unvaried in (None, "application/json, */*"):
        assert "Vary" not in lab.get("id=1", headers={"Accept": unvaried}).headers
    assert "Vary" not in lab.get("id=1", f"{LIST}.json").headers
    assert lab.get("id=1", headers={"Authorization": None}).headers["Vary"] == "Accept"


@pytest.mark.behaviour("fabmanager.cors.none")
def test_no_answer_carries_a_cors_header(lab: Lab, live: Lab) -> None:
    for client in (lab, live):
        for method in ("GET", "HEAD", "OPTIONS"):
            response = client.get(method=method, headers={"Origin": "http://elsewhere"})
            assert not [name for name, _ in response.headers if "Access-Control" in name]


@pytest.mark.behaviour("fabmanager.auth.token", "fabmanager.auth.forms")
@pytest.mark.parametrize(
    "header",
    [
        f"Token token={TOKEN}",
        f'Token token="{TOKEN}"',
        f"Token {TOKEN}",
        f'Token "{TOKEN}"',
        f"Bearer {TOKEN}",
        f"Bearer  {TOKEN}",
        f"Bearer token={TOKEN}",
        f'Bearer token="{TOKEN}"',
        f"Token token={TOKEN}, foo=1",
        f"Token token={TOKEN};foo=1",
        f"Token\t{TOKEN}\tfoo",
        f"Token ,token={TOKEN}",
    ],
)
def test_forms_of_a_token(lab: Lab, header: str) -> None:
    assert lab.get("id=1", headers={"Authorization": header}).status_code == 200


@pytest.mark.behaviour(
    "fabmanager.auth.token", "fabmanager.auth.rejected", "fabmanager.auth.unauthorized"
)
@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Token",
        "Token ",
        "Token token=",
        "Token ,",
        f"token {TOKEN}",
        f"bearer {TOKEN}",
        f"Basic {TOKEN}",
        TOKEN,
        f"Token{TOKEN}",
        f"Token token='{TOKEN}'",
        f"Token token={TOKEN.upper()}",
        f"Token token={TOKEN}=",
        f"Token token= {TOKEN}",
        f"Token foo=1, token={TOKEN}",
        f'Token ""{TOKEN}""',
        "Token unknown",
        "Bearer \N{SNOWMAN}".encode().decode("latin-1"),
    ],
)
@pytest.mark.parametrize("accept", ["application/json", "text/html", None])
def test_credentials_that_are_not_good(lab: Lab, header: str | None, accept: str | None) -> None:
    headers = {"Authorization": header, "Accept": accept}
    response = lab.get(f"token={TOKEN}", headers=headers)
    assert response.status_code == 401
    assert response.data == BAD_CREDENTIALS
    assert response.content_type == "application/json; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-cache"
    assert "WWW-Authenticate" not in response.headers
    assert "Total" not in response.headers


@pytest.mark.behaviour("fabmanager.auth.first")
def test_the_token_is_asked_for_first(lab: Lab, live: Lab) -> None:
    without = {"Authorization": None}
    assert lab.get("page=x&id=%ff", headers=without).status_code == 401
    assert live.get("page[]=1", headers={**without, "Accept": None}).status_code == 401


@pytest.mark.behaviour("fabmanager.accept.any")
def test_live_reads_accept_before_all_else(live: Lab) -> None:
    for accept in ("nonsense", "*/json", "text/html, nonsense", "a/b c/d"):
        for query, authorization in (("id=1", None), ("page[]=1", f"Token {TOKEN}")):
            headers = {"Accept": accept, "Authorization": authorization}
            response = live.get(query, headers=headers)
            assert (response.status_code, response.mimetype) == (406, "text/html")
        named = {"Accept": accept, "Authorization": None}
        assert live.get("id=1", f"{LIST}.json", headers=named).status_code == 401
        assert live.get("id=%ff", headers=named).status_code == 400


def test_any_and_no_credentials(client_for: Callable[..., CheckedClient]) -> None:
    anyone = Lab(client_for(dataset="demo", auth="any"))
    assert anyone.get(headers={"Authorization": "Token whatever"}).status_code == 200
    assert anyone.get(headers={"Authorization": "Basic whatever"}).status_code == 401
    assert anyone.get(headers={"Authorization": None}).status_code == 401
    everyone = Lab(client_for(dataset="demo", auth="off"))
    assert everyone.get(headers={"Authorization": None}).status_code == 200


@pytest.mark.behaviour("fabmanager.limits.none")
def test_there_is_no_rate_limit(client_for: Callable[..., CheckedClient]) -> None:
    lab = Lab(client_for(dataset="demo", auth="any", limits=True))
    responses = [lab.get("per_page=1") for _ in range(120)]
    assert {response.status_code for response in responses} == {200}
    assert not [name for name, _ in responses[0].headers if "Limit" in name]
