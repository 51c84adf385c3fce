"""The mistakes a user can make about worlds, from the tree of all in `fake_server.errors`."""

from fake_server.errors import (
    DataError,
    DatasetError,
    InUseError,
    Position,
    RecordError,
    StorageError,
    TooManyFaultsError,
    TooManyWorldsError,
    UnknownFaultError,
    UnknownRecordError,
    UnknownWorldError,
    UserError,
    WorldExistsError,
    expected_one_of,
)

__all__ = [
    "DataError",
    "DatasetError",
    "InUseError",
    "Position",
    "RecordError",
    "StorageError",
    "TooManyFaultsError",
    "TooManyWorldsError",
    "UnknownFaultError",
    "UnknownRecordError",
    "UnknownWorldError",
    "UserError",
    "WorldExistsError",
    "expected_one_of",
    "shortened",
]


def shortened(message: str, most: int = 200) -> str:
    """Return a message as one line, its middle left out where it has more than `most` letters."""
    line = " ".join(message.split())
    return line if len(line) <= most else f"{line[: most - 100]} ... {line[-95:]}"
