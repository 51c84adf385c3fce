"""The files of an API's package, read so that a mistake names its file and line."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from fake_server.errors import DeclarationError


def file_bytes(file: Path) -> bytes:
    """Return the content of a file; raises `DeclarationError` for one that cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise DeclarationError(f"{file}: cannot be read: {error.strerror}") from None


def json_file(file: Path) -> Any:
    """Return the content of a JSON file; raises `DeclarationError` with the line of a mistake."""
    try:
        return json.loads(file_bytes(file))
    except json.JSONDecodeError as error:
        raise DeclarationError(f"{file}:{error.lineno}: not JSON: {error.msg}") from None
    except (UnicodeDecodeError, RecursionError) as error:
        why = error.reason if isinstance(error, UnicodeDecodeError) else "nested too deeply"
        raise DeclarationError(f"{file}: not JSON: {why}") from None


def yaml_file(file: Path, read: Callable[[bytes], Any]) -> Any:
    """Return `read(content)` of a YAML file.

    Raises `DeclarationError` with the line of a mistake.
    """
    try:
        return read(file_bytes(file))
    except Exception as error:
        # PyYAML takes long to import, and where the cache answers nobody has.
        from yaml import YAMLError

        if not isinstance(error, YAMLError):
            raise
        mark = getattr(error, "problem_mark", None)
        position = f"{file}:{mark.line + 1}" if mark else str(file)
        problem = getattr(error, "problem", None) or " ".join(str(error).split())
        raise DeclarationError(f"{position}: not YAML: {problem}") from None


def openapi_file(folder: Path) -> dict[str, Any]:
    """Return the OpenAPI document in the folder of an API, or of the control plane.

    Raises `DeclarationError` for a mistake, such as a reference to another file.
    """
    from fake_server.data_files.yaml_values import read_yaml

    file = folder / "openapi.yaml"
    document: dict[str, Any] = yaml_file(file, read_yaml)
    for reference in _references(document):
        if not reference.startswith("#"):
            before, _, _ = file_bytes(file).partition(reference.encode())
            line = before.count(b"\n") + 1
            is_made = (folder / "frame.yaml").is_file()
            raise DeclarationError(
                f"{file}:{line}: $ref: {reference} is outside of the document; "
                + ("run fake-server openapi --write" if is_made else "put it under components")
            )
    return document


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref" and isinstance(value, str):
                yield value
            else:
                yield from _references(value)
    elif isinstance(node, list):
        for item in node:
            yield from _references(item)
