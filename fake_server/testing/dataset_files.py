"""Dataset files, which a client sends as text: a server reads no files of its clients."""

from pathlib import Path

from fake_server.errors import SENT_DATASET, DatasetError, UserError

_SUFFIXES = {".yaml", ".yml"}


def is_file_name(dataset: object) -> bool:
    """Return whether `dataset` is the path of a dataset file, not the name of a dataset."""
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
    """Return an error about the text that a client sent as an error about the text's file."""
    position = error.position
    if position is None or position.file != SENT_DATASET or position.line is None:
        return error
    return error.at(position._replace(file=str(file)))
