"""What a person's token does, where the credentials of the run name a way to one."""

import re

from fake_server.contract import Target, behaviour, expect, expect_that, need

from . import keys
from .helpers import SLOTS, first_ones, known_ids, listed, page
from .oauth import KEYS, ask, expect_refused
from .persons import (
    by_person,
    client_of,
    code_of_person,
    decide,
    exchange_code,
    person_id,
    refresh_token,
    renewed,
    session,
    session_of,
    spent_code,
    with_scopes,
)
from .writers import DENIED

ASK_PROJECTS = (SLOTS, "/v2/me/slots")
MINE = ("/v2/me/slots", "/v2/me/scale_teams")
VERIFIER = "a-verifier-of-more-than-forty-three-characters"
WITH_ROLES = ("/v2/pools", "/v2/balances", "/v2/transactions", "/v2/exams/1/exams_users")
PATCHED = {"users": "", "campus_users": "", "cursus_users": "", "slots": "projects"}
"""The resources that an empty change asks for, and the scope that a person needs for it."""
_ACCESS, _REFRESH = "access_token", "refresh_token"


def _expect_other(what: str, first: object, second: object) -> None:
    expect_that(what, first != second, "another", "the same")


@behaviour("intra42.login.allowed")
def test_a_person_comes_back_with_a_code(intra42: Target) -> None:
    sent = decide(intra42, state="a b&c")
    expect("the parameters", ["code", "state"], list(sent))
    expect("the state", "a b&c", sent["state"])
    shape = re.fullmatch("[0-9a-f]{64}", sent["code"])
    expect_that("the code", shape, "64 hexadecimal digits", len(sent["code"]))


@behaviour("intra42.login.denied")
def test_a_person_comes_back_without_one(intra42: Target) -> None:
    sent = decide(intra42, state="s", _method="delete")
    expect("the parameters", ["error", "error_description", "state"], list(sent))
    expect("the error", ("access_denied", "s"), (sent["error"], sent["state"]))


@behaviour("intra42.login.pkce", invalid=True)
def test_a_challenge_wants_its_verifier(intra42: Target) -> None:
    challenge = {"code_challenge": VERIFIER, "code_challenge_method": "plain"}
    code = code_of_person(intra42, **challenge)
    for wrong in ({}, {"code_verifier": "nonsense"}):
        expect_refused(exchange_code(intra42, code, **wrong), "invalid_grant")
    session_of(intra42, exchange_code(intra42, code, code_verifier=VERIFIER))


@behaviour("intra42.login.same_token")
@behaviour("intra42.login.token_type")
def test_the_token_that_a_person_allows(intra42: Target) -> None:
    told = session(intra42).told
    need(told, "the answer with a person's token")
    expect("the keys", [*KEYS[:3], _REFRESH, *KEYS[3:]], list(told))
    expect("token_type", "bearer", told["token_type"])
    _expect_other("the token of the application", told[_ACCESS], intra42.credential("token"))


@behaviour("intra42.token.info")
def test_a_person_owns_the_token(intra42: Target) -> None:
    token = session(intra42).access_token
    info = by_person(intra42, token, "/oauth/token/info").expect_status(200).json
    names = ["resource_owner_id", "scopes", "expires_in_seconds", "application", "created_at"]
    expect("the keys", names, list(info))
    expect("the owner", person_id(intra42), info["resource_owner_id"])


@behaviour("intra42.me")
def test_a_person_is_the_owner(intra42: Target) -> None:
    token = session(intra42).access_token
    info = by_person(intra42, token, "/oauth/token/info").expect_status(200).json
    me = by_person(intra42, token, "/v2/me").expect_status(200).json
    expect("the id", info["resource_owner_id"], me["id"])
    expect("the keys", [*keys.USER, *keys.BELONGINGS], list(me))
    shown = by_person(intra42, token, f"/v2/users/{me['id']}").expect_status(200).json
    expect("the login", shown["login"], me["login"])


@behaviour("intra42.me.lists_of_nobody")
def test_an_application_has_no_lists_of_its_own(intra42: Target) -> None:
    intra42.credential("client_secret")
    page(intra42, SLOTS, {"per_page": 1})
    for path in MINE:
        intra42.get(path).expect_status(404).expect_json({})


@behaviour("intra42.login.scopes")
def test_slots_ask_a_scope_of_a_person(intra42: Target) -> None:
    token = with_scopes(intra42, "public")
    below = f"/v2/users/{person_id(intra42)}/slots"
    for path in (*ASK_PROJECTS, below):
        answer = by_person(intra42, token, path).expect_status(403)
        challenge = answer.headers.get("WWW-Authenticate", "")
        expect_that("the challenge", "[projects]" in challenge, "[projects]", challenge)
    by_person(intra42, token, "/v2/campus").expect_status(200)


@behaviour("intra42.slots.user.own")
@behaviour("intra42.slots.mine")
def test_a_person_sees_whose_the_own_slots_are(intra42: Target) -> None:
    token = with_scopes(intra42, "public", "projects")
    options = {"headers": {"Authorization": f"Bearer {token}"}, "auth": False}
    number = person_id(intra42)
    mine = listed(intra42, "/v2/me/slots", {"per_page": 100}, **options)
    need(mine, "a slot that the person offers")
    expect("who offers the own slots", {number}, {slot["user"]["id"] for slot in mine})
    shown = listed(intra42, SLOTS, {"per_page": 100}, **options)
    others = [slot["user"] for slot in shown if slot["user"] != "invisible"]
    expect(
        "who is visible beside the person", [], [user for user in others if user["id"] != number]
    )


@behaviour("intra42.scale_teams.mine")
def test_the_evaluations_of_a_person(intra42: Target) -> None:
    token = with_scopes(intra42, "public", "projects")
    options = {"headers": {"Authorization": f"Bearer {token}"}, "auth": False}
    number = person_id(intra42)
    for side, name in (("as_corrector", "corrector"), ("as_corrected", "correcteds")):
        shown = listed(intra42, f"/v2/me/scale_teams/{side}", {"per_page": 100}, **options)
        need(shown, f"an evaluation {side} of the person")
        people = [record[name] if side == "as_corrected" else [record[name]] for record in shown]
        for each in people:
            expect_that(name, number in [user["id"] for user in each], f"user {number}", each)


@behaviour("intra42.access.roles")
def test_a_person_has_no_role_of_an_application(intra42: Target) -> None:
    token = with_scopes(intra42, "public")
    require_no_roles(intra42)
    for path in WITH_ROLES:
        by_person(intra42, token, path).expect_status(403).expect_json(DENIED)


@behaviour("intra42.writes.access", needs=("writes",))
def test_an_empty_change_is_refused(intra42: Target) -> None:
    require_no_roles(intra42)
    for resource in PATCHED:
        path = first_path(intra42, resource)
        intra42.patch(path, json={}).expect_status(403).expect_json(DENIED)


@behaviour("intra42.writes.access", needs=("writes",))
def test_an_empty_change_asks_a_scope_of_a_person(intra42: Target) -> None:
    token = with_scopes(intra42, "public")
    headers = {"Authorization": f"Bearer {token}"}
    for resource, scope in PATCHED.items():
        path = first_path(intra42, resource)
        answer = intra42.patch(path, json={}, headers=headers, auth=False).expect_status(403)
        challenge = answer.headers.get("WWW-Authenticate")
        is_asked = f"[{scope}]" in (challenge or "") if scope else challenge is None
        expect_that("the challenge", is_asked, f"the scope {scope or 'of nothing'}", challenge)


def first_path(target: Target, resource: str) -> str:
    """Return the path of the first record of a resource."""
    numbers = known_ids(first_ones(target, f"/v2/{resource}"))
    need(numbers, f"a record in /v2/{resource}")
    return f"/v2/{resource}/{numbers[0]}"


def require_no_roles(target: Target) -> None:
    """Need an application without roles."""
    answer = page(target, "/v2/campus", {"per_page": 1})
    need(answer.headers.get("X-Application-Roles") == "None", "an application without roles")


@behaviour("intra42.login.code")
def test_a_code_is_good_once(intra42: Target) -> None:
    expect_refused(exchange_code(intra42, spent_code(intra42)), "invalid_grant")


@behaviour("intra42.login.refresh")
def test_a_refresh_token_is_good_once(intra42: Target) -> None:
    first = session(intra42)
    need(first.refresh_token, "a refresh token of a person")
    assert first.refresh_token is not None
    second = renewed(intra42, session_of(intra42, refresh_token(intra42, first.refresh_token)))
    _expect_other("the access token", first.access_token, second.access_token)
    _expect_other("the refresh token", first.refresh_token, second.refresh_token)
    by_person(intra42, second.access_token, "/v2/me").expect_status(200)
    by_person(intra42, first.access_token, "/v2/me").expect_status(401)
    expect_refused(refresh_token(intra42, first.refresh_token), "invalid_grant")


@behaviour("intra42.login.refresh.refused", invalid=True)
def test_a_refresh_for_more_or_by_nobody(intra42: Target) -> None:
    token = session(intra42).refresh_token
    need(token, "a refresh token of a person")
    assert token is not None
    expect_refused(refresh_token(intra42, "nonsense", client_secret="nonsense"), "invalid_grant")
    expect_refused(refresh_token(intra42, token, client_secret="nonsense"), "invalid_client")
    expect_refused(refresh_token(intra42, token, scope="public nonsense"), "invalid_scope")
    expect_refused(refresh_token(intra42, token, client_id="nonsense"), "invalid_client")


@behaviour("intra42.login.revoke")
def test_a_revoked_token_of_a_person(intra42: Target) -> None:
    intra42.credential("person")
    begun = session(intra42)
    answer = ask(intra42, {"token": begun.access_token, **client_of(intra42)}, "/oauth/revoke")
    intra42.grants.clear()
    answer.expect_status(200).expect_json({})
    by_person(intra42, begun.access_token, "/v2/me").expect_status(401)
    expect_refused(refresh_token(intra42, begun.refresh_token or ""), "invalid_grant")
