"""Reads the ledgers of behaviours.

`schemas/<api>/behaviours.yaml` is the ledger of an API, `schemas/collections.yaml` the shared one.
A shared entry holds for every API with an operation that it applies to: `*.collections.pages`
becomes `<api>.collections.pages`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

import yaml

from fake_server import data_files
from fake_server.data_files import registry
from fake_server.yaml_classes import Loader

SHARED = "*."
"""The beginning of a shared entry's id; in other ids the name of an API stands there."""

MEAN_REQUESTS = 3.4
"""About how many requests a test sends whose entry does not say: the mean of the bundled APIs."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence about an API, its evidence and its source."""

    says: str
    evidence: str
    source: str


@dataclass(frozen=True, slots=True)
class Exemption:
    """Operations that an entry does not apply to, and the reason."""

    operations: tuple[str, ...]
    because: Sentence


@dataclass(frozen=True, slots=True)
class Entry:
    """A behaviour: its documented sentence, and the live one where the real service differs.

    - `applies_to`: `collections`, `records`, `graphs`, or names of resources: the entry is shown
      for each operation of these; None: the entry is shown once.
    - `where`: features that such an operation must declare; see `applicability.FEATURES`.
    - `exempt`: operations that the entry does not apply to.
    - `every_run`: a run asks each operation, also where others take turns: it costs an answer that
      such entries share.
    - `requests`: about how many requests its test sends, for one field of one operation.
    """

    id: str
    documented: Sentence
    live: Sentence | None
    quirk: str | None
    applies_to: str | tuple[str, ...] | None = None
    where: tuple[str, ...] = ()
    exempt: tuple[Exemption, ...] = ()
    requests: float = MEAN_REQUESTS
    every_run: bool = False


@cache
def entries(api: str) -> dict[str, Entry]:
    """Return the behaviours of an API by id: the shared ones, then those of its ledger."""
    return {raw["id"]: entry(raw) for raw in raw_entries(api)}


def raw_entries(api: str) -> list[dict[str, Any]]:
    """Return the behaviours of an API as the ledgers write them, the shared ones first.

    A shared entry has the API's name for its `*`. The API's ledger may override its keys.
    """
    path = registry.package(api).schemas / "behaviours.yaml"
    own_entries = {raw["id"]: raw for raw in _read(path)} if path.is_file() else {}
    merged = []
    for shared in shared_entries():
        id_ = f"{api}.{shared['id'].removeprefix(SHARED)}"
        merged.append({**shared, **own_entries.pop(id_, {}), "id": id_})
    return [*merged, *own_entries.values()]


@cache
def shared_entries() -> list[dict[str, Any]]:
    """Return the shared entries as their ledger writes them."""
    return _read(data_files.schemas() / "collections.yaml")


@cache
def shared_ids() -> frozenset[str]:
    """Return the ids of the shared entries, which begin with `SHARED`."""
    return frozenset(raw["id"] for raw in shared_entries())


def _read(path: Any) -> list[dict[str, Any]]:
    return yaml.load(path.read_bytes(), Loader=Loader) or []


def entry(raw: Mapping[str, Any]) -> Entry:
    """Return an entry as a ledger writes it."""
    live, applies_to = raw.get("live"), raw.get("applies_to")
    return Entry(
        raw["id"],
        _sentence(raw),
        _sentence(live) if live else None,
        live["quirk"] if live else None,
        tuple(applies_to) if isinstance(applies_to, list) else applies_to,
        tuple(raw.get("where", ())),
        tuple(
            Exemption(tuple(exemption["operations"]), _sentence(exemption))
            for exemption in raw.get("except", ())
        ),
        raw.get("requests", MEAN_REQUESTS),
        raw.get("every_run", False),
    )


def _sentence(raw: Mapping[str, Any]) -> Sentence:
    return Sentence(raw["says"], raw["evidence"], raw.get("source", ""))


def is_selected(id_: str, only: tuple[str, ...], operation: str | None = None) -> bool:
    """Return whether the globs `only` select a behaviour; without globs each is selected.

    A glob may name an operation, too: `intra42.collections.pages:list_slots`. Without an
    `operation`, a behaviour is selected if any of its operations may be.
    """
    return not only or any(_is_named(id_, operation, glob) for glob in only)


def _is_named(id_: str, operation: str | None, glob: str) -> bool:
    behaviour, colon, name = glob.partition(":")
    if not fnmatchcase(id_, behaviour):
        return False
    return not colon or operation is None or fnmatchcase(operation, name)
