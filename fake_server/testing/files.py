"""Dataset files that go to a server as text: it reads no files of whoever asks."""

import re
from pathlib import Path

from fake_server.errors import DatasetError

_SUFFIXES = {".yaml", ".yml"}
_LINE = re.compile(r"\Adataset:(?=\d)")


def is_file_name(dataset: object) -> bool:
    """Return whether a dataset is given by the name of a file, not by its own."""
    return isinstance(dataset, str | Path) and Path(dataset).suffix in _SUFFIXES


def text_of_file(file: Path) -> str:
    """Return the text of a dataset file; raises `UserError`."""
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DatasetError(f"{file}: no such dataset file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"{file}: cannot be read: {error}") from None


def in_file(message: str, file: Path) -> str:
    """Return a mistake with the file where the server says `dataset`, which is all it knows."""
    return _LINE.sub(lambda _: f"{file}:", message)
