"""What a code and a token of a person are good for, and until when."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256

import pytest

from fake_server.world.records.data import add_all
from tests.intra42.conftest import Intra
from tests.intra42.logins import HOME, STAFF, exchange_code, new_code, new_token, refresh
from tests.intra42.token_requests import CLIENT, expect_refused


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
    code = new_code(intra)
    expect_refused(exchange_code(intra, code, **changes), "invalid_grant")
    assert exchange_code(intra, code).status_code == 200
    expect_refused(exchange_code(intra, code), "invalid_grant")


@pytest.mark.behaviour("intra42.login.code")
def test_a_code_is_good_for_ten_minutes(intra: Intra) -> None:
    codes = [new_code(intra), new_code(intra)]
    assert codes[0] != codes[1]
    intra.world.clock.advance(timedelta(seconds=599))
    assert exchange_code(intra, codes[0]).status_code == 200
    intra.world.clock.advance(timedelta(seconds=1))
    expect_refused(exchange_code(intra, codes[1]), "invalid_grant")


@pytest.mark.behaviour("intra42.login.code.order")
def test_the_order_of_what_is_checked(intra: Intra) -> None:
    wrong = {"client_secret": "wrong", "code": "nonsense"}
    expect_refused(exchange_code(intra, "", **{**wrong, "redirect_uri": ""}), "invalid_request")
    expect_refused(exchange_code(intra, "", **wrong), "invalid_client")


@pytest.mark.behaviour("intra42.login.same_token")
def test_the_same_token_for_a_person(intra: Intra) -> None:
    first = new_token(intra)
    intra.world.clock.advance(timedelta(seconds=60))
    assert new_token(intra) == {**first, "expires_in": 7140}
    assert new_token(intra, "grace")["access_token"] != first["access_token"]
    other = new_token(intra, scope="public projects")
    assert other["access_token"] != first["access_token"]
    own = intra.client.post("/oauth/token", data={"grant_type": "client_credentials", **CLIENT})
    assert own.json["access_token"] != first["access_token"]
    assert "refresh_token" not in own.json


@pytest.mark.behaviour("intra42.login.refresh")
def test_a_refresh_token_works_once(intra: Intra) -> None:
    first = new_token(intra, scope="public projects")
    intra.world.clock.advance(timedelta(seconds=7201))
    expired = intra.get("/v2/me", token=first["access_token"])
    assert expired.json["message"] == "The access token expired"
    second = refresh(intra, first["refresh_token"]).json
    assert second["expires_in"] == 7200
    assert second["scope"] == "public projects"
    assert second["access_token"] != first["access_token"]
    assert second["refresh_token"] != first["refresh_token"]
    assert intra.json("/v2/me", token=second["access_token"])["login"] == "ada"
    expect_refused(refresh(intra, first["refresh_token"]), "invalid_grant")
    third = refresh(intra, second["refresh_token"]).json
    assert intra.get("/v2/me", token=third["access_token"]).status_code == 200
    revoked = intra.get("/v2/me", token=second["access_token"])
    assert revoked.json["message"] == "The access token was revoked"


@pytest.mark.behaviour("intra42.login.refresh.refused")
def test_refresh_tokens_that_are_not_good(intra: Intra) -> None:
    text = new_token(intra)["refresh_token"]
    expect_refused(refresh(intra, ""), "invalid_request")
    expect_refused(refresh(intra, "nonsense", client_secret="wrong"), "invalid_grant")
    expect_refused(refresh(intra, text, client_secret="wrong"), "invalid_client")
    expect_refused(refresh(intra, text, **STAFF), "invalid_grant")
    expect_refused(refresh(intra, text, scope="public projects"), "invalid_scope")
    assert refresh(intra, text, scope="public").json["scope"] == "public"


@pytest.mark.behaviour("intra42.login.refresh")
def test_a_refresh_token_for_fewer_scopes(intra: Intra) -> None:
    text = new_token(intra, scope="public projects")["refresh_token"]
    fewer = refresh(intra, text, scope="projects").json
    assert fewer["scope"] == "projects"
    info = intra.json("/oauth/token/info", token=fewer["access_token"])
    assert (info["scopes"], info["resource_owner_id"]) == (["projects"], 101)


@pytest.mark.behaviour("intra42.login.revoke")
@pytest.mark.parametrize("name", ["access_token", "refresh_token"])
def test_a_token_is_revoked(intra: Intra, name: str) -> None:
    token = new_token(intra)

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
    expect_refused(refresh(intra, token["refresh_token"]), "invalid_grant")
    assert new_token(intra)["access_token"] != token["access_token"]


@pytest.mark.behaviour("intra42.login.pkce")
@pytest.mark.parametrize("method", ["plain", "S256", None])
def test_pkce(intra: Intra, method: str | None) -> None:
    verifier = "a-verifier-of-more-than-forty-three-characters"
    digest = urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
    asked = {"code_challenge": digest if method == "S256" else verifier}
    if method is not None:
        asked["code_challenge_method"] = method
    code = new_code(intra, **asked)
    expect_refused(exchange_code(intra, code), "invalid_grant")
    expect_refused(exchange_code(intra, code, code_verifier="nonsense"), "invalid_grant")
    if method == "S256":
        expect_refused(exchange_code(intra, code, code_verifier=digest), "invalid_grant")
    assert exchange_code(intra, code, code_verifier=verifier).status_code == 200


@pytest.mark.behaviour("intra42.login.pkce")
def test_a_verifier_without_a_challenge_is_ignored(intra: Intra) -> None:
    assert exchange_code(intra, new_code(intra), code_verifier="any").status_code == 200


@pytest.mark.behaviour("intra42.me")
def test_the_person_of_a_token(intra: Intra) -> None:
    token = new_token(intra, "grace")["access_token"]
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
    public = new_token(intra)["access_token"]
    both = new_token(intra, scope="public projects")["access_token"]
    for path in ("/v2/slots", "/v2/users/ada/slots"):
        response = intra.get(path, token=public)
        assert response.status_code == 403
        assert "[projects]" in response.headers["WWW-Authenticate"]
        assert intra.get(path, token=both).status_code == 200
        assert intra.get(path).status_code == 200
    assert intra.get("/v2/slots/graph", token=public).status_code == 200


@pytest.mark.behaviour("intra42.slots.user.own")
def test_a_person_sees_own_slots(intra: Intra) -> None:
    token = new_token(intra, scope="public projects")["access_token"]
    slots = intra.json("/v2/slots?filter[id]=1001,1003", token=token)
    seen = {slot["id"]: slot["user"] for slot in slots}
    assert seen[1001]["login"] == "ada"
    assert seen[1003] == "invisible"


def test_a_reset_forgets_codes_and_tokens(intra: Intra) -> None:
    token, code = new_token(intra), new_code(intra)
    intra.world.reset()
    assert intra.get("/v2/me", token=token["access_token"]).status_code == 401
    expect_refused(exchange_code(intra, code), "invalid_grant")
    expect_refused(refresh(intra, token["refresh_token"]), "invalid_grant")


def test_the_journal_hides_codes_and_tokens(intra: Intra) -> None:
    used, unused = new_code(intra), new_code(intra)
    token = exchange_code(intra, used).json
    secrets = [used, unused, token["access_token"], token["refresh_token"]]
    for secret in secrets:
        intra.client.get(f"/v2/campus?anything={secret}")
    shown = str([entry.shown() for entry in intra.world.journal.entries()])
    assert "anything" in shown
    assert not [secret for secret in secrets if secret in shown]


def test_tokens_of_people_are_records(intra: Intra) -> None:
    token = new_token(intra)
    world = intra.world
    add_all(world, {"intra42": {"applications": [{"uid": "new", "secret": "new-secret"}]}})
    section = world.section("intra42")["credentials"]["tokens"]
    entry = next(entry for entry in section if entry["token"] == token["access_token"])
    assert (entry["user_id"], entry["refresh_token"]) == (101, token["refresh_token"])
    assert intra.json("/v2/me", token=token["access_token"])["login"] == "ada"
    assert new_token(intra)["access_token"] == token["access_token"]
    assert refresh(intra, token["refresh_token"]).status_code == 200


@pytest.mark.behaviour("intra42.login.token_type")
def test_the_token_type_of_a_person_s_token(intra_with: Callable[..., Intra]) -> None:
    assert new_token(intra_with("token-type-capitalised"))["token_type"] == "bearer"
