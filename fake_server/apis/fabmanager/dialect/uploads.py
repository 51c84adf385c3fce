"""The pictures that requests upload, which a world keeps until its reset."""

import re
from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING
from weakref import finalize

from werkzeug.datastructures import FileStorage

from fake_server.api.serve import world
from fake_server.apis.fabmanager.dialect.errors import FrameworkError
from fake_server.apis.fabmanager.resources import RESOURCES

if TYPE_CHECKING:
    from fake_server.api.records import Records

MEBIBYTE = 1024 * 1024

LARGEST = 20 * MEBIBYTE
"""The largest picture, in bytes."""

LARGEST_IN_ALL = 200 * MEBIBYTE
"""The most bytes of all pictures of a world."""

EXTENSIONS = ("jpg", "jpeg", "gif", "png")
"""The extensions that the real service takes."""

_IN_MEMORY = 64 * 1024
_NUMBER = re.compile(r"/uploads/[a-z_]+/([0-9]+)/")
_FILES = (("machines", "picture"), ("spaces", "picture"), ("events", "picture"), ("plans", "path"))
_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
)


class Uploads:
    """The pictures that requests to a world uploaded, and the numbers that were given out."""

    def __init__(self) -> None:
        self._files: dict[str, bytes | Path] = {}
        self._folder: Path | None = None
        self._total = 0
        self._numbers: dict[str, int] = {}

    def number_after(self, name: str, largest: int) -> int:
        """Return the next number of a kind: none was given before, and `largest` is taken."""
        number = max(self._numbers.get(name, 0), largest) + 1
        self._numbers[name] = number
        return number

    def keep(self, path: str, file: FileStorage) -> None:
        """Keep the bytes of a file under a path.

        Raises `FrameworkError` for a file that is too large.
        """
        data = file.stream.read(LARGEST + 1)
        file.close()
        if len(data) > LARGEST or self._total + len(data) > LARGEST_IN_ALL:
            raise FrameworkError(413)
        self._total += len(data)
        if len(data) <= _IN_MEMORY:
            self._files[path] = data
            return
        # The name is a number of ours: nothing of what was sent becomes a path.
        kept = self._own_folder() / str(len(self._files))
        kept.write_bytes(data)
        self._files[path] = kept

    def _own_folder(self) -> Path:
        """Return the folder of the larger files, which goes with the uploads."""
        if self._folder is None:
            self._folder = Path(mkdtemp(prefix="understudy-uploads-"))
            finalize(self, rmtree, self._folder, ignore_errors=True)
        return self._folder

    def read(self, path: str) -> bytes | None:
        """Return the bytes under a path, or None without a file."""
        file = self._files.get(path)
        return file.read_bytes() if isinstance(file, Path) else file


def uploads() -> Uploads:
    """Return the uploads of the world of the current request."""
    return world().part(Uploads)


def picture_kind(data: bytes) -> str | None:
    """Return the media type of a raster picture, by its first bytes, or None for other data."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for start, kind in _SIGNATURES if data.startswith(start)), None)


def extension_of(file_name: str) -> str:
    """Return the extension of a file's name, as it was sent; empty without one."""
    name = file_name.replace("\\", "/").rpartition("/")[2]
    stem, dot, extension = name.rpartition(".")
    return extension if stem and dot else ""


def next_asset(records: "Records") -> int:
    """Return the number of a new picture. Pictures and files of all kinds count together."""
    numbers = (int(match[1]) for path in _paths(records) if (match := _NUMBER.match(path)))
    return uploads().number_after("assets", max(numbers, default=0))


def _paths(records: "Records") -> Iterator[str]:
    from sqlalchemy import func, select

    for name, column_name in _FILES:
        column = RESOURCES[name].table.c[column_name]
        for row in records.rows(select(column).where(func.length(column) > 0)):
            yield row[0]


def is_kept(path: str) -> bool:
    """Return whether a record of the world has a picture or file under a path."""
    from fake_server.api.records import Records

    return path in set(_paths(Records(world(), "fabmanager")))
