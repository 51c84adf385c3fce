"""The instant that Rails' `Time.zone.parse` reads from a text.

The module follows the observable behaviour of ActiveSupport 6.1 and 7.0 on Ruby 3.1 and 3.2.
"""

from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from fake_server.apis.fabmanager.moments import SECOND, instant_of, wall_microseconds
from fake_server.apis.fabmanager.ruby.dates import date_parts

_LONGEST = 128
_LARGEST_INT = 2**31 - 1
_DAY_SECONDS = 86_400


def parse_time(text: str, zone: ZoneInfo, now: datetime) -> int | None:
    """Return the instant in microseconds that `text` stands for, or None if it holds no date.

    A missing part is that of `now`, or the first. A time without an offset is in `zone`.

    Raises `ValueError` with Ruby's message for parts that no time can have, and `OverflowError` for
    a part that Ruby cannot hold.
    """
    size = len(text.encode())
    if size > _LONGEST:
        raise ValueError(f"string length ({size}) exceeds the limit {_LONGEST}")
    parts = date_parts(text)
    if not parts:
        return None
    today = now.astimezone(zone)
    dated = "year" in parts or "mon" in parts
    offset = parts.get("offset")
    wall = _wall(
        parts.get("year", today.year),
        parts.get("mon", today.month),
        parts.get("mday", 1 if dated else today.day),
        (parts.get("hour", 0), parts.get("min", 0), parts.get("sec", 0)),
        parts.get("sec_fraction", Fraction(0)),
        offset or 0,
    )
    return instant_of(wall, zone) if offset is None else wall - int(offset * SECOND)


def _wall(
    year: int,
    month: int,
    day: int,
    clock: tuple[int, int, int],
    fraction: Fraction,
    offset: int | Fraction,
) -> int:
    hour, minute, second = clock
    _require_bits(((month, 15), (day, 31), (hour, 31), (minute, 63), (second, 63)))
    full = hour == 24
    for name, value, low, high in (
        ("mon", month, 1, 12),
        ("mday", day, 1, 31),
        ("hour", hour, 0, 24),
        ("min", minute, 0, 0 if full else 59),
        ("sec", second, 0, 0 if full else 60),
    ):
        if not low <= value <= high:
            raise ValueError(f"{name} out of range")
    if not -_DAY_SECONDS < offset < _DAY_SECONDS:
        raise ValueError("utc_offset out of range")
    seconds = hour * 3600 + minute * 60 + second
    return wall_microseconds(year, month, day, seconds, int(fraction * SECOND))


def _require_bits(values: Iterable[tuple[int, int]]) -> None:
    for value, largest in values:
        if value > _LARGEST_INT:
            raise OverflowError(f"integer {value} too big to convert to `int'")
        if not 0 <= value <= largest:
            raise ValueError("argument out of range")
