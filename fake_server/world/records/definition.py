"""What the store must know of an API to make the image its worlds start from."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, MetaData

from fake_server.world.image_inputs import ImageInputs
from fake_server.world.records.kinds import RecordKind


def no_secrets(world: Any) -> Iterable[str]:
    """Return nothing."""
    return ()


class StoreDefinition(NamedTuple):
    """How the records of one API are made: its tables and the function that fills them.

    `tables` returns the tables, which may be imported for that.

    `populate` gets a connection inside a transaction, with the tables made, and the inputs of the
    image; their indexes are made afterwards. It raises `RecordError` for a record that the dataset
    schema cannot refuse (one that refers to another that does not exist).

    `kinds` returns the kinds of records that can be read and changed while a world is used, those
    that others refer to first; it is called when one is asked for.

    `secrets` gets a `World` and returns its tokens and client secrets, pinned and issued.
    """

    api: str
    tables: Callable[[], MetaData]
    populate: Callable[[Connection, ImageInputs], None]
    kinds: Callable[[], Sequence[RecordKind]] = tuple
    secrets: Callable[[Any], Iterable[str]] = no_secrets
