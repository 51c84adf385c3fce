"""Defects of dates and times."""

from mutants.mutant import Defects

_API = Defects("fabmanager")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "after-exclusive",
        "after leaves out what starts at the bound itself.",
        _edit("statements:_matching", "table.start_at >= bind", "table.start_at > bind"),
        "after.*",
    ),
    _mutant(
        "before-exclusive",
        "before leaves out what ends at the bound itself.",
        _edit("statements:_matching", "table.end_at <= bind", "table.end_at < bind"),
        "before.*",
    ),
    _mutant(
        "before-by-start",
        "before looks at the start, so that what straddles the bound is kept.",
        _edit("statements:_matching", "table.end_at <= bind", "table.start_at <= bind"),
        "before.*",
    ),
    _mutant(
        "bound-cut-to-seconds",
        "The fraction of a second of a date is lost.",
        _edit("params:_microseconds", "int((match[7] or", "0 * int((match[7] or"),
        "after.*",
        "before.*",
        "dates.*",
    ),
    _mutant(
        "offset-sign",
        "An offset of a date is added instead of taken off.",
        _edit("params:_microseconds", '== "-" else -offset', '!= "-" else -offset'),
        "dates.*",
    ),
    _mutant(
        "offset-minutes-lost",
        "The minutes of an offset are lost.",
        _edit("params:_microseconds", "* 60 + int(match[11] or 0)", "* 60"),
        "dates.*",
    ),
    _mutant(
        "dates-in-utc",
        "A date without an offset is read in UTC, not in the server's time zone.",
        _edit("params:_microseconds", "return instant_of(wall, zone)", "return wall"),
        "dates.*",
    ),
    _mutant(
        "gap-hour-earlier",
        "A time that the zone skips is an hour earlier.",
        _edit("moments:instant_of", "instant_of(wall + _HOUR", "instant_of(wall - _HOUR"),
        "dates.gap",
    ),
    _mutant(
        "second-of-two",
        "Of a time that the zone has twice, the second counts.",
        _edit(
            "moments:instant_of", "near.replace(tzinfo=zone)", "near.replace(tzinfo=zone, fold=1)"
        ),
        "dates.gap",
    ),
    _mutant(
        "offset-of-winter",
        "Times in answers have the winter's offset all year.",
        _edit("moments:written", "moment.utcoffset()", "(moment.utcoffset() - moment.dst())"),
        "times.*",
    ),
    _mutant(
        "milliseconds-left-out",
        "Times in answers end in whole seconds.",
        _edit("moments:written", '"milliseconds"', '"seconds"'),
        "times.*",
        "availabilities.example",
    ),
    _mutant(
        "utc-with-offset",
        "In the zone UTC, times end in +00:00.",
        _edit("moments:written", '{"UTC", "UCT"}', "set()"),
        "times.utc",
    ),
)
