"""The fake's own pages."""

import shlex
from datetime import timedelta
from typing import Any, get_args

import pytest
from flask import Flask

from fake_server import __version__, create_app
from fake_server.data_files import registry
from fake_server.data_files.api_document import api_document
from fake_server.own_pages import credential_lines
from fake_server.world.world_settings import Auth
from tests.support.client import JsonClient, JsonResponse

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture(scope="module")
def app() -> Flask:
    return create_app("documented")


def _get(app: Flask, path: str, **headers: str) -> JsonResponse:
    return JsonClient(app, app.response_class).get(path, headers=headers)


@pytest.mark.parametrize("accept", [None, "*/*", "application/json", "text/html;q=0.1, */*"])
def test_the_index_is_json_unless_html_is_preferred(app: Flask, accept: str | None) -> None:
    answer = _get(app, "/", **({"Accept": accept} if accept else {}))
    assert answer.content_type == "application/json; charset=utf-8"
    index: Any = answer.json
    assert (index["dataset"], index["profile"]) == ("documented", "documented")
    assert (index["now"], index["frozen"]) == ("2017-11-22T14:00:00Z", True)
    assert list(index["apis"]) == registry.names()
    assert index["apis"]["intra42"]["openapi"] == "http://localhost/_fake/openapi/intra42.json"
    assert answer.headers["Vary"] == "Accept"


def test_the_index_names_the_credentials_and_a_curl(app: Flask) -> None:
    index: Any = _get(app, "/").json
    assert any("YOUR_ACCESS_TOKEN" in line for line in index["apis"]["intra42"]["credentials"])
    assert all(api["curl"].startswith("curl ") for api in index["apis"].values())


def test_without_a_credential_the_index_says_which_is_missing(tmp_path: Any) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("fabmanager: {credentials: {tokens: ['a$HOME']}}\n")
    app = create_app(str(own))
    index: Any = _get(app, "/").json
    curl = "curl -H 'Authorization: Token token=a$HOME' "
    assert index["apis"]["fabmanager"]["curl"].startswith(curl)
    assert index["apis"]["fabmanager"]["missing"] is None
    for api in ("intra42", "xurrent"):
        missing = (
            f"the dataset has no good token in {api}.credentials: add one, or accept --auth any"
        )
        assert (index["apis"][api]["curl"], index["apis"][api]["missing"]) == (None, missing)
    page = _get(app, "/", Accept=BROWSER).text
    assert page.count("<pre>") == 1
    assert f"<p>{missing}</p>" in page


ENDED = "secret_valid_until: 2017-11-22T13:00:00Z"
BAD_TOKENS = {
    "expired": "created_at: 2017-11-22T10:00:00Z, expires_in: 7200",
    "revoked": "revoked: true",
    "of another scope": "scopes: [projects]",
}


def _with_a_token(path: Any, application: str, token: str, auth: Auth) -> Flask:
    path.write_text(
        "start: 2017-11-22T14:00:00Z\nfrozen: true\n"
        "intra42: {credentials: {\n"
        f"  applications: [{{uid: u, secret: s, {application}}}],\n"
        f"  tokens: [{{token: t, application: u, {token}}}]}}}}\n"
    )
    return create_app(str(path), auth=auth)


@pytest.mark.parametrize("token", BAD_TOKENS.values(), ids=BAD_TOKENS)
@pytest.mark.parametrize("auth", get_args(Auth))
@pytest.mark.parametrize("application", [ENDED, "scopes: [projects]", "scopes: [public]"])
def test_a_curl_with_a_credential_that_is_no_good_is_not_printed(
    tmp_path: Any, token: str, application: str, auth: Auth
) -> None:
    app = _with_a_token(tmp_path / "own.yaml", application, token, auth)
    index: Any = _get(app, "/").json
    curl, missing = (index["apis"]["intra42"][name] for name in ("curl", "missing"))
    lacking = "the dataset has no good token"
    if auth != "dataset":
        assert missing is None
        assert _pasted(app, curl).status_code == 200
    elif application == "scopes: [public]":
        assert missing == f"{lacking}: this asks for one"
        assert _pasted(app, curl).json["access_token"] != "t"
    else:
        path = "intra42.credentials"
        assert (curl, missing) == (None, f"{lacking} in {path}: add one, or accept --auth any")


def test_a_curl_is_of_the_time_at_which_it_is_shown(tmp_path: Any) -> None:
    app = _with_a_token(tmp_path / "own.yaml", ENDED, "expires_in: 7200", "dataset")
    world = app.extensions["fake_server.worlds"].default
    for seconds, shown in ((7199, True), (1, False)):
        world.clock.advance(timedelta(seconds=seconds))
        index: Any = _get(app, "/").json
        assert ("Bearer t" in (index["apis"]["intra42"]["curl"] or "")) == shown


def _pasted(app: Flask, command: str) -> JsonResponse:
    """Return the answer to a `curl` command: a GET with a header, or a POST with fields."""
    words = shlex.split(command)
    headers = [words[at + 1].split(": ", 1) for at, word in enumerate(words) if word == "-H"]
    fields = [words[at + 1] for at, word in enumerate(words) if word.startswith("--data")]
    (url,) = [word for word in words if word.startswith("http://")]
    return JsonClient(app, app.response_class).open(
        url.removeprefix("http://localhost"),
        method="POST" if fields else "GET",
        headers=headers,
        data="&".join(fields) or None,
        content_type="application/x-www-form-urlencoded" if fields else None,
    )


def test_a_browser_gets_a_page_that_loads_nothing(app: Flask) -> None:
    answer = _get(app, "/", Accept=BROWSER)
    assert answer.content_type == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    for api in registry.names():
        assert f'href="http://localhost/_fake/openapi/{api}.json"' in answer.text
    assert "<script" not in answer.text
    assert "src=" not in answer.text


def test_the_page_escapes_what_a_dataset_says(tmp_path: Any) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("description: <script>alert(1)</script> & more\n")
    page = _get(create_app(str(own)), "/", Accept=BROWSER).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in page


@pytest.mark.parametrize("api", registry.names())
def test_the_documents_name_this_server_first(app: Flask, api: str) -> None:
    document: Any = _get(app, f"/_fake/openapi/{api}.json", Host="fake.test:81").json
    assert _get(app, f"/{api}/openapi.json", Host="fake.test:81").json == document
    assert document["servers"][0]["url"] == "http://fake.test:81"
    assert all("127.0.0.1" not in server["url"] for server in document["servers"])
    assert {**document, "servers": []} == {**api_document(api), "servers": []}


def test_a_document_of_no_api_is_a_problem(app: Flask) -> None:
    answer = _get(app, "/_fake/openapi/intra.json")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert answer.json is not None
    assert answer.json["detail"] == "'intra': no such API; meant intra42?"


def test_the_document_of_a_world_with_quirks_has_the_live_answers() -> None:
    document = _get(create_app("empty", profile="live"), "/fabmanager/openapi.json").json
    assert document is not None
    assert document["paths"] == api_document("fabmanager", "live")["paths"]


def test_urls_follow_the_client(app: Flask) -> None:
    index: Any = _get(app, "/", **{"X-Forwarded-Proto": "https", "X-Forwarded-Host": "f.test"}).json
    assert index["apis"]["xurrent"]["base_url"] == "https://f.test/v1"


def test_health_says_ready(app: Flask) -> None:
    health: Any = _get(app, "/_fake/health").json
    own_id = health.pop("id")
    assert health == {"status": "ready", "name": "understudy", "version": __version__}
    others = {_get(create_app("empty"), "/_fake/health").json["id"] for _ in range(2)}
    assert len(others | {own_id}) == 3
    assert JsonClient(app, app.response_class).head("/_fake/health").status_code == 200


@pytest.mark.parametrize("path", ["/_fake/nonesuch", "/nonesuch", "/intra42", "/w/nonesuch/v2/x"])
def test_an_unknown_path_of_the_fake_gets_a_problem(app: Flask, path: str) -> None:
    answer = _get(app, path, Accept=BROWSER)
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    assert answer.headers["X-Fake-Server"] == "problem"


@pytest.mark.parametrize("method", ["POST", "DELETE", "OPTIONS", "TRACE"])
def test_a_method_the_fake_has_not_gets_a_problem(app: Flask, method: str) -> None:
    answer = JsonClient(app, app.response_class).open("/_fake/health", method=method)
    assert (answer.status_code, answer.content_type) == (405, "application/problem+json")
    assert {name.strip() for name in answer.headers["Allow"].split(",")} == {"GET", "HEAD"}


@pytest.mark.parametrize("path", ["/_fake/health", "/nonesuch", "/v2/slots", "/v1/nonesuch"])
def test_a_body_that_is_too_large_is_refused_everywhere(app: Flask, path: str) -> None:
    answer = JsonClient(app, app.response_class).get(path, data=b"a" * (1024 * 1024 + 1))
    assert answer.status_code == 413
    assert "text/html" not in answer.headers.get("Content-Type", "")


def test_credentials_are_written_as_lines() -> None:
    assert credential_lines(
        {"access_tokens": ["A", "B"], "applications": [{"uid": "u", "scopes": ["p", "q"]}], "x": 1}
    ) == [
        "access tokens: A",
        "access tokens: B",
        "applications: uid u, scopes p q",
        "x: 1",
    ]
