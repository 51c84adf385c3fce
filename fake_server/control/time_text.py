"""Times and durations as the control plane spells them."""

import re
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from fake_server.control.problem_error import ProblemError
from fake_server.errors import SettingError
from fake_server.world.instants import EARLIEST, LATEST

_DURATION = re.compile(
    r"(?P<sign>-?)P(?:(?P<weeks>[0-9]{1,6})W)?(?:(?P<days>[0-9]{1,6})D)?"
    r"(?:T(?=[0-9])(?:(?P<hours>[0-9]{1,9})H)?(?:(?P<minutes>[0-9]{1,9})M)?"
    r"(?:(?P<seconds>[0-9]{1,9}(?:\.[0-9]{1,6})?)S)?)?"
)


def moment_of(name: str, text: str) -> datetime:
    """Return the time that the attribute `name` spells in RFC 3339; raises `ProblemError`."""
    try:
        time = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _refused(name, "a time such as 2026-11-21T10:00:00Z", text) from None
    return _within_bounds(name, time, text)


def later(now: datetime, by: float | str) -> datetime:
    """Return the time that is `by` (seconds, or an ISO 8601 duration) after `now`.

    Raises `ProblemError` for a malformed duration, or a time that is out of bounds.
    """
    try:
        duration = _duration(by) if isinstance(by, str) else timedelta(seconds=by)
        time = now + duration
    except OverflowError:
        raise _refused("by", _BOUNDS, str(by)) from None
    return _within_bounds("by", time, str(by))


_BOUNDS = f"a time from {EARLIEST.year} to {LATEST.year - 1}"


def _duration(text: str) -> timedelta:
    match = _DURATION.fullmatch(text)
    parts = match.groupdict() if match else {}
    sign = parts.pop("sign", "")
    units = {unit: float(value) for unit, value in parts.items() if value is not None}
    if not units:
        expected = "seconds or an ISO 8601 duration such as PT1H30M (weeks, days, hours, ...)"
        raise _refused("by", expected, text)
    length = timedelta(**units)
    return -length if sign else length


def _within_bounds(name: str, time: datetime, text: str) -> datetime:
    if not EARLIEST <= time < LATEST:
        raise _refused(name, _BOUNDS, text)
    return time


def _refused(name: str, expected: str, text: str) -> ProblemError:
    return ProblemError(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        SettingError(f"{name}: expected {expected}, found {text[:60]!a}"),
    )
