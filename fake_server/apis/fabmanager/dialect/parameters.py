"""The parameters of a request, checked against the document.

Quirks read them as Rails does.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from fake_server.api.declare import index
from fake_server.api.serve import Parameters, has_quirk, now
from fake_server.apis.fabmanager.dialect import ruby_parameters as ruby
from fake_server.apis.fabmanager.dialect.errors import BadRequestError, ServerError
from fake_server.apis.fabmanager.moments import (
    MILLISECOND,
    instant_of,
    server_zone,
    wall_microseconds,
)
from fake_server.apis.fabmanager.resources import API
from fake_server.apis.fabmanager.ruby.conversions import inspected, is_blank, no_method

_DATE_TIME = (
    r"(\d{4})-?(\d\d)-?(\d\d)"
    r"(?:[Tt ](\d\d):?(\d\d)(?::?(\d\d)(?:[.](\d+))?)?"
    r"(?:([Zz]| ?UTC)|( ?[+-]| {1,2})(\d\d):?(\d\d)?)?)?"
)
_FLAGS = {"true": True, "1": True, "false": False, "0": False}
_MOST_DIGITS = 18
_LONGEST_SHOWN = 200
_INTEGER = re.compile(rf"-?[0-9]{{1,{_MOST_DIGITS}}}")


class Instant(NamedTuple):
    """A date of a request, in microseconds since 1970. It is None if it can match nothing."""

    microseconds: int | None

    @property
    def is_storable(self) -> bool:
        """Whether the real service's database can hold it."""
        return ruby.is_storable(self.microseconds, server_zone())


def invalid(name: str, value: Any, expected: str) -> BadRequestError:
    """Return the error for a parameter of the wrong kind."""
    value_text = inspected(value)
    if len(value_text) > _LONGEST_SHOWN:
        value_text = f"{value_text[:_LONGEST_SHOWN]}\N{HORIZONTAL ELLIPSIS}"
    return BadRequestError(f"Invalid parameter '{name}' value {value_text}: {expected}")


def date(parameters: Parameters, name: str) -> Instant | None:
    """Return the date of a parameter, or None without one.

    Raises `BadRequestError`, or the error of the real service.
    """
    value = parameters.get(name)
    if has_quirk("lenient-dates"):
        if is_blank(value):
            return None
        return Instant(ruby.instant(value, server_zone(), now()))
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not re.fullmatch(_date_pattern(), value):
        raise invalid(name, value, "Must be a DateTime")
    return Instant(_microseconds(value, server_zone()))


@cache
def _date_pattern() -> str:
    return str(index(API).schemas["DateTime"]["pattern"])


def _microseconds(text: str, zone: ZoneInfo) -> int:
    match = re.fullmatch(_DATE_TIME, text, re.ASCII)
    if match is None:
        raise AssertionError(f"{text!r} fits the pattern of the specification, not its reading")
    year, month, day = (int(match[group]) for group in (1, 2, 3))
    hour, minute, second = (int(match[group] or 0) for group in (4, 5, 6))
    micros = int((match[7] or "0").ljust(6, "0")[:6])
    wall = wall_microseconds(year, month, day, hour * 3600 + minute * 60 + second, micros)
    if match[8]:
        return wall
    sign = match[9] and match[9].strip()
    if match[9] and (sign or not has_quirk("raw-plus-drops-offset")):
        offset = int(match[10]) * 60 + int(match[11] or 0)
        return wall + (offset if sign == "-" else -offset) * 60_000 * MILLISECOND
    return instant_of(wall, zone)


def integers(parameters: Parameters, name: str) -> frozenset[int] | None:
    """Return the numbers of a list, of `[1,2]` or of a single text, or None without any.

    Raises `BadRequestError`, or the error of the real service.
    """
    value = parameters.get(name)
    if has_quirk("validation-off"):
        return None if is_blank(value) else ruby.ids(value)
    if value is None or value in ("", []):
        return None
    items = value if isinstance(value, list) else _bracketed(value)
    numbers = [number(item) for item in items]
    if None in numbers:
        raise invalid(name, value, "Must be one of: Integer, Array")
    return frozenset(item_number for item_number in numbers if item_number is not None)


def _bracketed(value: Any) -> list[Any]:
    if not isinstance(value, str) or not (value.startswith("[") and value.endswith("]")):
        return [value]
    inside = value[1:-1].strip(" ")
    return [item.strip(" ") for item in inside.split(",")] if inside else []


def number(value: Any) -> int | None:
    """Return a whole number, or None for any other text."""
    if isinstance(value, bool):
        return None
    text = str(value) if isinstance(value, int | str) else ""
    return int(text) if _INTEGER.fullmatch(text) else None


def option(parameters: Parameters, name: str, options: Sequence[str]) -> str | None:
    """Return the option that a parameter names, or None without one.

    The real service takes any value: a value outside the options is returned as an empty text.

    Raises `BadRequestError` for another value.
    """
    value = parameters.get(name)
    if has_quirk("validation-off"):
        if is_blank(value):
            return None
        return value if isinstance(value, str) and value in options else ""
    if value is None or value == "":
        return None
    if not isinstance(value, str) or value not in options:
        raise invalid(name, value, f"Must be one of: {', '.join(options)}")
    return value


def texts(parameters: Parameters, name: str) -> list[str] | None:
    """Return the texts of a list or of a single text, or None without any.

    Raises `BadRequestError`, or the error of the real service.
    """
    value = parameters.get(name)
    if is_blank(value):
        return None
    items = value if isinstance(value, list) else [value]
    texts = [item.lower() for item in items if isinstance(item, str)]
    if len(texts) == len(items):
        return texts
    if has_quirk("validation-off"):
        other = next(item for item in items if not isinstance(item, str))
        raise ServerError(no_method("downcase", other))
    raise invalid(name, value, "Must be one of: String, Array")


def flag(parameters: Parameters, name: str) -> bool | None:
    """Return the truth value of a parameter, or None for an absent or empty one.

    Raises `BadRequestError`. With the quirk `any-flag` every other value is true.
    """
    value = parameters.get(name)
    if has_quirk("any-flag"):
        return None if is_blank(value) else True
    if value is None or value == "":
        return None
    if not isinstance(value, str) or value not in _FLAGS:
        raise invalid(name, value, "Must be one of: true, false, 1, 0")
    return _FLAGS[value]
