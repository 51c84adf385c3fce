"""Tokens."""

import base64

from fake_server.contract import Target, behaviour, expect_that, need

from .helpers import AVAILABILITIES

UNAUTHORIZED = {"errors": ["Bad credentials"]}


def authorized(target: Target, header: str, *, query: str = "") -> int:
    """Return the status of a request with that Authorization header."""
    headers = {"Authorization": header} if header else {}
    path = f"{AVAILABILITIES}?per_page=1{query}"
    return target.get(path, headers=headers, auth=False).status


@behaviour("fabmanager.auth.token")
def test_a_token_is_needed(fabmanager: Target) -> None:
    fabmanager.get(AVAILABILITIES).expect_status(200)
    fabmanager.get(AVAILABILITIES, auth=False).expect_status(401)


@behaviour("fabmanager.auth.token", invalid=True)
def test_another_token_does_not_do(fabmanager: Target) -> None:
    token = fabmanager.credential("token")
    fabmanager.get(AVAILABILITIES, auth="invalid").expect_status(401)
    need(token.swapcase() != token, "a token with letters")
    status = authorized(fabmanager, f"Token {token.swapcase()}")
    expect_that("the token in the other case", status == 401, "401", status)


@behaviour("fabmanager.auth.forms")
def test_every_form_is_understood(fabmanager: Target) -> None:
    token = fabmanager.credential("token")
    status = authorized(fabmanager, "")
    need(status == 401, "a service that asks for a token")
    for scheme in ("Token", "Bearer"):
        for form in (
            "token={}",
            'token="{}"',
            "{}",
            "token={}, foo=1",
            "token={}; foo=1",
            "token={}\tfoo=1",
        ):
            status = authorized(fabmanager, f"{scheme} {form.format(token)}")
            expect_that(f"{scheme} {form}", status == 200, "200", status)


@behaviour("fabmanager.auth.rejected", invalid=True)
def test_other_forms_are_rejected(fabmanager: Target) -> None:
    token = fabmanager.credential("token")
    basic = base64.b64encode(f"{token}:".encode()).decode()
    for form in (
        f"token {token}",
        f"bearer {token}",
        f"Basic {basic}",
        token,
        f"Token token='{token}'",
        "Token ",
        "Token token=",
    ):
        status = authorized(fabmanager, form)
        expect_that("another form", status == 401, "401", status)
    status = authorized(fabmanager, "", query=f"&token={token}")
    expect_that("the token in the query", status == 401, "401", status)


@behaviour("fabmanager.auth.unauthorized", invalid=True)
def test_the_answer_without_a_token(fabmanager: Target) -> None:
    for accepted in ("application/json", "text/html"):
        for auth in (False, "invalid"):
            answer = fabmanager.get(AVAILABILITIES, headers={"Accept": accepted}, auth=auth)
            answer.expect_status(401).expect_json(UNAUTHORIZED)
            answer.expect_header("Content-Type", "application/json; charset=utf-8")
            answer.expect_header("Cache-Control", "no-cache")
            answer.expect_header("WWW-Authenticate", None)


@behaviour("fabmanager.auth.first", invalid=True)
def test_the_token_is_asked_for_before_accept(fabmanager: Target) -> None:
    answer = fabmanager.get(AVAILABILITIES, headers={"Accept": "text/html"}, auth="invalid")
    answer.expect_status(401).expect_json(UNAUTHORIZED)


@behaviour("fabmanager.auth.first", invalid=True)
def test_the_token_is_asked_for_before_parameters(fabmanager: Target) -> None:
    for query in ("after=nonsense", "page=nonsense", "after[]=1", "id[a]=1"):
        fabmanager.get(f"{AVAILABILITIES}?{query}", auth="invalid").expect_status(401)
