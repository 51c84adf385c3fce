"""The files of declarations and the frame of a document, read and checked by their schemas.

`schemas/resource.json` says which keys a declaration has, `resources/keys.json` of an API's folder
which its dialect has besides, `schemas/frame.json` what a frame has.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from fake_server import data_files
from fake_server.data_files.package_files import json_file
from fake_server.errors import DeclarationError, expected_one_of

Keys = Mapping[str, Any]
"""A declaration as its file has it."""

OWN_KEYS = "resources/keys.json"
"""The file, in an API's folder, of the keys that only its declarations have."""

_MERGED = ("properties", "$defs")


def schema_files(folder: Path) -> list[Path]:
    """Return the files that decide what the declarations in an API's folder may say."""
    own = folder / OWN_KEYS
    return [data_files.schemas() / "resource.json", *([own] if own.is_file() else [])]


def read_declarations(folder: Path) -> dict[str, Any]:
    """Return the declarations in the folder of an API, by the name of the resource.

    Raises `DeclarationError` for the first mistake: file, line, what was wrong, what was expected.
    """
    schema = _schema(tuple(schema_files(folder)))
    return {file.stem: _declaration(file, schema) for file in _files(folder)}


def read_frame(folder: Path) -> dict[str, Any]:
    """Return the frame of the document of the API whose data is in `folder`.

    Raises `UserError` as `read_declarations` does, and for an unknown name in `x-resources`.
    """
    file = folder / "frame.yaml"
    text = _text(file)
    frame: dict[str, Any] = _content(file, text)
    _require(file, text, frame, json_file(data_files.schemas() / "frame.json"))
    declared = [resource.stem for resource in _files(folder)]
    for index, name in enumerate(frame.get("x-resources", ())):
        if name not in declared:
            where = position(file, text, ("x-resources", index))
            raise DeclarationError(f"{where}: no such resource; {expected_one_of(name, declared)}")
    return frame


def patched_keys(keys: Keys, patch: Keys) -> dict[str, Any]:
    """Return a declaration's keys with those of a quirk put over them.

    Mappings are merged; null takes a key away.
    """
    merged = dict(keys)
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
            continue
        before = merged.get(key)
        both = isinstance(before, Mapping) and isinstance(value, Mapping)
        merged[key] = patched_keys(before, value) if both else value  # type: ignore[arg-type]  # both says so
    return merged


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("resources/*.yaml"))


def _declaration(file: Path, schema: Mapping[str, Any]) -> Any:
    text = _text(file)
    keys = _content(file, text)
    _require(file, text, keys, schema)
    for name, patch in (keys.get("quirks") or {}).items():
        _require(file, text, patched_keys(keys, patch), schema, ("quirks", name))
    return keys


@cache
def _schema(files: tuple[Path, ...]) -> dict[str, Any]:
    """Return the schema of an API's declarations: the shared one, with what its own has."""
    whole, *others = (json_file(file) for file in files)
    schema: dict[str, Any] = whole
    for own in others:
        for key in _MERGED:
            schema[key] = {**schema[key], **own.get(key, {})}
        schema["required"] = [*schema["required"], *own.get("required", ())]
    return schema


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise DeclarationError(f"{file}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        from fake_server.world.datasets.yaml_text import not_text

        raise not_text(str(file), error) from None


def _content(file: Path, text: str) -> Any:
    from fake_server.data_files.yaml_values import read_yaml
    from fake_server.world.datasets.lines import repeated_keys
    from fake_server.world.datasets.yaml_text import read_text

    content = read_text(text, str(file), lambda text: read_yaml(text.encode()))
    for key, line, first in repeated_keys(text):
        raise DeclarationError(
            f"{file}:{line}: {key}: stands here a second time, first on line {first}"
        )
    return {} if content is None else content


def _require(
    file: Path,
    text: str,
    content: Any,
    schema: Mapping[str, Any],
    within: tuple[str | int, ...] = (),
) -> None:
    """Raise `DeclarationError` for a file's first mistake; `within` leads to the part it is of."""
    from fake_server.world.datasets.check import mistake_in

    mistake = mistake_in(content, schema)
    if mistake is not None:
        inner, message = mistake
        raise DeclarationError(f"{position(file, text, (*within, *inner))}: {message}")


def position(file: Path, text: str, path: tuple[str | int, ...]) -> str:
    """Return file, line and path of a value, as the beginning of a mistake."""
    from fake_server.world.datasets.lines import line_of

    where = ".".join(str(step) for step in path)
    return f"{file}:{line_of(text, path)}: {where}" if where else f"{file}:{line_of(text, path)}"
