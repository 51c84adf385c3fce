"""A person allows an application: its page, and where it sends the person back."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from fake_server.world.records.data import add_all
from tests.intra42.conftest import Intra
from tests.intra42.logins import (
    ASKED,
    HOME,
    allow,
    authorize,
    exchange_code,
    new_token,
    preset_login,
    sent_back,
)
from tests.intra42.token_requests import CLIENT


@pytest.mark.behaviour("intra42.login.allowed", "intra42.login.code")
def test_a_person_allows_an_application(intra: Intra) -> None:
    response = allow(intra, state="a b&c")
    sent = sent_back(response)
    assert response.headers["Location"].startswith(f"{HOME}?code=")
    assert list(sent) == ["code", "state"]
    assert re.fullmatch("[0-9a-f]{64}", sent["code"])
    assert sent["state"] == "a b&c"
    token = exchange_code(intra, sent["code"])
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
    response = allow(intra, redirect_uri=f"{HOME}?next=%2Fhome&empty=")
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
    preset_login(intra, "ada")
    asked = {**ASKED, **changes}
    for response in (
        authorize(intra, **changes),
        allow(intra, **changes),
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
    assert "code" in sent_back(allow(intra, redirect_uri=uri))


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
    response = allow(intra, redirect_uri=uri)
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
        assert "code" in sent_back(allow(registered, client_id="own", redirect_uri=good))
    for bad in (
        HOME,
        "http://example.org/back",
        "https://example.org/back/",
        "https://example.org:8443/back",
        "https://example.org/",
        "app.own://other",
    ):
        assert allow(registered, client_id="own", redirect_uri=bad).status_code == 200


@pytest.mark.behaviour("intra42.login.redirect_uri.out_of_band")
def test_a_code_is_shown_to_be_copied(registered: Intra) -> None:
    asked = {"client_id": "own", "redirect_uri": "urn:ietf:wg:oauth:2.0:oob"}
    response = allow(registered, **asked)
    assert response.status_code == 200
    code = re.search("<code>([0-9a-f]{64})</code>", response.text)
    assert code is not None
    token = exchange_code(registered, code[1], **asked, client_secret="own-secret")
    assert token.status_code == 200


def test_a_page_offers_the_people_of_the_world(intra: Intra) -> None:
    response = authorize(intra, state="keep <me>")
    assert response.status_code == 200
    assert response.mimetype == "text/html"
    text = response.text
    assert "a fake of the 42 intra" in text
    assert '<option value="grace">' in text
    assert '<input type="hidden" name="state" value="keep &lt;me&gt;">' in text
    searched = authorize(intra, fake_search="GRA").text
    assert '<option value="grace">' in searched
    assert '<option value="ada">' not in searched
    assert "There is nobody with such a login." in authorize(intra, fake_search="%").text


@pytest.mark.parametrize("person", [{}, {"fake_person": "grace"}])
def test_the_first_form_leads_to_a_code(intra: Intra, person: dict[str, str]) -> None:
    page = authorize(intra, state="x", scope="public projects", **person).text
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
    assert sent_back(response).keys() == {"code", "state"}


@pytest.mark.behaviour("intra42.login.consent")
def test_consent_is_asked_once(intra: Intra) -> None:
    first = new_token(intra)
    assert "code" in sent_back(authorize(intra, fake_person="ada"))
    for changes in (
        {"fake_person": "grace"},
        {"fake_person": "ada", "scope": "public projects"},
        {"fake_person": "ada", "client_id": "staff"},
    ):
        assert "Authorization required" in authorize(intra, **changes).text
    intra.client.post("/oauth/revoke", data={"token": first["access_token"], **CLIENT})
    assert "Authorization required" in authorize(intra, fake_person="ada").text
    new_token(intra)
    intra.world.clock.advance(timedelta(seconds=7200))
    assert "Authorization required" in authorize(intra, fake_person="ada").text


MARKUP = "\"><script>alert('x')</script>"


def test_a_page_escapes_what_it_echoes(intra: Intra) -> None:
    asked = {"state": MARKUP, "scope": "public", "redirect_uri": f"{HOME}?x=<b>"}
    pages = [
        authorize(intra, **asked, fake_search=MARKUP),
        authorize(intra, state=MARKUP, fake_person=MARKUP),
        authorize(intra, state=MARKUP, fake_person="ada"),
        allow(intra, MARKUP, state=MARKUP),
    ]
    for page in pages:
        assert page.status_code == 200
        assert "<script" not in page.text
        assert "&lt;script&gt;" in page.text


def test_a_page_allows_no_script_no_frame_and_no_cookie(intra: Intra) -> None:
    for page in (
        authorize(intra),
        authorize(intra, fake_person="ada"),
        authorize(intra, scope="x"),
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


def test_the_page_of_the_real_host_keeps_it(intra: Intra) -> None:
    asked = f"/oauth/authorize?{urlencode(ASKED)}"
    page = intra.client.get(asked, base_url="https://api.intra.42.fr")
    assert set(re.findall('action="([^"]+)"', page.text)) == {
        "https://api.intra.42.fr/oauth/authorize"
    }
    form = {**ASKED, "fake_person": "ada"}
    sent = intra.client.post("/oauth/authorize", data=form, base_url="https://api.intra.42.fr")
    assert "code" in sent_back(sent)


@pytest.mark.parametrize("scope", ["public projects", "profile elearning tig forum"])
def test_the_built_in_application_may_ask_every_scope(documented: Intra, scope: str) -> None:
    asked = {"client_id": "Your application uid", "scope": scope}
    assert "Authorization required" in authorize(documented, **asked).text
