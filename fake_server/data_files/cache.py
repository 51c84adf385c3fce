"""The cache folder: results that are costly to make, kept for later processes.

The cache is best-effort: read and write errors are ignored.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from zlib import crc32

VARIABLE = "FAKE_SERVER_CACHE"
"""Environment variable: the cache folder, or `off`."""

DISK_IMAGE = ".disk.sqlite"
"""The suffix of an image that worlds read in place."""

KEPT = ".kept"
"""The end of the name of a file with a kept value."""

_UNFINISHED = ".part"
_DIGEST = 32
_PART = 1024 * 1024
_DAY = 24 * 60 * 60
_UNUSED_AFTER = 14 * _DAY
_unfinished_files: set[Path] = set()


def cache_folder() -> Path | None:
    """Return the cache folder; None if the cache is off."""
    setting = os.environ.get(VARIABLE)
    if setting == "off":
        return None
    if setting:
        return Path(setting)
    from platformdirs import user_cache_path

    return user_cache_path("understudy", appauthor=False)


def recall(name: str) -> bytes | None:
    """Return the data kept under a name; None if it is missing or incomplete."""
    folder = cache_folder()
    if folder is None:
        return None
    path = folder / f"{name}{KEPT}"
    try:
        raw = path.read_bytes()
    except OSError:
        return None
    digest, data = raw[:_DIGEST], raw[_DIGEST:]
    if sha256(data).digest() != digest:
        return None
    note_use(path)
    return data


def keep(name: str, data: bytes) -> None:
    """Keep data under a name, atomically, and remove long unused files."""
    folder = cache_folder()
    if folder is None:
        return
    with suppress(OSError):
        with unfinished_file(folder) as unfinished:
            unfinished.write_bytes(sha256(data).digest() + data)
            unfinished.replace(folder / f"{name}{KEPT}")
        prune(folder)


def checksum_of(path: Path) -> bytes:
    """Return a checksum of a file's content; raises OSError.

    CRC-32 finds every damage of up to 32 bits in a row, at 1.5 GB a second.
    """
    checksum = 0
    with path.open("rb") as file:
        while part := file.read(_PART):
            checksum = crc32(part, checksum)
    return checksum.to_bytes(4)


@contextmanager
def unfinished_file(folder: Path) -> Iterator[Path]:
    """Yield a new empty file, to be renamed when it is complete; raises `OSError`.

    At the end it removes the file, if the file still has its name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{os.urandom(8).hex()}{_UNFINISHED}"
    # A signal may end the process as soon as the file exists.
    _unfinished_files.add(path)
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        yield path
    finally:
        path.unlink(missing_ok=True)
        _unfinished_files.discard(path)


def remove_unfinished() -> None:
    """Remove the unfinished files of this process, which is about to be killed."""
    for path in list(_unfinished_files):
        with suppress(OSError):
            path.unlink(missing_ok=True)


def note_use(path: Path) -> None:
    """Mark a file as used, at most once a day, so that `prune` keeps it."""
    with suppress(OSError):
        if time.time() - path.stat().st_mtime > _DAY:
            os.utime(path)


def prune(folder: Path) -> None:
    """Remove the files of the cache that were not used for 14 days."""
    oldest = time.time() - _UNUSED_AFTER
    with suppress(OSError):
        for path in folder.iterdir():
            if path.name.endswith((KEPT, DISK_IMAGE, _UNFINISHED)):
                _remove_older(path, oldest)


def _remove_older(path: Path, oldest: float) -> None:
    with suppress(OSError):
        if path.stat().st_mtime < oldest:
            path.unlink()
