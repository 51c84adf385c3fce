"""The identity of a client: its token (Bearer or Basic) and the account that a header names."""

from base64 import b64decode
from binascii import Error
from typing import NamedTuple

from flask import Request, g

from fake_server.api.records import Section
from fake_server.api.serve import has_quirk, world
from fake_server.apis.xurrent.dialect.access.accounts import accounts, tokens
from fake_server.apis.xurrent.dialect.brands import header
from fake_server.apis.xurrent.dialect.errors import ForbiddenError, UnauthorizedError


class Identity(NamedTuple):
    """The client of a request: its token, its own account, and the account of the request."""

    token: str
    home: str
    account: str
    administrator: bool


def current_identity() -> Identity:
    """Return the identity of the current request.

    Raises `UnauthorizedError` without one.
    """
    identity: Identity | None = g.get("identity")
    if identity is None:
        raise UnauthorizedError
    return identity


def require_administrator() -> Identity:
    """Return the identity of the current request, if it may maintain calendars.

    Raises `ForbiddenError` if it may not.
    """
    identity = current_identity()
    if not identity.administrator:
        raise ForbiddenError
    return identity


def identify(request: Request) -> Identity:
    """Return the identity of a request, in the account that it names.

    Raises `UnauthorizedError`.
    """
    section = world().section("xurrent")
    home = accounts(section)[0]["id"]
    token = _token(request.headers.get("Authorization", ""))
    if world().auth == "off":
        return Identity(token or "", home, _account(section, home), True)
    if token is None:
        raise UnauthorizedError
    entry = next((candidate for candidate in tokens(section) if candidate["token"] == token), None)
    if entry is None and world().auth == "dataset":
        raise UnauthorizedError
    entry = entry or {}
    home = entry.get("account", home)
    return Identity(token, home, _account(section, home), entry.get("administrator", True))


def require_account() -> None:
    """Raise `ForbiddenError` if the account of the current request does not exist."""
    if not _exists(world().section("xurrent"), current_identity().account):
        raise ForbiddenError


def _account(section: Section, home: str) -> str:
    account = header("Account")
    if account is None or (world().auth != "dataset" and not _exists(section, account)):
        return home
    return account


def _exists(section: Section, account: str) -> bool:
    return account in {entry["id"] for entry in accounts(section)}


def _token(authorization: str) -> str | None:
    scheme, _, value = authorization.strip().partition(" ")
    value = value.strip()
    if scheme.lower() == "bearer":
        return value or None
    if scheme.lower() != "basic" or has_quirk("basic-auth-refused"):
        return None
    try:
        decoded = b64decode(value, validate=True).decode()
    except (Error, ValueError):
        return None
    user, colon, _ = decoded.partition(":")
    return user if colon and user else None
