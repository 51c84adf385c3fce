"""The records of an API: as rows of its tables, and as a dataset pins them.

The names are part of surface 1 and stay as they are.
"""

from typing import TYPE_CHECKING, Any

from fake_server.api.homes import homes_of

if TYPE_CHECKING:
    from fake_server.errors import InUseError, RecordError, UserError, expected_one_of
    from fake_server.world.image_inputs import DatasetPath, ImageInputs, ImageProgress, Section
    from fake_server.world.records.definition import StoreDefinition
    from fake_server.world.records.kinds import ListKind, RecordKind, TableKind
    from fake_server.world.records.pinning import (
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
    from fake_server.world.records.tables import Record, RecordKey, Records, Seeding, Tables
    from fake_server.world.storage.store import Row, Store
    from fake_server.world.storage.tallies import Tally, TallyTerm, TallyTest, itself

__all__ = [
    "DatasetPath",
    "ImageInputs",
    "ImageProgress",
    "InUseError",
    "ListKind",
    "PinnedRecord",
    "Record",
    "RecordError",
    "RecordKey",
    "RecordKind",
    "Records",
    "Row",
    "Section",
    "Seeding",
    "Store",
    "StoreDefinition",
    "TableKind",
    "Tables",
    "Tally",
    "TallyTerm",
    "TallyTest",
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
        "errors": ["InUseError", "RecordError", "UserError", "expected_one_of"],
        "world.records.kinds": ["RecordKind", "ListKind", "TableKind"],
        "world.records.pinning": [
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
        "world.image_inputs": ["DatasetPath", "ImageInputs", "ImageProgress", "Section"],
        "world.records.definition": ["StoreDefinition"],
        "world.records.tables": ["RecordKey", "Record", "Records", "Seeding", "Tables"],
        "world.storage.store": ["Row", "Store"],
        "world.storage.tallies": ["Tally", "TallyTerm", "TallyTest", "itself"],
    }
)


def __getattr__(name: str) -> Any:
    """Import a name at its first use: a start imports nothing that it does not need."""
    return _HOMES.get(__name__, name)
