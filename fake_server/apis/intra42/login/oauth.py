"""POST /oauth/token: an application sends its credentials and gets an access token."""

import binascii
from base64 import b64decode
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_plus

from flask import Request

from fake_server.api.serve import has_quirk, now, request_parameters, world
from fake_server.apis.intra42.dialect.errors import OAuthError
from fake_server.apis.intra42.login.credentials import (
    DEFAULT_SCOPES,
    Application,
    Token,
    find_application,
    issue,
)

_CLIENTS_GRANT = "client_credentials"
_USERS_GRANTS = {"authorization_code": "redirect_uri", "refresh_token": "refresh_token"}
"""The grants that need a user, each with the parameter that it requires."""


def grant_token(request: Request) -> Token:
    """Return the token that a request asks for.

    Raises `OAuthError`.
    """
    params = request_parameters(request)
    grant_type = params.get("grant_type")
    if _blank(grant_type):
        raise OAuthError("invalid_request")
    if not isinstance(grant_type, str) or grant_type not in {_CLIENTS_GRANT, *_USERS_GRANTS}:
        raise OAuthError("unsupported_grant_type")
    if grant_type in _USERS_GRANTS:
        raise _users_grant_error(request, params, grant_type)
    application = _client(request, params)
    return issue(world(), application, _scopes(params, application))


def _users_grant_error(request: Request, params: Mapping[str, Any], grant_type: str) -> OAuthError:
    """Return the error of a user's grant. A refresh token is checked before its client."""
    if _blank(params.get(_USERS_GRANTS[grant_type])):
        return OAuthError("invalid_request")
    if grant_type != "refresh_token":
        _client(request, params)
    return OAuthError("invalid_grant")


def _blank(value: Any) -> bool:
    return not (value.strip() if isinstance(value, str) else value)


def _client(request: Request, params: Mapping[str, Any]) -> Application:
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


def _scopes(params: Mapping[str, Any], application: Application) -> tuple[str, ...]:
    value = params.get("scope")
    text = "" if value is None else value
    scopes = tuple(dict.fromkeys(str(text).split())) or DEFAULT_SCOPES
    open_to_all = world().auth == "off"
    if not isinstance(text, str) or not (open_to_all or set(scopes) <= set(application.scopes)):
        raise OAuthError("invalid_scope")
    return scopes


def render_token(token: Token) -> dict[str, Any]:
    """Return a token as the answer to a request for one."""
    return {
        "access_token": token.text,
        "token_type": "Bearer" if has_quirk("token-type-capitalised") else "bearer",
        "expires_in": token.seconds_left(now()),
        "scope": " ".join(token.scopes),
        "created_at": int(token.created_at.timestamp()),
        "secret_valid_until": token.application.secret_valid_until,
    }


def render_token_info(token: Token) -> dict[str, Any]:
    """Return the description of a token for `token/info`."""
    return {
        "resource_owner_id": None,
        "scopes": list(token.scopes),
        "expires_in_seconds": token.seconds_left(now()),
        "application": {"uid": token.application.uid},
        "created_at": int(token.created_at.timestamp()),
    }
