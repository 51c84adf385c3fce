"""The mistakes a user can make about worlds; each message is one line that says what to do."""

from fake_server.errors import UserError, expected_one_of

__all__ = [
    "DataError",
    "DatasetError",
    "InUseError",
    "NameTakenError",
    "RecordError",
    "StorageError",
    "TooManyFaultsError",
    "TooManyWorldsError",
    "UnknownFaultError",
    "UnknownRecordError",
    "UnknownWorldError",
    "UserError",
    "expected_one_of",
    "shortened",
]


class DatasetError(UserError):
    """A dataset file cannot be found, read or understood."""


class RecordError(DatasetError):
    """A record that no schema can refuse, such as one that refers to another that is not there.

    `place` leads to it: keys and indexes within the section. What makes the image adds file and
    line.
    """

    def __init__(self, place: tuple[str | int, ...], message: str) -> None:
        super().__init__(message)
        self.place = place


class StorageError(UserError):
    """A folder takes no records on disk: its file system is full, or cannot be written to."""


class DataError(UserError):
    """A record that is to be added or changed has a mistake."""


class UnknownRecordError(UserError):
    """A request names an API, a kind of records or a record that is not there."""


class InUseError(UserError):
    """A record cannot be removed while others refer to it."""


class UnknownWorldError(UserError):
    """A request names a world that does not exist."""


class NameTakenError(UserError):
    """A new world is given the name of one that exists."""


class TooManyWorldsError(UserError):
    """There are as many worlds as there may be."""


class UnknownFaultError(UserError):
    """A request names a fault that is not set."""


class TooManyFaultsError(UserError):
    """A world has as many faults as it may have."""


def shortened(message: str, most: int = 200) -> str:
    """Return a message as one line, its middle left out where it has more than `most` letters."""
    line = " ".join(message.split())
    return line if len(line) <= most else f"{line[: most - 100]} ... {line[-95:]}"
