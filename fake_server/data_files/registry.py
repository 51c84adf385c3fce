"""The registry of APIs: the bundled ones, and those of installed distributions.

The registry imports no server: the harness and the commands on datasets and documents need none.
"""

import sys
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from fake_server import data_files
from fake_server.data_files.api_file import FILE_NAME, ApiPackage, Folders, read_packages
from fake_server.data_files.entry_points import EntryPoint, announced, folder_of
from fake_server.errors import ApiFileError, UnknownApiError, UserError, expected_one_of

CONTROL = "control"
"""The name of the control plane among documents; no API can have this name."""


class _Registry(NamedTuple):
    """The valid APIs and the mistakes of the invalid ones, by name."""

    packages: Mapping[str, ApiPackage]
    mistakes: Mapping[str, UserError]


def names() -> list[str]:
    """Return the names of all valid APIs: the bundled ones in alphabetical order, then others."""
    return list(packages())


def packages() -> Mapping[str, ApiPackage]:
    """Return all valid APIs, by name."""
    return _current().packages


def mistakes() -> Mapping[str, UserError]:
    """Return the mistake of each invalid API, by the name that the API should have.

    A mistake is one line with the file and, if possible, the key.
    """
    return _current().mistakes


def package(name: str) -> ApiPackage:
    """Return an API by name; raises `UserError` for an unknown or invalid API."""
    registry = _current()
    if name in registry.packages:
        return registry.packages[name]
    if name in registry.mistakes:
        # A new exception: one raised twice would have the traceback of the first time.
        mistake = registry.mistakes[name]
        raise mistake.of_message(mistake.message, mistake.position)
    raise UnknownApiError(
        f"{name or repr(name)}: no such API; {expected_one_of(name, list(registry.packages))}"
    )


def is_bundled(name: str) -> bool:
    """Return whether an API is one of this distribution's own."""
    known = packages().get(name)
    return known is not None and known.file.parent.parent == data_files.schemas()


def schemas_of(name: str) -> Path:
    """Return the folder with the document of an API, or of the control plane (`control`).

    Raises `UserError` as `package` does.
    """
    return data_files.schemas() / CONTROL if name == CONTROL else package(name).schemas


def _current() -> _Registry:
    return _registry(tuple(sys.path), data_files.schemas())


@lru_cache(maxsize=8)
def _registry(path: tuple[str, ...], schemas: Path) -> _Registry:
    mistakes: dict[str, UserError] = {}
    bundled = [(file, file.parent.name, _own_folders(file.parent.name)) for file in _own(schemas)]
    installed = []
    names = {name for _, name, _ in bundled}
    for line in announced(path):
        if line.name in names:
            mistakes.setdefault(line.name, _second(line))
            continue
        names.add(line.name)
        folder = folder_of(line.value)
        if folder is None:
            mistakes[line.name] = ApiFileError(
                f"{line.file}: {line.name}: there is no package {line.value}"
            )
        else:
            installed.append((folder / FILE_NAME, line.name, None))
    packages, invalid = read_packages([*bundled, *installed])
    return _Registry({package.name: package for package in packages}, {**mistakes, **dict(invalid)})


def _own(schemas: Path) -> Iterator[Path]:
    yield from sorted(schemas.glob(f"*/{FILE_NAME}"))


def _own_folders(name: str) -> Folders:
    return Folders(
        schemas=data_files.schemas() / name,
        fixtures=data_files.fixtures() / name,
        contract_tests=data_files.contract_tests() / name,
        mutants=data_files.mutants() / name,
    )


def _second(line: EntryPoint) -> UserError:
    return ApiFileError(f"{line.file}: {line.name}: there is another API of this name")
