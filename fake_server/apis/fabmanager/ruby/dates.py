"""The parts of a date and time that Ruby's `Date._parse` guesses from a text.

The module follows the observable behaviour of Ruby 3.1 and 3.2. It leaves two-digit years as they
are, as `Time.zone.parse` requires. Each step removes its match from the text before the next step.
The order of the steps is part of the behaviour.
"""

import re
from collections.abc import Callable

from fake_server.apis.fabmanager.ruby.date_zones import zone_offset
from fake_server.apis.fabmanager.ruby.digits import Parts, fraction_of, read_digits

_Step = Callable[["re.Match[str]", Parts], None]

_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY = "|".join(_DAYS)
_MONTH = "|".join(_MONTHS)
_ERA = r"(c(?:e|\.e\.)|b(?:ce|\.c\.e\.)|a(?:d|\.d\.)|b(?:c|\.c\.))?"
_LARGEST_INT = 2**31 - 1
_GENGO = {"m": 1867, "t": 1911, "s": 1925, "h": 1988}


def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(source, re.IGNORECASE)


_NOISE = re.compile(r"(?:[^-+',./:@\[\]\w]|_)+")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_WEEKDAY = _pattern(rf"\b({_DAY})[^-/\d\s]*")
_TIME = _pattern(
    r"((?:\d+\s*:\s*\d+(?:\s*:\s*\d+(?:[,.]\d*)?)?|\d+\s*h(?:\s*\d+m?(?:\s*\d+s?)?)?)"
    r"(?:\s*[ap](?:m\b|\.m\.))?|\d+\s*[ap](?:m\b|\.m\.))"
    r"(?:\s*((?:gmt|utc?)?[-+]\d+(?:[,.:]\d+(?::\d+)?)?"
    r"|(?:[^\W\d_]|[.\s])+(?:standard|daylight)\stime\b|[^\W\d_]+(?:\sdst)?\b))?"
)
_CLOCK = _pattern(
    r"\A(\d+)h?(?:\s*:?\s*(\d+)m?(?:\s*:?\s*(\d+)(?:[,.](\d+))?s?)?)?(?:\s*([ap])(?:m\b|\.m\.))?"
)
_COMPACT_FRACTION = _pattern(r"[,.](\d{2}|\d{4})-\d{3}\b")
_DAY_OF_YEAR_OF_NUMBER = _pattern(r"\d-\d{3}\b")
_BEFORE_CHRIST = _pattern(r"\b(bc\b|bce\b|b\.c\.|b\.c\.e\.)")
_LONE_NUMBER = _pattern(r"\A\s*(\d{1,2})\s*\Z")


def date_parts(text: str) -> Parts:
    """Return the parts of the date in `text`, or an empty mapping if it holds nothing like a date.

    Keys: year, mon, mday, yday, wday, cwyear, cweek, cwday, hour, min, sec (int), sec_fraction
    (Fraction), zone (str), offset (seconds, or None for an unknown zone). Letters beyond ASCII
    count as letters and no more.

    Raises `OverflowError` for an hour that Ruby cannot hold.
    """
    parts: Parts = {}
    rest = _NOT_ASCII.sub("\N{LATIN SMALL LETTER E WITH ACUTE}", _NOISE.sub(" ", text))
    if _has(rest, "a"):
        rest, _ = _take(rest, _WEEKDAY, _weekday, parts)
    if _has(rest, "1"):
        rest, _ = _take(rest, _TIME, _time_and_zone, parts)
    rest = _find_date(rest, parts)
    if _has(rest, "a"):
        rest, _ = _take(rest, _BEFORE_CHRIST, _before_christ, parts)
    if _has(rest, "1"):
        _take(rest, _LONE_NUMBER, _lone_number, parts)
    _count_before_christ(parts)
    if parts.get("zone") is not None and parts.get("offset") is None:
        parts["offset"] = zone_offset(parts["zone"])
    return parts


def _has(text: str, classes: str) -> bool:
    checks = {"a": r"[A-Za-z]", "1": r"[0-9]"}
    return all(re.search(checks.get(kind, re.escape(kind)), text) for kind in classes)


def _take(text: str, pattern: re.Pattern[str], step: _Step, parts: Parts) -> tuple[str, bool]:
    match = pattern.search(text)
    if match is None:
        return text, False
    step(match, parts)
    return f"{text[: match.start()]} {text[match.end() :]}", True


def _find_date(text: str, parts: Parts) -> str:
    for classes, unless, pattern, step in _DATES:
        if _has(text, classes) and not (unless and unless.search(text)):
            text, matched = _take(text, pattern, step, parts)
            if matched:
                break
    return text


def _weekday(match: re.Match[str], parts: Parts) -> None:
    parts["wday"] = _DAYS.index(match[1].lower())


def _time_and_zone(match: re.Match[str], parts: Parts) -> None:
    if match[2] is not None:
        parts["zone"] = match[2]
    clock = _CLOCK.match(match[1])
    if clock is None:
        return
    hour = int(clock[1])
    if clock[5] is not None:
        if hour > _LARGEST_INT:
            raise OverflowError(f"integer {hour} too big to convert to `int'")
        hour = hour % 12 + (12 if clock[5] in "Pp" else 0)
    parts["hour"] = hour
    _set_numbers(parts, {"min": clock[2], "sec": clock[3]})
    if clock[4] is not None:
        parts["sec_fraction"] = fraction_of(clock[4])


def _set_numbers(parts: Parts, texts: dict[str, str | None]) -> None:
    parts.update({key: int(text) for key, text in texts.items() if text is not None})


def _month(text: str) -> str:
    return str(_MONTHS.index(text[:3].lower()) + 1)


def _sort_out(parts: Parts, y: str | None, m: str | None, d: str | None) -> None:
    """Distinguish year, month and day by their form, then set them."""
    if y is not None and m is not None and d is None:
        y, m, d = d, y, m
    if y is None and d is not None and (len(d) > 2 or d[:1] == "'"):
        y, d = d, None
    number = re.search(r"[-+]?[0-9]*(?<=[-+0-9])", y) if y is not None else None
    if y is not None and number is not None and number.end() < len(y):
        y, d = d, number[0]
    if m is not None and (m[:1] == "'" or len(m) > 2):
        y, m, d = m, d, y
    if d is not None and (d[:1] == "'" or len(d) > 2):
        y, d = d, y
    _set_first_number(parts, "year", y, r"[-+]?[0-9]*(?<=[-+0-9])")
    _set_first_number(parts, "mon", m, r"[0-9]+")
    _set_first_number(parts, "mday", d, r"[0-9]+")


def _set_first_number(parts: Parts, key: str, text: str | None, pattern: str) -> None:
    match = re.search(pattern, text) if text is not None else None
    if match is not None:
        parts[key] = 0 if match[0] in {"+", "-"} else int(match[0])


def _european(match: re.Match[str], parts: Parts) -> None:
    _mark_era(match[3], parts)
    _sort_out(parts, match[4], _month(match[2]), match[1])


def _american(match: re.Match[str], parts: Parts) -> None:
    _mark_era(match[3], parts)
    _sort_out(parts, match[4], _month(match[1]), match[2])


def _mark_era(era: str | None, parts: Parts) -> None:
    if era is not None and era[0] in "Bb":
        parts["_bc"] = True


def _year_month_day(match: re.Match[str], parts: Parts) -> None:
    _sort_out(parts, match[1], match[2], match[3])


def _japanese(match: re.Match[str], parts: Parts) -> None:
    _set_numbers(parts, {"year": match[2], "mon": match[3], "mday": match[4]})
    parts["year"] += _GENGO[match[1].lower()]


def _day_named_month_year(match: re.Match[str], parts: Parts) -> None:
    _sort_out(parts, match[3], _month(match[2]), match[1])


def _named_month_day_year(match: re.Match[str], parts: Parts) -> None:
    _sort_out(parts, match[3], _month(match[1]), match[2])


def _numbers(*keys: str) -> _Step:
    def step(match: re.Match[str], parts: Parts) -> None:
        _set_numbers(parts, {key: match[group] for group, key in enumerate(keys, 1)})

    return step


def _named_month(match: re.Match[str], parts: Parts) -> None:
    parts["mon"] = int(_month(match[1]))


def _before_christ(match: re.Match[str], parts: Parts) -> None:
    parts["_bc"] = True


def _count_before_christ(parts: Parts) -> None:
    if parts.pop("_bc", False):
        for key in ("cwyear", "year"):
            if key in parts:
                parts[key] = 1 - parts[key]


def _lone_number(match: re.Match[str], parts: Parts) -> None:
    number = int(match[1])
    if "hour" in parts and "mday" not in parts and 1 <= number <= 31:
        parts["mday"] = number
    if "mday" in parts and "hour" not in parts and 0 <= number <= 24:
        parts["hour"] = number


_DATES: tuple[tuple[str, re.Pattern[str] | None, re.Pattern[str], _Step], ...] = (
    (
        "a1",
        None,
        _pattern(
            rf"('?\d+)[^-\d\s]*\s*({_MONTH})[^-\d\s']*(?:\s*{_ERA}\s*('?-?\d+(?:(?:st|nd|rd|th)\b)?))?"
        ),
        _european,
    ),
    (
        "a1",
        None,
        _pattern(rf"\b({_MONTH})[^-\d\s']*\s*('?\d+)[^-\d\s']*(?:\s*,?\s*{_ERA}\s*('?-?\d+))?"),
        _american,
    ),
    ("1-", None, _pattern(r"('?[-+]?\d+)-(\d+)-('?-?\d+)"), _year_month_day),
    ("1.", None, _pattern(r"\b([mtsh])(\d+)\.(\d+)\.(\d+)"), _japanese),
    (
        "a1-",
        None,
        _pattern(rf"('?-?\d+)-({_MONTH})[^-/.]*-('?-?\d+)"),
        _day_named_month_year,
    ),
    (
        "a1-",
        None,
        _pattern(rf"\b({_MONTH})[^-/.]*-('?-?\d+)(?:-('?-?\d+))?"),
        _named_month_day_year,
    ),
    ("1/", None, _pattern(r"('?-?\d+)/\s*('?\d+)(?:\D\s*('?-?\d+))?"), _year_month_day),
    ("1.", None, _pattern(r"('?-?\d+)\.\s*('?\d+)\.\s*('?-?\d+)"), _year_month_day),
    (
        "1",
        None,
        _pattern(r"\b(\d{2}|\d{4})?-?w(\d{2})(?:-?(\d))?\b"),
        _numbers("cwyear", "cweek", "cwday"),
    ),
    ("1", None, _pattern(r"-w-(\d)\b"), _numbers("cwday")),
    ("1", None, _pattern(r"--(\d{2})?-(\d{2})\b"), _numbers("mon", "mday")),
    ("1", None, _pattern(r"--(\d{2})(\d{2})?\b"), _numbers("mon", "mday")),
    ("1", _COMPACT_FRACTION, _pattern(r"\b(\d{2}|\d{4})-(\d{3})\b"), _numbers("year", "yday")),
    ("1", _DAY_OF_YEAR_OF_NUMBER, _pattern(r"\b-(\d{3})\b"), _numbers("yday")),
    ("1", None, _pattern(r"'(\d+)\b"), _numbers("year")),
    ("a", None, _pattern(rf"\b({_MONTH})\S*"), _named_month),
    ("1", None, _pattern(r"(\d+)(?:st|nd|rd|th)\b"), _numbers("mday")),
    (
        "1",
        None,
        _pattern(
            r"([-+]?)(\d{2,14})(?:\s*t?\s*(\d{2,6})?(?:[,.](\d*))?)?"
            r"(?:\s*(z\b|[-+]\d{1,4}\b|\[[-+]?\d[^\]]*\]))?"
        ),
        read_digits,
    ),
)
