"""What the store must know of an API to make the image its worlds start from."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from sqlalchemy import Connection, MetaData

if TYPE_CHECKING:
    from fake_server.world.kinds import Kind
    from fake_server.world.world import World

Section = Mapping[str, Any]
"""One API's part of a dataset file, as parsed from YAML."""


class Progress(Protocol):
    """Told how far the making of an image is."""

    def __call__(self, label: str, done: int, total: int) -> None:
        """Report that `done` of `total` records called `label` are made."""
        ...


def no_secrets(world: "World") -> Iterable[str]:
    """Return nothing."""
    return ()


def silent(label: str, done: int, total: int) -> None:
    """Report nothing."""


@dataclass(frozen=True, slots=True)
class Brief:
    """What an image is made from: the same brief gives the same image, byte for byte."""

    section: Section
    seed: int
    start: datetime
    progress: Progress = field(default=silent, compare=False)


class Recipe(NamedTuple):
    """How the records of one API are made: its tables and the function that fills them.

    `tables` returns the tables, which may be imported for that.

    `populate` gets a connection inside a transaction, with the tables made, and the brief; their
    indexes are made afterwards. It raises `RecordError` for a record that the dataset schema
    cannot refuse (one that refers to another that is not there).

    `kinds` returns the kinds of records that can be read and changed while a world is used, those
    that others refer to first; it is called when one is asked for.

    `secrets` returns the tokens and client secrets of a world, pinned and issued.
    """

    api: str
    tables: Callable[[], MetaData]
    populate: Callable[[Connection, Brief], None]
    kinds: Callable[[], "Sequence[Kind]"] = tuple
    secrets: Callable[["World"], Iterable[str]] = no_secrets
