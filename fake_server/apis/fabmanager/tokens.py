"""The tokens of the API, as a dataset has them."""

from collections.abc import Sequence
from typing import Any

from fake_server.apis.fabmanager.dialect.moments import DEFAULT_ZONE
from fake_server.rest.zones import pinned_zone
from fake_server.world.kinds import Listed
from fake_server.world.recipe import Section
from fake_server.world.records import Record, Records


class _Tokens(Listed):
    """The tokens, which a dataset lists as mere text."""

    def entries(self, records: Records) -> list[Record]:
        credentials = records.section.get("credentials") or {}
        return [{"token": token} for token in credentials.get("tokens") or []]

    def write(self, records: Records, entries: Sequence[Record]) -> None:
        records.section = {**records.section, **self.in_section(entries)}

    def spelled(self, given: object) -> object:
        return {"token": given} if isinstance(given, str) else given

    def in_section(self, records: Sequence[object]) -> dict[str, Any]:
        return super().in_section([_bare(one) for one in records])


def _bare(entry: object) -> object:
    return entry["token"] if isinstance(entry, dict) and set(entry) == {"token"} else entry


TOKENS = _Tokens("tokens", ("credentials", "tokens"), "token")
KINDS = (TOKENS,)


def check_section(section: Section) -> None:
    """Raise `RecordError` for a time zone that does not exist."""
    pinned_zone(("time_zone",), section.get("time_zone", DEFAULT_ZONE))
