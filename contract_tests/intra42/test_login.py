"""A person who allows an application, and what the person's token does."""

import base64
import hashlib
import re
from datetime import timedelta
from typing import Any

from fake_server.contract import Answer, Target, behaviour, expect, expect_that

from .helpers import SLOTS, listed, now, school
from .login import (
    ASKED,
    AUTHORIZE,
    CLIENT,
    HOME,
    PEOPLE,
    SCOPED,
    as_person,
    authorize,
    code_of,
    exchange,
    people,
    refresh,
    sent_back,
    token_of,
)
from .oauth import ask, expect_refused

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"


@behaviour("intra42.login.allowed", needs=("data",))
def test_a_person_allows_an_application(intra42: Target) -> None:
    with people(intra42) as own:
        answer = authorize(own, state="a b&c", redirect_uri=f"{HOME}?next=x")
        sent = sent_back(answer)
        expect("the parameters", ["next", "code", "state"], list(sent))
        expect("the state", "a b&c", sent["state"])
        code = sent["code"]
        expect_that("the code", re.fullmatch("[0-9a-f]{64}", code), "64 hexadecimal digits", code)
        started = answer.headers.get("Location", "").startswith(f"{HOME}?next=x&code=")
        expect_that("the address", started, f"{HOME}?next=x&code=", answer.headers.get("Location"))
        expect("the parameters without a state", ["code"], list(sent_back(authorize(own))))


@behaviour("intra42.login.denied", needs=("data",))
def test_a_person_denies_an_application(intra42: Target) -> None:
    with people(intra42, {"deny": True}) as own:
        text = "The+resource+owner+or+authorization+server+denied+the+request."
        expected = f"{HOME}?error=access_denied&error_description={text}&state=s"
        authorize(own, state="s").expect_status(302).expect_header("Location", expected)


@behaviour("intra42.login.consent", needs=("data", "clock"))
def test_consent_is_asked_once(intra42: Target) -> None:
    with people(intra42, None) as own:
        person = {"fake_person": "ada"}
        authorize(own, **person).expect_status(200)
        form = {**ASKED, **person}
        code = sent_back(ask(own, form, AUTHORIZE))["code"]
        exchange(own, code=code).expect_status(200)
        authorize(own, **person).expect_status(302)
        authorize(own, fake_person="grace").expect_status(200)
        authorize(own, **person, scope="public projects").expect_status(200)
        authorize(own, **person, client_id="other").expect_status(200)
        own.clock.advance(timedelta(hours=2))
        authorize(own, **person).expect_status(200)


def expect_nobody_is_asked(answer: Answer, text: str) -> None:
    """Assert a page with a sentence, which sends nobody anywhere."""
    answer.expect_status(200)
    expect("the address", None, answer.headers.get("Location"))
    expect_that("the page", text in answer.text, text, answer.text)


@behaviour("intra42.login.page.error", needs=("data",))
def test_requests_that_nobody_is_asked_about(intra42: Target) -> None:
    texts = {
        "response_type": ("token", "does not support this response type"),
        "client_id": ("nonsense", "Client authentication failed"),
        "scope": ("nonsense", "The requested scope is invalid"),
        "redirect_uri": ("https://example.org/", "The redirect uri included is not valid."),
    }
    with people(intra42) as own:
        wrong = {name: value for name, (value, _) in texts.items()}
        for name, (value, text) in texts.items():
            expect_nobody_is_asked(authorize(own, **{name: value}), text)
            expect_nobody_is_asked(authorize(own, **wrong), text)
            del wrong[name]


@behaviour("intra42.login.redirect_uri", needs=("data",))
def test_the_redirect_uris_of_an_application(intra42: Target) -> None:
    uris = ["https://example.org/back", "app.own://back"]
    with people(intra42, redirect_uris=uris) as own:
        for good in (*uris, f"{uris[0]}?x=1"):
            authorize(own, redirect_uri=good).expect_status(302)
        for bad in (
            HOME,
            "http://example.org/back",
            "https://example.org/back/",
            "https://example.org:444/back",
            f"{uris[0]}#x",
            "",
        ):
            authorize(own, redirect_uri=bad).expect_status(200)
    with people(intra42) as own:
        for bad in ("javascript://localhost/%0ax", "data://localhost/x", f"{HOME}#x"):
            authorize(own, redirect_uri=bad).expect_status(200)


@behaviour("intra42.login.redirect_uri.loopback", needs=("data",))
def test_redirect_uris_of_this_machine(intra42: Target) -> None:
    good = (
        "http://localhost",
        "https://localhost:5173/x",
        "http://127.0.0.1:8000/",
        "http://[::1]/",
    )
    with people(intra42) as own:
        for uri in good:
            authorize(own, redirect_uri=uri).expect_status(302)
        for uri in (
            "http://localhost.example.org/",
            "http://localhost@example.org/",
            "http://10.0.0.1/",
        ):
            authorize(own, redirect_uri=uri).expect_status(200)
    with people(intra42, loopback_redirects=False) as own:
        authorize(own, redirect_uri=good[0]).expect_status(200)


@behaviour("intra42.login.redirect_uri.out_of_band", needs=("data",))
def test_a_code_that_is_copied(intra42: Target) -> None:
    with people(intra42, redirect_uris=[OUT_OF_BAND]) as own:
        page = authorize(own, redirect_uri=OUT_OF_BAND).expect_status(200)
        shown = re.search(r"\b[0-9a-f]{64}\b", page.text)
        expect_that("the page", shown, "a code", page.text)
        code = shown[0] if shown else ""
        exchange(own, code=code, redirect_uri=OUT_OF_BAND).expect_status(200)


@behaviour("intra42.login.code", needs=("data", "clock"))
def test_what_a_code_is_good_for(intra42: Target) -> None:
    with people(intra42) as own:
        code = code_of(own)
        client = {"client_id": "other", "client_secret": "other"}
        for wrong in ({"code": "nonsense"}, {"redirect_uri": f"{HOME}/"}, client):
            expect_refused(exchange(own, **{"code": code, **wrong}), "invalid_grant")
        later = code_of(own)
        own.clock.advance(timedelta(seconds=599))
        exchange(own, code=code).expect_status(200)
        expect_refused(exchange(own, code=code), "invalid_grant")
        own.clock.advance(timedelta(seconds=1))
        expect_refused(exchange(own, code=later), "invalid_grant")


@behaviour("intra42.login.code", invalid=True)
def test_a_code_that_nobody_gave(intra42: Target) -> None:
    params = {
        "grant_type": "authorization_code",
        "client_id": intra42.credential("client_id"),
        "client_secret": intra42.credential("client_secret"),
        "code": "nonsense",
        "redirect_uri": HOME,
    }
    expect_refused(ask(intra42, params), "invalid_grant")


@behaviour("intra42.login.code.order", invalid=True)
def test_the_order_in_which_a_code_is_checked(intra42: Target) -> None:
    uid = intra42.credential("client_id")
    wrong = {"grant_type": "authorization_code", "client_id": uid, "client_secret": "nonsense"}
    expect_refused(ask(intra42, {**wrong, "code": "nonsense"}), "invalid_request")
    expect_refused(ask(intra42, {**wrong, "code": "x", "redirect_uri": HOME}), "invalid_client")


@behaviour("intra42.login.same_token", needs=("data", "clock"))
def test_a_token_of_a_person(intra42: Target) -> None:
    with people(intra42) as own:
        first = token_of(own)
        keys = ["access_token", "token_type", "expires_in", "refresh_token", "scope"]
        expect("the keys", [*keys, "created_at", "secret_valid_until"], list(first))
        expect("created_at", int(now(own).timestamp()), first["created_at"])
        own.clock.advance(timedelta(seconds=100))
        expect("the token, asked for again", {**first, "expires_in": 7100}, token_of(own))
        info = as_person(own, first["access_token"], "/oauth/token/info").expect_status(200).json
        expect("the owner", 101, info["resource_owner_id"])
        wider = token_of(own, scope="public projects")
        differs = wider["access_token"] != first["access_token"]
        expect_that("the token for other scopes", differs, "another", "the same")
        plain = ask(own, {"grant_type": "client_credentials", **CLIENT}).expect_status(200).json
        expect("the refresh token of an application", None, plain.get("refresh_token"))
        differs = plain["access_token"] != first["access_token"]
        expect_that("the token of the application", differs, "another", "the same")


@behaviour("intra42.login.token_type", needs=("data",))
def test_the_token_type_of_a_person(intra42: Target) -> None:
    with people(intra42) as own:
        expect("token_type", "bearer", token_of(own)["token_type"])


@behaviour("intra42.login.refresh", needs=("data", "clock"))
def test_a_refresh_token(intra42: Target) -> None:
    with people(intra42) as own:
        first = token_of(own, scope="public projects")
        own.clock.advance(timedelta(hours=3))
        second = refresh(own, first["refresh_token"]).expect_status(200).json
        expect("expires_in", 7200, second["expires_in"])
        expect("the scopes", "public projects", second["scope"])
        for name in ("access_token", "refresh_token"):
            expect_that(name, second[name] != first[name], "another", "the same")
        as_person(own, second["access_token"]).expect_status(200)
        expect_refused(refresh(own, first["refresh_token"]), "invalid_grant")
        third = refresh(own, second["refresh_token"], scope="public").expect_status(200).json
        expect("the scopes", "public", third["scope"])
        as_person(own, second["access_token"]).expect_status(401)
        as_person(own, third["access_token"]).expect_status(200)


@behaviour("intra42.login.refresh.refused", needs=("data",))
def test_refresh_tokens_that_are_not_good(intra42: Target) -> None:
    with people(intra42) as own:
        text = token_of(own)["refresh_token"]
        client = {"client_id": "other", "client_secret": "other"}
        expect_refused(refresh(own, "", client_secret="nonsense"), "invalid_request")
        expect_refused(refresh(own, "nonsense", client_secret="nonsense"), "invalid_grant")
        expect_refused(refresh(own, text, client_secret="nonsense"), "invalid_client")
        expect_refused(refresh(own, text, **client), "invalid_grant")
        expect_refused(refresh(own, text, scope="public projects"), "invalid_scope")
        refresh(own, text).expect_status(200)


@behaviour("intra42.login.revoke", needs=("data",))
def test_tokens_are_revoked(intra42: Target) -> None:
    stranger = {"client_id": "other", "client_secret": "other"}
    with people(intra42) as own:
        for name in ("access_token", "refresh_token"):
            token = token_of(own)
            for client in ({}, stranger, {**CLIENT, "client_secret": "nonsense"}):
                revoke(own, token[name], client)
            as_person(own, token["access_token"]).expect_status(200)
            revoke(own, token[name], CLIENT)
            as_person(own, token["access_token"]).expect_status(401)
            expect_refused(refresh(own, token["refresh_token"]), "invalid_grant")


def revoke(target: Target, text: str, client: dict[str, str]) -> None:
    """Ask for the end of a token, which is answered with an empty object."""
    answer = ask(target, {"token": text, **client}, "/oauth/revoke")
    answer.expect_status(200).expect_json({})


@behaviour("intra42.login.pkce", needs=("data",))
def test_the_verifier_of_a_challenge(intra42: Target) -> None:
    verifier = "a-verifier-of-more-than-forty-three-characters"
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode()
    challenges = {"plain": verifier, "S256": digest.rstrip("=")}
    with people(intra42) as own:
        for method, challenge in challenges.items():
            challenged = {"code_challenge": challenge, "code_challenge_method": method}
            code = code_of(own, **challenged)
            expect_refused(exchange(own, code=code), "invalid_grant")
            expect_refused(exchange(own, code=code, code_verifier="nonsense"), "invalid_grant")
            exchange(own, code=code, code_verifier=verifier).expect_status(200)


@behaviour("intra42.login.scopes", needs=("data",))
def test_the_scope_that_slots_ask_of_a_person(intra42: Target) -> None:
    with people(intra42) as own:
        public = token_of(own)["access_token"]
        both = token_of(own, scope="public projects")["access_token"]
        for path in (SLOTS, "/v2/users/ada/slots"):
            answer = as_person(own, public, path).expect_status(403)
            challenge = answer.headers.get("WWW-Authenticate", "")
            expect_that("the challenge", "[projects]" in challenge, "[projects]", challenge)
            as_person(own, both, path).expect_status(200)
        as_person(own, public, "/v2/campus").expect_status(200)


@behaviour("intra42.slots.user.own", needs=("data",))
def test_a_person_sees_own_slots(intra42: Target) -> None:
    times = {"begin_at": "2026-05-02T08:00:00Z", "end_at": "2026-05-02T08:15:00Z"}
    slots = {"records": [{"id": 1, "user_id": 101, **times}, {"id": 2, "user_id": 102, **times}]}
    credentials = {"applications": [SCOPED]}
    sections: dict[str, Any] = {"users": PEOPLE, "login": "ada", "slots": slots}
    with school(intra42, credentials=credentials, **sections) as own:
        token = token_of(own, scope="public projects")["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        seen = {
            slot["id"]: slot["user"] for slot in listed(own, SLOTS, headers=headers, auth=False)
        }
        expect("the login of the user of an own slot", "ada", seen[1]["login"])
        expect("the user of another's slot", "invisible", seen[2])


@behaviour("intra42.me", needs=("data",))
def test_who_a_person_is(intra42: Target) -> None:
    for login, number in (("ada", 101), ("grace", 102)):
        with people(intra42, login) as own:
            me = as_person(own, token_of(own)["access_token"]).expect_status(200).json
            expect("the user", (number, login), (me["id"], me["login"]))


@behaviour("intra42.me.application")
def test_an_application_is_nobody(intra42: Target) -> None:
    intra42.credential("client_secret")
    answer = intra42.get("/v2/me").expect_status(404).expect_json({})
    shown = answer.headers.get("X-Application-Id")
    expect_that("X-Application-Id", shown, "the application's id", shown)
