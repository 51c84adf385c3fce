"""The parameters of a request, checked as the document says; quirks take them as Rails does."""

import re
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from fake_server.apis.fabmanager import live_params
from fake_server.apis.fabmanager.errors import BadRequestError
from fake_server.apis.fabmanager.moments import MILLISECOND, instant_of, wall_microseconds
from fake_server.apis.fabmanager.query import UNTYPED, AvailabilityQuery
from fake_server.apis.fabmanager.records import TYPES
from fake_server.apis.fabmanager.ruby_values import inspected, is_blank
from fake_server.rest.context import has_quirk
from fake_server.rest.parameters import Parameters
from fake_server.rest.spec import Operation, spec

_DATE_TIME = (
    r"(\d{4})-?(\d\d)-?(\d\d)"
    r"(?:[Tt ](\d\d):?(\d\d)(?::?(\d\d)(?:[.](\d+))?)?"
    r"(?:([Zz]| ?UTC)|( ?[+-]| {1,2})(\d\d):?(\d\d)?)?)?"
)
_MOST_DIGITS = 18
_LONGEST_SHOWN = 200
_INTEGER = re.compile(rf"-?[0-9]{{1,{_MOST_DIGITS}}}")


class Instant(NamedTuple):
    """A date that was asked for: microseconds since 1970, or None where it can match nothing."""

    microseconds: int | None


def read_query(parameters: Parameters, zone: ZoneInfo, now: datetime) -> AvailabilityQuery:
    """Return what the parameters ask for.

    Raises `BadRequestError` for the first that is of the wrong kind, or, where quirks are on,
    the `ServerError` that the real service answers with.
    """
    after = _date(parameters, "after", zone, now)
    before = _date(parameters, "before", zone, now)
    user_ids = None if has_quirk("user-id-ignored") else _ids(parameters, "user_id")
    ids = _ids(parameters, "id")
    available_type = _type(parameters)
    available_ids = _available_ids(parameters, available_type)
    number = _page(parameters)
    size, offset, limit = _size(parameters, number)
    dates = [date for date in (after, before) if date is not None]
    return AvailabilityQuery(
        after=None if after is None else -(-(after.microseconds or 0) // MILLISECOND),
        before=None if before is None else (before.microseconds or 0) // MILLISECOND,
        user_ids=user_ids,
        ids=ids,
        available_type=available_type,
        available_ids=available_ids,
        nothing=any(date.microseconds is None for date in dates),
        unstorable=any(not live_params.is_storable(date.microseconds, zone) for date in dates),
        number=number,
        size=size,
        offset=offset,
        limit=limit,
    )


@cache
def _operation() -> Operation:
    return spec("fabmanager").operation("list_availabilities")


def _invalid(name: str, value: Any, expected: str) -> BadRequestError:
    shown = inspected(value)
    if len(shown) > _LONGEST_SHOWN:
        shown = f"{shown[:_LONGEST_SHOWN]}\N{HORIZONTAL ELLIPSIS}"
    return BadRequestError(f"Invalid parameter '{name}' value {shown}: {expected}")


def _date(parameters: Parameters, name: str, zone: ZoneInfo, now: datetime) -> Instant | None:
    value = parameters.get(name)
    if has_quirk("lenient-dates"):
        if is_blank(value):
            return None
        return Instant(live_params.instant(value, zone, now))
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not re.fullmatch(_date_pattern(), value):
        raise _invalid(name, value, "Must be a DateTime")
    return Instant(_microseconds(value, zone))


@cache
def _date_pattern() -> str:
    schema = _operation().schema("after")
    return str(schema["pattern"])


def _microseconds(text: str, zone: ZoneInfo) -> int:
    match = re.fullmatch(_DATE_TIME, text, re.ASCII)
    if match is None:
        raise AssertionError(f"{text!r} fits the pattern of the specification, not its reading")
    year, month, day = (int(match[place]) for place in (1, 2, 3))
    hour, minute, second = (int(match[place] or 0) for place in (4, 5, 6))
    micros = int((match[7] or "0").ljust(6, "0")[:6])
    wall = wall_microseconds(year, month, day, hour * 3600 + minute * 60 + second, micros)
    if match[8]:
        return wall
    sign = match[9] and match[9].strip()
    if match[9] and (sign or not has_quirk("raw-plus-drops-offset")):
        offset = int(match[10]) * 60 + int(match[11] or 0)
        return wall + (offset if sign == "-" else -offset) * 60_000 * MILLISECOND
    return instant_of(wall, zone)


def _ids(parameters: Parameters, name: str) -> frozenset[int] | None:
    value = parameters.get(name)
    if has_quirk("validation-off"):
        return None if is_blank(value) else live_params.ids(value)
    if value is None or value in ("", []):
        return None
    items = value if isinstance(value, list) else _bracketed(value)
    numbers = [_number(item) for item in items]
    if None in numbers:
        raise _invalid(name, value, "Must be one of: Integer, Array")
    return frozenset(number for number in numbers if number is not None)


def _bracketed(value: Any) -> list[Any]:
    if not isinstance(value, str) or not (value.startswith("[") and value.endswith("]")):
        return [value]
    inside = value[1:-1].strip(" ")
    return [item.strip(" ") for item in inside.split(",")] if inside else []


def _number(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    text = str(value) if isinstance(value, int | str) else ""
    return int(text) if _INTEGER.fullmatch(text) else None


def _type(parameters: Parameters) -> str | None:
    value = parameters.get("available_type")
    if has_quirk("validation-off"):
        if is_blank(value):
            return None
        return value if isinstance(value, str) and value in TYPES else UNTYPED
    if value is None or value == "":
        return None
    if not isinstance(value, str) or value not in _operation().options("available_type"):
        raise _invalid("available_type", value, f"Must be one of: {', '.join(TYPES)}")
    return value


def _available_ids(parameters: Parameters, available_type: str | None) -> frozenset[int] | None:
    if available_type is None and has_quirk("validation-off"):
        return None
    found = _ids(parameters, "available_id")
    if found is not None and available_type == UNTYPED:
        if live_params.items(parameters["available_id"]):
            raise live_params.no_such_join()
        return frozenset()
    if available_type is None:
        parameters.disregard("available_id")
        return None
    return found


def _page(parameters: Parameters) -> int:
    value = parameters.get("page")
    if has_quirk("validation-off"):
        return max(1, live_params.integer(1 if value is None else value))
    if value is None or value == "":
        return int(_operation().default("page"))
    number = _number(value)
    if number is None:
        raise _invalid("page", value, "Must be a Integer")
    return max(1, number)


def _size(parameters: Parameters, number: int) -> tuple[int, int, int]:
    """Return the size of a page as the headers have it, and the offset and limit of its rows."""
    value = parameters.get("per_page")
    default = int(_operation().default("per_page"))
    if has_quirk("per-page-mismatch"):
        unset = value is None or value is False
        return live_params.page_window(default if unset else value, number)
    if value is None or value == "":
        size = default
    elif has_quirk("validation-off"):
        size = max(0, live_params.integer(value)) or default
    else:
        size = _number(value) or 0
        if size < 1:
            raise _invalid("per_page", value, "Must be a Integer, at least 1")
    return size, (number - 1) * size, size
