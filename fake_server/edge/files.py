"""Files that other programs wait for: they are there whole, or not at all."""

from pathlib import Path

from fake_server.data_files.cache import new_unfinished
from fake_server.errors import OutputError


def require_writable(path: Path) -> None:
    """Raise `UserError` where no file can be: its folder is missing, or it is no file itself."""
    if path.exists() and not path.is_file():
        raise OutputError(f"{path}: cannot be written: it is there, and no file")
    if not path.absolute().parent.is_dir():
        raise OutputError(f"{path}: cannot be written: there is no folder {path.parent}")


def write_atomically(path: Path, data: bytes, *, mode: int) -> None:
    """Write a file in one step; raises `UserError` where it cannot be written.

    What is there and is no file, such as a device, is left alone.
    """
    require_writable(path)
    try:
        unfinished = new_unfinished(path.absolute().parent)
        try:
            unfinished.write_bytes(data)
            unfinished.chmod(mode)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from None
