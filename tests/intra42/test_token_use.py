"""Where a token stands, until when it is good, and what a world without locks takes."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from fake_server.apis.intra42.login import tokens
from fake_server.apis.intra42.login.tokens import revoke
from tests.intra42.conftest import Intra
from tests.intra42.token_requests import GRANT, expect_refused, post_token
from tests.support.client import CheckedClient


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
    token = post_token(intra, data={**GRANT, "scope": "public projects"}).json
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
    expect_refused(intra.get("/oauth/token/info", token=token), "invalid_request")
    expect_refused(intra.client.get("/oauth/token/info"), "invalid_request")


def test_a_world_that_lets_anybody_in(intra_with: Callable[..., Intra]) -> None:
    anybody = intra_with(auth="any")
    assert anybody.get("/v2/campus", token="whatever").status_code == 200
    assert anybody.client.get("/v2/campus").status_code == 401
    assert anybody.get("/v2/campus", token="late").status_code == 401
    granted = post_token(anybody, data={**GRANT, "client_id": "me", "client_secret": "mine"})
    assert anybody.get("/v2/campus", token=granted.json["access_token"]).status_code == 200
    expect_refused(post_token(anybody, data={"grant_type": "client_credentials"}), "invalid_client")


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
    granted = post_token(opened, data={"grant_type": "client_credentials", **parameters})
    assert granted.status_code == 200
    assert granted.json["scope"] == parameters.get("scope", "public")
    answer = opened.get("/v2/campus", token=granted.json["access_token"])
    assert answer.headers["X-Application-Name"] == name


def test_a_world_without_locks_says_the_same_of_a_token_twice(
    intra_with: Callable[..., Intra],
) -> None:
    opened = intra_with(auth="off")
    granted = post_token(opened, data={**GRANT, "scope": "forum"}).json
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
    monkeypatch.setattr(tokens, "MOST_ISSUED", 5)
    anybody = intra_with(auth="any")
    texts = [
        post_token(anybody, data={**GRANT, "client_id": f"me-{number}"}).json["access_token"]
        for number in range(8)
    ]
    assert len({*texts}) == 8
    remembered = anybody.world.part(tokens.TokenRegister)
    assert [*remembered.issued] == texts[3:]
    assert [*remembered.latest.values()] == texts[3:]
    again = post_token(anybody, data={**GRANT, "client_id": "me-7"}).json["access_token"]
    assert again == texts[7]
    anew = post_token(anybody, data={**GRANT, "client_id": "me-0"}).json["access_token"]
    assert anew not in texts
    assert texts[3] not in remembered.issued


def test_an_expired_token_is_forgotten_before_a_good_one(
    intra: Intra, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "MOST_ISSUED", 1)
    first = post_token(intra, data=GRANT).json["access_token"]
    revoke(intra.world, first)
    intra.world.clock.advance(timedelta(seconds=7200))
    second = post_token(intra, data=GRANT).json["access_token"]
    remembered = intra.world.part(tokens.TokenRegister)
    assert [*remembered.issued] == [second]
    assert remembered.revoked == set()
    assert intra.get("/v2/campus", token=second).status_code == 200
    assert intra.get("/v2/campus", token=first).json["message"] == "The access token is invalid"
