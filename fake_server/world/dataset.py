"""Dataset files: what a world starts with."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from fake_server import resources
from fake_server.world.errors import DatasetError
from fake_server.world.recipe import Section

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SETTINGS = frozenset({"description", "seed", "start", "frozen", "storage"})
_DEFAULT_SEED = 1


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset file, parsed. `digest` identifies its bytes; `sections` is by API name."""

    name: str
    description: str
    seed: int
    start: datetime | None
    frozen: bool
    on_disk: bool
    sections: Mapping[str, Section]
    text: str
    digest: str
    path: Path | None

    def section(self, api: str) -> Section:
        """Return the part of the dataset that belongs to one API; empty if there is none."""
        return self.sections.get(api) or {}


def bundled() -> list[Path]:
    """Return the dataset files that come with the package, by name."""
    return sorted(resources.fixtures().glob("*.yaml"))


def find(name: str) -> Path:
    """Return the file of a bundled dataset, or of a path to a user's own file.

    Raises `DatasetError` if there is neither.
    """
    own = Path(name)
    if own.suffix in {".yaml", ".yml"}:
        if own.is_file():
            return own
        raise DatasetError(f"{name}: no such dataset file")
    known = {path.stem: path for path in bundled()}
    if name in known:
        return known[name]
    raise DatasetError(
        f"{name}: no such dataset; there are {', '.join(known)}, or give the path of a .yaml file"
    )


def load(name: str) -> Dataset:
    """Return a bundled dataset by name, or a user's own by path, not yet checked.

    Raises `DatasetError` if it cannot be found or is not YAML; `check` finds all other mistakes.
    """
    path = find(name)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"{path}: cannot be read: {error}") from None
    return parse(text, name=path.stem, path=path)


@lru_cache(maxsize=64)
def parse(text: str, *, name: str, path: Path | None = None) -> Dataset:
    """Return the dataset that `text` (YAML) describes, not yet checked.

    Raises `DatasetError` if the text is not YAML or its settings are of the wrong kind.
    """
    place = str(path or name)
    try:
        document = yaml.load(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or re.sub(r"\s+", " ", str(error))
        raise DatasetError(f"{place}{line}: not YAML: {problem}") from None
    if document is None:
        document = {}
    if not isinstance(document, dict):
        raise DatasetError(f"{place}:1: a dataset is a mapping of keys, not {_kind(document)}")
    return Dataset(
        name=name,
        description=str(document.get("description", "")),
        seed=_setting(document, "seed", int, _DEFAULT_SEED, place),
        start=_start(document.get("start"), place),
        frozen=_setting(document, "frozen", bool, False, place),
        on_disk=document.get("storage") == "disk",
        sections={key: value for key, value in document.items() if key not in _SETTINGS},
        text=text,
        digest=sha256(text.encode()).hexdigest(),
        path=path,
    )


def _setting(document: Mapping[str, Any], key: str, kind: type, default: Any, place: str) -> Any:
    value = document.get(key, default)
    if type(value) is not kind:
        expected = {int: "a whole number", bool: "true or false"}[kind]
        raise DatasetError(f"{place}: {key}: expected {expected}, found {_kind(value)}")
    return value


def _start(value: object, place: str) -> datetime | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    raise DatasetError(
        f"{place}: start: expected a date and time such as 2026-11-21T00:00:00Z,"
        f" found {_kind(value)}"
    )


def _kind(value: object) -> str:
    names = {type(None): "nothing", dict: "a mapping", list: "a list", bool: "true or false"}
    return names.get(type(value), repr(value))
