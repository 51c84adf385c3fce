"""Instants as the store keeps them: whole milliseconds since 1970-01-01T00:00Z."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
"""The first time a world may be given; before it, arithmetic runs out of calendar."""
LATEST = datetime(3000, 1, 1, tzinfo=UTC)
"""The first time that is too late for a world."""
SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_MILLISECOND = timedelta(milliseconds=1)


def milliseconds(moment: datetime) -> int:
    """Return an aware datetime as milliseconds since the epoch; smaller parts are cut off."""
    return (moment - EPOCH) // _MILLISECOND


def moment(instant: int) -> datetime:
    """Return an instant (milliseconds since the epoch) as an aware datetime in UTC."""
    return EPOCH + timedelta(milliseconds=instant)


def instant_of(value: object) -> int:
    """Return a dataset's date and time as milliseconds since the epoch; without offset, UTC.

    YAML makes most of them datetimes or dates; the rest are ISO 8601 text.
    """
    found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return milliseconds(found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC))


def spelled(instant: int) -> str:
    """Return milliseconds since the epoch as a dataset spells them: `2017-11-24T20:15:00.000Z`."""
    return f"{moment(instant).isoformat(timespec='milliseconds').removesuffix('+00:00')}Z"


def rfc3339(at: datetime) -> str:
    """Return an aware datetime as RFC 3339 text in UTC, microseconds only where there are any."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
