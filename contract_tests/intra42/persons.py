"""The person for whom a run acts, where its credentials name a way to a token of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from fake_server.contract import Answer, Target, need

from .oauth import ask

AUTHORIZE = "/oauth/authorize"
HOME = "http://localhost:3000/callback"
_WAYS = ("person", "person_code", "person_refresh_token", "person_token")
_GRANT = "the person's token"


@dataclass(frozen=True, slots=True)
class PersonTokens:
    """A token of a person.

    - `refresh_token`: None where the run has the access token alone.
    - `told`: the answer with the token; {} where the run was started with it.
    """

    access_token: str
    refresh_token: str | None
    told: Mapping[str, Any]


def client_of(target: Target) -> dict[str, str]:
    """Return the id and the secret of the target's application, as a form has them."""
    return {name: target.credential(name) for name in ("client_id", "client_secret")}


def decide(target: Target, scope: str = "public", **more: str) -> dict[str, str]:
    """Return the parameters with which a person is sent back who decides by the form of the page.

    The page is not asked for: that of a live service asks for a password as well.
    """
    form = {
        "client_id": target.credential("client_id"),
        "redirect_uri": _redirect_uri(target),
        "response_type": "code",
        "scope": scope,
        "fake_person": target.credential("person"),
        **more,
    }
    answer = ask(target, form, AUTHORIZE)
    need(answer.status == 302, "a person who logs in without a browser")
    sent = dict(parse_qsl(urlsplit(answer.headers.get("Location", "")).query))
    target.mask("person_code", sent.get("code", ""))
    return sent


def code_of_person(target: Target, scope: str = "public", **more: str) -> str:
    """Return a new code of the person who logs in."""
    return decide(target, scope, **more).get("code", "")


def exchange_code(target: Target, code: str, **more: str) -> Answer:
    """Send a code for the token that it is good for."""
    form = {"grant_type": "authorization_code", "redirect_uri": _redirect_uri(target)}
    return ask(target, {**form, **client_of(target), "code": code, **more})


def refresh_token(target: Target, token: str, **more: str) -> Answer:
    """Send a refresh token for a new token."""
    form = {"grant_type": "refresh_token", "refresh_token": token}
    return ask(target, {**form, **client_of(target), **more})


def session_of(target: Target, answer: Answer) -> PersonTokens:
    """Return the session that the answer to a token request begins; its tokens are masked."""
    told = answer.expect_status(200).json
    for name in ("access_token", "refresh_token"):
        if isinstance(told.get(name), str):
            target.mask(f"person_{name}", told[name])
    return PersonTokens(told["access_token"], told.get("refresh_token"), told)


def session(target: Target) -> PersonTokens:
    """Return the session of the run's person, which the first call begins.

    Raises `NotShownError` where the credentials name no way to a token of a person.
    """
    if _GRANT not in target.grants:
        target.grants[_GRANT] = _begun(target)
    begun: PersonTokens = target.grants[_GRANT]
    return begun


def renewed(target: Target, session: PersonTokens) -> PersonTokens:
    """Note the session that takes the place of the run's session."""
    target.grants[_GRANT] = session
    return session


def _begun(target: Target) -> PersonTokens:
    way = next((name for name in _WAYS if target.has_credential(name)), _WAYS[-1])
    value = target.credential(way)
    if way == "person_token":
        return PersonTokens(value, None, {})
    if way == "person_refresh_token":
        return session_of(target, refresh_token(target, value))
    code = value if way == "person_code" else code_of_person(target)
    return session_of(target, exchange_code(target, code))


def spent_code(target: Target) -> str:
    """Return the code that the run's session began with, or one that was exchanged just now."""
    if target.has_credential("person"):
        code = code_of_person(target)
        exchange_code(target, code).expect_status(200)
        return code
    code = target.credential("person_code")
    session(target)
    return code


def with_scopes(target: Target, *scopes: str) -> str:
    """Return an access token of the person with just these scopes."""
    if target.has_credential("person"):
        answer = exchange_code(target, code_of_person(target, " ".join(scopes)))
        return session_of(target, answer).access_token
    token = session(target).access_token
    info = by_person(target, token, "/oauth/token/info").expect_status(200).json
    need(
        {*info["scopes"]} == {*scopes}, f"a person's token with the scope {' '.join(scopes)} alone"
    )
    return token


def by_person(target: Target, token: str, path: str) -> Answer:
    """Get something with the token of a person."""
    return target.get(path, headers={"Authorization": f"Bearer {token}"}, auth=False)


def person_id(target: Target) -> int:
    """Return the id of the run's person, as the service tells it of the token."""
    token = session(target).access_token
    number: int = by_person(target, token, "/v2/me").expect_status(200).json["id"]
    return number


def _redirect_uri(target: Target) -> str:
    named = target.has_credential("redirect_uri")
    return target.credential("redirect_uri") if named else HOME
