"""A person who allows an application, from the page to the token and its end."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx
import pytest
import yaml

from fake_server import FakeServer
from fake_server.errors import UserError
from fake_server.world.export import exported
from fake_server.world.records.data import add_all
from tests.intra42.conftest import ORACLE, Intra
from tests.support.client import CheckedClient, JsonResponse

HOME = "http://localhost:3000/callback"
ASKED = {"client_id": "ours", "redirect_uri": HOME, "response_type": "code"}
CLIENT = {"client_id": "ours", "client_secret": "ours-secret"}
STAFF = {"client_id": "staff", "client_secret": "staff-secret"}


def _authorize(intra: Intra, **params: str) -> JsonResponse:
    return intra.client.get(f"/oauth/authorize?{urlencode({**ASKED, **params})}")


def _allow(intra: Intra, login: str = "ada", **params: str) -> JsonResponse:
    return intra.client.post("/oauth/authorize", data={**ASKED, "fake_person": login, **params})


def _sent_back(response: JsonResponse) -> dict[str, str]:
    assert response.status_code == 302, response.text
    return dict(parse_qsl(urlsplit(response.headers["Location"]).query))


def _code(intra: Intra, login: str = "ada", **params: str) -> str:
    return _sent_back(_allow(intra, login, **params))["code"]


def _exchange(intra: Intra, code: str, /, **changes: str) -> JsonResponse:
    sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": HOME, **CLIENT}
    return intra.client.post("/oauth/token", data={**sent, **changes})


def _refresh(intra: Intra, text: str, **changes: str) -> JsonResponse:
    sent = {"grant_type": "refresh_token", "refresh_token": text, **CLIENT}
    return intra.client.post("/oauth/token", data={**sent, **changes})


def _token(intra: Intra, login: str = "ada", **params: str) -> dict[str, Any]:
    response = _exchange(intra, _code(intra, login, **params))
    assert response.status_code == 200, response.text
    token: dict[str, Any] = response.json
    return token


def _expect_refused(response: JsonResponse, code: str) -> None:
    assert response.status_code == 401, response.text
    assert response.json["error"] == code


def _preset(intra: Intra, login: object) -> None:
    world = intra.world
    world.replace_section("intra42", {**world.section("intra42"), "login": login})
    world.changed()


@pytest.mark.behaviour("intra42.login.allowed", "intra42.login.code")
def test_a_person_allows_an_application(intra: Intra) -> None:
    response = _allow(intra, state="a b&c")
    sent = _sent_back(response)
    assert response.headers["Location"].startswith(f"{HOME}?code=")
    assert list(sent) == ["code", "state"]
    assert re.fullmatch("[0-9a-f]{64}", sent["code"])
    assert sent["state"] == "a b&c"
    token = _exchange(intra, sent["code"])
    assert list(token.json) == [
        "access_token",
        "token_type",
        "expires_in",
        "refresh_token",
        "scope",
        "created_at",
        "secret_valid_until",
    ]
    assert token.headers["Cache-Control"] == "no-store"
    assert (token.json["expires_in"], token.json["scope"]) == (7200, "public")
    assert re.fullmatch("[0-9a-f]{64}", token.json["refresh_token"])
    info = intra.json("/oauth/token/info", token=token.json["access_token"])
    assert info["resource_owner_id"] == 101


@pytest.mark.behaviour("intra42.login.allowed")
def test_the_query_of_the_redirect_uri_stays(intra: Intra) -> None:
    response = _allow(intra, redirect_uri=f"{HOME}?next=%2Fhome&empty=")
    query = urlsplit(response.headers["Location"]).query
    assert parse_qs(query, keep_blank_values=True).keys() == {"next", "empty", "code"}
    assert query.startswith("next=%2Fhome&empty=&code=")


@pytest.mark.behaviour("intra42.login.denied")
@pytest.mark.parametrize("form", [True, False])
def test_a_person_denies_an_application(intra: Intra, form: bool) -> None:
    asked = {**ASKED, "state": "s"}
    if form:
        response = intra.client.post("/oauth/authorize", data={**asked, "_method": "delete"})
    else:
        response = intra.client.delete(f"/oauth/authorize?{urlencode(asked)}")
    sent = "The+resource+owner+or+authorization+server+denied+the+request."
    assert response.headers["Location"] == (
        f"{HOME}?error=access_denied&error_description={sent}&state=s"
    )


@pytest.mark.behaviour("intra42.login.page.error")
@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"response_type": "token"}, "The authorization server does not support this response"),
        ({"response_type": "", "client_id": "x"}, "does not support this response type"),
        ({"client_id": "nobody", "scope": "x"}, "Client authentication failed"),
        ({"scope": "forum", "redirect_uri": "x"}, "The requested scope is invalid"),
        ({"redirect_uri": ""}, "The redirect uri included is not valid."),
        ({"redirect_uri": "https://example.org/"}, "The redirect uri included is not valid."),
        ({"code_challenge": "x", "code_challenge_method": "S1"}, "is otherwise malformed"),
    ],
)
def test_nobody_is_sent_to_a_uri_that_is_not_known(
    intra: Intra, changes: dict[str, str], text: str
) -> None:
    _preset(intra, "ada")
    asked = {**ASKED, **changes}
    for response in (
        _authorize(intra, **changes),
        _allow(intra, **changes),
        intra.client.post("/oauth/authorize", data={**asked, "_method": "delete"}),
        intra.client.delete(f"/oauth/authorize?{urlencode(asked)}"),
    ):
        assert response.status_code == 200
        assert "Location" not in response.headers
        assert text in response.text
        assert "An error has occurred" in response.text


@pytest.mark.behaviour("intra42.login.redirect_uri.loopback")
@pytest.mark.parametrize(
    "uri",
    [
        "http://localhost/",
        "https://localhost:5173/auth/42",
        "http://127.0.0.1:8000",
        "http://127.9.9.9/x?y=z",
        "http://[::1]:3000/x",
        "http://LOCALHOST:3000/x",
    ],
)
def test_any_uri_of_this_machine_is_good(intra: Intra, uri: str) -> None:
    assert "code" in _sent_back(_allow(intra, redirect_uri=uri))


NEVER_GOOD = [
    "javascript:alert(1)",
    "javascript://localhost/%0aalert(1)",
    "JavaScript://localhost/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "data://localhost/x",
    "http://localhost.example.org/",
    "http://localhost@example.org/",
    "http://example.org\\@localhost/",
    "http://localhost/#fragment",
    "http://local\thost/",
    "http://localhost/\r\nX-Evil: 1",
    " http://localhost/",
    "//localhost/x",
    "/callback",
    "http://",
    "http://[::1/x",
    "http://localhost:port/",
    "ftp://localhost/x",
    "http://0x7f000001/",
    "urn:ietf:wg:oauth:2.0:oob",
]


@pytest.mark.behaviour("intra42.login.redirect_uri")
@pytest.mark.parametrize("uri", NEVER_GOOD)
def test_uris_that_are_never_good(intra: Intra, uri: str) -> None:
    response = _allow(intra, redirect_uri=uri)
    assert response.status_code == 200
    assert "The redirect uri included is not valid." in response.text


@pytest.fixture
def registered(intra: Intra) -> Intra:
    """A client of a world whose application `own` has redirect URIs."""
    application = {
        "uid": "own",
        "secret": "own-secret",
        "redirect_uris": [
            "https://example.org/back",
            "app.own://back",
            "urn:ietf:wg:oauth:2.0:oob",
        ],
    }
    add_all(intra.world, {"intra42": {"applications": [application]}})
    return intra


@pytest.mark.behaviour("intra42.login.redirect_uri")
def test_the_uris_of_an_application(registered: Intra) -> None:
    for good in ("https://example.org/back", "https://EXAMPLE.org:443/back?x=1", "app.own://back"):
        assert "code" in _sent_back(_allow(registered, client_id="own", redirect_uri=good))
    for bad in (
        HOME,
        "http://example.org/back",
        "https://example.org/back/",
        "https://example.org:8443/back",
        "https://example.org/",
        "app.own://other",
    ):
        assert _allow(registered, client_id="own", redirect_uri=bad).status_code == 200


@pytest.mark.behaviour("intra42.login.redirect_uri.out_of_band")
def test_a_code_is_shown_to_be_copied(registered: Intra) -> None:
    asked = {"client_id": "own", "redirect_uri": "urn:ietf:wg:oauth:2.0:oob"}
    response = _allow(registered, **asked)
    assert response.status_code == 200
    code = re.search("<code>([0-9a-f]{64})</code>", response.text)
    assert code is not None
    token = _exchange(registered, code[1], **asked, client_secret="own-secret")
    assert token.status_code == 200


@pytest.mark.behaviour("intra42.login.code")
@pytest.mark.parametrize(
    "changes",
    [
        {"code": "nonsense"},
        {"code": ""},
        {"redirect_uri": f"{HOME}?x=1"},
        {"redirect_uri": "http://localhost:3000/"},
        STAFF,
    ],
)
def test_codes_that_are_not_good(intra: Intra, changes: dict[str, str]) -> None:
    code = _code(intra)
    _expect_refused(_exchange(intra, code, **changes), "invalid_grant")
    assert _exchange(intra, code).status_code == 200
    _expect_refused(_exchange(intra, code), "invalid_grant")


@pytest.mark.behaviour("intra42.login.code")
def test_a_code_is_good_for_ten_minutes(intra: Intra) -> None:
    codes = [_code(intra), _code(intra)]
    assert codes[0] != codes[1]
    intra.world.clock.advance(timedelta(seconds=599))
    assert _exchange(intra, codes[0]).status_code == 200
    intra.world.clock.advance(timedelta(seconds=1))
    _expect_refused(_exchange(intra, codes[1]), "invalid_grant")


@pytest.mark.behaviour("intra42.login.code.order")
def test_the_order_of_what_is_checked(intra: Intra) -> None:
    wrong = {"client_secret": "wrong", "code": "nonsense"}
    _expect_refused(_exchange(intra, "", **{**wrong, "redirect_uri": ""}), "invalid_request")
    _expect_refused(_exchange(intra, "", **wrong), "invalid_client")


@pytest.mark.behaviour("intra42.login.same_token")
def test_the_same_token_for_a_person(intra: Intra) -> None:
    first = _token(intra)
    intra.world.clock.advance(timedelta(seconds=60))
    assert _token(intra) == {**first, "expires_in": 7140}
    assert _token(intra, "grace")["access_token"] != first["access_token"]
    other = _token(intra, scope="public projects")
    assert other["access_token"] != first["access_token"]
    own = intra.client.post("/oauth/token", data={"grant_type": "client_credentials", **CLIENT})
    assert own.json["access_token"] != first["access_token"]
    assert "refresh_token" not in own.json


@pytest.mark.behaviour("intra42.login.refresh")
def test_a_refresh_token_works_once(intra: Intra) -> None:
    first = _token(intra, scope="public projects")
    intra.world.clock.advance(timedelta(seconds=7201))
    expired = intra.get("/v2/me", token=first["access_token"])
    assert expired.json["message"] == "The access token expired"
    second = _refresh(intra, first["refresh_token"]).json
    assert second["expires_in"] == 7200
    assert second["scope"] == "public projects"
    assert second["access_token"] != first["access_token"]
    assert second["refresh_token"] != first["refresh_token"]
    assert intra.json("/v2/me", token=second["access_token"])["login"] == "ada"
    _expect_refused(_refresh(intra, first["refresh_token"]), "invalid_grant")
    third = _refresh(intra, second["refresh_token"]).json
    assert intra.get("/v2/me", token=third["access_token"]).status_code == 200
    revoked = intra.get("/v2/me", token=second["access_token"])
    assert revoked.json["message"] == "The access token was revoked"


@pytest.mark.behaviour("intra42.login.refresh.refused")
def test_refresh_tokens_that_are_not_good(intra: Intra) -> None:
    text = _token(intra)["refresh_token"]
    _expect_refused(_refresh(intra, ""), "invalid_request")
    _expect_refused(_refresh(intra, "nonsense", client_secret="wrong"), "invalid_grant")
    _expect_refused(_refresh(intra, text, client_secret="wrong"), "invalid_client")
    _expect_refused(_refresh(intra, text, **STAFF), "invalid_grant")
    _expect_refused(_refresh(intra, text, scope="public projects"), "invalid_scope")
    assert _refresh(intra, text, scope="public").json["scope"] == "public"


@pytest.mark.behaviour("intra42.login.refresh")
def test_a_refresh_token_for_fewer_scopes(intra: Intra) -> None:
    text = _token(intra, scope="public projects")["refresh_token"]
    fewer = _refresh(intra, text, scope="projects").json
    assert fewer["scope"] == "projects"
    info = intra.json("/oauth/token/info", token=fewer["access_token"])
    assert (info["scopes"], info["resource_owner_id"]) == (["projects"], 101)


@pytest.mark.behaviour("intra42.login.revoke")
@pytest.mark.parametrize("name", ["access_token", "refresh_token"])
def test_a_token_is_revoked(intra: Intra, name: str) -> None:
    token = _token(intra)

    def revoke(text: str, **client: str) -> None:
        response = intra.client.post("/oauth/revoke", data={"token": text, **client})
        assert (response.status_code, response.json) == (200, {})

    revoke(token[name])
    revoke(token[name], client_id="ours", client_secret="wrong")
    revoke(token[name], **STAFF)
    revoke("nonsense", **CLIENT)
    revoke("", **CLIENT)
    assert intra.get("/v2/me", token=token["access_token"]).status_code == 200
    revoke(token[name], **CLIENT)
    revoke(token[name], **CLIENT)
    revoked = intra.get("/v2/me", token=token["access_token"])
    assert revoked.json["message"] == "The access token was revoked"
    _expect_refused(_refresh(intra, token["refresh_token"]), "invalid_grant")
    assert _token(intra)["access_token"] != token["access_token"]


@pytest.mark.behaviour("intra42.login.pkce")
@pytest.mark.parametrize("method", ["plain", "S256", None])
def test_pkce(intra: Intra, method: str | None) -> None:
    verifier = "a-verifier-of-more-than-forty-three-characters"
    digest = urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
    asked = {"code_challenge": digest if method == "S256" else verifier}
    if method is not None:
        asked["code_challenge_method"] = method
    code = _code(intra, **asked)
    _expect_refused(_exchange(intra, code), "invalid_grant")
    _expect_refused(_exchange(intra, code, code_verifier="nonsense"), "invalid_grant")
    if method == "S256":
        _expect_refused(_exchange(intra, code, code_verifier=digest), "invalid_grant")
    assert _exchange(intra, code, code_verifier=verifier).status_code == 200


@pytest.mark.behaviour("intra42.login.pkce")
def test_a_verifier_without_a_challenge_is_ignored(intra: Intra) -> None:
    assert _exchange(intra, _code(intra), code_verifier="any").status_code == 200


@pytest.mark.behaviour("intra42.me")
def test_the_person_of_a_token(intra: Intra) -> None:
    token = _token(intra, "grace")["access_token"]
    me = intra.json("/v2/me", token=token)
    assert (me["id"], me["login"]) == (102, "grace")
    assert me["url"].endswith("/v2/users/grace")


@pytest.mark.behaviour("intra42.me.application")
def test_the_token_of_an_application_is_nobody_s(intra: Intra) -> None:
    response = intra.get("/v2/me")
    assert (response.status_code, response.json) == (404, {})
    assert response.headers["X-Application-Name"] == "Ours"
    assert response.headers["X-Application-Roles"] == "None"
    assert intra.client.get("/v2/me").status_code == 401


@pytest.mark.behaviour("intra42.login.scopes")
def test_the_slots_ask_the_scope_projects_of_a_person(intra: Intra) -> None:
    public = _token(intra)["access_token"]
    both = _token(intra, scope="public projects")["access_token"]
    for path in ("/v2/slots", "/v2/users/ada/slots"):
        response = intra.get(path, token=public)
        assert response.status_code == 403
        assert "[projects]" in response.headers["WWW-Authenticate"]
        assert intra.get(path, token=both).status_code == 200
        assert intra.get(path).status_code == 200
    assert intra.get("/v2/slots/graph", token=public).status_code == 200


@pytest.mark.behaviour("intra42.slots.user.own")
def test_a_person_sees_own_slots(intra: Intra) -> None:
    token = _token(intra, scope="public projects")["access_token"]
    slots = intra.json("/v2/slots?filter[id]=1001,1003", token=token)
    seen = {slot["id"]: slot["user"] for slot in slots}
    assert seen[1001]["login"] == "ada"
    assert seen[1003] == "invisible"


# The page


def test_a_page_offers_the_people_of_the_world(intra: Intra) -> None:
    response = _authorize(intra, state="keep <me>")
    assert response.status_code == 200
    assert response.mimetype == "text/html"
    text = response.text
    assert "a fake of the 42 intra" in text
    assert '<option value="grace">' in text
    assert '<input type="hidden" name="state" value="keep &lt;me&gt;">' in text
    searched = _authorize(intra, fake_search="GRA").text
    assert '<option value="grace">' in searched
    assert '<option value="ada">' not in searched
    assert "There is nobody with such a login." in _authorize(intra, fake_search="%").text


@pytest.mark.parametrize("person", [{}, {"fake_person": "grace"}])
def test_the_first_form_leads_to_a_code(intra: Intra, person: dict[str, str]) -> None:
    page = _authorize(intra, state="x", scope="public projects", **person).text
    assert "Authorization required" in page
    assert "Access the user public data (public)" in page
    action, form = re.findall('<form action="([^"]+)" method="post">(.*?)</form>', page, re.S)[0]
    fields = dict(re.findall('type="hidden" name="([^"]+)" value="([^"]*)"', form))
    first = re.search('<option value="([^"]+)"', form)
    assert first is not None
    assert "_method" not in fields
    sent = {name: unescape(value) for name, value in fields.items()}
    response = intra.client.post(urlsplit(action).path, data=sent | {"fake_person": first[1]})
    assert first[1] == person.get("fake_person", "ada")
    assert _sent_back(response).keys() == {"code", "state"}


@pytest.mark.behaviour("intra42.login.consent")
def test_consent_is_asked_once(intra: Intra) -> None:
    first = _token(intra)
    assert "code" in _sent_back(_authorize(intra, fake_person="ada"))
    for changes in (
        {"fake_person": "grace"},
        {"fake_person": "ada", "scope": "public projects"},
        {"fake_person": "ada", "client_id": "staff"},
    ):
        assert "Authorization required" in _authorize(intra, **changes).text
    intra.client.post("/oauth/revoke", data={"token": first["access_token"], **CLIENT})
    assert "Authorization required" in _authorize(intra, fake_person="ada").text
    _token(intra)
    intra.world.clock.advance(timedelta(seconds=7200))
    assert "Authorization required" in _authorize(intra, fake_person="ada").text


MARKUP = "\"><script>alert('x')</script>"


def test_a_page_escapes_what_it_echoes(intra: Intra) -> None:
    asked = {"state": MARKUP, "scope": "public", "redirect_uri": f"{HOME}?x=<b>"}
    pages = [
        _authorize(intra, **asked, fake_search=MARKUP),
        _authorize(intra, state=MARKUP, fake_person=MARKUP),
        _authorize(intra, state=MARKUP, fake_person="ada"),
        _allow(intra, MARKUP, state=MARKUP),
    ]
    for page in pages:
        assert page.status_code == 200
        assert "<script" not in page.text
        assert "&lt;script&gt;" in page.text


def test_a_page_allows_no_script_no_frame_and_no_cookie(intra: Intra) -> None:
    for page in (
        _authorize(intra),
        _authorize(intra, fake_person="ada"),
        _authorize(intra, scope="x"),
    ):
        policy = page.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "script-src" not in policy
        assert "frame-ancestors 'none'" in policy
        assert page.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in page.headers


def test_the_forms_keep_the_world(intra: Intra) -> None:
    worlds = intra.client.application.extensions["fake_server.worlds"]
    world = worlds.add("mine", worlds.default.dataset, worlds.default.settings)
    try:
        page = intra.client.get(f"/w/mine/oauth/authorize?{urlencode(ASKED)}")
        actions = re.findall('action="([^"]+)"', page.text)
        assert {urlsplit(action).path for action in actions} == {"/w/mine/oauth/authorize"}
    finally:
        worlds.remove(world.name)


# Who logs in without a page


@pytest.mark.parametrize("scope", ["public", "public projects"])
def test_a_world_says_who_logs_in(intra: Intra, scope: str) -> None:
    _preset(intra, "grace")
    sent = _sent_back(_authorize(intra, state="s", scope=scope))
    assert sent["state"] == "s"
    token = _exchange(intra, sent["code"]).json
    assert intra.json("/v2/me", token=token["access_token"])["login"] == "grace"


def test_a_world_says_that_everybody_denies(intra: Intra) -> None:
    _preset(intra, {"deny": True})
    assert _sent_back(_authorize(intra))["error"] == "access_denied"
    assert _sent_back(_allow(intra))["error"] == "access_denied"


@pytest.mark.parametrize("auth", ["any", "off"])
def test_a_world_that_lets_anybody_in_says_who_it_is(
    intra_with: Callable[..., Intra], auth: str
) -> None:
    anybody = intra_with(auth=auth)
    assert anybody.get("/v2/me", token="whatever").status_code == 404
    _preset(anybody, "alan")
    assert anybody.json("/v2/me", token="whatever")["login"] == "alan"
    _preset(anybody, {"deny": True})
    assert anybody.get("/v2/me", token="whatever").status_code == 404


# The state of the world


def test_a_reset_forgets_codes_and_tokens(intra: Intra) -> None:
    token, code = _token(intra), _code(intra)
    intra.world.reset()
    assert intra.get("/v2/me", token=token["access_token"]).status_code == 401
    _expect_refused(_exchange(intra, code), "invalid_grant")
    _expect_refused(_refresh(intra, token["refresh_token"]), "invalid_grant")


def test_the_journal_hides_codes_and_tokens(intra: Intra) -> None:
    used, unused = _code(intra), _code(intra)
    token = _exchange(intra, used).json
    secrets = [used, unused, token["access_token"], token["refresh_token"]]
    for secret in secrets:
        intra.client.get(f"/v2/campus?anything={secret}")
    shown = str([entry.shown() for entry in intra.world.journal.entries()])
    assert "anything" in shown
    assert not [secret for secret in secrets if secret in shown]


def test_tokens_of_people_are_records(intra: Intra) -> None:
    token = _token(intra)
    world = intra.world
    add_all(world, {"intra42": {"applications": [{"uid": "new", "secret": "new-secret"}]}})
    section = world.section("intra42")["credentials"]["tokens"]
    entry = next(entry for entry in section if entry["token"] == token["access_token"])
    assert (entry["user_id"], entry["refresh_token"]) == (101, token["refresh_token"])
    assert intra.json("/v2/me", token=token["access_token"])["login"] == "ada"
    assert _token(intra)["access_token"] == token["access_token"]
    assert _refresh(intra, token["refresh_token"]).status_code == 200


@pytest.mark.behaviour("intra42.login.token_type")
def test_the_token_type_of_a_person_s_token(intra_with: Callable[..., Intra]) -> None:
    assert _token(intra_with("token-type-capitalised"))["token_type"] == "bearer"


def _patch(intra: Intra, login: object, api: str = "intra42") -> JsonResponse:
    sent = {"login": {api: login}}
    return intra.client.patch("/_fake/worlds/default", json=sent, headers={"Host": "localhost"})


def test_the_control_plane_says_who_logs_in(intra: Intra) -> None:
    assert _patch(intra, "grace").json["login"] == {"intra42": "grace"}
    token = _exchange(intra, _sent_back(_authorize(intra))["code"]).json["access_token"]
    assert intra.json("/v2/me", token=token)["login"] == "grace"
    assert _patch(intra, {"deny": True}).status_code == 200
    assert _sent_back(_authorize(intra))["error"] == "access_denied"
    assert _patch(intra, None).json["login"] == {}
    assert "Authorization required" in _authorize(intra).text
    _patch(intra, "ada")
    intra.world.reset()
    assert "Authorization required" in _authorize(intra).text


def test_nobody_logs_in_who_is_not_there(intra: Intra) -> None:
    refused = _patch(intra, "grase")
    assert refused.status_code == 422
    assert "login: nobody is called 'grase'; meant grace?" in refused.json["detail"]
    assert _patch(intra, {"deny": False}).status_code == 422
    other = _patch(intra, "ada", api="xurrent")
    assert other.status_code == 422
    assert "nobody logs in to 'xurrent'" in other.json["detail"]


def test_a_server_says_who_logs_in(intra_with: Callable[..., Intra]) -> None:
    intra = intra_with(login="grace")
    assert "code" in _sent_back(_authorize(intra))
    intra.world.reset()
    assert "code" in _sent_back(_authorize(intra))
    with pytest.raises(UserError, match="nobody is called 'nobody'"):
        intra_with(login="nobody")


def test_a_test_says_who_logs_in() -> None:
    with FakeServer(dataset=ORACLE) as server, server.create_world() as world:
        asked = f"/w/{world.name}/oauth/authorize?{urlencode(ASKED)}"

        def sent_back() -> str:
            with httpx.Client(base_url=server.url, trust_env=False) as client:
                return str(client.get(asked).headers.get("Location", ""))

        assert sent_back() == ""
        world.intra42.login("ada")
        assert sent_back().startswith(f"{HOME}?code=")
        world.intra42.login(deny=True)
        assert sent_back().startswith(f"{HOME}?error=access_denied")
        world.intra42.login()
        assert sent_back() == ""
        with pytest.raises(UserError, match="nobody is called"):
            world.intra42.login("nobody")


_DATASET = """
start: 2026-03-01T12:30:00Z
intra42:
  login: {login}
  credentials:
    applications: [{{uid: ours, secret: ours-secret}}]
  users:
    records: [{{id: 1, login: ada}}]
"""


def test_a_dataset_says_who_logs_in(
    client_for: Callable[..., CheckedClient], tmp_path: Path
) -> None:
    for login, parameter in (("ada", "code"), ("{deny: true}", "error")):
        file = tmp_path / f"{parameter}.yaml"
        file.write_text(_DATASET.format(login=login))
        intra = Intra(client_for(dataset=str(file)), "")
        assert parameter in _sent_back(_authorize(intra))
        assert exported(intra.world)["intra42"]["login"] == yaml.safe_load(login)


def test_a_dataset_names_somebody_who_is_there(
    client_for: Callable[..., CheckedClient], tmp_path: Path
) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(_DATASET.format(login="aba"))
    with pytest.raises(UserError, match=r"wrong.yaml:4: .*nobody is called 'aba'; meant ada\?"):
        client_for(dataset=str(file)).get("/v2/campus")
    file.write_text(
        _DATASET.format(login="ada").replace("ours-secret", "x, redirect_uris: ['data:x']")
    )
    with pytest.raises(UserError, match="redirect_uris"):
        client_for(dataset=str(file), seed=2).get("/v2/campus")


def test_the_page_of_the_real_host_keeps_it(intra: Intra) -> None:
    asked = f"/oauth/authorize?{urlencode(ASKED)}"
    page = intra.client.get(asked, base_url="https://api.intra.42.fr")
    assert set(re.findall('action="([^"]+)"', page.text)) == {
        "https://api.intra.42.fr/oauth/authorize"
    }
    form = {**ASKED, "fake_person": "ada"}
    sent = intra.client.post("/oauth/authorize", data=form, base_url="https://api.intra.42.fr")
    assert "code" in _sent_back(sent)


@pytest.mark.parametrize("scope", ["public projects", "profile elearning tig forum"])
def test_the_built_in_application_may_ask_every_scope(documented: Intra, scope: str) -> None:
    asked = {"client_id": "Your application uid", "scope": scope}
    assert "Authorization required" in _authorize(documented, **asked).text
