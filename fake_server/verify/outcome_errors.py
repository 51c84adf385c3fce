"""Errors of a test: it cannot show its behaviour, or the behaviour is broken.

Errors of a whole run are `VerificationError`s of `fake_server.errors`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

Why = Literal[
    "data", "capability", "budget", "invalid", "moved", "untested", "undecided", "rotation"
]
"""Why a behaviour was not shown.

- `data`: the target's records cannot show it.
- `capability`: the target lacks a capability.
- `budget`: the budget is spent.
- `invalid`: it needs wrong parameters or credentials, which the run may not send.
- `moved`: the records changed during the test.
- `untested`: no test ran.
- `undecided`: the documented and the live sentence both hold for the target's records.
- `rotation`: another run asks it.
"""


class NotShownError(Exception):
    """A test cannot show its behaviour on this target; `missing` says what it needs."""

    def __init__(self, missing: str, why: Why = "data") -> None:
        super().__init__(missing)
        self.missing = missing
        self.why: Why = why


class BrokenError(AssertionError):
    """A behaviour does not hold.

    - `what`: the thing compared. `expected`, `seen`: its two values, as texts.
    - `curl`: the command that shows it again; None: that of the test's last request.
    """

    def __init__(self, what: str, expected: str, seen: str, curl: str | None = None) -> None:
        super().__init__(f"{what}: expected {expected}, seen {seen}")
        self.what = what
        self.expected = expected
        self.seen = seen
        self.curl = curl


class NoAnswerError(BrokenError):
    """The connection ended, or time ran out, before an answer was complete."""

    def __init__(self, what: str, seen: str) -> None:
        super().__init__(what, "an answer", seen)


def need(condition: object, missing: str) -> None:
    """Raise `NotShownError` unless `condition` is true; `missing` says what the target lacks.

    >>> need([1, 2], "two availabilities")
    """
    if not condition:
        raise NotShownError(missing)


Shorten = Callable[[str, int], str]
"""Returns a text cut after a number of characters, without the credentials of a run."""

_active: list[Shorten] = []


@contextmanager
def shortened_by(shorten: Shorten) -> Iterator[None]:
    """Let `brief` shorten texts so while the block runs: a cut credential is no longer found."""
    _active.append(shorten)
    try:
        yield
    finally:
        _active.pop()


def brief(value: Any, limit: int = 300) -> str:
    """Return a value as text for a message, cut after `limit` characters.

    During a run, the credentials in it are hidden before it is cut.
    """
    text = value if isinstance(value, str) else repr(value)
    if _active:
        return _active[-1](text, limit)
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text)} characters)"
