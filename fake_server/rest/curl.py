"""Requests as commands to paste into a shell."""

import shlex
from collections.abc import Mapping


def curl(
    url: str, headers: Mapping[str, str] | None = None, *, fields: Mapping[str, str] | None = None
) -> str:
    """Return a `curl` command: a GET, or the POST of a form with `fields`; quoted for a shell."""
    words = ["curl"]
    for name, value in (headers or {}).items():
        words += ["-H", f"{name}: {value}"]
    for name, value in (fields or {}).items():
        words += ["--data-urlencode", f"{name}={value}"]
    return shlex.join([*words, url])
