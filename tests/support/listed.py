"""Deliberate differences from what was recorded: entries of a YAML file, each with a reason."""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

import yaml


class Listed(NamedTuple):
    """An entry: `where` is a glob, `what` the kind of difference, or `*`."""

    where: str
    what: str
    reason: str

    def covers(self, where: str, what: str) -> bool:
        """Return whether the entry speaks of a difference."""
        pattern = self.where.replace("[", "[[]")
        return fnmatchcase(where, pattern) and fnmatchcase(what, self.what)


def entries(file: Path, section: str) -> list[Listed]:
    """Return the entries of one section of a file."""
    content: dict[str, Any] = yaml.safe_load(file.read_bytes())
    return [Listed(**entry) for entry in content[section] or []]


def unlisted(
    differences: Iterable[Any], listed: Sequence[Listed]
) -> tuple[list[Any], list[Listed]]:
    """Return the differences that no entry covers, and the entries that cover none.

    A difference is anything with `where` and `what`.
    """
    stale = list(listed)
    rest = []
    for difference in differences:
        covering = [entry for entry in listed if entry.covers(difference.where, difference.what)]
        stale = [entry for entry in stale if entry not in covering]
        if not covering:
            rest.append(difference)
    return rest, stale
