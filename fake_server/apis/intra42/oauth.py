"""POST /oauth/token: an application proves who it is and gets an access token."""

import binascii
from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from flask import Request

from fake_server.apis.intra42.credentials import (
    DEFAULT_SCOPES,
    Application,
    Token,
    find_application,
    issue,
)
from fake_server.apis.intra42.errors import OAuthError
from fake_server.rest.context import has_quirk, now, world
from fake_server.rest.parameters import request_parameters

_USERS_GRANTS = ("authorization_code", "refresh_token")


def granted(request: Request) -> Token:
    """Return the token a request asks for; raises `OAuthError`."""
    params = request_parameters(request)
    grant_type = params.get("grant_type")
    if not grant_type:
        raise OAuthError("invalid_request")
    if grant_type != "client_credentials" and grant_type not in _USERS_GRANTS:
        raise OAuthError("unsupported_grant_type")
    application = _client(request, params)
    if grant_type in _USERS_GRANTS:
        raise OAuthError("invalid_grant")
    return issue(world(), application, _scopes(params, application))


def _client(request: Request, params: Mapping[str, Any]) -> Application:
    uid, secret = _basic(request) or (params.get("client_id"), params.get("client_secret"))
    found = find_application(world(), str(uid or ""), str(secret or ""))
    if found is None:
        raise OAuthError("invalid_client")
    return found


def _basic(request: Request) -> tuple[str, str] | None:
    kind, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        uid, colon, secret = b64decode(encoded.strip()).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    return (uid, secret) if colon else None


def _scopes(params: Mapping[str, Any], application: Application) -> tuple[str, ...]:
    given = params.get("scope")
    text = "" if given is None else given
    wanted = tuple(dict.fromkeys(str(text).split())) or DEFAULT_SCOPES
    open_to_all = world().auth == "off"
    if not isinstance(text, str) or not (open_to_all or set(wanted) <= set(application.scopes)):
        raise OAuthError("invalid_scope")
    return wanted


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
    """Return what a token says of itself."""
    return {
        "resource_owner_id": None,
        "scopes": list(token.scopes),
        "expires_in_seconds": token.seconds_left(now()),
        "application": {"uid": token.application.uid},
        "created_at": int(token.created_at.timestamp()),
    }
