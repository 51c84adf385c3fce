"""Applications and their access tokens, pinned and issued."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any, ClassVar, NamedTuple

from fake_server.api.invent import SeededRandom
from fake_server.api.records import Section
from fake_server.api.serve import Clock, World
from fake_server.apis.intra42.dialect.timestamps import as_datetime
from fake_server.apis.intra42.resources import API

LIFETIME = 7200
"""The seconds for which an issued token is valid."""

DEFAULT_SCOPES = ("public",)


class Application(NamedTuple):
    """A registered client.

    - `secret_valid_until`: in seconds since 1970.
    - `redirect_uris`: where people who allow or deny it are sent back to.
    - `loopback_redirects`: whether any URI of this machine is good as well.
    """

    id: int
    uid: str
    secret: str
    name: str
    scopes: tuple[str, ...] = DEFAULT_SCOPES
    roles: tuple[str, ...] = ()
    secret_valid_until: int | None = None
    redirect_uris: tuple[str, ...] = ()
    loopback_redirects: bool = True

    def ended(self, at: datetime) -> bool:
        """Return whether the secret has expired."""
        ends = self.secret_valid_until
        return ends is not None and at.timestamp() >= ends


ANYONE = Application(0, "anyone", "", "Anyone", ("public", "projects"))
"""The client that has no application in the dataset, if the world lets anybody in."""


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


def applications(section: Section) -> list[Application]:
    """Return the applications that a dataset pins, in its order."""
    pinned = section.get("credentials", {}).get("applications", [])
    return [_application(entry, number) for number, entry in enumerate(pinned, start=1)]


def _application(entry: Mapping[str, Any], number: int) -> Application:
    ends = entry.get("secret_valid_until")
    return Application(
        entry.get("id", number),
        entry["uid"],
        entry["secret"],
        entry.get("name", f"Application {number}"),
        tuple(entry.get("scopes", DEFAULT_SCOPES)),
        tuple(entry.get("roles", ())),
        None if ends is None else int(as_datetime(ends).timestamp()),
        tuple(entry.get("redirect_uris", ())),
        entry.get("loopback_redirects", "redirect_uris" not in entry),
    )


def find_application(world: World, uid: str, secret: str) -> Application | None:
    """Return the application with these credentials, or None.

    If the world lets anybody in, unknown credentials give `ANYONE`, and no credentials give the
    default application. An expired secret is no credential.
    """
    pinned_applications = applications(world.section(API))
    application = next(
        (
            candidate
            for candidate in pinned_applications
            if (candidate.uid, candidate.secret) == (uid, secret)
        ),
        None,
    )
    if application is not None and world.auth == "dataset" and application.ended(world.clock.now()):
        return None
    if application is None and world.auth == "off" and not uid:
        return default_application(world)
    if application is None and (world.auth == "off" or (world.auth == "any" and uid and secret)):
        return ANYONE._replace(uid=uid, secret=secret)
    return application


def registered_application(world: World, uid: str) -> Application | None:
    """Return the application that asks a person, by its uid alone, or None.

    If the world lets anybody in, an unknown uid gives `ANYONE`.
    """
    application = next(
        (candidate for candidate in applications(world.section(API)) if candidate.uid == uid), None
    )
    if application is None and world.auth == "off" and not uid:
        return default_application(world)
    if application is None and world.auth != "dataset" and uid:
        return ANYONE._replace(uid=uid)
    return application


def default_application(world: World) -> Application:
    """Return the application of an anonymous request: the dataset's first."""
    pinned_applications = applications(world.section(API))
    return pinned_applications[0] if pinned_applications else ANYONE


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


def advertised_applications(world: World) -> list[Application]:
    """Return the applications that the section lists, those that can sign in first."""
    return sorted(
        applications(world.section(API)),
        key=lambda application: not can_sign_in(world, application),
    )


def can_sign_in(world: World, application: Application) -> bool:
    """Return whether an application gets a token without naming a scope."""
    ended = world.auth == "dataset" and application.ended(world.clock.now())
    allowed = world.auth == "off" or set(DEFAULT_SCOPES) <= set(application.scopes)
    return allowed and not ended


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

    It is the same until it expires, unless a new one is asked for. A person's has a refresh token.
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


CODE_LIFETIME = 600
"""The seconds for which an authorization code is good."""

MOST_CODES = 10_000
"""The most authorization codes that a world remembers. It then forgets the oldest."""


class Code(NamedTuple):
    """An authorization code: what a person allowed an application.

    - `challenge`, `challenge_method`: those of PKCE (RFC 7636); None if the application sent none.
    """

    text: str
    application: Application
    redirect_uri: str
    scopes: tuple[str, ...]
    user_id: int
    created_at: datetime
    challenge: str | None = None
    challenge_method: str | None = None

    def expired(self, clock: Clock) -> bool:
        """Return whether the code is no longer good."""
        return clock.has_passed(self.created_at + timedelta(seconds=CODE_LIFETIME))


@dataclass(slots=True)
class Codes:
    """The authorization codes of one world.

    - `codes`: the codes by their texts; None where a code is used up.
    - `issued_count`: the number of all codes, used ones included.
    """

    versioned: ClassVar[bool] = True
    codes: dict[str, Code | None] = field(default_factory=dict)
    issued_count: int = 0


def issue_code(
    world: World,
    application: Application,
    redirect_uri: str,
    scopes: tuple[str, ...],
    user_id: int,
    challenge: tuple[str, str] | None = None,
) -> Code:
    """Return a new authorization code. `challenge`: that of PKCE and its method."""
    codes = world.part(Codes)
    owner = f"{application.uid} for {user_id} {codes.issued_count}"
    text = SeededRandom(world.seed, "authorization codes", owner).hexadecimal(64)
    code = Code(
        text, application, redirect_uri, scopes, user_id, world.clock.now(), *(challenge or ())
    )
    if len(codes.codes) >= MOST_CODES:
        del codes.codes[next(iter(codes.codes))]
    codes.codes[text] = code
    codes.issued_count += 1
    world.changed()
    return code


def find_code(world: World, text: str) -> Code | None:
    """Return an authorization code that nobody used yet, expired or not."""
    return world.part(Codes).codes.get(text)


def use_code(world: World, code: Code) -> None:
    """Use an authorization code up. Its text stays a secret of the journal."""
    world.part(Codes).codes[code.text] = None
    world.changed()
