"""The base class of all mistakes of a user, and the position of a mistake in a file."""

from typing import ClassVar, NamedTuple, Self

URN = "urn:understudy:"
"""What the type of a problem begins with; the code of an error follows."""

SENT_DATASET = "dataset"
"""The name of a file whose text came with a request: the server has no path of it."""


class Position(NamedTuple):
    """A line of a file, as a compiler writes one: `lab.yaml:3`.

    - `file`: the path of the file, or `SENT_DATASET`.
    - `line`: counted from 1; None: the file as a whole.
    """

    file: str
    line: int | None = None

    def __str__(self) -> str:
        """Return the position as text, without a line if it has none."""
        return self.file if self.line is None else f"{self.file}:{self.line}"


class UserError(Exception):
    """Something that a user gave is wrong; the text is the one line to show.

    - `message`: the text without the position.
    - `position`: where in a file the mistake is; None: in no file. The text begins with it.
    """

    code: ClassVar[str] = "user"

    def __init__(self, message: str = "", position: Position | None = None) -> None:
        super().__init__(message if position is None else f"{position}: {message}")
        self.message = message
        self.position = position

    @classmethod
    def of_message(cls, message: str, position: Position | None = None) -> Self:
        """Return an error of this class with a message and a position."""
        return cls(message, position)

    def at(self, position: Position) -> Self:
        """Return the same error at another position."""
        return self.of_message(self.message, position)

    @property
    def type(self) -> str:
        """The type of the problem (RFC 9457) that says this error over HTTP."""
        return f"{URN}{self.code}"
