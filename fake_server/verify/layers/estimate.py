"""About how many requests a run sends: the budget of a run that is given none."""

from collections.abc import Iterable, Mapping
from math import ceil
from typing import Any, NamedTuple

from fake_server.verify.api_files.applicability import FEATURES
from fake_server.verify.api_files.declared_operations import DeclaredOperation
from fake_server.verify.api_files.ledger import Entry
from fake_server.verify.target.rotation import Rotation

_BEFORE_TESTS = 3
"""Requests for a token and the probe."""
_SCHEMA_LEAST = 100
_SCHEMA_PER_OPERATION = 10
"""Requests of the schema layer, which asks as long as it may."""
_MARGIN = 1.25
"""The records of a service decide how many requests a test needs."""
_STEP = 10
_SHOWN_PAIRS = 0.25
"""The share of all pairs of parameters that records can show; the others cost no request."""
_PAIRS = ({"sort", "conditions"}, {"two_conditions"}, {"two_conditions", "parting"})
"""The features of entries that combine two parameters."""


class Estimate(NamedTuple):
    """The requests of a run, by layer."""

    behaviours: float
    schema: int

    @property
    def total(self) -> int:
        """About how many requests the run sends."""
        return _rounded(self.behaviours + self.schema)

    @property
    def limit(self) -> int:
        """How many requests the run may send at most, unless another number is given."""
        return _rounded(self.total * _MARGIN)

    def text(self, rate: float | None, limit: int | None) -> str:
        """Return the announcement of a run of at most `limit` requests, `rate` a second."""
        count = self.total if limit is None else min(self.total, limit)
        text = f"about {self.total:,} requests"
        if limit is not None and limit < self.total:
            text = f"{limit:,} of about {self.total:,} requests"
        if rate:
            minutes = max(1, round(count / rate / 60))
            text += f", {minutes} {'minute' if minutes == 1 else 'minutes'} at {rate:g} a second"
        return f"{text}; --max-requests to limit"


def estimate(
    cases: Iterable[tuple[Entry, DeclaredOperation | None]],
    rotation: Rotation,
    document: Mapping[str, Any] | None,
) -> Estimate:
    """Return the estimate for the cases of a run.

    `cases`: the entry of each test and its operation; None for an entry that is shown once.
    `document`: that of the schema layer; None if the layer does not run.
    """
    behaviours = _BEFORE_TESTS + sum(
        entry.requests * (1 if operation is None else _asked_fields(entry, operation, rotation))
        for entry, operation in cases
    )
    if document is None:
        return Estimate(behaviours, 0)
    operations = sum("get" in item for item in document["paths"].values())
    return Estimate(behaviours, max(_SCHEMA_LEAST, _SCHEMA_PER_OPERATION * operations))


def _asked_fields(entry: Entry, operation: DeclaredOperation, rotation: Rotation) -> float:
    """Return how many fields, or pairs of fields, a test of an entry asks an operation for."""
    if not rotation.whole:
        return 1
    values = (FEATURES[name](operation) for name in entry.where)
    counts = [len(value) for value in values if isinstance(value, list)] or [1]
    if rotation.thorough and set(entry.where) in _PAIRS:
        return max(1, _SHOWN_PAIRS * max(counts) * min(counts))
    return max(counts)


def _rounded(requests: float) -> int:
    return ceil(requests / _STEP) * _STEP
