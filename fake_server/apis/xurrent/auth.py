"""Who asks, and in which account: Bearer or Basic, with a header that names the account."""

from base64 import b64decode
from binascii import Error
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask import Request, g

from fake_server.api.declare import DatasetCredentials, Key
from fake_server.api.records import RecordKind, Section
from fake_server.api.serve import World, has_quirk, world
from fake_server.apis.xurrent.brands import header
from fake_server.apis.xurrent.errors import ForbiddenError, UnauthorizedError

DEFAULT_ACCOUNT: Mapping[str, str] = {"id": "wdc", "name": "Widget Data Center"}


class Identity(NamedTuple):
    """Who asks: the token, the user's own account, the account they work in."""

    token: str
    home: str
    account: str
    administrator: bool


def accounts(section: Section) -> list[Mapping[str, str]]:
    """Return the accounts of a dataset's section, the default one first."""
    return list(section.get("accounts") or [DEFAULT_ACCOUNT])


def tokens(section: Section) -> list[Mapping[str, Any]]:
    """Return the tokens of a dataset's section."""
    found: list[Mapping[str, Any]] = (section.get("credentials") or {}).get("tokens") or []
    return found


class AccountCredentials(DatasetCredentials):
    """Tokens of users, each of whom has an account of their own."""

    def kinds(self) -> Sequence[RecordKind]:
        """See `Credentials`; the definition has tokens and accounts."""
        return ()

    def key(self, world: World) -> Key | None:
        values = self.variables(world)
        if not values:
            return None
        headers = {
            "Authorization": f"Bearer {values['token']}",
            "X-4me-Account": values["account"],
        }
        return Key(values["token"], headers)

    def variables(self, world: World) -> Mapping[str, str]:
        section = world.section(self.api)
        first = next(iter(tokens(section)), None)
        if first is None:
            return {}
        return {
            "token": first["token"],
            "account": first.get("account", accounts(section)[0]["id"]),
        }


def current() -> Identity:
    """Return who asks in the current request; raises `UnauthorizedError` where nobody does."""
    found: Identity | None = g.get("identity")
    if found is None:
        raise UnauthorizedError
    return found


def require_administrator() -> Identity:
    """Return who asks, if they may maintain calendars; else raise `ForbiddenError`."""
    who = current()
    if not who.administrator:
        raise ForbiddenError
    return who


def identify(request: Request) -> Identity:
    """Return who sent a request, in whichever account it names; raises `UnauthorizedError`."""
    section = world().section("xurrent")
    home = accounts(section)[0]["id"]
    token = _token(request.headers.get("Authorization", ""))
    if world().auth == "off":
        return Identity(token or "", home, _account(section, home), True)
    if token is None:
        raise UnauthorizedError
    known = next((one for one in tokens(section) if one["token"] == token), None)
    if known is None and world().auth == "dataset":
        raise UnauthorizedError
    known = known or {}
    home = known.get("account", home)
    return Identity(token, home, _account(section, home), known.get("administrator", True))


def require_account() -> None:
    """Raise `ForbiddenError` where the account that the current request names is not there."""
    if not _is_known(world().section("xurrent"), current().account):
        raise ForbiddenError


def _account(section: Section, home: str) -> str:
    wanted = header("Account")
    if wanted is None or (world().auth != "dataset" and not _is_known(section, wanted)):
        return home
    return wanted


def _is_known(section: Section, account: str) -> bool:
    return account in {one["id"] for one in accounts(section)}


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
