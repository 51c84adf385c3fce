"""Dataset files that go to a server as text: it reads no files of whoever asks."""

from pathlib import Path

from fake_server.errors import SENT_DATASET, DatasetError, UserError

_SUFFIXES = {".yaml", ".yml"}


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


def in_file(error: UserError, file: Path) -> UserError:
    """Return an error about a text that was sent as one about the file that has the text."""
    position = error.position
    if position is None or position.file != SENT_DATASET or position.line is None:
        return error
    return error.at(position._replace(file=str(file)))
