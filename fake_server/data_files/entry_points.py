"""The APIs of installed distributions, by their entry points in the group `understudy.apis`.

`importlib.metadata` takes 40 ms to import and to search, which is too slow for a start. This module
reads the lines of the group in each `entry_points.txt` itself.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

GROUP = "understudy.apis"
"""The group of entry points by which a distribution announces an API."""

_HEADING = f"[{GROUP}]".encode()
_KINDS = (".dist-info", ".egg-info")


class EntryPoint(NamedTuple):
    """One entry point: the API's name, its package of data, and the file with the entry."""

    name: str
    value: str
    file: Path


def announced(path: tuple[str, ...]) -> list[EntryPoint]:
    """Return the entry points of the distributions in the folders of `path`, by name.

    Of a distribution in two folders, the first one counts.
    """
    lines_by_distribution: dict[str, list[EntryPoint]] = {}
    for folder in dict.fromkeys(path):
        for distribution, lines in _of_folder(folder or os.curdir):
            lines_by_distribution.setdefault(distribution, lines)
    return sorted(line for lines in lines_by_distribution.values() for line in lines)


def _of_folder(folder: str) -> Iterator[tuple[str, list[EntryPoint]]]:
    names: list[str] = []
    # An entry of sys.path may be missing, or a file.
    with suppress(OSError):
        names = os.listdir(folder)
    for name in names:
        if name.endswith(_KINDS):
            file = f"{folder}/{name}/entry_points.txt"
            raw = _bytes_of(file)
            if _HEADING in raw:
                yield name.partition("-")[0].lower(), list(_lines(raw.decode(), Path(file)))


def _bytes_of(file: str) -> bytes:
    """Return the content of a file; empty if it is missing, as in most distributions."""
    try:
        with open(file, "rb") as opened:
            return opened.read()
    except OSError:
        return b""


def _lines(text: str, file: Path) -> Iterator[EntryPoint]:
    heading = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            heading = line
        elif heading == f"[{GROUP}]" and line and not line.startswith("#"):
            name, _, value = line.partition("=")
            yield EntryPoint(name.strip(), value.strip(), file)


def folder_of(package: str) -> Path | None:
    """Return the folder of a package without importing it; None if there is no such package."""
    first, *inner = package.split(".")
    spec = _spec(first)
    for location in () if spec is None else spec.submodule_search_locations or ():
        folder = Path(location, *inner)
        if folder.is_dir():
            return folder
    return None


def _spec(module: str) -> ModuleSpec | None:
    try:
        return find_spec(module)
    except (ImportError, ValueError):
        return None
