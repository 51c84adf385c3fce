"""The login of the 42 API, from the page to the token, as requests."""

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.intra42.conftest import Intra
from tests.intra42.token_requests import CLIENT
from tests.support.client import JsonResponse

HOME = "http://localhost:3000/callback"

ASKED = {"client_id": "ours", "redirect_uri": HOME, "response_type": "code"}

STAFF = {"client_id": "staff", "client_secret": "staff-secret"}


def authorize(intra: Intra, **params: str) -> JsonResponse:
    return intra.client.get(f"/oauth/authorize?{urlencode({**ASKED, **params})}")


def allow(intra: Intra, login: str = "ada", **params: str) -> JsonResponse:
    return intra.client.post("/oauth/authorize", data={**ASKED, "fake_person": login, **params})


def sent_back(response: JsonResponse) -> dict[str, str]:
    assert response.status_code == 302, response.text
    return dict(parse_qsl(urlsplit(response.headers["Location"]).query))


def new_code(intra: Intra, login: str = "ada", **params: str) -> str:
    return sent_back(allow(intra, login, **params))["code"]


def exchange_code(intra: Intra, code: str, /, **changes: str) -> JsonResponse:
    sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": HOME, **CLIENT}
    return intra.client.post("/oauth/token", data={**sent, **changes})


def refresh(intra: Intra, text: str, **changes: str) -> JsonResponse:
    sent = {"grant_type": "refresh_token", "refresh_token": text, **CLIENT}
    return intra.client.post("/oauth/token", data={**sent, **changes})


def new_token(intra: Intra, login: str = "ada", **params: str) -> dict[str, Any]:
    response = exchange_code(intra, new_code(intra, login, **params))
    assert response.status_code == 200, response.text
    token: dict[str, Any] = response.json
    return token


def preset_login(intra: Intra, login: object) -> None:
    world = intra.world
    world.replace_section("intra42", {**world.section("intra42"), "login": login})
    world.changed()
