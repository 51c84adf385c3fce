"""GET /oauth/authorize: an application asks a person, who allows or denies it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from fake_server.api.serve import world
from fake_server.apis.intra42.dialect.errors import DESCRIPTIONS, OAuthError
from fake_server.apis.intra42.login.authorization_codes import issue_code
from fake_server.apis.intra42.login.oauth import scopes_of
from fake_server.apis.intra42.login.redirects import is_good, with_parameters
from fake_server.apis.intra42.login.registered_applications import (
    Application,
    registered_application,
)

_CHALLENGE_METHODS = ("plain", "S256")
_KEPT = (
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
)


class AuthorizationError(Exception):
    """A refused request, which no person sees; `code` is an error of OAuth.

    Its answer is a page: the browser goes only to a URI that the application may use.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Authorization(NamedTuple):
    """The request of an application to a person.

    - `challenge`: that of PKCE and its method; None if the application sent none.
    - `kept`: the parameters that the forms of a page carry on.
    """

    application: Application
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str | None
    challenge: tuple[str, str] | None
    kept: Mapping[str, str]

    def allowed(self, user_id: int) -> tuple[str, str]:
        """Return a new code of a person, and the URI that the person is sent back to."""
        code = issue_code(
            world(), self.application, self.redirect_uri, self.scopes, user_id, self.challenge
        )
        answer = {"code": code.text, "state": self.state}
        return code.text, with_parameters(self.redirect_uri, answer)

    def denied(self) -> str:
        """Return the URI that a person who denies the application is sent back to."""
        error = "access_denied"
        answer = {
            "error": error,
            "error_description": DESCRIPTIONS[error],
            "state": self.state,
        }
        return with_parameters(self.redirect_uri, answer)


def authorization_of(params: Mapping[str, Any]) -> Authorization:
    """Return the request of an application, checked.

    Raises `AuthorizationError` for the first fault, in Doorkeeper's order.
    """
    texts = {name: value for name in _KEPT if isinstance(value := params.get(name), str)}
    if texts.get("response_type") != "code":
        raise AuthorizationError("unsupported_response_type")
    application = registered_application(world(), texts.get("client_id", ""))
    if application is None:
        raise AuthorizationError("invalid_client")
    try:
        scopes = scopes_of(params, application)
    except OAuthError:
        raise AuthorizationError("invalid_scope") from None
    redirect_uri = texts.get("redirect_uri", "")
    if not is_good(application, redirect_uri):
        raise AuthorizationError("invalid_redirect_uri")
    challenge = _challenge(texts)
    return Authorization(application, redirect_uri, scopes, texts.get("state"), challenge, texts)


def _challenge(texts: Mapping[str, str]) -> tuple[str, str] | None:
    challenge = texts.get("code_challenge")
    if not challenge:
        return None
    method = texts.get("code_challenge_method") or _CHALLENGE_METHODS[0]
    if method not in _CHALLENGE_METHODS:
        raise AuthorizationError("invalid_request")
    return challenge, method
