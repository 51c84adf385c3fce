"""The wording that messages of errors share."""

from collections.abc import Sequence
from difflib import get_close_matches


def expected_one_of(name: str, known: Sequence[str], shown: Sequence[str] | None = None) -> str:
    """Return the half sentence that helps: the name most like the one found, or all known ones.

    `shown`: the names to list instead of all, where there are many.
    """
    close = get_close_matches(name, known, n=1)
    listed = known if shown is None else shown
    return f"meant {close[0]}?" if close else f"expected one of {', '.join(listed) or 'none'}"


def shortened(message: str, most: int = 200) -> str:
    """Return a message as one line, its middle left out where it has more than `most` letters."""
    line = " ".join(message.split())
    return line if len(line) <= most else f"{line[: most - 100]} ... {line[-95:]}"
