"""The store definition of an API: tables, records, kinds and secrets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from fake_server.world.image_inputs import ImageInputs

if TYPE_CHECKING:
    from sqlalchemy import Connection, MetaData

    from fake_server.world.records.kinds import RecordKind


def no_secrets(world: Any) -> Iterable[str]:
    """Return nothing."""
    return ()


class StoreDefinition(NamedTuple):
    """The store of one API: its tables and the function that fills them.

    - `api`: the name of the API.
    - `tables`: returns the tables. The function may import the module that declares them.
    - `populate`: fills the empty tables. It gets a connection inside a transaction and the inputs
      of the image. The store makes the indexes afterwards. `populate` raises `RecordError` for a
      mistake that the dataset schema cannot express, such as a reference to no record.
    - `kinds`: returns the kinds of records that the data plane reads and changes. A kind precedes
      the kinds that refer to it.
    - `secrets`: gets a `World` and returns its tokens and client secrets, pinned and issued.
    - `logins`: gets a `World` and returns the names by which its people log in; None: nobody does.
    """

    api: str
    tables: Callable[[], MetaData]
    populate: Callable[[Connection, ImageInputs], None]
    kinds: Callable[[], Sequence[RecordKind]] = tuple
    secrets: Callable[[Any], Iterable[str]] = no_secrets
    logins: Callable[[Any], Sequence[str]] | None = None
