"""What slots a request may make, and when."""

from collections.abc import Sequence

from sqlalchemy import Table, select

from fake_server.api.declare import Values
from fake_server.api.invent import DAY, MINUTE, milliseconds
from fake_server.api.serve import has_quirk, now, store
from fake_server.apis.intra42.dialect.errors import InvalidRecordError
from fake_server.apis.intra42.invention.agenda import QUARTER

_SHORTEST = 30 * MINUTE
_EARLIEST = 30 * MINUTE
_LATEST = 14 * DAY


def quarters(begin: int, end: int) -> Sequence[tuple[int, int]]:
    """Return begin and end of each quarter of an hour in a time that begins and ends on one."""
    return [(start, start + QUARTER) for start in range(begin, end, QUARTER)]


def on_quarters(values: Values) -> Values:
    """Return values whose begin and end are moved back to the quarter of an hour before them."""
    moved = {name: values[name] // QUARTER * QUARTER for name in _TIMES if name in values}
    return {**values, **moved}


def check_times(
    table: Table, user_id: int, begin: int, end: int, *, shortest: int = _SHORTEST, itself: int = 0
) -> None:
    """Raise `InvalidRecordError` for a time in which a user cannot offer slots.

    `itself` is the id of the slot that is moved there.
    """
    instant = milliseconds(now())
    if end - begin < shortest:
        minutes = shortest // MINUTE
        raise InvalidRecordError({"end_at": [f"must be {minutes} minutes after begin_at or later"]})
    if begin < instant + _EARLIEST:
        raise InvalidRecordError({"begin_at": ["must be 30 minutes from now or later"]})
    if end > instant + _LATEST:
        raise InvalidRecordError({"end_at": ["must be within two weeks"]})
    slots = table.c
    query = select(slots.id).where(
        slots.user_id == user_id, slots.begin_at < end, slots.end_at > begin, slots.id != itself
    )
    if not has_quirk("slots-may-overlap") and store().rows(query.limit(1)):
        raise InvalidRecordError({"begin_at": ["overlaps another slot of the user"]})


_TIMES = ("begin_at", "end_at")
