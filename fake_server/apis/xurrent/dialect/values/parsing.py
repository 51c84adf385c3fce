"""The kinds of values that requests carry: instants, local times, booleans, folded text."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from fake_server.api.invent import SECOND, milliseconds

DATE = (
    r"(?:[12][0-9]{3}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    r"|(?:[12][0-9](?:0[48]|[2468][048]|[13579][26])|(?:1[26]|2[048])00)-02-29)"
)
"""Matches the dates of the years 1000 to 2999."""

TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,9})?)?"
ZONE = r"(?:Z|[+ -](?:0[0-9]|1[0-4]):?[0-5][0-9])"
INSTANT = f"{DATE}(?:T{TIME}{ZONE}?)?"
"""Matches a date, or a date and time, with or without its offset (whose + may have been decoded
to a space)."""

# Text, which `re` compiles at its first use: one of the longest patterns of a start-up.
_INSTANT = rf"({DATE})(?:T({TIME})({ZONE})?)?"
_TRUE = frozenset({"1", "t", "y", "true", "yes", "on"})


def instant(text: str, zone: tzinfo) -> int | None:
    """Return a date, or a date and time, as milliseconds UTC, None if it is neither.

    `zone` is that of a text that does not name its own.
    """
    match = re.fullmatch(_INSTANT, text)
    if match is None:
        return None
    local = _local(match[1], match[2])
    return milliseconds(local.replace(tzinfo=_zone(match[3]) if match[3] else zone))


def local_time(text: str) -> int | None:
    """Return a wall-clock time, `yyyy-mm-ddThh:mm`, as milliseconds as if UTC.

    Seconds are allowed, parts of them cut off; a date is its midnight; an offset turns the time
    into that of UTC, as Rails does for a column without a zone. None if the text is none of these.
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
    """Return a value as a boolean: a few words are true, all others false."""
    return str(value).lower() in _TRUE


def folded(text: str | None) -> str:
    """Return text as comparisons without regard to case see it; empty for none."""
    if not text:
        return ""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
