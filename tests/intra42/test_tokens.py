"""Getting a token for an application, and what is refused."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from fake_server.apis.intra42.login.tokens import revoke
from tests.intra42.conftest import Intra
from tests.intra42.token_requests import CLIENT, GRANT, basic_header, expect_refused, post_token
from tests.support.client import CheckedClient

INVALID_CLIENT = (
    "Client authentication failed due to unknown client, no client authentication included,"
    " or unsupported authentication method."
)


@pytest.mark.behaviour("intra42.oauth.token", "intra42.oauth.token_type")
def test_a_token(intra: Intra) -> None:
    response = post_token(intra, data=GRANT)
    assert response.status_code == 200
    token = response.json
    assert list(token) == [
        "access_token",
        "token_type",
        "expires_in",
        "scope",
        "created_at",
        "secret_valid_until",
    ]
    assert len(token["access_token"]) == 64
    assert int(token["access_token"], 16) > 0
    assert (token["token_type"], token["expires_in"], token["scope"]) == ("bearer", 7200, "public")
    assert token["created_at"] == int(intra.world.clock.now().timestamp())
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Pragma"] == "no-cache"
    assert "ETag" not in response.headers
    assert intra.get("/v2/campus", token=token["access_token"]).status_code == 200


@pytest.mark.behaviour("intra42.oauth.token_type")
def test_the_quirk_capitalises_the_token_type(intra_with: Callable[..., Intra]) -> None:
    live = intra_with("token-type-capitalised")
    assert post_token(live, data=GRANT).json["token_type"] == "Bearer"


@pytest.mark.behaviour("intra42.oauth.secret_valid_until")
def test_secret_valid_until(intra: Intra) -> None:
    assert post_token(intra, data=GRANT).json["secret_valid_until"] == 1798761600
    staff = {**GRANT, "client_id": "staff", "client_secret": "staff-secret"}
    assert post_token(intra, data=staff).json["secret_valid_until"] is None


@pytest.mark.parametrize(
    "options",
    [
        {"data": GRANT},
        {"data": GRANT, "content_type": "multipart/form-data"},
        {"json": GRANT},
        {"query_string": GRANT},
        {
            "data": {"grant_type": "client_credentials"},
            "headers": basic_header("ours", "ours-secret"),
        },
        {
            "json": {"grant_type": "client_credentials"},
            "headers": basic_header("ours", "ours-secret"),
        },
        {"data": GRANT, "headers": basic_header("ours", "ours-secret")},
        {"data": {"grant_type": "client_credentials"}, "query_string": CLIENT},
        {"data": GRANT, "path": "/v2/oauth/token"},
        {"json": GRANT, "path": "/v2/oauth/token.json"},
        {"data": {**GRANT, "scope": "", "foo": "bar"}},
        {"json": {**GRANT, "scope": None}},
    ],
)
@pytest.mark.behaviour("intra42.oauth.forms", "intra42.oauth.alias", "intra42.oauth.scope")
def test_every_form_of_the_request(intra: Intra, options: dict[str, Any]) -> None:
    response = post_token(intra, **options)
    assert response.status_code == 200
    assert response.json["scope"] == "public"


@pytest.mark.behaviour("intra42.oauth.bearer_ignored")
def test_a_bearer_token_sent_along_is_ignored(intra: Intra) -> None:
    headers = {"Authorization": "Bearer token_dummy"}
    assert post_token(intra, data=GRANT, headers=headers).status_code == 200


@pytest.mark.behaviour("intra42.oauth.same_token")
def test_the_same_token_until_it_expires(intra: Intra) -> None:
    first = post_token(intra, data=GRANT).json
    intra.world.clock.advance(timedelta(seconds=32))
    second = post_token(intra, json=GRANT).json
    assert second == {**first, "expires_in": 7168}
    other = post_token(intra, data={**GRANT, "scope": "public projects"}).json
    assert other["access_token"] != first["access_token"]
    intra.world.clock.advance(timedelta(seconds=7168))
    third = post_token(intra, data=GRANT).json
    assert third["access_token"] != first["access_token"]
    assert third["expires_in"] == 7200
    expired = intra.get("/v2/campus", token=first["access_token"])
    assert expired.json["message"] == "The access token expired"


@pytest.mark.behaviour("intra42.oauth.same_token.scopes")
def test_the_same_token_whatever_the_order_of_the_scopes(intra: Intra) -> None:
    first = post_token(intra, data={**GRANT, "scope": "public projects"}).json
    assert first["scope"] == "public projects"
    assert post_token(intra, data={**GRANT, "scope": "projects public"}).json == first
    other = post_token(intra, data={**GRANT, "scope": "projects"}).json
    assert other["access_token"] != first["access_token"]


@pytest.mark.behaviour("intra42.oauth.same_token", "intra42.token.revoked")
def test_a_revoked_token_is_not_given_again(intra: Intra) -> None:
    first = post_token(intra, data=GRANT).json["access_token"]
    revoke(intra.world, first)
    assert intra.get("/v2/campus", token=first).json["message"] == "The access token was revoked"
    assert post_token(intra, data=GRANT).json["access_token"] != first


@pytest.mark.behaviour("intra42.oauth.scope", "intra42.oauth.invalid_scope")
def test_scopes(intra: Intra) -> None:
    assert post_token(intra, data={**GRANT, "scope": "projects"}).json["scope"] == "projects"
    for scope in ("forum", "public forum", "Public"):
        expect_refused(post_token(intra, data={**GRANT, "scope": scope}), "invalid_scope")
    expect_refused(post_token(intra, json={**GRANT, "scope": {}}), "invalid_scope")


@pytest.mark.parametrize(
    "options",
    [
        {"data": {**GRANT, "client_secret": "wrong"}},
        {"data": {**GRANT, "client_id": "nobody"}},
        {"data": {"grant_type": "client_credentials"}},
        {"data": {"grant_type": "client_credentials"}, "headers": basic_header("ours", "wrong")},
        {"data": {"grant_type": "client_credentials"}, "headers": {"Authorization": "Basic %%%"}},
        {"json": {**GRANT, "client_id": 5}},
        {"json": {**GRANT, "client_id": ["ours"]}},
        {"data": {**GRANT, "client_id": "ours\0"}},
    ],
)
@pytest.mark.behaviour("intra42.oauth.invalid_client")
def test_an_unknown_client(intra: Intra, options: dict[str, Any]) -> None:
    response = post_token(intra, **options)
    expect_refused(response, "invalid_client")
    assert response.json["error_description"] == INVALID_CLIENT


@pytest.mark.parametrize("data", [CLIENT, {**CLIENT, "grant_type": ""}, None])
@pytest.mark.behaviour("intra42.oauth.grant_type.missing")
def test_no_grant_type(intra: Intra, data: dict[str, str] | None) -> None:
    expect_refused(post_token(intra, data=data), "invalid_request")


@pytest.mark.parametrize("grant_type", ["password", "implicit", "CLIENT_CREDENTIALS"])
@pytest.mark.behaviour("intra42.oauth.grant_type.unsupported")
def test_an_unsupported_grant_type(intra: Intra, grant_type: str) -> None:
    response = post_token(intra, data={**GRANT, "grant_type": grant_type})
    expect_refused(response, "unsupported_grant_type")
    expect_refused(
        post_token(intra, json={**GRANT, "grant_type": {"a": []}}), "unsupported_grant_type"
    )


@pytest.mark.parametrize("grant_type", ["authorization_code", "refresh_token"])
@pytest.mark.behaviour("intra42.oauth.invalid_grant")
def test_grants_of_users(intra: Intra, grant_type: str) -> None:
    needed = {"authorization_code": "redirect_uri", "refresh_token": "refresh_token"}[grant_type]
    asked = {**GRANT, "grant_type": grant_type}
    expect_refused(post_token(intra, data={**asked, needed: "nonsense"}), "invalid_grant")
    expect_refused(post_token(intra, data=asked), "invalid_request")
    expect_refused(post_token(intra, data={**asked, needed: " "}), "invalid_request")


@pytest.mark.behaviour("intra42.oauth.invalid_grant", "intra42.oauth.invalid_client")
def test_a_refresh_token_is_looked_at_before_its_client(intra: Intra) -> None:
    nobody = {"client_id": "nobody", "client_secret": "nothing", "refresh_token": "nonsense"}
    expect_refused(
        post_token(intra, data={"grant_type": "refresh_token", **nobody}), "invalid_grant"
    )
    code = {"grant_type": "authorization_code", "redirect_uri": "https://example.org"}
    expect_refused(post_token(intra, data={**code, **nobody}), "invalid_client")


@pytest.mark.parametrize(
    "headers",
    [
        basic_header("ours", ""),
        basic_header("", "ours-secret"),
        {"Authorization": "Basic b3Vycw=="},
    ],
)
@pytest.mark.behaviour("intra42.oauth.basic")
def test_half_of_the_credentials_by_basic_is_none(intra: Intra, headers: dict[str, str]) -> None:
    assert post_token(intra, data=GRANT, headers=headers).status_code == 200
    expect_refused(
        post_token(intra, data={"grant_type": "client_credentials"}, headers=headers),
        "invalid_client",
    )


@pytest.mark.behaviour("intra42.oauth.basic")
def test_wrong_credentials_by_basic_rule(intra: Intra) -> None:
    expect_refused(
        post_token(intra, data=GRANT, headers=basic_header("ours", "wrong")), "invalid_client"
    )


@pytest.mark.parametrize("encoded", [quote, quote_plus])
@pytest.mark.behaviour("intra42.oauth.basic")
def test_credentials_by_basic_may_be_form_encoded(
    client_for: Callable[..., CheckedClient], encoded: Callable[[str], str]
) -> None:
    documented = client_for(dataset="documented")
    headers = basic_header(encoded("Your application uid"), encoded("Your application secret"))
    asked = {"grant_type": "client_credentials"}
    assert documented.post("/oauth/token", data=asked, headers=headers).status_code == 200


@pytest.mark.behaviour("intra42.oauth.secret_ended")
def test_a_secret_that_has_ended(intra: Intra, intra_with: Callable[..., Intra]) -> None:
    granted = post_token(intra, data=GRANT).json["access_token"]
    end = datetime(2027, 1, 1, tzinfo=UTC)
    intra.world.clock.set(end - timedelta(seconds=1))
    again = post_token(intra, data=GRANT)
    assert again.status_code == 200
    assert again.json["access_token"] != granted
    intra.world.clock.set(end)
    expect_refused(post_token(intra, data=GRANT), "invalid_client")
    assert intra.get("/v2/campus", token=again.json["access_token"]).status_code == 200
    for auth in ("any", "off"):
        opened = intra_with(auth=auth)
        opened.world.clock.set(end)
        assert post_token(opened, data=GRANT).status_code == 200
