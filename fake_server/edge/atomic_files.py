"""Atomic writing of files that other programs wait for."""

from pathlib import Path

from fake_server.data_files.cache import unfinished_file
from fake_server.errors import OutputError


def require_writable(path: Path) -> None:
    """Raise `UserError` if no file can be at a path: no folder, or something that is no file."""
    if path.exists() and not path.is_file():
        raise OutputError(f"{path}: cannot be written: it is there, and no file")
    if not path.absolute().parent.is_dir():
        raise OutputError(f"{path}: cannot be written: there is no folder {path.parent}")


def write_atomically(path: Path, data: bytes, *, mode: int) -> None:
    """Write a file in one step; raises `UserError` if it cannot be written.

    A path that is no file, such as a device, stays as it is.
    """
    require_writable(path)
    try:
        with unfinished_file(path.absolute().parent) as unfinished:
            unfinished.write_bytes(data)
            unfinished.chmod(mode)
            unfinished.replace(path)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from None
