"""The mistake of a user, and how its one line helps."""

from collections.abc import Sequence
from difflib import get_close_matches


class UserError(Exception):
    """Something the user gave is wrong; its text is the one line to show."""


def expected_one_of(found: str, known: Sequence[str], shown: Sequence[str] | None = None) -> str:
    """Return the half sentence that helps: the one most like what was found, or all.

    `shown`: what to name instead of all, where they are many.
    """
    close = get_close_matches(found, known, n=1)
    named = known if shown is None else shown
    return f"meant {close[0]}?" if close else f"expected one of {', '.join(named) or 'none'}"
