"""The parameters as the real service reads them: without validation, with Ruby's errors."""

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from fake_server.api.serve import current_request, has_quirk
from fake_server.apis.fabmanager.dialect.errors import FrameworkError, ServerError
from fake_server.apis.fabmanager.dialect.negotiation import page_kind
from fake_server.apis.fabmanager.moments import MICROSECOND, instant_of, wall_microseconds
from fake_server.apis.fabmanager.ruby.conversions import (
    as_id,
    list_of,
    no_conversion,
    to_i,
)

LARGEST_BIGINT = 2**63 - 1
_FALLBACK_SIZE = 25
_EARLIEST = wall_microseconds(-4713, 11, 24)
_LATEST = wall_microseconds(294277, 1, 1) - MICROSECOND
_YEAR_ONE = wall_microseconds(1, 1, 1)
_OFFSET_AFTER_SPACE = re.compile(r"(:\d\d(?:[.,]\d+)?) {1,2}(\d\d:?\d\d)\Z", re.ASCII)
_LINE_OF_DIGITS = re.compile(r"^[0-9]", re.MULTILINE)


def instant(value: Any, zone: ZoneInfo, now: datetime) -> int | None:
    """Return the instant that `Time.zone.parse` reads, in microseconds, or None for no date.

    Raises the error of the real service.
    """
    # The import compiles two dozen patterns, which a start without this quirk does not need.
    from fake_server.apis.fabmanager.ruby.rails_times import parse_time

    if not isinstance(value, str):
        raise ServerError(no_conversion(value))
    text = value
    if not has_quirk("raw-plus-drops-offset"):
        text = _OFFSET_AFTER_SPACE.sub(r"\1+\2", value)
    try:
        return parse_time(text, zone, now)
    except ValueError as error:
        raise ServerError(str(error)) from None
    except OverflowError:
        raise FrameworkError(500, page_kind(current_request())) from None


def is_storable(microseconds: int | None, zone: ZoneInfo) -> bool:
    """Return whether PostgreSQL can hold an instant as Rails writes it.

    Between the year 1 of a zone and that of UTC, Rails writes the year 0. PostgreSQL refuses it.
    """
    if microseconds is None:
        return True
    in_year_zero = instant_of(_YEAR_ONE, zone) <= microseconds < _YEAR_ONE
    return _EARLIEST <= microseconds <= _LATEST and not in_year_zero


def items(value: Any) -> list[Any]:
    """Return the items of a list or of `[1,2]`. Any other text is a single item."""
    try:
        return list_of(value)
    except ValueError as error:
        raise ServerError(str(error)) from None


def ids(value: Any) -> frozenset[int]:
    """Return the numbers that a list, `[1,2]` or a single text stands for."""
    return frozenset(number for item in items(value) if (number := as_id(item)) is not None)


def integer(value: Any) -> int:
    """Return Ruby's `to_i` of a parameter."""
    try:
        return to_i(value)
    except ValueError as error:
        raise ServerError(str(error)) from None


def no_such_join() -> ServerError:
    """Return the error for available_id beside an unknown available_type."""
    return ServerError("no implicit conversion of nil into String")


def page_window(per_page: Any, number: int) -> tuple[int, int, int]:
    """Return the size in the headers, and the offset and limit of the rows.

    The rows follow kaminari: 25 if the text does not begin with a digit, none for 0. The headers
    follow api-pagination: the number that the text begins with, 25 for less than 1.
    """
    requested_size = integer(per_page)
    size = requested_size if requested_size > 0 else _FALLBACK_SIZE
    if requested_size < 0 or not _LINE_OF_DIGITS.search(str(per_page)):
        return size, (number - 1) * _FALLBACK_SIZE, _FALLBACK_SIZE
    if requested_size == 0:
        return size, (number - 1) * _FALLBACK_SIZE, 0
    return size, (number - 1) * requested_size, requested_size
