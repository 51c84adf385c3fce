"""The parts of a run of digits such as `20160518T160028.5Z`, as Ruby's `Date._parse` cuts it."""

import re
from fractions import Fraction
from typing import Any

from fake_server.apis.fabmanager.ruby.date_zones import zone_offset

Parts = dict[str, Any]

_FROM_LEFT = {
    2: ("mday:2",),
    3: ("yday:3",),
    4: ("mon:2", "mday:2"),
    5: ("year:2", "yday:3"),
    6: ("year:2", "mon:2", "mday:2"),
    7: ("year:4", "yday:3"),
    8: ("year:4", "mon:2", "mday:2"),
    10: ("year:4", "mon:2", "mday:2", "hour:2"),
    12: ("year:4", "mon:2", "mday:2", "hour:2", "min:2"),
    14: ("year:4", "mon:2", "mday:2", "hour:2", "min:2", "sec:2"),
}
_BEFORE_FRACTION = {
    2: ("sec:2",),
    3: ("min:1", "sec:2"),
    4: ("min:2", "sec:2"),
    5: ("hour:1", "min:2", "sec:2"),
    6: ("hour:2", "min:2", "sec:2"),
    7: ("mday:1", "hour:2", "min:2", "sec:2"),
    8: ("mday:2", "hour:2", "min:2", "sec:2"),
    10: ("mon:2", "mday:2", "hour:2", "min:2", "sec:2"),
    12: ("year:2", "mon:2", "mday:2", "hour:2", "min:2", "sec:2"),
    14: ("year:4", "mon:2", "mday:2", "hour:2", "min:2", "sec:2"),
}
_CLOCK_FROM_LEFT = {2: ("hour:2",), 4: ("hour:2", "min:2"), 6: ("hour:2", "min:2", "sec:2")}
_CLOCK_BEFORE_FRACTION = {2: ("sec:2",), 4: ("min:2", "sec:2"), 6: ("hour:2", "min:2", "sec:2")}


def read_digits(match: re.Match[str], parts: Parts) -> None:
    """Set the parts that the groups sign, digits, clock, fraction and zone of a match stand for."""
    sign, digits, clock, fraction, zone = match.groups()
    date_layouts = _BEFORE_FRACTION if clock is None and fraction is not None else _FROM_LEFT
    _cut(parts, digits, date_layouts)
    if sign == "-" and "year" in parts:
        parts["year"] = -parts["year"]
    if clock is not None:
        clock_layouts = _CLOCK_FROM_LEFT if fraction is None else _CLOCK_BEFORE_FRACTION
        _cut(parts, clock, clock_layouts)
    if fraction is not None:
        parts["sec_fraction"] = fraction_of(fraction)
    if zone is not None:
        _bracketed_zone(zone, parts)


def _cut(parts: Parts, digits: str, layouts: dict[int, tuple[str, ...]]) -> None:
    position = 0
    for field in layouts.get(len(digits), ()):
        key, _, width = field.partition(":")
        parts[key] = int(digits[position : position + int(width)])
        position += int(width)


def _bracketed_zone(zone: str, parts: Parts) -> None:
    parts["zone"] = zone
    if not zone.startswith("["):
        return
    offset, colon, name = zone[1:-1].partition(":")
    parts["zone"] = name if colon else offset
    if offset[0] in "+-":
        parts["offset"] = zone_offset(offset)
    else:
        parts["offset"] = zone_offset(name if colon else f"+{offset}")


def fraction_of(digits: str) -> Fraction:
    """Return the fraction whose decimal digits are `digits`."""
    return Fraction(int(digits or 0), 10 ** len(digits))
