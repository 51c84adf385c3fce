"""How a request's path names its world and, spelled in any accepted way, its operation."""

import re

_WORLD_PREFIX = re.compile(r"\A/+w/+([^/]+)(?=/|\Z)")
_SLASHES = re.compile("/{2,}")
_SUFFIX = re.compile(r"(?<=[^/])\.json\Z")


def split_world(path: str) -> tuple[str | None, str, str]:
    """Return world name (None without a prefix), the prefix, and the rest of a path."""
    match = _WORLD_PREFIX.match(path)
    if match is None:
        return None, "", path
    return match[1], match[0], path[match.end() :] or "/"


def tidy(path: str) -> str:
    """Return a path with doubled slashes and a trailing slash taken off."""
    path = _SLASHES.sub("/", path)
    return (path.removesuffix("/") if len(path) > 1 else path) or "/"


def canonical(path: str) -> str:
    """Return a path with doubled slashes, a trailing slash and a `.json` suffix taken off.

    All three services accept these spellings for every path of theirs.
    """
    return _SUFFIX.sub("", tidy(path))
