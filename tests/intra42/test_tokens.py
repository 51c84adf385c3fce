"""Getting a token, using it, and what happens when it is not good."""

from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from fake_server.apis.intra42.login import credentials
from fake_server.apis.intra42.login.credentials import revoke
from tests.intra42.conftest import Intra
from tests.support.client import CheckedClient, JsonResponse

CLIENT = {"client_id": "ours", "client_secret": "ours-secret"}
GRANT = {"grant_type": "client_credentials", **CLIENT}
INVALID_CLIENT = (
    "Client authentication failed due to unknown client, no client authentication included,"
    " or unsupported authentication method."
)


def _basic(uid: str, secret: str) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(f'{uid}:{secret}'.encode()).decode()}"}


def _post(intra: Intra, **options: Any) -> JsonResponse:
    return intra.client.post(options.pop("path", "/oauth/token"), **options)


@pytest.mark.behaviour("intra42.oauth.token", "intra42.oauth.token_type")
def test_a_token(intra: Intra) -> None:
    response = _post(intra, data=GRANT)
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
    assert _post(live, data=GRANT).json["token_type"] == "Bearer"


@pytest.mark.behaviour("intra42.oauth.secret_valid_until")
def test_secret_valid_until(intra: Intra) -> None:
    assert _post(intra, data=GRANT).json["secret_valid_until"] == 1798761600
    staff = {**GRANT, "client_id": "staff", "client_secret": "staff-secret"}
    assert _post(intra, data=staff).json["secret_valid_until"] is None


@pytest.mark.parametrize(
    "options",
    [
        {"data": GRANT},
        {"data": GRANT, "content_type": "multipart/form-data"},
        {"json": GRANT},
        {"query_string": GRANT},
        {"data": {"grant_type": "client_credentials"}, "headers": _basic("ours", "ours-secret")},
        {"json": {"grant_type": "client_credentials"}, "headers": _basic("ours", "ours-secret")},
        {"data": GRANT, "headers": _basic("ours", "ours-secret")},
        {"data": {"grant_type": "client_credentials"}, "query_string": CLIENT},
        {"data": GRANT, "path": "/v2/oauth/token"},
        {"json": GRANT, "path": "/v2/oauth/token.json"},
        {"data": {**GRANT, "scope": "", "foo": "bar"}},
        {"json": {**GRANT, "scope": None}},
    ],
)
@pytest.mark.behaviour("intra42.oauth.forms", "intra42.oauth.alias", "intra42.oauth.scope")
def test_every_form_of_the_request(intra: Intra, options: dict[str, Any]) -> None:
    response = _post(intra, **options)
    assert response.status_code == 200
    assert response.json["scope"] == "public"


@pytest.mark.behaviour("intra42.oauth.bearer_ignored")
def test_a_bearer_token_sent_along_is_ignored(intra: Intra) -> None:
    headers = {"Authorization": "Bearer token_dummy"}
    assert _post(intra, data=GRANT, headers=headers).status_code == 200


@pytest.mark.behaviour("intra42.oauth.same_token")
def test_the_same_token_until_it_expires(intra: Intra) -> None:
    first = _post(intra, data=GRANT).json
    intra.world.clock.advance(timedelta(seconds=32))
    second = _post(intra, json=GRANT).json
    assert second == {**first, "expires_in": 7168}
    other = _post(intra, data={**GRANT, "scope": "public projects"}).json
    assert other["access_token"] != first["access_token"]
    intra.world.clock.advance(timedelta(seconds=7168))
    third = _post(intra, data=GRANT).json
    assert third["access_token"] != first["access_token"]
    assert third["expires_in"] == 7200
    expired = intra.get("/v2/campus", token=first["access_token"])
    assert expired.json["message"] == "The access token expired"


@pytest.mark.behaviour("intra42.oauth.same_token.scopes")
def test_the_same_token_whatever_the_order_of_the_scopes(intra: Intra) -> None:
    first = _post(intra, data={**GRANT, "scope": "public projects"}).json
    assert first["scope"] == "public projects"
    assert _post(intra, data={**GRANT, "scope": "projects public"}).json == first
    other = _post(intra, data={**GRANT, "scope": "projects"}).json
    assert other["access_token"] != first["access_token"]


@pytest.mark.behaviour("intra42.oauth.same_token", "intra42.token.revoked")
def test_a_revoked_token_is_not_given_again(intra: Intra) -> None:
    first = _post(intra, data=GRANT).json["access_token"]
    revoke(intra.world, first)
    assert intra.get("/v2/campus", token=first).json["message"] == "The access token was revoked"
    assert _post(intra, data=GRANT).json["access_token"] != first


@pytest.mark.behaviour("intra42.oauth.scope", "intra42.oauth.invalid_scope")
def test_scopes(intra: Intra) -> None:
    assert _post(intra, data={**GRANT, "scope": "projects"}).json["scope"] == "projects"
    for scope in ("forum", "public forum", "Public"):
        _expect_refused(_post(intra, data={**GRANT, "scope": scope}), "invalid_scope")
    _expect_refused(_post(intra, json={**GRANT, "scope": {}}), "invalid_scope")


def _expect_refused(response: JsonResponse, code: str) -> None:
    assert response.status_code == 401
    assert response.json["error"] == code
    description = response.json["error_description"]
    assert response.headers["WWW-Authenticate"] == (
        f'Bearer realm="42 API", error="{code}", error_description="{description}"'
    )
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "options",
    [
        {"data": {**GRANT, "client_secret": "wrong"}},
        {"data": {**GRANT, "client_id": "nobody"}},
        {"data": {"grant_type": "client_credentials"}},
        {"data": {"grant_type": "client_credentials"}, "headers": _basic("ours", "wrong")},
        {"data": {"grant_type": "client_credentials"}, "headers": {"Authorization": "Basic %%%"}},
        {"json": {**GRANT, "client_id": 5}},
        {"json": {**GRANT, "client_id": ["ours"]}},
        {"data": {**GRANT, "client_id": "ours\0"}},
    ],
)
@pytest.mark.behaviour("intra42.oauth.invalid_client")
def test_an_unknown_client(intra: Intra, options: dict[str, Any]) -> None:
    response = _post(intra, **options)
    _expect_refused(response, "invalid_client")
    assert response.json["error_description"] == INVALID_CLIENT


@pytest.mark.parametrize("data", [CLIENT, {**CLIENT, "grant_type": ""}, None])
@pytest.mark.behaviour("intra42.oauth.grant_type.missing")
def test_no_grant_type(intra: Intra, data: dict[str, str] | None) -> None:
    _expect_refused(_post(intra, data=data), "invalid_request")


@pytest.mark.parametrize("grant_type", ["password", "implicit", "CLIENT_CREDENTIALS"])
@pytest.mark.behaviour("intra42.oauth.grant_type.unsupported")
def test_an_unsupported_grant_type(intra: Intra, grant_type: str) -> None:
    response = _post(intra, data={**GRANT, "grant_type": grant_type})
    _expect_refused(response, "unsupported_grant_type")
    _expect_refused(_post(intra, json={**GRANT, "grant_type": {"a": []}}), "unsupported_grant_type")


@pytest.mark.parametrize("grant_type", ["authorization_code", "refresh_token"])
@pytest.mark.behaviour("intra42.oauth.invalid_grant")
def test_grants_of_users(intra: Intra, grant_type: str) -> None:
    needed = {"authorization_code": "redirect_uri", "refresh_token": "refresh_token"}[grant_type]
    asked = {**GRANT, "grant_type": grant_type}
    _expect_refused(_post(intra, data={**asked, needed: "nonsense"}), "invalid_grant")
    _expect_refused(_post(intra, data=asked), "invalid_request")
    _expect_refused(_post(intra, data={**asked, needed: " "}), "invalid_request")


@pytest.mark.behaviour("intra42.oauth.invalid_grant", "intra42.oauth.invalid_client")
def test_a_refresh_token_is_looked_at_before_its_client(intra: Intra) -> None:
    nobody = {"client_id": "nobody", "client_secret": "nothing", "refresh_token": "nonsense"}
    _expect_refused(_post(intra, data={"grant_type": "refresh_token", **nobody}), "invalid_grant")
    code = {"grant_type": "authorization_code", "redirect_uri": "https://example.org"}
    _expect_refused(_post(intra, data={**code, **nobody}), "invalid_client")


@pytest.mark.parametrize(
    "headers", [_basic("ours", ""), _basic("", "ours-secret"), {"Authorization": "Basic b3Vycw=="}]
)
@pytest.mark.behaviour("intra42.oauth.basic")
def test_half_of_the_credentials_by_basic_is_none(intra: Intra, headers: dict[str, str]) -> None:
    assert _post(intra, data=GRANT, headers=headers).status_code == 200
    _expect_refused(
        _post(intra, data={"grant_type": "client_credentials"}, headers=headers), "invalid_client"
    )


@pytest.mark.behaviour("intra42.oauth.basic")
def test_wrong_credentials_by_basic_rule(intra: Intra) -> None:
    _expect_refused(_post(intra, data=GRANT, headers=_basic("ours", "wrong")), "invalid_client")


@pytest.mark.parametrize("encoded", [quote, quote_plus])
@pytest.mark.behaviour("intra42.oauth.basic")
def test_credentials_by_basic_may_be_form_encoded(
    client_for: Callable[..., CheckedClient], encoded: Callable[[str], str]
) -> None:
    documented = client_for(dataset="documented")
    headers = _basic(encoded("Your application uid"), encoded("Your application secret"))
    asked = {"grant_type": "client_credentials"}
    assert documented.post("/oauth/token", data=asked, headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("headers", "query"),
    [
        ({"Authorization": "Bearer good"}, ""),
        ({"Authorization": "bearer good"}, ""),
        ({"Authorization": "BEARER  good"}, ""),
        ({}, "?access_token=good"),
        ({}, "?bearer_token=good"),
        ({"Authorization": "Bearer good"}, "?access_token=nonsense"),
        ({"Authorization": "Basic Zm9vOmJhcg=="}, "?access_token=good"),
    ],
)
@pytest.mark.behaviour("intra42.token.forms")
def test_where_a_token_may_stand(intra: Intra, headers: dict[str, str], query: str) -> None:
    assert intra.client.get(f"/v2/campus{query}", headers=headers).status_code == 200


@pytest.mark.behaviour("intra42.token.forms")
def test_a_token_in_a_body(intra: Intra) -> None:
    assert intra.client.get("/v2/campus", data={"access_token": "good"}).status_code == 200
    assert intra.client.get("/v2/campus", json={"access_token": "good"}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({}, "The access token is invalid"),
        ({"Authorization": "Bearer nonsense"}, "The access token is invalid"),
        ({"Authorization": "Bearer"}, "The access token is invalid"),
        ({"Authorization": "Token good"}, "The access token is invalid"),
        ({"Authorization": "Bearer late"}, "The access token expired"),
        ({"Authorization": "Bearer gone"}, "The access token was revoked"),
    ],
)
@pytest.mark.behaviour("intra42.token.invalid", "intra42.token.expired", "intra42.token.revoked")
def test_tokens_that_are_not_good(intra: Intra, headers: dict[str, str], message: str) -> None:
    for path in ("/v2/slots", "/v2/slots/graph/on/nothing", "/v2/users/nobody/slots"):
        response = intra.client.get(path, headers=headers)
        assert response.status_code == 401
        assert response.json == {"error": "Not authorized", "message": message}
        assert response.headers["WWW-Authenticate"] == (
            f'Bearer realm="42 API", error="invalid_token", error_description="{message}"'
        )
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Pragma"] == "no-cache"


@pytest.mark.behaviour("intra42.token.expired")
def test_a_pinned_token_expires_by_the_world_s_clock(intra: Intra) -> None:
    assert intra.get("/v2/campus", token="short").status_code == 200
    intra.world.clock.advance(timedelta(seconds=29))
    assert intra.get("/v2/campus", token="short").status_code == 200
    intra.world.clock.advance(timedelta(seconds=1))
    assert intra.get("/v2/campus", token="short").status_code == 401


@pytest.mark.behaviour("intra42.token.scope")
def test_a_token_without_the_scope_public(intra: Intra) -> None:
    response = intra.get("/v2/cursus", token="projects-only")
    assert response.status_code == 403
    needed = "The action need the following scopes: [public]"
    assert response.json == {
        "error": "Forbidden",
        "message": f"Insufficient scope. {needed} (Access the user public data)",
    }
    assert response.headers["WWW-Authenticate"] == (
        f'Bearer realm="42 API", error="insufficient scope", error_description="{needed}"'
    )
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Application-Name"] == "Ours"
    assert response.headers["X-Hourly-RateLimit-Remaining"] == "1199"


@pytest.mark.behaviour("intra42.token.info")
def test_token_info(intra: Intra) -> None:
    token = _post(intra, data={**GRANT, "scope": "public projects"}).json
    intra.world.clock.advance(timedelta(seconds=612))
    info = intra.get("/oauth/token/info", token=token["access_token"])
    assert list(info.json.items()) == [
        ("resource_owner_id", None),
        ("scopes", ["public", "projects"]),
        ("expires_in_seconds", 6588),
        ("application", {"uid": "ours"}),
        ("created_at", token["created_at"]),
    ]
    assert intra.json("/oauth/token/info")["expires_in_seconds"] is None


@pytest.mark.parametrize("token", ["late", "gone", "nonsense"])
@pytest.mark.behaviour("intra42.token.info.invalid")
def test_token_info_without_a_good_token(intra: Intra, token: str) -> None:
    _expect_refused(intra.get("/oauth/token/info", token=token), "invalid_request")
    _expect_refused(intra.client.get("/oauth/token/info"), "invalid_request")


def test_a_world_that_lets_anybody_in(intra_with: Callable[..., Intra]) -> None:
    anybody = intra_with(auth="any")
    assert anybody.get("/v2/campus", token="whatever").status_code == 200
    assert anybody.client.get("/v2/campus").status_code == 401
    assert anybody.get("/v2/campus", token="late").status_code == 401
    granted = _post(anybody, data={**GRANT, "client_id": "me", "client_secret": "mine"})
    assert anybody.get("/v2/campus", token=granted.json["access_token"]).status_code == 200
    _expect_refused(_post(anybody, data={"grant_type": "client_credentials"}), "invalid_client")


def test_a_world_without_locks(intra_with: Callable[..., Intra]) -> None:
    opened = intra_with(auth="off")
    assert opened.client.get("/v2/slots").status_code == 200
    assert opened.client.get("/oauth/token/info").status_code == 200
    for token in ("late", "gone", "projects-only"):
        assert opened.get("/v2/slots", token=token).status_code == 200


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        ({}, "Ours"),
        ({"client_id": "ours", "client_secret": "wrong"}, "Anyone"),
        ({"client_id": "me"}, "Anyone"),
        ({"scope": "public forum"}, "Ours"),
    ],
)
def test_a_world_without_locks_gives_tokens_to_anybody(
    intra_with: Callable[..., Intra], parameters: dict[str, str], name: str
) -> None:
    opened = intra_with(auth="off")
    granted = _post(opened, data={"grant_type": "client_credentials", **parameters})
    assert granted.status_code == 200
    assert granted.json["scope"] == parameters.get("scope", "public")
    answer = opened.get("/v2/campus", token=granted.json["access_token"])
    assert answer.headers["X-Application-Name"] == name


def test_a_world_without_locks_says_the_same_of_a_token_twice(
    intra_with: Callable[..., Intra],
) -> None:
    opened = intra_with(auth="off")
    granted = _post(opened, data={**GRANT, "scope": "forum"}).json
    opened.world.clock.advance(timedelta(seconds=10))
    info = opened.json("/oauth/token/info", token=granted["access_token"])
    assert (info["scopes"], info["expires_in_seconds"]) == (["forum"], 7190)
    assert info["created_at"] == granted["created_at"]
    assert info["application"] == {"uid": "ours"}
    assert opened.get("/v2/slots", token=granted["access_token"]).status_code == 200
    late = opened.json("/oauth/token/info", token="late")
    assert (late["scopes"], late["expires_in_seconds"]) == (["public"], 0)
    nobody = opened.json("/oauth/token/info", token="whatever")
    assert (nobody["scopes"], nobody["expires_in_seconds"]) == (["public", "projects"], None)


@pytest.mark.behaviour("intra42.oauth.secret_ended")
def test_a_secret_that_has_ended(intra: Intra, intra_with: Callable[..., Intra]) -> None:
    granted = _post(intra, data=GRANT).json["access_token"]
    end = datetime(2027, 1, 1, tzinfo=UTC)
    intra.world.clock.set(end - timedelta(seconds=1))
    again = _post(intra, data=GRANT)
    assert again.status_code == 200
    assert again.json["access_token"] != granted
    intra.world.clock.set(end)
    _expect_refused(_post(intra, data=GRANT), "invalid_client")
    assert intra.get("/v2/campus", token=again.json["access_token"]).status_code == 200
    for auth in ("any", "off"):
        opened = intra_with(auth=auth)
        opened.world.clock.set(end)
        assert _post(opened, data=GRANT).status_code == 200


def test_a_world_tells_of_good_credentials_first(intra: Intra) -> None:
    start = intra.world.clock.now()

    def told() -> tuple[Any, Any]:
        world: Any = intra.client.get("/_fake/worlds/default").json
        listed = world["apis"]["intra42"]
        assert world["environment"]["INTRA42_TOKEN"] == listed["token"]
        assert listed["headers"] == {"Authorization": f"Bearer {listed['token']}"}
        return listed["credentials"]["access_tokens"], world["environment"]["INTRA42_CLIENT_ID"]

    usual = ["good", "projects-too", "short", "staff", "projects-only", "late"]
    assert told() == (usual, "ours")
    intra.world.clock.set(start + timedelta(seconds=30))
    assert told()[0] == ["good", "projects-too", "staff", "projects-only", "late", "short"]
    revoke(intra.world, "good")
    assert told()[0][0] == "projects-too"
    index: Any = intra.client.get("/").json
    assert "Bearer projects-too" in index["apis"]["intra42"]["curl"]
    intra.world.clock.set(datetime(2027, 1, 1, tzinfo=UTC))
    assert told()[1] == "staff"


def test_a_world_without_locks_and_applications(
    client_for: Callable[..., CheckedClient], tmp_path: Path
) -> None:
    bare = tmp_path / "bare.yaml"
    bare.write_text("description: Nothing at all.", encoding="utf-8")
    opened = client_for(dataset=str(bare), auth="off")
    granted: Any = opened.post("/oauth/token", data={"grant_type": "client_credentials"}).json
    info: Any = opened.get(f"/oauth/token/info?access_token={granted['access_token']}").json
    assert info["application"] == {"uid": "anyone"}


def test_so_many_issued_tokens_are_remembered(
    intra_with: Callable[..., Intra], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credentials, "MOST_ISSUED", 5)
    anybody = intra_with(auth="any")
    texts = [
        _post(anybody, data={**GRANT, "client_id": f"me-{number}"}).json["access_token"]
        for number in range(8)
    ]
    assert len({*texts}) == 8
    remembered = anybody.world.part(credentials.TokenRegister)
    assert [*remembered.issued] == texts[3:]
    assert [*remembered.latest.values()] == texts[3:]
    again = _post(anybody, data={**GRANT, "client_id": "me-7"}).json["access_token"]
    assert again == texts[7]
    anew = _post(anybody, data={**GRANT, "client_id": "me-0"}).json["access_token"]
    assert anew not in texts
    assert texts[3] not in remembered.issued


def test_an_expired_token_is_forgotten_before_a_good_one(
    intra: Intra, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credentials, "MOST_ISSUED", 1)
    first = _post(intra, data=GRANT).json["access_token"]
    revoke(intra.world, first)
    intra.world.clock.advance(timedelta(seconds=7200))
    second = _post(intra, data=GRANT).json["access_token"]
    remembered = intra.world.part(credentials.TokenRegister)
    assert [*remembered.issued] == [second]
    assert remembered.revoked == set()
    assert intra.get("/v2/campus", token=second).status_code == 200
    assert intra.get("/v2/campus", token=first).json["message"] == "The access token is invalid"
