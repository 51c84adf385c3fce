"""Texts of a server, which may hold anything: JSON, dates, and their form in a report."""

import json
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NoReturn

_MOST_DIGITS = 4000
"""Digits of the longest whole number that Python reads and writes as such."""

_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\ud800-\udfff]")


def read_json(raw: bytes | str) -> Any:
    """Return the value of a JSON text; a longer number than Python can write is a float.

    Raises ValueError for any other text: one that is not JSON (`NaN`), or nested beyond reason.
    """
    try:
        return json.loads(raw, parse_int=_whole_number, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _whole_number(digits: str) -> int | float:
    return int(digits) if len(digits) <= _MOST_DIGITS else float(digits)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def visible(text: str) -> str:
    r"""Return a text with `\u....` for what no terminal, file or XML holds.

    These are halves of characters, and control characters other than tabs and line ends.
    """
    return _INVISIBLE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def http_date(value: str | None) -> datetime | None:
    """Return the time of a header such as `Date`, in UTC; None if it is absent or malformed."""
    if value is None:
        return None
    try:
        at = parsedate_to_datetime(value)
        return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
