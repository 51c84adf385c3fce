"""How a test says which behaviour it shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pytest

Capability = Literal["clock", "data", "limits", "writes"]
CAPABILITIES: tuple[Capability, ...] = ("clock", "data", "limits", "writes")


@dataclass(frozen=True, slots=True)
class Mark:
    """What `behaviour` says of a test."""

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

    - `live`: it shows the entry's `live:` sentence, not its documented one.
    - `needs`: capabilities of the target without which it is not run.
    - `invalid`: it sends wrong parameters or credentials, which a live service gets only when that
      is allowed.

    One test may show several behaviours, and one behaviour be shown by several tests.
    """
    import pytest

    return pytest.mark.behaviour(Mark(id, live, tuple(needs), invalid))
