"""What the cache goes by: what another version of the code has made is not taken for its own.

The core has one version, each API one of its own: whoever edits an API keeps the images of others.
"""

import os
from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from fake_server import data_files
from fake_server.data_files import registry
from fake_server.data_files.api_file import ApiPackage

_PACKAGE = Path(__file__).resolve().parent.parent
_APIS = _PACKAGE / "apis"
_DATA = (data_files.schemas, data_files.fixtures, data_files.contract_tests, data_files.mutants)


@cache
def code_version() -> str:
    """Return what tells the core of this installation from another: code and record inventors."""
    folders = [path for path in _APIS.iterdir() if path.is_dir()]
    beside = {str(path) for path in [*folders, *(folder() for folder in _DATA)]}
    found = {str(file): file.stat() for file in map(_source, ("faker", "holidays"))}
    found |= _files(str(_PACKAGE), beside)
    frame = data_files.schemas() / "dataset.json"
    return _digest(found | {str(frame): frame.stat()})


def api_version(api: str) -> str:
    """Return what tells an API's own code and schemas from another version of them.

    An API that is in no folder, as a program may hand one over, has no version of its own.
    """
    package = registry.packages().get(api)
    return "" if package is None else _version_of(package)


@cache
def _version_of(package: ApiPackage) -> str:
    found = _files(str(package.schemas)) if package.schemas.is_dir() else {}
    code = _code_of(package.server)
    if code is not None:
        found |= _files(str(code)) if code.is_dir() else {str(code): code.stat()}
    return _digest(found)


def _code_of(server: str) -> Path | None:
    """Return where the code of a server is: a package's folder, or a module's file.

    A package within a namespace is taken, not the namespace, which others share. Nothing is
    imported: the module is none if it cannot be found.
    """
    first, *inner = server.partition(":")[0].split(".")
    if (first, *inner[:1]) == ("fake_server", "apis"):
        return _APIS / inner[1]
    spec = find_spec(first)
    if spec is None:
        return None
    if spec.submodule_search_locations is None:
        return None if spec.origin is None else Path(spec.origin)
    for place in spec.submodule_search_locations:
        folder = Path(place)
        for name in inner:
            if (folder / "__init__.py").is_file():
                break
            folder /= name
        if folder.is_dir():
            return folder
    return None


def _digest(files: Mapping[str, os.stat_result]) -> str:
    stamps = sorted(f"{name}:{stat.st_mtime_ns}:{stat.st_size}" for name, stat in files.items())
    return sha256("|".join(stamps).encode()).hexdigest()


def _source(library: str) -> Path:
    """Return a file that tells one installation of a library from another: not imported for it."""
    spec = find_spec(library)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin)


def _files(folder: str, beside: Iterable[str] = ()) -> dict[str, os.stat_result]:
    """Return the files of a folder and its folders, but for those `beside`.

    Compiled ones are left out. `rglob` is slow.
    """
    found = {}
    for entry in os.scandir(folder):
        if not entry.is_dir():
            found[entry.path] = entry.stat()
        elif entry.name != "__pycache__" and entry.path not in beside:
            found |= _files(entry.path, beside)
    return found
