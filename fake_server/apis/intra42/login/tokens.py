"""Access tokens, pinned and issued."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import ClassVar, NamedTuple

from fake_server.api.invent import SeededRandom
from fake_server.api.records import Section
from fake_server.api.serve import Clock, World
from fake_server.apis.intra42.dialect.timestamps import as_datetime
from fake_server.apis.intra42.login.authorization_codes import Codes
from fake_server.apis.intra42.login.registered_applications import (
    ANYONE,
    DEFAULT_SCOPES,
    Application,
    applications,
)
from fake_server.apis.intra42.resources import API

LIFETIME = 7200
"""The seconds for which an issued token is valid."""


class Token(NamedTuple):
    """An access token. Without `expires_in` (seconds from `created_at`) it never expires.

    - `user_id`: the person who allowed the application; None: the application itself has the token.
    - `refresh_token`: the text that gets a new token; None if there is none.
    """

    text: str
    application: Application
    scopes: tuple[str, ...]
    created_at: datetime
    expires_in: int | None = None
    revoked: bool = False
    user_id: int | None = None
    refresh_token: str | None = None

    @property
    def key(self) -> "Key":
        """The token's application, scopes and person. The order of the scopes does not matter."""
        return self.application.uid, frozenset(self.scopes), self.user_id

    def usable(self, clock: Clock) -> bool:
        """Return whether the token is neither revoked nor expired."""
        return not self.revoked and not self.expired(clock)

    def seconds_left(self, at: datetime) -> int | None:
        """Return the seconds until the token expires, or None if it never does."""
        if self.expires_in is None:
            return None
        left = self.created_at + timedelta(seconds=self.expires_in) - at
        return max(0, -(-left // timedelta(seconds=1)))

    def expired(self, clock: Clock) -> bool:
        """Return whether the token has expired."""
        if self.expires_in is None:
            return False
        return clock.has_passed(self.created_at + timedelta(seconds=self.expires_in))


Key = tuple[str, frozenset[str], int | None]

MOST_ISSUED = 10_000
"""The most issued tokens that a world remembers. It then forgets the oldest."""


@dataclass(slots=True)
class TokenRegister:
    """The tokens of one world: listed, issued and revoked ones.

    - `section`: the section that `pinned` was read from.
    - `latest`: the text of the latest issued token, by application, scopes and person.
    - `issued_count`: the number of all issued tokens, forgotten ones included.
    """

    versioned: ClassVar[bool] = True
    section: Section | None = None
    pinned: dict[str, Token] = field(default_factory=dict)
    issued: dict[str, Token] = field(default_factory=dict)
    revoked: set[str] = field(default_factory=set)
    latest: dict[Key, str] = field(default_factory=dict)
    issued_count: int = 0

    def remember(self, token: Token) -> None:
        """Add an issued token. At the limit it replaces the oldest one, which expires first."""
        if len(self.issued) >= MOST_ISSUED:
            self._forget(next(iter(self.issued.values())))
        self.issued[token.text] = token
        self.latest[token.key] = token.text
        self.issued_count += 1

    def _forget(self, token: Token) -> None:
        del self.issued[token.text]
        self.revoked.discard(token.text)
        if self.latest.get(token.key) == token.text:
            del self.latest[token.key]

    def forget(self) -> None:
        """Forget the tokens that the section lists. Tokens of unlisted applications stay."""
        self.section = None
        for token in [token for token in self.issued.values() if token.application.id != ANYONE.id]:
            self._forget(token)
        self.revoked.intersection_update(self.issued)
        self.latest = {key: text for key, text in self.latest.items() if text in self.issued}


def find_token(world: World, text: str) -> Token | None:
    """Return a token by its text, issued or pinned, valid or not."""
    tokens = _tokens(world)
    token = tokens.issued.get(text) or tokens.pinned.get(text)
    if token is not None and text in tokens.revoked:
        return token._replace(revoked=True)
    return token


def find_by_refresh_token(world: World, text: str) -> Token | None:
    """Return the token that came with a refresh token, valid or not."""
    return next((token for token in all_tokens(world) if token.refresh_token == text), None)


def has_consent(
    world: World, application: Application, scopes: tuple[str, ...], user_id: int
) -> bool:
    """Return whether a person has a usable token of an application with just these scopes."""
    key = (application.uid, frozenset(scopes), user_id)
    return any(token.key == key and token.usable(world.clock) for token in all_tokens(world))


def advertised_tokens(world: World) -> list[Token]:
    """Return the tokens that the section lists and that are not revoked, usable ones first."""
    entries = (world.section(API).get("credentials") or {}).get("tokens") or []
    tokens = [find_token(world, entry["token"]) for entry in entries if not entry.get("issued")]
    valid_tokens = [token for token in tokens if token is not None and not token.revoked]
    return sorted(valid_tokens, key=lambda entry: not is_usable(world, entry))


def is_usable(world: World, token: Token) -> bool:
    """Return whether a token that is not revoked allows an action without a further scope."""
    good = not token.expired(world.clock) and DEFAULT_SCOPES[0] in token.scopes
    return good or world.auth == "off"


def all_tokens(world: World) -> list[Token]:
    """Return all tokens, valid or not, pinned ones first."""
    tokens = _tokens(world)
    texts = dict.fromkeys([*tokens.pinned, *tokens.issued])
    return [token for text in texts if (token := find_token(world, text)) is not None]


def secrets(world: World) -> Iterable[str]:
    """Yield the texts that no journal may show: the secrets of applications and all tokens."""
    for section in (world.dataset.section(API), world.section(API)):
        yield from (application.secret for application in applications(section))
        for token in _pinned(world, section):
            yield token.text
            if token.refresh_token is not None:
                yield token.refresh_token
    for token in _tokens(world).issued.values():
        yield token.text
        if token.refresh_token is not None:
            yield token.refresh_token
    yield from world.part(Codes).codes


def was_issued(world: World, text: str) -> bool:
    """Return whether the token endpoint issued a token."""
    tokens = _tokens(world)
    return text in tokens.issued or text in tokens.latest.values()


def _tokens(world: World) -> TokenRegister:
    tokens, section = world.part(TokenRegister), world.section(API)
    if tokens.section is not section:
        tokens.section = section
        tokens.pinned = {token.text: token for token in _pinned(world, section)}
        for entry in (section.get("credentials") or {}).get("tokens") or []:
            if entry.get("issued"):
                token = tokens.pinned[entry["token"]]
                tokens.latest[token.key] = token.text
    return tokens


def _pinned(world: World, section: Section) -> Iterable[Token]:
    applications_by_uid = {application.uid: application for application in applications(section)}
    for entry in section.get("credentials", {}).get("tokens", []):
        created = entry.get("created_at")
        yield Token(
            entry["token"],
            applications_by_uid.get(
                entry["application"], ANYONE._replace(uid=entry["application"])
            ),
            tuple(entry.get("scopes", DEFAULT_SCOPES)),
            world.start if created is None else as_datetime(created),
            entry.get("expires_in"),
            entry.get("revoked", False),
            entry.get("user_id"),
            entry.get("refresh_token"),
        )


def issue(
    world: World,
    application: Application,
    scopes: tuple[str, ...],
    user_id: int | None = None,
    *,
    anew: bool = False,
) -> Token:
    """Return the token of an application, or of a person, for these scopes.

    It is the same until it expires, unless `anew` is true. A person's token has a refresh token.
    """
    tokens = _tokens(world)
    key = (application.uid, frozenset(scopes), user_id)
    latest = find_token(world, tokens.latest.get(key, ""))
    if latest is not None and not anew and latest.usable(world.clock):
        return latest
    owner = application.uid if user_id is None else f"{application.uid} for {user_id}"
    text = _new_text(world, "access tokens", f"{owner} {' '.join(scopes)}")
    refresh = None if user_id is None else _new_text(world, "refresh tokens", owner)
    at = world.clock.now().replace(microsecond=0)
    token = Token(text, application, scopes, at, LIFETIME, False, user_id, refresh)
    tokens.remember(token)
    world.changed()
    return token


def _new_text(world: World, purpose: str, owner: str) -> str:
    taken = {token.refresh_token for token in all_tokens(world)}
    texts = (
        SeededRandom(world.seed, purpose, f"{owner} {number}").hexadecimal(64)
        for number in count(_tokens(world).issued_count)
    )
    return next(text for text in texts if find_token(world, text) is None and text not in taken)


def revoke(world: World, text: str) -> None:
    """Revoke a token of a world."""
    world.part(TokenRegister).revoked.add(text)
    world.changed()
