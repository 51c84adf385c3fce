"""Packages for OAuth 2 log a person in at the real host, unmodified: requests-oauthlib, Authlib."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
import requests
from authlib.integrations import httpx_client, requests_client
from authlib.integrations.base_client import OAuthError
from freezegun import freeze_time
from oauthlib.oauth2 import AccessDeniedError, BackendApplicationClient, InvalidGrantError
from requests_oauthlib import OAuth2Session

from fake_server.testing import FakeWorld, intercept

HOST = "https://api.intra.42.fr"
AUTHORIZE, TOKEN = f"{HOST}/oauth/authorize", f"{HOST}/oauth/token"
HOME = "http://localhost:3000/callback"
UID, SECRET = "Your application uid", "Your application secret"
VERIFIER = "a-verifier-of-more-than-forty-three-characters"


class Login(NamedTuple):
    """A package's session: where it sends a person, and what it does with the answer."""

    session: Any
    ask: Callable[[], tuple[str, str]]
    finish: Callable[[str], Any]
    renewed: list[Any]


def _requests_oauthlib() -> Login:
    renewed: list[Any] = []
    session = OAuth2Session(
        UID,
        redirect_uri=HOME,
        scope=["public", "projects"],
        pkce="S256",
        auto_refresh_url=TOKEN,
        auto_refresh_kwargs={"client_id": UID, "client_secret": SECRET},
        token_updater=renewed.append,
    )

    def finish(url: str) -> Any:
        response = url.replace("http:", "https:")
        return session.fetch_token(TOKEN, authorization_response=response, client_secret=SECRET)

    return Login(session, lambda: session.authorization_url(AUTHORIZE), finish, renewed)


def _authlib(kind: Callable[..., Any]) -> Login:
    renewed: list[Any] = []
    session = kind(
        UID,
        SECRET,
        redirect_uri=HOME,
        scope="public projects",
        code_challenge_method="S256",
        token_endpoint=TOKEN,
        update_token=lambda token, **_: renewed.append(token),
    )

    def ask() -> tuple[str, str]:
        url, state = session.create_authorization_url(AUTHORIZE, code_verifier=VERIFIER)
        return str(url), str(state)

    def finish(url: str) -> Any:
        return session.fetch_token(TOKEN, authorization_response=url, code_verifier=VERIFIER)

    return Login(session, ask, finish, renewed)


PACKAGES: dict[str, Callable[[], Login]] = {
    "requests-oauthlib": _requests_oauthlib,
    "Authlib, requests": lambda: _authlib(requests_client.OAuth2Session),
    "Authlib, httpx": lambda: _authlib(httpx_client.OAuth2Client),
}


@pytest.fixture
def world() -> Iterator[FakeWorld]:
    with intercept(dataset="documented") as world:
        world.load({"intra42": {"users": [{"id": 9000, "login": "norminet"}]}})
        world.intra42.login("norminet")
        yield world


@pytest.fixture(params=PACKAGES)
def login(request: pytest.FixtureRequest) -> Login:
    return PACKAGES[request.param]()


def sent_back(login: Login) -> str:
    """Return the address to which the service sends the person back."""
    url, state = login.ask()
    assert url.startswith(f"{AUTHORIZE}?")
    answer = requests.get(url, allow_redirects=False, timeout=5)
    back = answer.headers["Location"]
    assert back.startswith(f"{HOME}?")
    assert f"state={state}" in back
    return back


@pytest.mark.behaviour("intra42.login.allowed", "intra42.login.pkce", "intra42.me")
def test_a_person_logs_in_and_the_token_is_renewed(world: FakeWorld, login: Login) -> None:
    token = login.finish(sent_back(login))
    assert login.session.get(f"{HOST}/v2/me").json()["login"] == "norminet"
    assert login.session.get(f"{HOST}/v2/me/slots").json() == []
    # Packages keep the end of a token in whole seconds: a minute later all of them know it.
    with freeze_time(datetime.now(UTC) + timedelta(hours=2, minutes=1)):
        assert login.session.get(f"{HOST}/v2/me").json()["id"] == 9000
        (renewed,) = login.renewed
        assert renewed["access_token"] != token["access_token"]
        assert renewed["refresh_token"] != token["refresh_token"]
        assert login.session.get(f"{HOST}/v2/me").status_code == 200
    assert len(login.renewed) == 1
    world.requests.verify(method="POST", path="/oauth/token", count=2)


@pytest.mark.behaviour("intra42.login.denied")
def test_a_person_denies(world: FakeWorld) -> None:
    # Authlib leaves the parameter `error` to its caller.
    world.intra42.login(deny=True)
    login = _requests_oauthlib()
    back = sent_back(login)
    with pytest.raises(AccessDeniedError, match="denied"):
        login.finish(back)


def test_a_code_is_good_once(world: FakeWorld, login: Login) -> None:
    back = sent_back(login)
    login.finish(back)
    with pytest.raises((OAuthError, InvalidGrantError), match="invalid_grant"):
        login.finish(back)


@pytest.mark.parametrize("kind", [requests_client.OAuth2Session, httpx_client.OAuth2Client])
def test_a_token_is_revoked(world: FakeWorld, kind: Callable[..., Any]) -> None:
    login = _authlib(kind)
    token = login.finish(sent_back(login))
    ended = login.session.revoke_token(
        f"{HOST}/oauth/revoke", token=token["access_token"], token_type_hint="access_token"
    )
    assert ended.status_code == 200
    assert login.session.get(f"{HOST}/v2/me").status_code == 401


@pytest.mark.behaviour("intra42.oauth.basic")
def test_an_application_logs_in(world: FakeWorld) -> None:
    plain = OAuth2Session(client=BackendApplicationClient(UID))
    plain.fetch_token(TOKEN, client_id=UID, client_secret=SECRET)
    sessions: list[Any] = [
        plain,
        requests_client.OAuth2Session(UID, SECRET),
        httpx_client.OAuth2Client(UID, SECRET),
    ]
    for session in sessions[1:]:
        session.fetch_token(TOKEN, grant_type="client_credentials")
    for session in sessions:
        assert session.get(f"{HOST}/v2/users/norminet").json()["id"] == 9000
