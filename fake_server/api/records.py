"""The records of an API: as rows of its tables, and as a dataset pins them.

All names are provisional: they may change until surface 1 is called final, which the changelog
will say.
"""

from typing import TYPE_CHECKING, Any

from fake_server.api.lazy import homes_of

if TYPE_CHECKING:
    from fake_server.errors import UserError, expected_one_of
    from fake_server.world.errors import InUseError, RecordError
    from fake_server.world.kinds import Kind, Listed, Tabled
    from fake_server.world.pinning import (
        DatasetPath,
        PinnedRecord,
        batches,
        claim,
        fill,
        free_ids,
        ids_with,
        insert,
        instant_in,
        part,
        pinned,
        pinned_by_id,
        pinned_values,
        require_after,
        require_existing,
        require_source,
        with_paths,
    )
    from fake_server.world.recipe import Brief, Progress, Recipe, Section
    from fake_server.world.records import Key, Record, Records, Seeding, Tables
    from fake_server.world.store import Row, Store
    from fake_server.world.tallies import Tally, Term, Test, itself

__all__ = [
    "Brief",
    "DatasetPath",
    "InUseError",
    "Key",
    "Kind",
    "Listed",
    "PinnedRecord",
    "Progress",
    "Recipe",
    "Record",
    "RecordError",
    "Records",
    "Row",
    "Section",
    "Seeding",
    "Store",
    "Tabled",
    "Tables",
    "Tally",
    "Term",
    "Test",
    "UserError",
    "batches",
    "claim",
    "expected_one_of",
    "fill",
    "free_ids",
    "ids_with",
    "insert",
    "instant_in",
    "itself",
    "part",
    "pinned",
    "pinned_by_id",
    "pinned_values",
    "require_after",
    "require_existing",
    "require_source",
    "with_paths",
]

_HOMES = homes_of(
    {
        "errors": ["UserError", "expected_one_of"],
        "world.errors": ["InUseError", "RecordError"],
        "world.kinds": ["Kind", "Listed", "Tabled"],
        "world.pinning": [
            "DatasetPath",
            "PinnedRecord",
            "batches",
            "claim",
            "fill",
            "free_ids",
            "ids_with",
            "insert",
            "instant_in",
            "part",
            "pinned",
            "pinned_by_id",
            "pinned_values",
            "require_after",
            "require_existing",
            "require_source",
            "with_paths",
        ],
        "world.recipe": ["Brief", "Progress", "Recipe", "Section"],
        "world.records": ["Key", "Record", "Records", "Seeding", "Tables"],
        "world.store": ["Row", "Store"],
        "world.tallies": ["Tally", "Term", "Test", "itself"],
    }
)


def __getattr__(name: str) -> Any:
    """Import a name at its first use: a start imports nothing that it does not need."""
    return _HOMES.get(__name__, name)
