"""Instants: whole milliseconds since 1970-01-01T00:00Z, as the store keeps them."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
"""The earliest time of a world. Arithmetic with an earlier one could leave the calendar."""
LATEST = datetime(3000, 1, 1, tzinfo=UTC)
"""The end of the times of a world, exclusive."""
SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_MILLISECOND = timedelta(milliseconds=1)


def milliseconds(moment: datetime) -> int:
    """Return an aware datetime as milliseconds since the epoch, rounded down."""
    return (moment - EPOCH) // _MILLISECOND


def moment(instant: int) -> datetime:
    """Return an instant (milliseconds since the epoch) as an aware datetime in UTC."""
    return EPOCH + timedelta(milliseconds=instant)


def instant_of(value: object) -> int:
    """Return a dataset's time, a datetime, date or ISO 8601 text, as milliseconds since the epoch.

    A time without an offset is in UTC.
    """
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return milliseconds(moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC))


def spelled(instant: int) -> str:
    """Return milliseconds since the epoch as a dataset's text: `2017-11-24T20:15:00.000Z`."""
    return f"{moment(instant).isoformat(timespec='milliseconds').removesuffix('+00:00')}Z"


def rfc3339(moment: datetime) -> str:
    """Return an aware datetime as RFC 3339 text in UTC; microseconds of 0 are left out."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
