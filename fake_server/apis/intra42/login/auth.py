"""The access token of a request, and the check of its scope."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Request, g

from fake_server.api.serve import has_quirk, request_parameters, world
from fake_server.apis.intra42.dialect.errors import ScopeError, TokenError
from fake_server.apis.intra42.login.registered_applications import (
    ANYONE,
    DEFAULT_SCOPES,
    Application,
    default_application,
)
from fake_server.apis.intra42.login.tokens import Token, find_token

_BEARER = re.compile(r"Bearer +(\S+)\s*\Z", re.IGNORECASE)
_INVALID = "The access token is invalid"
_SLOTS = ("/slots", "/slots/<slot_id>")


def token_text(request: Request) -> str | None:
    """Return the token of a request: the header's, else access_token, else bearer_token."""
    match = _BEARER.match(request.headers.get("Authorization", ""))
    if match is not None:
        return match[1]
    params: Mapping[str, Any] = request_parameters(request)
    for name in ("access_token", "bearer_token"):
        if isinstance(params.get(name), str) and params[name]:
            return str(params[name])
    return None


def valid_token(request: Request) -> Token:
    """Return the token of a request.

    Raises `TokenError` if the token is not valid.
    """
    current_world = world()
    text = token_text(request)
    token = None if text is None else find_token(current_world, text)
    if token is None and (current_world.auth == "off" or (current_world.auth == "any" and text)):
        from fake_server.apis.intra42.login.login_people import preset_user_id

        return Token(
            text or "",
            default_application(current_world),
            ANYONE.scopes,
            current_world.start,
            user_id=preset_user_id(current_world),
        )
    if token is not None and current_world.auth == "off":
        return token
    if token is None:
        raise TokenError(_INVALID)
    if token.revoked:
        raise TokenError("The access token was revoked")
    if token.expired(current_world.clock):
        raise TokenError("The access token expired")
    return token


def identify(request: Request) -> Token:
    """Return the token of a request and note its application and its person.

    Raises `TokenError`.
    """
    token = valid_token(request)
    g.application = token.application
    g.user_id = token.user_id
    return token


def require_scope(request: Request, token: Token) -> None:
    """Raise `ScopeError` if a token lacks the scope of a request."""
    if world().auth == "off":
        return
    needed = _scope_of(request, token)
    if needed not in token.scopes:
        raise ScopeError(needed)


def _scope_of(request: Request, token: Token) -> str:
    rule = "" if request.url_rule is None else request.url_rule.rule
    reads_slots = request.method in {"GET", "HEAD"} and rule.endswith(_SLOTS)
    # The page asks it of a token with a resource owner.
    asks_projects = token.user_id is not None or has_quirk("slots-need-projects-scope")
    if reads_slots and asks_projects:
        return "projects"
    return DEFAULT_SCOPES[0]


def current_application() -> Application | None:
    """Return the application of the current request, or None if it is unknown."""
    application: Application | None = g.get("application")
    return application


def current_user_id() -> int | None:
    """Return the id of the person whose token the current request has; None: it is nobody's."""
    user_id: int | None = g.get("user_id")
    return user_id


def visible_users(ids: Iterable[int]) -> set[int]:
    """Return the ids of those users of whom the current request may see that they offer a slot.

    An application with a role sees everybody, and a person sees their own slots.
    """
    application = current_application()
    if application is not None and application.roles:
        return {*ids}
    own = current_user_id()
    return {user_id for user_id in ids if user_id == own}
