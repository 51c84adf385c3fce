"""Defects of dates and times."""

from fake_server.contract.mutants import ApiMutants

_API = ApiMutants("fabmanager", "fake_server.apis.fabmanager")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "after-exclusive",
        "after leaves out what starts at the bound itself.",
        _edit("dialect.filters:_at_least", "column >= bind", "column > bind"),
        "after.*",
    ),
    _mutant(
        "before-exclusive",
        "before leaves out what ends at the bound itself.",
        _edit("dialect.filters:_at_most", "column <= bind", "column < bind"),
        "before.*",
    ),
    _mutant(
        "before-by-start",
        "before looks at the start, so that what straddles the bound is kept.",
        _edit(
            "dialect.resource:LabResource.compared",
            "[self.declaration.filter[name].column or name]",
            '["start_at" if name == "before" else self.declaration.filter[name].column or name]',
        ),
        "before.*",
    ),
    _mutant(
        "bound-cut-to-seconds",
        "The fraction of a second of a date is lost.",
        _edit("dialect.parameters:_microseconds", "int((match[7] or", "0 * int((match[7] or"),
        "after.*",
        "before.*",
        "dates.*",
    ),
    _mutant(
        "offset-sign",
        "An offset of a date is added instead of taken off.",
        _edit("dialect.parameters:_microseconds", '== "-" else -offset', '!= "-" else -offset'),
        "dates.*",
    ),
    _mutant(
        "offset-minutes-lost",
        "The minutes of an offset are lost.",
        _edit("dialect.parameters:_microseconds", "* 60 + int(match[11] or 0)", "* 60"),
        "dates.*",
    ),
    _mutant(
        "dates-in-utc",
        "A date without an offset is read in UTC, not in the server's time zone.",
        _edit("dialect.parameters:_microseconds", "return instant_of(wall, zone)", "return wall"),
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
            "moments:instant_of",
            "local.replace(tzinfo=zone)",
            "local.replace(tzinfo=zone, fold=1)",
        ),
        "dates.gap",
    ),
    _mutant(
        "offset-of-winter",
        "Times in answers have the winter's offset all year.",
        _edit("moments:timestamp", "moment.utcoffset()", "(moment.utcoffset() - moment.dst())"),
        "times.*",
    ),
    _mutant(
        "milliseconds-left-out",
        "Times in answers end in whole seconds.",
        _edit("moments:timestamp", '"milliseconds"', '"seconds"'),
        "times.*",
        "availabilities.example",
    ),
    _mutant(
        "utc-with-offset",
        "In the zone UTC, times end in +00:00.",
        _edit("moments:timestamp", '{"UTC", "UCT"}', "set()"),
        "times.utc",
    ),
)
