"""The ledgers: `schemas/<api>/behaviours.yaml`, as contract tests and reports need them."""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

import yaml

from fake_server.data_files import registry
from fake_server.yaml_classes import Loader


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence about an API, why it is believed, and where that is written."""

    says: str
    evidence: str
    source: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A behaviour: its documented sentence, and the live one where the real service differs."""

    id: str
    documented: Sentence
    live: Sentence | None
    quirk: str | None


@cache
def entries(api: str) -> dict[str, Entry]:
    """Return the behaviours of an API by id, in the order of its ledger."""
    path = registry.package(api).schemas / "behaviours.yaml"
    raw = yaml.load(path.read_bytes(), Loader=Loader) or []
    return {one["id"]: entry(one) for one in raw}


def entry(raw: Mapping[str, Any]) -> Entry:
    """Return an entry as a ledger writes it."""
    live = raw.get("live")
    return Entry(
        raw["id"],
        _sentence(raw),
        _sentence(live) if live else None,
        live["quirk"] if live else None,
    )


def _sentence(raw: Mapping[str, Any]) -> Sentence:
    return Sentence(raw["says"], raw["evidence"], raw.get("source", ""))


def wanted(id_: str, only: tuple[str, ...]) -> bool:
    """Return whether a behaviour is among those chosen; without a choice each is."""
    return not only or any(fnmatchcase(id_, glob) for glob in only)
