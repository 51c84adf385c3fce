"""The token of a request.

The forms are those of Rails' token authentication: `Token token=X`, `Token X`, `Bearer X` ….
"""

import re

from flask import Request

from fake_server.api.declare import DatasetCredentials
from fake_server.api.serve import world
from fake_server.apis.fabmanager.dialect.errors import UnauthorizedError
from fake_server.apis.fabmanager.resources import API

CREDENTIALS = DatasetCredentials(API)

_SCHEME = re.compile(r"(Token|Bearer)\s+")
_SEPARATOR = re.compile(r"[,;\t]")
_KEY = "token="


def require_token(request: Request) -> None:
    """Raise `UnauthorizedError` unless the request's token is one that the world accepts."""
    current_world = world()
    if current_world.auth == "off":
        return
    token = token_of(request.headers.get("Authorization", ""))
    if not token or (current_world.auth == "dataset" and token not in _tokens()):
        raise UnauthorizedError


def _tokens() -> list[str]:
    return CREDENTIALS.listed(world().section(API)) or []


def token_of(header: str) -> str:
    """Return the token in an Authorization header, or an empty text."""
    scheme = _SCHEME.match(header)
    if scheme is None:
        return ""
    parts = [part.strip() for part in _SEPARATOR.split(header[scheme.end() :])]
    first = next((part for part in parts if part), "")
    value = first[len(_KEY) :] if first.startswith(_KEY) else first
    return value.removeprefix('"').removesuffix('"')
