"""The login of a person, from the page to the token, as requests."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from fake_server.contract import Answer, Target

from .helpers import school
from .oauth import APPLICATION, UID, ask

AUTHORIZE = "/oauth/authorize"

HOME = "http://localhost:3000/callback"

ASKED = {"client_id": UID, "redirect_uri": HOME, "response_type": "code"}

CLIENT = {"client_id": UID, "client_secret": APPLICATION["secret"]}

PEOPLE = {"records": [{"id": 101, "login": "ada"}, {"id": 102, "login": "grace"}]}

SCOPED = {**APPLICATION, "scopes": ["public", "projects"]}

OTHER = {"uid": "other", "secret": "other", "scopes": ["public"]}


@contextmanager
def people(target: Target, login: object = "ada", **more: Any) -> Iterator[Target]:
    """Yield a world of two people, in which one of them logs in without a page."""
    application = {**SCOPED, **more}
    credentials = {"applications": [application, OTHER]}
    sections = {"users": PEOPLE, "login": login} if login else {"users": PEOPLE}
    with school(target, at="2026-05-01T08:00:00Z", credentials=credentials, **sections) as own:
        own.clock.freeze()
        yield own


def authorize(target: Target, **params: str) -> Answer:
    """Ask a person by GET."""
    return target.get(f"{AUTHORIZE}?{urlencode({**ASKED, **params})}", auth=False)


def sent_back(answer: Answer) -> dict[str, str]:
    """Return the parameters with which a person is sent back."""
    location = answer.expect_status(302).headers.get("Location", "")
    return dict(parse_qsl(urlsplit(location).query))


def code_of(target: Target, **params: str) -> str:
    """Return a code of the person who logs in."""
    return sent_back(authorize(target, **params)).get("code", "")


def exchange(target: Target, **changes: str) -> Answer:
    """Ask for the token that a code is good for."""
    sent = {"grant_type": "authorization_code", "redirect_uri": HOME, **CLIENT}
    return ask(target, {**sent, **changes})


def token_of(target: Target, **params: str) -> dict[str, Any]:
    """Return the token of the person who logs in."""
    answer = exchange(target, code=code_of(target, **params))
    token: dict[str, Any] = answer.expect_status(200).json
    return token


def refresh(target: Target, text: str, **changes: str) -> Answer:
    """Ask for a new token by a refresh token."""
    return ask(target, {"grant_type": "refresh_token", "refresh_token": text, **CLIENT, **changes})


def as_person(target: Target, token: str, path: str = "/v2/me") -> Answer:
    """Get something with the token of a person."""
    return target.get(path, headers={"Authorization": f"Bearer {token}"}, auth=False)
