"""POST /oauth/token and /oauth/revoke: an application gets access tokens and gives them up."""

import binascii
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import unquote_plus

from flask import Request

from fake_server.api.serve import has_quirk, now, request_parameters, world
from fake_server.apis.intra42.dialect.errors import OAuthError
from fake_server.apis.intra42.login.authorization_codes import Code, find_code, use_code
from fake_server.apis.intra42.login.registered_applications import (
    DEFAULT_SCOPES,
    Application,
    find_application,
)
from fake_server.apis.intra42.login.tokens import (
    Token,
    find_by_refresh_token,
    find_token,
    issue,
    revoke,
)


def grant_token(request: Request) -> Token:
    """Return the token that a request asks for.

    Raises `OAuthError`.
    """
    params = request_parameters(request)
    grant_type = params.get("grant_type")
    if _blank(grant_type):
        raise OAuthError("invalid_request")
    if grant_type == "authorization_code":
        return _token_for_code(request, params)
    if grant_type == "refresh_token":
        return _refreshed_token(request, params)
    if grant_type != "client_credentials":
        raise OAuthError("unsupported_grant_type")
    application = client_of(request, params)
    return issue(world(), application, scopes_of(params, application))


def _token_for_code(request: Request, params: Mapping[str, Any]) -> Token:
    """Return the token for an authorization code, which is used up then."""
    if _blank(params.get("redirect_uri")):
        raise OAuthError("invalid_request")
    application = client_of(request, params)
    code = find_code(world(), str(params.get("code") or ""))
    if (
        code is None
        or code.application.uid != application.uid
        or code.expired(world().clock)
        or code.redirect_uri != params["redirect_uri"]
        or not _verified(code, params.get("code_verifier"))
    ):
        raise OAuthError("invalid_grant")
    use_code(world(), code)
    return issue(world(), application, code.scopes, code.user_id)


def _verified(code: Code, verifier: Any) -> bool:
    """Return whether a verifier is the one of the code's challenge (RFC 7636, section 4.6)."""
    if code.challenge is None:
        return True
    if not isinstance(verifier, str):
        return False
    if code.challenge_method == "plain":
        return verifier == code.challenge
    digest = sha256(verifier.encode()).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=") == code.challenge


def _refreshed_token(request: Request, params: Mapping[str, Any]) -> Token:
    """Return a new token for a refresh token, which is checked before the client is."""
    text = params.get("refresh_token")
    if _blank(text):
        raise OAuthError("invalid_request")
    token = find_by_refresh_token(world(), str(text))
    if token is None or token.revoked:
        raise OAuthError("invalid_grant")
    application = client_of(request, params)
    if application.uid != token.application.uid:
        raise OAuthError("invalid_grant")
    scope = params.get("scope")
    scopes = token.scopes if _blank(scope) else tuple(dict.fromkeys(str(scope).split()))
    if not set(scopes) <= set(token.scopes):
        raise OAuthError("invalid_scope")
    revoke(world(), token.text)
    return issue(world(), application, scopes, token.user_id, anew=True)


def revoke_token(request: Request) -> None:
    """Revoke the token that a request names by its text or its refresh token.

    Nothing happens unless the application that has the token asks for it.
    """
    params = request_parameters(request)
    text = str(params.get("token") or "")
    token = find_token(world(), text) or find_by_refresh_token(world(), text)
    if token is None or token.revoked:
        return
    try:
        application = client_of(request, params)
    except OAuthError:
        return
    if application.uid == token.application.uid:
        revoke(world(), token.text)


def _blank(value: Any) -> bool:
    return not (value.strip() if isinstance(value, str) else value)


def client_of(request: Request, params: Mapping[str, Any]) -> Application:
    """Return the application that proves who it is; raises `OAuthError`."""
    for uid, secret in _credentials(request, params):
        application = find_application(world(), uid, secret)
        if application is not None:
            return application
    raise OAuthError("invalid_client")


def _credentials(request: Request, params: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the possible ids and secrets of a request: those of Basic, else the parameters'.

    RFC 6749, section 2.3.1, requires form-encoding in Basic. Not every client follows it.
    """
    uid, secret = _basic(request)
    if _blank(uid) or _blank(secret):
        return [(str(params.get("client_id") or ""), str(params.get("client_secret") or ""))]
    return [(uid, secret), (unquote_plus(uid), unquote_plus(secret))]


def _basic(request: Request) -> tuple[str, str]:
    kind, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return "", ""
    try:
        uid, _, secret = b64decode(encoded.strip()).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return uid, secret


def scopes_of(params: Mapping[str, Any], application: Application) -> tuple[str, ...]:
    """Return the scopes that an application asks for; raises `OAuthError`."""
    value = params.get("scope")
    text = "" if value is None else value
    scopes = tuple(dict.fromkeys(str(text).split())) or DEFAULT_SCOPES
    open_to_all = world().auth == "off"
    if not isinstance(text, str) or not (open_to_all or set(scopes) <= set(application.scopes)):
        raise OAuthError("invalid_scope")
    return scopes


def render_token(token: Token) -> dict[str, Any]:
    """Return a token as the answer to a request for one."""
    is_persons = token.refresh_token is not None
    is_capitalised = has_quirk("token-type-capitalised") and not is_persons
    return {
        "access_token": token.text,
        "token_type": "Bearer" if is_capitalised else "bearer",
        "expires_in": token.seconds_left(now()),
        **({"refresh_token": token.refresh_token} if is_persons else {}),
        "scope": " ".join(token.scopes),
        "created_at": int(token.created_at.timestamp()),
        "secret_valid_until": token.application.secret_valid_until,
    }


def render_token_info(token: Token) -> dict[str, Any]:
    """Return the description of a token for `token/info`."""
    return {
        "resource_owner_id": token.user_id,
        "scopes": list(token.scopes),
        "expires_in_seconds": token.seconds_left(now()),
        "application": {"uid": token.application.uid},
        "created_at": int(token.created_at.timestamp()),
    }
