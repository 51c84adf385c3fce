"""A run outlives its token: it requests a new one at the promised end, and hides no early 401."""

import json
from collections.abc import Iterable
from typing import Any

import pytest

from fake_server.verify.api_files.api_under_test import api_under_test
from fake_server.verify.server import credential_headers
from fake_server.verify.server.client import Client, Rules
from fake_server.verify.server.credential_headers import identify
from fake_server.verify.server.credential_mask import CredentialMask
from fake_server.verify.server.pace import Budget
from fake_server.verify.server.sender import Sender
from fake_server.verify.server.wsgi_transport import WsgiTransport

API = api_under_test("intra42")
LIFE = 7200


class Issuer:
    """Issues tokens that live as long as it says, unless it forgets them; knows only the last."""

    def __init__(self) -> None:
        self.now = 0.0
        self.issued: list[float] = []
        self.forgets = False
        self.promise: Any = LIFE
        self.paths: list[str] = []

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        """Answer a request."""
        self.paths.append(environ["PATH_INFO"])
        headers = [("Content-Type", "application/json")]
        if environ["PATH_INFO"] == "/oauth/token":
            self.issued.append(self.now)
            start("200 OK", headers)
            body = {"access_token": f"token-{len(self.issued)}", "expires_in": self.promise}
            return [json.dumps(body).encode()]
        knows = environ.get("HTTP_AUTHORIZATION") == f"Bearer token-{len(self.issued)}"
        lives = self.now < self.issued[-1] + LIFE and not self.forgets
        start("200 OK" if knows and lives else "401 Unauthorized", headers)
        return [b"[]"]


@pytest.fixture
def issuer(monkeypatch: pytest.MonkeyPatch) -> Issuer:
    """Return an issuer whose time is that of the client."""
    server = Issuer()
    monkeypatch.setattr(credential_headers, "monotonic", lambda: server.now)
    return server


def client_of(issuer: Issuer, limit: int | None = None) -> Client:
    """Return a client with a first token."""
    mask = CredentialMask()
    sender = Sender(WsgiTransport(issuer), budget=Budget(limit), pace=None, mask=mask)
    values = {"client_id": "an-application", "client_secret": "its-secret"}
    return Client(API, sender, identify(API, values, sender, mask), Rules())


def test_a_token_is_renewed_at_its_promised_end(issuer: Issuer) -> None:
    client = client_of(issuer)
    client.get("/v2/cursus").expect_status(200)
    issuer.now = LIFE - 1
    client.get("/v2/cursus").expect_status(200)
    assert len(issuer.issued) == 1
    issuer.now = LIFE
    client.get("/v2/cursus").expect_status(200)
    assert len(issuer.issued) == 2
    assert client.credential("token") == "token-2"
    assert "token-2" not in client.hide("token-2")


def test_a_token_is_renewed_for_a_test_that_sends_it_itself(issuer: Issuer) -> None:
    client = client_of(issuer)
    client.get("/v2/cursus").expect_status(200)
    issuer.now = LIFE
    assert client.credential("token") == "token-2"


def test_a_refusal_within_the_rounding_of_the_end_is_asked_again(issuer: Issuer) -> None:
    client = client_of(issuer)
    client.get("/v2/cursus").expect_status(200)
    issuer.now = LIFE - 1
    issuer.issued[-1] -= 1
    client.get("/v2/cursus").expect_status(200)
    assert issuer.paths[-3:] == ["/v2/cursus", "/oauth/token", "/v2/cursus"]


def test_a_refusal_before_the_promised_end_is_shown_and_ends_there(issuer: Issuer) -> None:
    client = client_of(issuer)
    client.get("/v2/cursus").expect_status(200)
    issuer.now, issuer.forgets = LIFE / 2, True
    client.get("/v2/cursus").expect_status(401)
    issuer.forgets = False
    client.get("/v2/cursus").expect_status(200)
    assert len(issuer.issued) == 2


def test_a_token_that_never_worked_is_not_renewed(issuer: Issuer) -> None:
    client = client_of(issuer)
    issuer.forgets = True
    for _ in range(3):
        client.get("/v2/cursus").expect_status(401)
    assert len(issuer.issued) == 1


def test_a_refusal_of_other_credentials_says_nothing_of_the_token(issuer: Issuer) -> None:
    client = client_of(issuer)
    client.get("/v2/cursus").expect_status(200)
    client.get("/v2/cursus", auth=False).expect_status(401)
    client.get("/v2/cursus", auth="invalid").expect_status(401)
    client.get("/v2/cursus", headers={"Authorization": "Bearer x"}).expect_status(401)
    assert len(issuer.issued) == 1


@pytest.mark.parametrize("promise", [None, "soon", True, -1])
def test_an_odd_promise_is_none(issuer: Issuer, promise: Any) -> None:
    issuer.promise = promise
    client = client_of(issuer)
    client.get("/v2/cursus").expect_status(200)
    issuer.now = LIFE
    client.get("/v2/cursus").expect_status(401)
    assert len(issuer.issued) == 1


def test_a_spent_budget_renews_nothing(issuer: Issuer) -> None:
    client = client_of(issuer, limit=2)
    client.get("/v2/cursus").expect_status(200)
    issuer.now = LIFE
    assert client.credential("token") == "token-1"
    assert len(issuer.issued) == 1
