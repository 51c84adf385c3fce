"""What can keep a test from giving a verdict, and what a verdict of broken is made of."""

from collections.abc import Sequence
from typing import Any, Literal

Why = Literal[
    "data", "capability", "budget", "invalid", "moved", "untested", "undecided", "rotation"
]
"""Why a behaviour was not shown.

`data`: the target's records cannot show it. `capability`: the target lacks one. `budget`: the
requests were spent. `invalid`: it needs wrong parameters or credentials, which were not allowed.
`moved`: the records changed meanwhile. `untested`: there is no test. `undecided`: the documented
and the live sentence both hold of what this target has. `rotation`: another run asks it.
"""


class CouldNotRunError(Exception):
    """The suite cannot run; the message is one line that says what to do."""


class UntestedError(CouldNotRunError):
    """Behaviours have no test, so that nothing would be said of them.

    `sentences` names each: the id of a behaviour, or that id and "(live)" for its live sentence.
    """

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__(f"no contract test shows {', '.join(sentences)}")
        self.sentences = tuple(sentences)


class NotShownError(Exception):
    """A test cannot show its behaviour on this target; `missing` says what it would need."""

    def __init__(self, missing: str, why: Why = "data") -> None:
        super().__init__(missing)
        self.missing = missing
        self.why: Why = why


class BrokenError(AssertionError):
    """A behaviour does not hold: what was looked at, what was expected, what was seen.

    `curl` shows it again; by default the last request of the test does.
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
    """Go on only if `condition` is true; else the behaviour is not shown for lack of `missing`.

    >>> need([1, 2], "two availabilities")
    """
    if not condition:
        raise NotShownError(missing)


def brief(value: Any, limit: int = 300) -> str:
    """Return a value as text for a message, cut after `limit` characters."""
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text)} characters)"
