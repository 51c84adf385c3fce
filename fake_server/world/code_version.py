"""What the cache goes by: what another version of the code has made is not taken for its own."""

import os
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from fake_server import data_files


@cache
def code_version() -> str:
    """Return what tells this installation from another: its code, schemas and record inventors."""
    package = Path(__file__).resolve().parent.parent
    found = {str(file): file.stat() for file in map(_source, ("faker", "holidays"))}
    for folder in (package, data_files.schemas()):
        found |= _files(str(folder))
    stamps = sorted(f"{name}:{stat.st_mtime_ns}:{stat.st_size}" for name, stat in found.items())
    return sha256("|".join(stamps).encode()).hexdigest()


def _source(library: str) -> Path:
    """Return a file that tells one installation of a library from another: not imported for it."""
    spec = find_spec(library)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin)


def _files(folder: str) -> dict[str, os.stat_result]:
    """Return the files of a folder and its folders, without compiled ones: `rglob` is slow."""
    found = {}
    for entry in os.scandir(folder):
        if not entry.is_dir():
            found[entry.path] = entry.stat()
        elif entry.name != "__pycache__":
            found |= _files(entry.path)
    return found
