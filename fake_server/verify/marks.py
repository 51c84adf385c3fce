"""Marks a test with the behaviour that it shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pytest

Capability = Literal["clock", "data", "limits", "writes"]
CAPABILITIES: tuple[Capability, ...] = ("clock", "data", "limits", "writes")


@dataclass(frozen=True, slots=True)
class BehaviourMark:
    """The arguments of `behaviour` for a test; see there."""

    id: str
    live: bool = False
    needs: tuple[Capability, ...] = ()
    invalid: bool = False


def behaviour(
    id: str,  # noqa: A002 - the ledger's own word for it
    *,
    live: bool = False,
    needs: Iterable[Capability] = (),
    invalid: bool = False,
) -> "pytest.MarkDecorator":
    """Mark a test with the ledger entry that it shows.

    - `live`: the test shows the entry's `live:` sentence, not its documented one.
    - `needs`: the capabilities of the target that the test needs.
    - `invalid`: the test sends wrong parameters or credentials; it needs permission at a live
      service.

    One test may show several behaviours. Several tests may show one behaviour.
    """
    import pytest

    return pytest.mark.behaviour(BehaviourMark(id, live, tuple(needs), invalid))
