"""Defects of durations."""

from fake_server.contract.mutants import ApiMutants, ConstantEdit

_API = ApiMutants("xurrent", "fake_server.apis.xurrent")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "overlaps-counted-twice",
        "Hours that overlap count twice.",
        _edit("duration.working_time:Week.__init__", "spans = merged(", "spans = sorted("),
        "duration.overlaps",
    ),
    _mutant(
        "nested-hours-shorten",
        "Hours within other hours cut these short.",
        _edit("duration.working_time:merged", "max(end, joined[-1][1])", "end"),
        "duration.overlaps",
    ),
    _mutant(
        "midnight-is-nothing",
        "Hours until 00:00 last until the beginning of the day.",
        _edit(
            "duration.working_time:end_of_hours",
            "minutes_of_day(text) or _MINUTES_PER_DAY",
            "minutes_of_day(text)",
        ),
        "duration.midnight",
        "hours.echo",
    ),
    _mutant(
        "2400-as-0000",
        "24:00 is 23:59.",
        _edit(
            "duration.working_time:end_of_hours",
            "minutes_of_day(text) or",
            "min(1439, minutes_of_day(text)) or",
        ),
        "duration.midnight",
    ),
    _mutant(
        "week-from-sunday",
        "A calendar's Monday is a Sunday.",
        ConstantEdit(
            "fake_server.apis.xurrent.duration.working_time:_MONDAY",
            lambda value: value - 86_400_000,
        ),
        "duration.hours",
    ),
    _mutant(
        "holidays-not-taken-out",
        "Time within holidays counts.",
        _edit(
            "duration.working_time:working_time", "total -= week.active", "total -= 0 * week.active"
        ),
        "duration.holidays",
    ),
    _mutant(
        "holidays-taken-out-twice",
        "Time in which two holidays overlap is taken out twice.",
        _edit("duration.working_time:working_time", "merged(holidays)", "sorted(holidays)"),
        "duration.holidays",
    ),
    _mutant(
        "holidays-in-utc",
        "Holidays are read in UTC, not in the calendar's zone.",
        _edit(
            "duration.working_time:working_time",
            "off_from, off_until = days_off[index]",
            "off_from, off_until = (one + offset for one in days_off[index])",
        ),
        "duration.holidays",
    ),
    _mutant(
        "all-holidays",
        "Holidays count that are not linked to the calendar.",
        _edit("resources.holidays:_Holidays.spans", ".where(linked)", ""),
        "duration.holidays",
        "holidays.unlink",
    ),
    _mutant(
        "one-offset-for-all",
        "The offset at the start counts until the end, whatever the clocks do.",
        _edit("duration.offsets:segments", "if following != offset:", "if False:"),
        "duration.dst",
    ),
    _mutant(
        "dst-hour-lost",
        "The first hour after the clocks change is not counted.",
        _edit(
            "duration.working_time:working_time",
            "week.active(first, last)",
            "week.active(first + 3_600_000 * (segment_start > start), last)",
        ),
        "duration.dst",
    ),
    _mutant(
        "zone-ignored",
        "time_zone is ignored.",
        _edit(
            "duration.duration_query:_zone",
            'zone(name or "UTC")',
            '(zone(name or "UTC"), zone("UTC"))[1]',
        ),
        "duration.zone.*",
        "duration.example.zone",
    ),
    _mutant(
        "account-zone-by-default",
        "Without time_zone, the calendar is read in Eastern Time.",
        _edit("duration.duration_query:_zone", 'name or "UTC"', 'name or "America/New_York"'),
        "duration.zone.default",
    ),
    _mutant(
        "rails-names-unread",
        "Rails names of several words are no time zones.",
        _edit("duration.duration_query:_zone", "zone(name or", "zone(name.replace(' ', '_') or"),
        "duration.zone.names",
    ),
    _mutant(
        "minutes-rounded",
        "Parts of a minute are rounded up.",
        _edit(
            "resources.calendars:show_duration",
            "spans(row.id)) // MINUTE",
            "spans(row.id)) // -MINUTE * -1",
        ),
        "duration.body",
    ),
    _mutant(
        "duration-is-float",
        "The duration is a number with a fraction.",
        _edit(
            "resources.calendars:show_duration",
            '{"duration": minutes}',
            '{"duration": float(minutes)}',
        ),
        "duration.body",
    ),
    _mutant(
        "backwards-is-0",
        "An end before the start is 0 minutes.",
        _edit(
            "duration.duration_query:DurationQuery.from_parameters",
            "raise BadRequestError(\"Parameter 'end' cannot be before parameter 'start'\")",
            "return cls(start, start, local)",
        ),
        "duration.backwards",
    ),
    _mutant(
        "equal-refused",
        "An end at the start is answered with 400.",
        _edit(
            "duration.duration_query:DurationQuery.from_parameters", "end < start", "end <= start"
        ),
        "duration.backwards",
    ),
    _mutant(
        "no-offset-is-utc",
        "A start without an offset is in UTC.",
        _edit(
            "duration.duration_query:_instant", "instant(text, local)", 'instant(text, zone("UTC"))'
        ),
        "duration.no_offset",
    ),
    _mutant(
        "duration-body-unread",
        "A JSON body without its Content-Type is not read.",
        _edit("dialect.query.parameters:parameters", "sniff_json=True", "sniff_json=False"),
        "duration.body_parameters",
        "filters.body",
    ),
)
