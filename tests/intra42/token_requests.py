"""Requests for a token of an application of the 42 API."""

from base64 import b64encode
from typing import Any

from tests.intra42.conftest import Intra
from tests.support.client import JsonResponse

CLIENT = {"client_id": "ours", "client_secret": "ours-secret"}

GRANT = {"grant_type": "client_credentials", **CLIENT}


def basic_header(uid: str, secret: str) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(f'{uid}:{secret}'.encode()).decode()}"}


def post_token(intra: Intra, **options: Any) -> JsonResponse:
    return intra.client.post(options.pop("path", "/oauth/token"), **options)


def expect_refused(response: JsonResponse, code: str) -> None:
    assert response.status_code == 401
    assert response.json["error"] == code
    description = response.json["error_description"]
    assert response.headers["WWW-Authenticate"] == (
        f'Bearer realm="42 API", error="{code}", error_description="{description}"'
    )
    assert response.headers["Cache-Control"] == "no-store"
