"""Access tokens in use."""

import base64
from datetime import timedelta
from typing import Any

from fake_server.contract import Answer, Target, behaviour, expect, expect_that, need

from .helpers import SLOTS, a_user, now, page, pass_time, school, total

UID = "Your application uid"
APPLICATION: dict[str, Any] = {
    "uid": UID,
    "secret": "Your application secret",
    "scopes": ["public", "projects", "forum"],
}
INVALID_REQUEST = (
    "The request is missing a required parameter, includes an unsupported parameter value,"
    " or is otherwise malformed."
)
BROWSE = f"{SLOTS}?per_page=1"


def status_of(target: Target, header: str | None, query: str = "") -> int:
    """Return the status of a request with that Authorization and query."""
    headers = {"Authorization": header}
    return target.get(f"{BROWSE}{query}", headers=headers, auth=False).status


def expect_refused(answer: Answer, message: str) -> None:
    """Assert a 401 that says so in its header and body."""
    answer.expect_status(401)
    challenge = answer.headers.get("WWW-Authenticate", "")
    expected = f'Bearer realm="42 API", error="invalid_token", error_description="{message}"'
    expect("WWW-Authenticate", expected, challenge)
    expect("the keys of the body", ["error", "message"], list(answer.json))
    expect("the message", message, answer.json["message"])


@behaviour("intra42.token.forms", invalid=True)
def test_where_a_token_may_stand(intra42: Target) -> None:
    token = intra42.credential("token")
    for header, query, expected in (
        (f"Bearer {token}", "", 200),
        (f"bearer {token}", "", 200),
        (f"BEARER {token}", "", 200),
        (None, f"&access_token={token}", 200),
        (None, f"&bearer_token={token}", 200),
        (f"Bearer {token}", "&access_token=nonsense", 200),
        ("Bearer nonsense", f"&access_token={token}", 401),
        (None, f"&access_token={token}&bearer_token=nonsense", 200),
        (None, f"&access_token=nonsense&bearer_token={token}", 401),
        (f"Token {token}", "", 401),
        (token, "", 401),
        (None, f"&token={token}", 401),
    ):
        seen = status_of(intra42, header, query)
        what = f"the status with {(header or 'nothing').split(' ')[0]} {query.partition('=')[0]}"
        expect(intra42.hide(what), expected, seen)
    below = f"/v2/users/{a_user(intra42)['id']}/projects_users"
    for path in (below, f"{below}/graph", f"{SLOTS}/graph"):
        for name in ("access_token", "bearer_token"):
            intra42.get(path, params={name: token}, auth=False).expect_status(200)
        intra42.get(path, auth=False).expect_status(401)


@behaviour("intra42.token.invalid", invalid=True)
def test_tokens_that_are_none(intra42: Target) -> None:
    page(intra42, BROWSE)
    message = "The access token is invalid"
    for path in (SLOTS, "/v2/projects_users", "/v2/campus", "/v2/cursus", f"{SLOTS}/graph"):
        expect_refused(intra42.get(path, auth=False), message)
    expect_refused(intra42.get(SLOTS, auth="invalid"), message)
    token = intra42.credential("token")
    need(token.swapcase() != token, "a token with letters")
    for alike in (token.swapcase(), token[:-1], f"{token}0"):
        expect("the status with a token much alike", 401, status_of(intra42, f"Bearer {alike}"))
    basic = base64.b64encode(f"{token}:".encode()).decode()
    expect("the status with Basic", 401, status_of(intra42, f"Basic {basic}"))


def tokens_of(*tokens: dict[str, Any]) -> dict[str, Any]:
    """Return credentials with these tokens."""
    return {
        "applications": [APPLICATION],
        "tokens": [{"application": UID, **token} for token in tokens],
    }


def with_token(target: Target, token: str, path: str = BROWSE) -> Answer:
    """Send a request with a token."""
    return target.get(path, headers={"Authorization": f"Bearer {token}"}, auth=False)


@behaviour("intra42.token.expired", needs=("data", "clock"))
def test_a_token_expires(intra42: Target) -> None:
    aged = {"token": "aged", "created_at": "2026-05-01T08:00:00Z", "expires_in": 7200}
    with school(intra42, credentials=tokens_of(aged), at="2026-05-01T09:00:00Z") as own:
        own.clock.freeze()
        with_token(own, "aged").expect_status(200)
        own.clock.advance(timedelta(minutes=59, seconds=59))
        with_token(own, "aged").expect_status(200)
        own.clock.advance(timedelta(seconds=1))
        expect_refused(with_token(own, "aged"), "The access token expired")
        answer = own.get(BROWSE, params={"access_token": "aged"}, auth=False)
        expect_refused(answer, "The access token expired")


@behaviour("intra42.token.expired", needs=("clock",))
def test_an_issued_token_expires(intra42: Target) -> None:
    left = intra42.get("/oauth/token/info").expect_status(200).json["expires_in_seconds"]
    need(left is not None, "a token that expires")
    intra42.clock.advance(timedelta(seconds=left + 1))
    expect_refused(intra42.get(BROWSE), "The access token expired")


@behaviour("intra42.token.revoked", needs=("data",))
def test_a_revoked_token(intra42: Target) -> None:
    tokens = tokens_of({"token": "revoked", "revoked": True}, {"token": "good"})
    with school(intra42, credentials=tokens) as own:
        expect_refused(with_token(own, "revoked"), "The access token was revoked")
        with_token(own, "good").expect_status(200)


@behaviour("intra42.token.scope", needs=("data",))
def test_a_token_without_the_scope_public(intra42: Target) -> None:
    tokens = tokens_of(
        {"token": "narrow", "scopes": ["forum"]},
        {"token": "none", "scopes": []},
        {"token": "wide", "scopes": ["forum", "public"]},
    )
    action = "The action need the following scopes: [public]"
    challenge = f'Bearer realm="42 API", error="insufficient scope", error_description="{action}"'
    message = f"Insufficient scope. {action} (Access the user public data)"
    with school(intra42, credentials=tokens) as own:
        for token in ("narrow", "none"):
            for path in (SLOTS, "/v2/campus", f"{SLOTS}/graph"):
                answer = with_token(own, token, path).expect_status(403)
                answer.expect_json({"error": "Forbidden", "message": message})
                answer.expect_header("WWW-Authenticate", challenge)
                answer.expect_header("Cache-Control", "no-store")
        with_token(own, "wide").expect_status(200)


@behaviour("intra42.token.info")
def test_what_a_token_says_of_itself(intra42: Target) -> None:
    answer = intra42.get("/oauth/token/info").expect_status(200)
    info = answer.json
    keys = ["resource_owner_id", "scopes", "expires_in_seconds", "application", "created_at"]
    expect("the keys", keys, list(info))
    expect_that("the scopes", info["scopes"] and "public" in info["scopes"], "public", info)
    expect("the keys of the application", ["uid"], list(info["application"]))
    created = info["created_at"]
    expect_that("created_at", type(created) is int, "seconds since 1970", created)
    expect_that("created_at", created <= now(intra42).timestamp() + 10, "the past", created)
    if info["expires_in_seconds"] is not None:
        pass_time(intra42, 2)
        later = intra42.get("/oauth/token/info").expect_status(200).json
        fell = 1 <= info["expires_in_seconds"] - later["expires_in_seconds"] <= 60
        seen = later["expires_in_seconds"]
        expect_that("the seconds left", fell, f"less than {info['expires_in_seconds']}", seen)
        kept = {**info, "expires_in_seconds": seen}
        expect("the rest of what it says", kept, later)


@behaviour("intra42.token.info")
def test_the_token_of_an_application(intra42: Target) -> None:
    uid = intra42.credential("client_id")
    intra42.credential("client_secret")
    info = intra42.get("/oauth/token/info").expect_status(200).json
    expect_that("the application", info["application"] == {"uid": uid}, "the client's id", "other")
    expect("the owner", None, info["resource_owner_id"])
    left = info["expires_in_seconds"]
    expect_that("the seconds left", type(left) is int and 0 < left <= 7200, "to 7200", left)


@behaviour("intra42.token.info", needs=("data", "clock"))
def test_the_seconds_left(intra42: Target) -> None:
    attributes = {"created_at": "2026-05-01T08:00:00Z", "scopes": ["public", "forum"]}
    tokens = tokens_of(
        {"token": "t", "expires_in": 7200, **attributes}, {"token": "ever", **attributes}
    )
    with school(intra42, credentials=tokens, at="2026-05-01T08:10:00Z") as own:
        own.clock.freeze()
        expected = {
            "resource_owner_id": None,
            "scopes": ["public", "forum"],
            "expires_in_seconds": 6600,
            "application": {"uid": UID},
            "created_at": 1777622400,
        }
        with_token(own, "t", "/oauth/token/info").expect_status(200).expect_json(expected)
        own.clock.advance(timedelta(seconds=100))
        seen = with_token(own, "t", "/oauth/token/info").json["expires_in_seconds"]
        expect("the seconds left", 6500, seen)
        ever = with_token(own, "ever", "/oauth/token/info").expect_status(200).json
        expect("the seconds left of one that is good for ever", None, ever["expires_in_seconds"])


@behaviour("intra42.token.info.invalid", invalid=True)
def test_nothing_is_said_of_a_bad_token(intra42: Target) -> None:
    intra42.get("/oauth/token/info").expect_status(200)
    expected = {"error": "invalid_request", "error_description": INVALID_REQUEST}
    for auth in (False, "invalid"):
        answer = intra42.get("/oauth/token/info", auth=auth)
        answer.expect_status(401).expect_json(expected)


@behaviour("intra42.token.info.invalid", needs=("data",))
def test_nothing_is_said_of_a_token_that_was_good(intra42: Target) -> None:
    aged = {"token": "aged", "created_at": "2026-05-01T08:00:00Z", "expires_in": 60}
    tokens = tokens_of(aged, {"token": "revoked", "revoked": True})
    with school(intra42, credentials=tokens, at="2026-05-02T08:00:00Z") as own:
        for token in ("aged", "revoked"):
            answer = with_token(own, token, "/oauth/token/info").expect_status(401)
            expect("the error", "invalid_request", answer.json["error"])
        expect("how many slots there are", 0, total(own, SLOTS))
