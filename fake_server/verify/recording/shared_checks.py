"""The checks of shared behaviours, by the action of an operation."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from fake_server.verify.recording import (
    answer_checks,
    condition_checks,
    page_checks,
    several,
)
from fake_server.verify.recording.checked_exchange import Context
from fake_server.verify.recording.several import Memory

Check = Callable[[Context], None]


class MemoryCheck(Protocol):
    """A check that takes what earlier exchanges showed."""

    def __call__(self, context: Context, memory: Memory) -> None:
        """Assert that an exchange agrees with earlier ones."""


SHARED: Mapping[str, Sequence[tuple[str, Check]]] = {
    "list": [
        ("collections.pages", page_checks.check_page),
        ("collections.total", page_checks.check_total),
        ("collections.links", page_checks.check_links),
        ("collections.default_size", page_checks.check_default_size),
        ("collections.largest_size", page_checks.check_largest_size),
        ("collections.order", page_checks.check_order),
        ("collections.sort", page_checks.check_sort),
        ("collections.filters", condition_checks.check_filters),
        ("collections.ranges", condition_checks.check_ranges),
        ("collections.nesting", condition_checks.check_nesting),
        ("collections.head", answer_checks.check_empty_head),
        ("collections.etag", answer_checks.check_not_modified),
        ("collections.shape", answer_checks.check_shape),
        ("collections.keys", answer_checks.check_keys),
    ],
    "show": [
        ("records.found", answer_checks.check_record_id),
        ("records.head", answer_checks.check_empty_head),
        ("records.etag", answer_checks.check_not_modified),
        ("records.shape", answer_checks.check_shape),
        ("records.keys", answer_checks.check_keys),
    ],
    "graph": [
        ("graphs.head", answer_checks.check_empty_head),
        ("graphs.etag", answer_checks.check_not_modified),
        ("graphs.shape", answer_checks.check_shape),
    ],
}
"""Checks of one exchange."""

SEVERAL: Mapping[str, Sequence[tuple[str, MemoryCheck]]] = {
    "list": [
        ("collections.pages", several.check_walk),
        ("collections.total", several.check_walk_total),
        ("collections.head", several.check_head),
        ("collections.etag", several.check_same_etag),
        ("collections.etag", several.check_spared),
        ("collections.unknown_parent", several.check_unknown_parent),
    ],
    "show": [
        ("records.found", several.check_same_record),
        ("records.head", several.check_head),
        ("records.etag", several.check_same_etag),
        ("records.etag", several.check_spared),
    ],
    "graph": [
        ("graphs.head", several.check_head),
        ("graphs.etag", several.check_same_etag),
        ("graphs.etag", several.check_spared),
        ("graphs.unknown_parent", several.check_unknown_parent),
    ],
}
"""Checks of an exchange beside earlier ones."""

BY_NAME: Mapping[str, Check] = {
    check.__name__.removeprefix("check_"): check
    for checks in SHARED.values()
    for _, check in checks
}
"""The checks of one exchange, by the names that `recorded.yaml` has for them."""
