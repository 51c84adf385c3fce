"""Dataset files: the initial records and settings of a world.

A user's dataset is one file. A bundled dataset is a frame and one file for each API's section. The
section file is among the API's own files, those of a distribution's API included.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from fake_server import data_files
from fake_server.data_files import registry
from fake_server.data_files.yaml_cache import document_of
from fake_server.errors import DatasetError, Position, UserError, expected_one_of
from fake_server.world.image_inputs import Section
from fake_server.world.instants import EARLIEST, LATEST
from fake_server.world.json_schema import EXPECTED, is_whole

_SETTINGS = frozenset({"description", "seed", "start", "now", "frozen", "storage"})
_DEFAULT_SEED = 1
_EXPECTED = {
    str: "text",
    int: EXPECTED,
    bool: "true or false",
    date: "a date and time such as 2026-11-21T00:00:00Z",
}


@lru_cache(maxsize=64)
def _digest(text: str) -> str:
    # Each new world needs the digest, of the same few texts, which may be long.
    return sha256(text.encode()).hexdigest()


class SectionFile(NamedTuple):
    """The file of one API's section in a bundled dataset."""

    api: str
    path: Path
    text: str


class Dataset(NamedTuple):
    """A parsed dataset.

    - `start`: the time that the records lie around, in UTC.
    - `now`: the initial time of the clock, in UTC; None: `start`.
    - `on_disk`: whether the records are kept on disk instead of in memory.
    - `sections`: the sections by API.
    - `text`, `path`: the text and path of the file or frame.
    - `files`: the section files of a bundled dataset.
    """

    name: str
    description: str
    seed: int
    start: datetime | None
    now: datetime | None
    frozen: bool
    on_disk: bool
    sections: Mapping[str, Section]
    text: str
    path: Path | None
    files: tuple[SectionFile, ...]

    def section(self, api: str) -> Section:
        """Return the section of an API; empty if the dataset has none."""
        return self.sections.get(api) or {}

    def digest(self, api: str) -> str:
        """Return the digest of the file with an API's section."""
        file = self._file(api)
        return _digest(self.text if file is None else file.text)

    def position(self, path: Sequence[str | int]) -> Position:
        """Return the line of the value at a path, which begins with a key of the dataset."""
        file = self._file(path[0]) if path else None
        if file is not None:
            return line_in(file.text, str(file.path), path[1:])
        return line_in(self.text, str(self.path or self.name), path)

    def _file(self, api: str | int) -> SectionFile | None:
        return next((file for file in self.files if file.api == api), None)


def bundled() -> list[Path]:
    """Return the bundled dataset files, in the order of their names."""
    return sorted(data_files.fixtures().glob("*.yaml"))


def find(name: str) -> Path:
    """Return the file of a bundled dataset by name, or of a user's dataset by path.

    Raises `DatasetError` if there is no such file.
    """
    own = Path(name)
    if own.suffix in {".yaml", ".yml"}:
        if own.is_file():
            return own
        raise DatasetError(f"{name}: no such dataset file")
    paths = {path.stem: path for path in bundled()}
    if name in paths:
        return paths[name]
    raise DatasetError(
        f"{name or repr(name)}: no such dataset; {expected_one_of(name, sorted(paths))}"
        " (or give the path of a .yaml file)"
    )


def load(name: str, apis: Iterable[str] | None = None) -> Dataset:
    """Return a bundled dataset by name, or a user's dataset by path, without validation.

    Of a bundled one, the section files of `apis` alone are read, or those of all APIs. Raises
    `DatasetError` for a missing file or invalid YAML; `check` finds all other mistakes.
    """
    path = find(name)
    return parse(_text(path), name=path.stem, path=path, files=tuple(_section_files(path, apis)))


def is_bundled(path: Path) -> bool:
    """Return whether a file is that of a bundled dataset."""
    return path.resolve().parent == data_files.fixtures().resolve()


def _section_files(path: Path, apis: Iterable[str] | None) -> Iterator[SectionFile]:
    """Yield the section files of a bundled dataset; a user's dataset has none."""
    if not is_bundled(path):
        return
    packages = registry.packages()
    for package in packages.values() if apis is None else map(packages.get, apis):
        if package is None:
            continue
        file = package.fixtures / path.name
        if file.is_file():
            yield SectionFile(package.name, file, _text(file))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise DatasetError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        from fake_server.world.datasets.yaml_text import not_text

        raise _dataset_error(not_text(str(path), error)) from None


@lru_cache(maxsize=64)
def parse(
    text: str, *, name: str, path: Path | None = None, files: tuple[SectionFile, ...] = ()
) -> Dataset:
    """Return the dataset in `text` (YAML) and the section `files`, without validation.

    Raises `DatasetError` for invalid YAML or a setting of the wrong type.
    """
    file = str(path or name)
    read = partial(_documents, text, file, files)
    full_text = "\0".join([text, *(f"{file.api}\0{file.text}" for file in files)])
    document, *sections = document_of(full_text, read) if path else read(full_text)
    setting = partial(_setting, document, text, file)
    return Dataset(
        name=name,
        description=setting("description", str, ""),
        seed=setting("seed", int, _DEFAULT_SEED),
        start=_moment("start", setting("start", date, None), text, file),
        now=_moment("now", setting("now", date, None), text, file),
        frozen=setting("frozen", bool, False),
        on_disk=setting("storage", str, "memory") == "disk",
        sections={
            **{key: value for key, value in document.items() if key not in _SETTINGS},
            **{file.api: section for file, section in zip(files, sections, strict=True)},
        },
        text=text,
        path=path,
        files=files,
    )


def _documents(
    text: str, file_name: str, files: tuple[SectionFile, ...], full_text: str
) -> list[dict[str, Any]]:
    return [_mapping(text, file_name), *(_mapping(file.text, str(file.path)) for file in files)]


def _mapping(text: str, file: str) -> dict[str, Any]:
    from fake_server.world.datasets.lines import unreadable_values
    from fake_server.world.datasets.yaml_text import load_text, read_text

    try:
        document = read_text(text, file, load_text)
    except UserError as error:
        raise _dataset_error(error) from None
    except (ValueError, AttributeError):
        value, number = next(unreadable_values(text), ("a value", 1))
        raise DatasetError(
            f"cannot be read: {value[:60]}: no such date or number", Position(file, number)
        ) from None
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise DatasetError(
            f"a dataset is a mapping of keys, not {_kind(document)}", Position(file, 1)
        )
    return document


def _dataset_error(error: UserError) -> DatasetError:
    """Return an error of a text as one of a dataset, at the same position."""
    return DatasetError(error.message, error.position)


def _setting(
    document: Mapping[str, Any], text: str, file: str, key: str, kind: type, default: Any
) -> Any:
    if key not in document:
        return default
    value = _unquoted(document[key]) if kind is date else document[key]
    if is_whole(value) if kind is int else isinstance(value, kind):
        return value
    raise DatasetError(
        f"{key}: expected {_EXPECTED[kind]}, found {_kind(value)}", line_in(text, file, (key,))
    )


def line_in(text: str, file: str, path: Sequence[str | int]) -> Position:
    """Return the line of the value at a path in `text`, the text of `file`."""
    from fake_server.world.datasets.lines import line_of

    return Position(file, line_of(text, path))


def _moment(key: str, value: date | None, text: str, file: str) -> datetime | None:
    if value is None:
        return None
    if not EARLIEST.year <= value.year < LATEST.year:
        raise DatasetError(
            f"{key}: expected a time from {EARLIEST.year} to {LATEST.year - 1},"
            f" found {value.isoformat()}",
            line_in(text, file, (key,)),
        )
    if not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def _unquoted(value: object) -> object:
    """Return the time that a text spells (JSON has no other times); other values as they are."""
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _kind(value: object) -> str:
    names = {type(None): "nothing", dict: "a mapping", list: "a list"}
    return names.get(type(value), repr(value))
