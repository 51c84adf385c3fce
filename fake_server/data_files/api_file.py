"""The file `api.yaml`, in which an API describes itself, checked key by key.

The cache folder has the parsed files of all APIs, by path, time and size: a start reads no YAML.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from fake_server.data_files.cache import keep, recall
from fake_server.errors import ApiFileError, UserError, expected_one_of

FILE_NAME = "api.yaml"
SURFACES = (1,)
"""The numbers of the surfaces of this version. A surface is what an API's package may import."""


_NAME = re.compile("[a-z][a-z0-9_]*")
_RESERVED = frozenset(
    {
        *("control", "description", "frozen", "index", "now", "seed", "start", "storage"),
        *("clock", "data", "faults", "records", "requests"),
    }
)
"""The names with another meaning: in `schemas/`, in a dataset, among endpoints, of a world."""


class ApiPackage(NamedTuple):
    """One API: the content of its `api.yaml`, and the paths of its files.

    - `file`: the `api.yaml`.
    - `base_path`: the path that precedes the path of each operation, such as `/v2`.
    - `prefixes`: the first parts of all paths, such as `/v2` and `/oauth`.
    - `hosts`: the hosts of the real service, for clients that have them hard-coded.
    - `hosts_vary`: whether each installation of the service has a host of its own.
    - `default_for`: the prefixes that this API shares with others, whose unrouted paths it answers.
    - `example`: path and query of a request that shows the API at work.
    - `document`: the description of its resources for OpenAPI, as `module:name`; empty for a
      document written by hand.
    - `server`: the declaration of the server, as `module:name`.
    - `sources`: `(name, meaning)` for each name of a document in its ledger.
    - `surface`: the number of the surface that the server is written for.
    - `schemas`, `fixtures`, `contract_tests`, `mutants`: its own folders, which may be missing.
    """

    name: str
    title: str
    file: Path
    base_path: str
    prefixes: tuple[str, ...]
    hosts: tuple[str, ...]
    hosts_vary: bool
    default_for: tuple[str, ...]
    example: str
    document: str
    server: str
    surface: int
    sources: tuple[tuple[str, str], ...]
    schemas: Path
    fixtures: Path
    contract_tests: Path
    mutants: Path

    @property
    def wants_host(self) -> bool:
        """Whether a user must name the host: the service has no fixed one."""
        return self.hosts_vary or not self.hosts


class Folders(NamedTuple):
    """The folders of an API whose `api.yaml` does not name them."""

    schemas: Path
    fixtures: Path
    contract_tests: Path
    mutants: Path


class _FileKey(NamedTuple):
    """One key of `api.yaml`: its values, as a phrase and as a check, and whether it is required."""

    expected: str
    fits: Callable[[Any], bool]
    default: Any = None
    required: bool = True


def _is_name(value: object) -> bool:
    return isinstance(value, str) and _NAME.fullmatch(value) is not None and value not in _RESERVED


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _is_path(value: object) -> bool:
    return isinstance(value, str) and value.startswith("/") and value.strip("/") != ""


def _is_server(value: object) -> bool:
    module, _, name = value.partition(":") if isinstance(value, str) else ("", "", "")
    return name.isidentifier() and all(part.isidentifier() for part in module.split("."))


def _is_mapping_of_texts(value: object) -> bool:
    return isinstance(value, dict) and all(map(_is_text, [*value, *value.values()]))


def _all(fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(map(fits, value))


_FOLDER = "a folder, relative to this file"
_KEYS: Mapping[str, _FileKey] = {
    "name": _FileKey("small letters and digits, and no word of datasets", _is_name),
    "title": _FileKey("text", _is_text),
    "surface": _FileKey("a number", lambda value: type(value) is int),
    "server": _FileKey("a module and a name in it, such as library_api.server:api", _is_server),
    "base_path": _FileKey(
        "a path such as /v2, or nothing", lambda value: value == "" or _is_path(value)
    ),
    "prefixes": _FileKey(
        "a list of paths such as /v2", lambda value: _all(_is_path)(value) and bool(value)
    ),
    "example": _FileKey("a path, maybe with a query", _is_path),
    "document": _FileKey("a module and a name in it", _is_server, "", required=False),
    "hosts": _FileKey("a list of host names", _all(_is_text), [], required=False),
    "hosts_vary": _FileKey("true or false", lambda value: isinstance(value, bool), False, False),
    "default_for": _FileKey("a list of its prefixes", _all(_is_path), [], required=False),
    "sources": _FileKey("names of documents and what they are", _is_mapping_of_texts, {}, False),
    **{name: _FileKey(_FOLDER, _is_text, name, required=False) for name in Folders._fields},
}


def read_packages(
    files: Sequence[tuple[Path, str, Folders | None]],
) -> tuple[list[ApiPackage], list[tuple[str, UserError]]]:
    """Return the APIs of `api.yaml` files, and `(name, mistake)` for each invalid file.

    `files`: each file with the name that its API must have, and with its folders if the file must
    not name them.
    """
    packages: list[ApiPackage] = []
    mistakes: list[tuple[str, UserError]] = []
    for (file, name, folders), content in zip(
        files, _contents([file for file, *_ in files]), strict=True
    ):
        try:
            packages.append(_package(file, name, folders, content))
        except UserError as mistake:
            mistakes.append((name, mistake))
    return packages, mistakes


def _package(file: Path, name: str, folders: Folders | None, content: Any) -> ApiPackage:
    if isinstance(content, str):
        raise ApiFileError(f"{file}: {content}")
    if not isinstance(content, dict):
        raise ApiFileError(f"{file}: expected a mapping of keys such as name and title")
    keys = [key for key in _KEYS if folders is None or key not in Folders._fields]
    for key in content:
        if key not in keys:
            raise ApiFileError(f"{file}: {key}: no such key; {expected_one_of(str(key), keys)}")
    values = {key: _value(file, key, content) for key in keys}
    if values["name"] != name:
        raise ApiFileError(
            f"{file}: name: expected {name}, as "
            + ("the entry point says" if folders is None else "its folder is called")
            + f", found {values['name']}"
        )
    if values["surface"] not in SURFACES:
        raise ApiFileError(
            f"{file}: surface: this version has {', '.join(map(str, SURFACES))},"
            f" the API is written for {values['surface']}"
        )
    for prefix in values["default_for"]:
        if prefix not in values["prefixes"]:
            raise ApiFileError(
                f"{file}: default_for: {prefix} is none of its prefixes,"
                f" {', '.join(values['prefixes'])}"
            )
    if folders is None:
        paths = {key: file.parent / values[key] for key in Folders._fields}
    else:
        paths = folders._asdict()
    lists = {key: tuple(values[key]) for key in ("prefixes", "hosts", "default_for")}
    sources = tuple(values["sources"].items())
    return ApiPackage(file=file, **{**values, **lists, **paths, "sources": sources})


def _value(file: Path, key: str, content: Mapping[str, Any]) -> Any:
    declared = _KEYS[key]
    if key not in content and not declared.required:
        return declared.default
    if key not in content:
        raise ApiFileError(f"{file}: {key} is missing: expected {declared.expected}")
    if not declared.fits(content[key]):
        raise ApiFileError(f"{file}: {key}: expected {declared.expected}, found {content[key]!r}")
    return content[key]


def _contents(files: Sequence[Path]) -> list[Any]:
    """Return the content of each file; for an unreadable file, a text with the reason."""
    stamps = [_stamp(file) for file in files]
    name = f"apis-{sha256(json.dumps(stamps).encode()).hexdigest()[:32]}"
    cached = recall(name)
    if cached is None:
        cached = json.dumps([_read(file) for file in files], default=str).encode()
        keep(name, cached)
    contents: list[Any] = json.loads(cached)
    return contents


def _stamp(file: Path) -> tuple[str, int, int]:
    """Return path, time and size of a file, which identify its content; 0 if it is missing."""
    try:
        stat = file.stat()
    except OSError:
        return str(file), 0, 0
    return str(file), stat.st_mtime_ns, stat.st_size


def _read(file: Path) -> Any:
    import yaml

    from fake_server.yaml_classes import Loader

    try:
        return yaml.load(file.read_bytes(), Loader=Loader)
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    except yaml.YAMLError as error:
        return f"not YAML: {' '.join(str(error).split())}"
