"""Getting a token."""

import base64
import re
from datetime import timedelta
from typing import Any
from urllib.parse import quote_plus

from fake_server.contract import Answer, Target, behaviour, expect, expect_that, need

from .helpers import SLOTS, now, page, pass_time, school
from .oauth import APPLICATION, GRANT, KEYS, TOKEN, ask, expect_refused

PATHS = (TOKEN, "/v2/oauth/token")


def client(target: Target, **more: Any) -> dict[str, str]:
    """Return the parameters with which the target's application asks for a token."""
    return {
        "grant_type": GRANT,
        "client_id": target.credential("client_id"),
        "client_secret": target.credential("client_secret"),
        **more,
    }


def basic(uid: str, secret: str) -> dict[str, str]:
    """Return the header by which a client says who it is."""
    pair = base64.b64encode(f"{uid}:{secret}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


def need_refusals(target: Target) -> None:
    """Need a service that does not give the same to anybody, as far as this run may ask."""
    if target.rules.allow_invalid:
        wrong = ask(target, client(target, client_secret="nonsense"))
        need(wrong.status == 401, "a service that refuses a wrong secret")


def token_of(answer: Answer) -> str:
    """Return the token that an answer gives."""
    token: str = answer.expect_status(200).json["access_token"]
    return token


@behaviour("intra42.oauth.token")
def test_a_token_is_given(intra42: Target) -> None:
    need_refusals(intra42)
    answer = ask(intra42, client(intra42)).expect_status(200)
    told = answer.json
    expect("the keys", KEYS, list(told))
    shape = re.fullmatch(r"[0-9a-f]{64}", told["access_token"])
    expect_that("the token", shape, "64 hexadecimal digits", len(told["access_token"]))
    left = told["expires_in"]
    expect_that("expires_in", type(left) is int and 0 < left <= 7200, "1 to 7200", left)
    expect("the scope", "public", told["scope"])
    drift = abs(now(intra42).timestamp() - told["created_at"] - (7200 - left))
    expect_that("created_at", drift < 60, "when its 7200 seconds began", told["created_at"])
    answer.expect_header("Content-Type", "application/json; charset=utf-8")
    answer.expect_header("Cache-Control", "no-store").expect_header("Pragma", "no-cache")
    headers = {"Authorization": f"Bearer {told['access_token']}"}
    page(intra42, SLOTS, {"per_page": 1}, headers=headers, auth=False)


@behaviour("intra42.oauth.token", needs=("data", "clock"))
def test_a_token_is_good_for_two_hours(intra42: Target) -> None:
    with school(intra42, at="2026-05-01T08:00:00Z") as own:
        own.clock.freeze()
        own.clock.advance(timedelta(hours=3))
        told = ask(own, client(own)).expect_status(200).json
        expect("expires_in", 7200, told["expires_in"])
        expect("created_at", int(own.now().timestamp()), told["created_at"])
        headers = {"Authorization": f"Bearer {told['access_token']}"}
        own.clock.advance(timedelta(seconds=7199))
        page(own, SLOTS, headers=headers, auth=False)
        own.clock.advance(timedelta(seconds=1))
        own.get(SLOTS, headers=headers, auth=False).expect_status(401)


@behaviour("intra42.oauth.alias")
def test_another_path_does_the_same(intra42: Target) -> None:
    first, second = (ask(intra42, client(intra42), path).expect_status(200) for path in PATHS)
    expect("the keys", list(first.json), list(second.json))
    same = first.json["access_token"] == second.json["access_token"]
    expect_that("the token", same, "the same", "another")


@behaviour("intra42.oauth.alias", invalid=True)
def test_another_path_refuses_the_same(intra42: Target) -> None:
    expect_refused(ask(intra42, {"grant_type": "password"}, PATHS[1]), "unsupported_grant_type")


def multipart(params: dict[str, str]) -> tuple[dict[str, str], bytes]:
    """Return headers and body of parameters sent as multipart."""
    parts = [
        f'--edge\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in params.items()
    ]
    body = "".join(parts) + "--edge--\r\n"
    return {"Content-Type": "multipart/form-data; boundary=edge"}, body.encode()


@behaviour("intra42.oauth.forms")
def test_the_forms_of_the_parameters(intra42: Target) -> None:
    need_refusals(intra42)
    params = client(intra42)
    expected = token_of(ask(intra42, params))
    headers, body = multipart(params)
    identity = basic(params["client_id"], params["client_secret"])
    answers = {
        "multipart": intra42.post(TOKEN, headers=headers, body=body, auth=False),
        "JSON": intra42.post(TOKEN, json=params, auth=False),
        "query": intra42.post(TOKEN, params=params, auth=False),
        "Basic": ask(intra42, {"grant_type": GRANT}, **identity),
        "Basic and form": ask(intra42, params, **identity),
    }
    for form, answer in answers.items():
        expect_that(f"the token by {form}", token_of(answer) == expected, "the same", "another")


@behaviour("intra42.oauth.basic", invalid=True)
def test_basic_rules_unless_half_of_it_is_empty(intra42: Target) -> None:
    params = client(intra42)
    uid, secret = params["client_id"], params["client_secret"]
    expected = token_of(ask(intra42, params))
    right = {
        "form-encoded": ask(
            intra42, {"grant_type": GRANT}, **basic(*map(quote_plus, (uid, secret)))
        ),
        "right, the parameters wrong": ask(
            intra42, {**params, "client_secret": "nonsense"}, **basic(uid, secret)
        ),
        "without a secret": ask(intra42, params, **basic(uid, "")),
        "without an id": ask(intra42, params, **basic("", secret)),
    }
    for form, answer in right.items():
        expect_that(f"the token, Basic {form}", token_of(answer) == expected, "the same", "another")
    expect_refused(ask(intra42, params, **basic(uid, "nonsense")), "invalid_client")
    expect_refused(ask(intra42, {"grant_type": GRANT}, **basic(uid, "")), "invalid_client")


@behaviour("intra42.oauth.bearer_ignored", invalid=True)
def test_a_bearer_token_is_ignored(intra42: Target) -> None:
    expected = token_of(ask(intra42, client(intra42)))
    for sent in ("token_dummy", intra42.credential("token")):
        seen = token_of(ask(intra42, client(intra42), Authorization=f"Bearer {sent}"))
        expect_that("the token", seen == expected, "the same", "another")
    only = ask(intra42, {"grant_type": GRANT}, Authorization=f"Bearer {expected}")
    expect_refused(only, "invalid_client")


@behaviour("intra42.oauth.same_token")
def test_the_same_token_comes_back(intra42: Target) -> None:
    first, second = (ask(intra42, client(intra42)).expect_status(200).json for _ in range(2))
    same = first["access_token"] == second["access_token"]
    expect_that("the token", same, "the same", "another")
    expect("created_at", first["created_at"], second["created_at"])
    pass_time(intra42, 2)
    second = ask(intra42, client(intra42)).expect_status(200).json
    same = first["access_token"] == second["access_token"]
    need(same or first["expires_in"] < 60, "a token that does not expire just now")
    less = 1 <= first["expires_in"] - second["expires_in"] < 60
    expect_that("the time left", less, f"less than {first['expires_in']}", second["expires_in"])


@behaviour("intra42.oauth.same_token", needs=("data", "clock"))
def test_a_token_lasts_until_it_expires(intra42: Target) -> None:
    with school(intra42, at="2026-05-01T08:00:00Z") as own:
        own.clock.freeze()
        own.clock.advance(timedelta(hours=3))
        first = ask(own, client(own)).expect_status(200).json
        own.clock.advance(timedelta(seconds=7100))
        second = ask(own, client(own)).expect_status(200).json
        same = first["access_token"] == second["access_token"]
        expect_that("the token", same, "the same", "another")
        expect("the time left", 100, second["expires_in"])
        own.clock.advance(timedelta(seconds=100))
        new = ask(own, client(own)).expect_status(200).json
        differs = new["access_token"] != first["access_token"]
        expect_that("the token after it expired", differs, "another", "the same")
        expect("the time left", 7200, new["expires_in"])


@behaviour("intra42.oauth.same_token.scopes", needs=("data",))
def test_scopes_in_another_order_are_the_same(intra42: Target) -> None:
    credentials = {"applications": [{**APPLICATION, "scopes": ["public", "projects", "forum"]}]}
    with school(intra42, credentials=credentials) as own:
        orders = ("public projects", "projects public", "projects public projects")
        tokens = {token_of(ask(own, client(own, scope=scope))) for scope in orders}
        expect("how many tokens", 1, len(tokens))
        narrower = token_of(ask(own, client(own, scope="projects")))
        expect_that("the token for fewer scopes", narrower not in tokens, "another", "the same")


@behaviour("intra42.oauth.token_type")
def test_the_token_type(intra42: Target) -> None:
    expect("token_type", "bearer", ask(intra42, client(intra42)).json["token_type"])


@behaviour("intra42.oauth.token_type", live=True)
def test_the_token_type_with_a_capital(intra42: Target) -> None:
    expect("token_type", "Bearer", ask(intra42, client(intra42)).json["token_type"])


@behaviour("intra42.oauth.secret_valid_until")
def test_when_the_secret_ends(intra42: Target) -> None:
    seen = ask(intra42, client(intra42)).expect_status(200).json["secret_valid_until"]
    right = seen is None or (type(seen) is int and seen > now(intra42).timestamp())
    expect_that("secret_valid_until", right, "null or a time to come", seen)


@behaviour("intra42.oauth.secret_valid_until", needs=("data",))
def test_a_secret_that_ends(intra42: Target) -> None:
    for ends, expected in (("2026-12-31T23:59:59Z", 1798761599), (None, None)):
        credentials = {"applications": [{**APPLICATION, "secret_valid_until": ends}]}
        with school(intra42, credentials=credentials) as own:
            seen = ask(own, client(own)).expect_status(200).json["secret_valid_until"]
            expect("secret_valid_until", expected, seen)


@behaviour("intra42.oauth.secret_ended", needs=("data", "clock"))
def test_a_secret_that_has_ended(intra42: Target) -> None:
    credentials = {"applications": [{**APPLICATION, "secret_valid_until": "2026-05-01T09:00:00Z"}]}
    with school(intra42, at="2026-05-01T08:59:59Z", credentials=credentials) as own:
        own.clock.freeze()
        token = token_of(ask(own, client(own)))
        own.clock.advance(timedelta(seconds=1))
        expect_refused(ask(own, client(own)), "invalid_client")
        headers = {"Authorization": f"Bearer {token}"}
        own.get(SLOTS, headers=headers, auth=False).expect_status(200)


@behaviour("intra42.oauth.scope")
def test_no_scope_means_public(intra42: Target) -> None:
    need_refusals(intra42)
    expected = token_of(ask(intra42, client(intra42)))
    for scope in ("public", "", "public public"):
        told = ask(intra42, client(intra42, scope=scope)).expect_status(200).json
        expect(f"the scope for {scope!r}", "public", told["scope"])
        same = told["access_token"] == expected
        expect_that("the token", same, "the same", "another")


@behaviour("intra42.oauth.scope", needs=("data",))
def test_several_scopes(intra42: Target) -> None:
    credentials = {"applications": [{**APPLICATION, "scopes": ["public", "projects", "forum"]}]}
    with school(intra42, credentials=credentials) as own:
        tokens = []
        for scope in ("forum public", "projects", "public"):
            told = ask(own, client(own, scope=scope)).expect_status(200).json
            expect("the scope", sorted(scope.split()), sorted(told["scope"].split()))
            headers = {"Authorization": f"Bearer {told['access_token']}"}
            info = own.get("/oauth/token/info", headers=headers, auth=False).expect_status(200)
            expect("its scopes", sorted(scope.split()), sorted(info.json["scopes"]))
            tokens.append(told["access_token"])
        expect("how many tokens there are", 3, len(set(tokens)))


@behaviour("intra42.oauth.invalid_scope", invalid=True)
def test_scopes_that_may_not_be_asked_for(intra42: Target) -> None:
    for scope in ("nonsense", "public nonsense", "PUBLIC", "public,projects"):
        expect_refused(ask(intra42, client(intra42, scope=scope)), "invalid_scope")


@behaviour("intra42.oauth.invalid_scope", needs=("data",))
def test_scopes_of_another_application(intra42: Target) -> None:
    application = {"uid": "other", "secret": "other", "scopes": ["public", "tig"]}
    with school(intra42, credentials={"applications": [APPLICATION, application]}) as own:
        expect_refused(ask(own, client(own, scope="tig")), "invalid_scope")
        ask(own, {**_client_of(application), "scope": "tig"}).expect_status(200)


def _client_of(application: dict[str, Any]) -> dict[str, str]:
    return {
        "grant_type": GRANT,
        "client_id": application["uid"],
        "client_secret": application["secret"],
    }


@behaviour("intra42.oauth.invalid_client", invalid=True)
def test_unknown_clients(intra42: Target) -> None:
    params = client(intra42)
    token_of(ask(intra42, params))
    for wrong in (
        {"client_secret": "nonsense"},
        {"client_id": "nonsense"},
        {"client_secret": params["client_secret"][:-1]},
        {"client_secret": ""},
    ):
        expect_refused(ask(intra42, params | wrong), "invalid_client")
    expect_refused(ask(intra42, {"grant_type": GRANT}), "invalid_client")
    wrong = basic(params["client_id"], "nonsense")
    expect_refused(ask(intra42, {"grant_type": GRANT}, **wrong), "invalid_client")


@behaviour("intra42.oauth.grant_type.missing", invalid=True)
def test_no_grant_type(intra42: Target) -> None:
    params = client(intra42)
    token_of(ask(intra42, params))
    del params["grant_type"]
    expect_refused(ask(intra42, params), "invalid_request")
    expect_refused(ask(intra42, {}), "invalid_request")


@behaviour("intra42.oauth.grant_type.unsupported", invalid=True)
def test_other_grant_types(intra42: Target) -> None:
    for grant in ("password", "implicit", "Client_Credentials", "nonsense"):
        expect_refused(ask(intra42, client(intra42, grant_type=grant)), "unsupported_grant_type")


@behaviour("intra42.oauth.invalid_grant", invalid=True)
def test_grants_of_users(intra42: Target) -> None:
    for grant, more in (
        ("authorization_code", {"code": "nonsense", "redirect_uri": "https://example.org"}),
        ("refresh_token", {"refresh_token": "nonsense"}),
    ):
        expect_refused(ask(intra42, client(intra42, grant_type=grant, **more)), "invalid_grant")
        expect_refused(ask(intra42, client(intra42, grant_type=grant)), "invalid_request")
