"""Dataset files: what a world starts with.

A user's own dataset is one file. A bundled one is a frame, and a file for each API's section, which
stands among the API's own files: so does that of an API that a distribution brings.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from fake_server import data_files
from fake_server.data_files import registry
from fake_server.data_files.documents import document_of
from fake_server.world.errors import DatasetError, UserError, expected_one_of
from fake_server.world.image_inputs import Section
from fake_server.world.instants import EARLIEST, LATEST

_SETTINGS = frozenset({"description", "seed", "start", "now", "frozen", "storage"})
_DEFAULT_SEED = 1
_EXPECTED = {
    str: "text",
    int: "a whole number",
    bool: "true or false",
    date: "a date and time such as 2026-11-21T00:00:00Z",
}


@lru_cache(maxsize=64)
def _digest(text: str) -> str:
    # Every new world asks for it, of the same few texts, one of which may be long.
    return sha256(text.encode()).hexdigest()


class SectionFile(NamedTuple):
    """The file of one API's section in a bundled dataset."""

    api: str
    path: Path
    text: str


class Dataset(NamedTuple):
    """A dataset, parsed; `sections` is by API name.

    `start` is what records lie around; the clock starts at `now`, or there. `text` and `path` are
    those of the file, or of the frame; `files` are those of sections that stand apart from it.
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
        """Return the part of the dataset that belongs to one API; empty if there is none."""
        return self.sections.get(api) or {}

    def digest(self, api: str) -> str:
        """Return what identifies the text that an API's section stands in."""
        file = self._file(api)
        return _digest(self.text if file is None else file.text)

    def position(self, path: Sequence[str | int]) -> str:
        """Return file and line of what stands at a path, which begins with a key of the dataset."""
        file = self._file(path[0]) if path else None
        if file is not None:
            return line_in(file.text, str(file.path), path[1:])
        return line_in(self.text, str(self.path or self.name), path)

    def _file(self, api: str | int) -> SectionFile | None:
        return next((file for file in self.files if file.api == api), None)


def bundled() -> list[Path]:
    """Return the dataset files that come with the package, by name."""
    return sorted(data_files.fixtures().glob("*.yaml"))


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
        f"{name or repr(name)}: no such dataset; {expected_one_of(name, sorted(known))}"
        " (or give the path of a .yaml file)"
    )


def load(name: str) -> Dataset:
    """Return a bundled dataset by name, or a user's own by path, not yet checked.

    Raises `DatasetError` if it cannot be found or is not YAML; `check` finds all other mistakes.
    """
    path = find(name)
    return parse(_text(path), name=path.stem, path=path, files=tuple(_section_files(path)))


def _section_files(path: Path) -> Iterator[SectionFile]:
    """Yield the sections of a bundled dataset, each from its API's files; none of another's."""
    if path.resolve().parent != data_files.fixtures().resolve():
        return
    for package in registry.packages().values():
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

        raise DatasetError(str(not_text(str(path), error))) from None


@lru_cache(maxsize=64)
def parse(
    text: str, *, name: str, path: Path | None = None, files: tuple[SectionFile, ...] = ()
) -> Dataset:
    """Return the dataset that `text` (YAML) describes, not yet checked; `files` are its sections.

    Raises `DatasetError` if a text is not YAML or a setting is of the wrong kind.
    """
    place = str(path or name)
    read = partial(_documents, text, place, files)
    whole = "\0".join([text, *(f"{file.api}\0{file.text}" for file in files)])
    document, *sections = document_of(whole, read) if path else read(whole)
    setting = partial(_setting, document, text, place)
    return Dataset(
        name=name,
        description=setting("description", str, ""),
        seed=setting("seed", int, _DEFAULT_SEED),
        start=_moment("start", setting("start", date, None), text, place),
        now=_moment("now", setting("now", date, None), text, place),
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
    text: str, place: str, files: tuple[SectionFile, ...], whole: str
) -> list[dict[str, Any]]:
    return [_mapping(text, place), *(_mapping(file.text, str(file.path)) for file in files)]


def _mapping(text: str, place: str) -> dict[str, Any]:
    from fake_server.world.datasets.lines import unreadable_values
    from fake_server.world.datasets.yaml_text import load_text, read_text

    try:
        document = read_text(text, place, load_text)
    except UserError as error:
        raise DatasetError(str(error)) from None
    except (ValueError, AttributeError):
        value, number = next(unreadable_values(text), ("a value", 1))
        raise DatasetError(
            f"{place}:{number}: cannot be read: {value[:60]}: no such date or number"
        ) from None
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise DatasetError(f"{place}:1: a dataset is a mapping of keys, not {_kind(document)}")
    return document


def _setting(
    document: Mapping[str, Any], text: str, place: str, key: str, kind: type, default: Any
) -> Any:
    if key not in document:
        return default
    value = _unquoted(document[key]) if kind is date else document[key]
    if isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
        return value
    raise DatasetError(
        f"{line_in(text, place, (key,))}: {key}: expected {_EXPECTED[kind]}, found {_kind(value)}"
    )


def line_in(text: str, place: str, path: Sequence[str | int]) -> str:
    """Return the file `place`, whose text it is, and the line of what stands at a path in it."""
    from fake_server.world.datasets.lines import line_of

    return f"{place}:{line_of(text, path)}"


def _moment(key: str, value: date | None, text: str, place: str) -> datetime | None:
    if value is None:
        return None
    if not EARLIEST.year <= value.year < LATEST.year:
        raise DatasetError(
            f"{line_in(text, place, (key,))}: {key}: expected a time from {EARLIEST.year}"
            f" to {LATEST.year - 1}, found {value.isoformat()}"
        )
    if not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def _unquoted(value: object) -> object:
    """Return the instant that a quoted text spells, as one in JSON always is; else the value."""
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _kind(value: object) -> str:
    names = {type(None): "nothing", dict: "a mapping", list: "a list"}
    return names.get(type(value), repr(value))
