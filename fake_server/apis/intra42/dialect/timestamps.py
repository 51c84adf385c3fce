"""Instants, as the API and as dataset files write them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from fake_server.api.invent import DAY, milliseconds, moment


def as_datetime(value: object) -> datetime:
    """Return a dataset's instant (YAML makes some of them datetimes) in UTC."""
    if not isinstance(value, datetime):
        value = datetime.fromisoformat(str(value))
    return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def as_instant(value: object) -> int:
    """Return a dataset's instant in milliseconds since 1970."""
    return milliseconds(as_datetime(value))


def as_day(value: object) -> int:
    """Return the first instant of a dataset's day, in milliseconds since 1970."""
    return (date.fromisoformat(str(value)) - date(1970, 1, 1)).days * DAY


def with_instants(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a pinned record with the instants of its attributes `…_at` in milliseconds."""
    return {
        name: as_instant(value) if name.endswith("_at") and value is not None else value
        for name, value in record.items()
    }


@lru_cache(maxsize=16384)
def timestamp(instant: int) -> str:
    """Return an instant as the API writes it: `2017-11-24T20:15:00.000Z`."""
    return f"{moment(instant).isoformat(timespec='milliseconds')[:-6]}Z"


def optional_timestamp(instant: int | None) -> str | None:
    """Return an instant as the API writes it, or None."""
    return None if instant is None else timestamp(instant)
