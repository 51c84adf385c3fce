"""The values of requests: instants, local times, booleans, folded text."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from fake_server.api.invent import SECOND, milliseconds

DATE = (
    r"(?:[12][0-9]{3}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    r"|(?:[12][0-9](?:0[48]|[2468][048]|[13579][26])|(?:1[26]|2[048])00)-02-29)"
)
"""It matches the dates of the years 1000 to 2999."""

TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,9})?)?"
_OFFSET = r"(?:0[0-9]|1[0-4]):?[0-5][0-9]"
ZONE = rf"(?:Z|[+ -]{_OFFSET})"
INSTANT = f"{DATE}(?:T{TIME}{ZONE}?)?"
"""Matches a date, or a date and time, with or without its offset (whose + may have been decoded
to a space)."""

_LOST_PLUS = rf"{TIME} {_OFFSET}"

# It is a text that `re` compiles at its first use: the pattern would slow the start.
_INSTANT = rf"({DATE})(?:T({TIME})({ZONE})?)?"
_TRUE = frozenset({"1", "t", "y", "true", "yes", "on"})


def instant(text: str, zone: tzinfo) -> int | None:
    """Return a date, or a date and time, as milliseconds UTC, or None for any other text.

    `zone` is the zone of a text that names none.
    """
    match = re.fullmatch(_INSTANT, text)
    if match is None:
        return None
    local = _local(match[1], match[2])
    return milliseconds(local.replace(tzinfo=_zone(match[3]) if match[3] else zone))


def has_lost_plus(text: str) -> bool:
    """Return whether a text has a time whose offset begins with a space.

    A client that sends the + of an offset in a query or a form without escaping it sends a space.
    """
    return " " in text and re.search(_LOST_PLUS, text) is not None


def local_time(text: str) -> int | None:
    """Return a local time, `yyyy-mm-ddThh:mm`, in milliseconds as if it were UTC.

    Seconds are allowed, and parts of them are cut off. A date is its midnight. A time with an
    offset is converted to UTC, as Rails does for a column without a zone. Any other text gives
    None.
    """
    milliseconds_utc = instant(text, UTC)
    return None if milliseconds_utc is None else milliseconds_utc // SECOND * SECOND


def _local(date: str, time: str | None) -> datetime:
    seconds, _, fraction = (time or "00:00").partition(".")
    moment = datetime.fromisoformat(f"{date}T{seconds}")
    return moment + timedelta(microseconds=int(f"{fraction:0<6}"[:6]))


def _zone(text: str) -> tzinfo:
    if text == "Z":
        return UTC
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[-2:])))


def truth(value: object) -> bool:
    """Return a value as a boolean. A few words are true, and all others are false."""
    return str(value).lower() in _TRUE


def folded(text: str | None) -> str:
    """Return a text in the form that comparisons without regard to case use."""
    if not text:
        return ""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
