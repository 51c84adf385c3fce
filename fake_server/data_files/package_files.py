"""The files of an API's package, read so that a mistake names its file and line."""

import json
from collections.abc import Callable
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
