"""Versions of the code, for the keys of the cache: a changed code does not use old results.

The core has one version and each API another: an edit of one API keeps the images of the others.
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
    """Return the version of the core: a digest of its files and of the inventing libraries."""
    folders = [path for path in _APIS.iterdir() if path.is_dir()]
    excluded = {str(path) for path in [*folders, *(folder() for folder in _DATA)]}
    files = {str(file): file.stat() for file in map(_source, ("faker", "holidays"))}
    files |= _files(str(_PACKAGE), excluded)
    frame = data_files.schemas() / "dataset.json"
    return _digest(files | {str(frame): frame.stat()})


def api_version(api: str) -> str:
    """Return the version of an API: a digest of its code and schemas.

    The version is empty for an API that a program declares without an `api.yaml`.
    """
    package = registry.packages().get(api)
    return "" if package is None else _version_of(package)


@cache
def _version_of(package: ApiPackage) -> str:
    files = _files(str(package.schemas)) if package.schemas.is_dir() else {}
    code = _code_of(package.server)
    if code is not None:
        files |= _files(str(code)) if code.is_dir() else {str(code): code.stat()}
    return _digest(files)


def _code_of(server: str) -> Path | None:
    """Return the path of a server's code: the folder of its package, or the file of its module.

    In a namespace, which distributions share, the package inside it is returned. The function
    imports nothing. It returns None if there is no such module.
    """
    first, *inner = server.partition(":")[0].split(".")
    if (first, *inner[:1]) == ("fake_server", "apis"):
        return _APIS / inner[1]
    spec = find_spec(first)
    if spec is None:
        return None
    if spec.submodule_search_locations is None:
        return None if spec.origin is None else Path(spec.origin)
    for location in spec.submodule_search_locations:
        folder = Path(location)
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
    """Return the main file of a library, which identifies its version, without an import."""
    spec = find_spec(library)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin)


def _files(folder: str, excluded: Iterable[str] = ()) -> dict[str, os.stat_result]:
    """Return the files below a folder, without the `excluded` folders and compiled files.

    `Path.rglob` would be slower.
    """
    files = {}
    for entry in os.scandir(folder):
        if not entry.is_dir():
            files[entry.path] = entry.stat()
        elif entry.name != "__pycache__" and entry.path not in excluded:
            files |= _files(entry.path, excluded)
    return files
