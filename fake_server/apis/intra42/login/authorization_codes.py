"""Authorization codes: a person's permission for an application, until it requests a token."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar, NamedTuple

from fake_server.api.invent import SeededRandom
from fake_server.api.serve import Clock, World
from fake_server.apis.intra42.login.registered_applications import Application

CODE_LIFETIME = 600
"""The seconds for which an authorization code is good."""


MOST_CODES = 10_000
"""The most authorization codes that a world remembers. It then forgets the oldest."""


class Code(NamedTuple):
    """An authorization code: the permission of a person for an application.

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
