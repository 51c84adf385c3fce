"""Defects of single records and what changes them."""

from fake_server.mutation.mutant import Defects
from fake_server.mutation.slips import Constant

_API = Defects("xurrent", "fake_server.apis.xurrent")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "key-renamed",
        "sourceID is called source_id.",
        _edit("render:Printer.calendar", '"sourceID": row.sourceID', '"sourceID_": row.sourceID'),
        "calendars.*",
    ),
    _mutant(
        "disabled-hidden",
        "A disabled calendar does not say so in the collection.",
        _edit(
            "render:Printer.calendar", 'fields | {"disabled"} if row.disabled else fields', "fields"
        ),
        "calendars.fields.disabled",
    ),
    _mutant(
        "disabled-always-shown",
        "Every calendar says in the collection whether it is disabled.",
        _edit(
            "render:Printer.calendar",
            'fields | {"disabled"} if row.disabled else fields',
            'fields | {"disabled"}',
        ),
        "calendars.fields.disabled",
        "fields.asked",
    ),
    _mutant(
        "disabled-left-out",
        "The list has no disabled calendars.",
        _edit("routes:states", "if name]", "if name] or [state('enabled', calendars.c.disabled)]"),
        "calendars.list",
    ),
    _mutant(
        "keys-unsorted",
        "A single record has its keys in the order of the documents.",
        _edit("render:alphabetical", "sorted(record, key=_place)", "record"),
        "calendars.key_order",
    ),
    _mutant(
        "hours-as-made",
        "Hours within a calendar come in the order they were made.",
        Constant(
            "fake_server.apis.xurrent.records:_HOURS_OF_CALENDARS",
            lambda value: value.order_by(None),
        ),
        "calendars.hours",
    ),
    _mutant(
        "timestamps-in-utc",
        "Timestamps are printed in UTC.",
        _edit("render:account_zone", 'world().section("xurrent").get("time_zone", "UTC")', '"UTC"'),
        "calendars.timestamps",
    ),
    _mutant(
        "updated-at-stays",
        "A PATCH leaves updated_at as it was.",
        _edit(
            "routes:update_calendar",
            'columns["updated_at"] = milliseconds(now()) // SECOND * SECOND\n',
            "pass\n",
        ),
        "calendars.updated_at",
    ),
    _mutant(
        "updated-at-always",
        "A PATCH that changes nothing changes updated_at.",
        _edit("routes:update_calendar", "if columns:", "if True:"),
        "calendars.updated_at",
    ),
    _mutant(
        "patch-of-text-only",
        "A PATCH leaves disabled as it was.",
        _edit(
            "attributes:calendar",
            'attributes.take("disabled", boolean)',
            '_ = before or attributes.take("disabled", boolean)',
        ),
        "calendars.update",
        "calendars.disabled",
    ),
    _mutant(
        "read-only-written",
        "created_at in a body is written.",
        _edit(
            "attributes:calendar",
            'attributes.take("disabled", boolean)',
            'attributes.take("disabled", boolean)\n'
            '    attributes.take("created_at", lambda value: 0)',
        ),
        "calendars.unknown_attributes",
    ),
    _mutant(
        "unknown-attribute-refused",
        "An unknown attribute is answered with 422.",
        _edit(
            "attributes:calendar",
            "    _shared(attributes)\n",
            "    _shared(attributes)\n"
            "    if set(given) - {'name', 'source', 'sourceID', 'disabled'}:\n"
            "        attributes.refuse('name', 'invalid')\n",
        ),
        "calendars.unknown_attributes",
    ),
    _mutant(
        "blank-name-taken",
        "A name of blanks is a name.",
        _edit("attributes:text", 'value if re.search(r"\\S", value) else None', "value or None"),
        "calendars.name.required",
    ),
    _mutant(
        "name-of-81",
        "A name may have 81 characters.",
        Constant("fake_server.apis.xurrent.attributes:NAME_LENGTH", lambda value: value + 1),
        "calendars.name.length",
    ),
    _mutant(
        "source-of-31",
        "A source may have 31 characters.",
        _edit("attributes:_shared", "text(SOURCE_LENGTH)", "text(SOURCE_LENGTH + 1)"),
        "calendars.source.length",
    ),
    _mutant(
        "name-not-unique",
        "Two calendars may have the same name.",
        _edit("records:name_is_taken", "row.id != but", "False"),
        "calendars.name.taken*",
    ),
    _mutant(
        "own-name-taken",
        "A calendar cannot keep its own name.",
        _edit("records:name_is_taken", "row.id != but", "row.id"),
        "calendars.update*",
        "calendars.name.taken*",
    ),
    _mutant(
        "taken-by-case",
        "A name with capitals is never taken.",
        _edit("attributes:calendar", "is_taken(folded(name))", "is_taken(name)"),
        "calendars.name.taken*",
    ),
    _mutant(
        "location-relative",
        "Location has no host.",
        _edit("answers:created", 'url_of(f"/v1{path}")', 'f"/v1{path}"'),
        "calendars.create.location",
    ),
    _mutant(
        "created-200",
        "A record that was made is answered with 200.",
        _edit("answers:created", "value, 201", "value, 200"),
        "calendars.create",
    ),
    _mutant(
        "source-default-is-brand",
        "The User-Agent is no source.",
        _edit("sources:source_of", 'header("Source") or agent or name', 'header("Source") or name'),
        "calendars.source.default",
    ),
    _mutant(
        "source-agent-first",
        "The User-Agent goes before the Source header.",
        _edit("sources:source_of", 'header("Source") or agent', 'agent or header("Source")'),
        "calendars.source.default",
    ),
    _mutant(
        "any-text-is-true",
        "Any text makes disabled true.",
        _edit("values:truth", "in _TRUE", 'not in {"", "false", "none", "0"}'),
        "calendars.disabled",
    ),
    _mutant(
        "anyone-may-write",
        "No administrator is needed to change anything.",
        _edit("auth:require_administrator", "not who.administrator", "False"),
        "calendars.administrator",
    ),
    _mutant(
        "hours-backwards-taken",
        "Hours may end when they begin.",
        _edit("attributes:hours", "<= minutes_of_day(start)", "< minutes_of_day(start)"),
        "hours.backwards",
    ),
    _mutant(
        "weekday-any-case",
        "A weekday is taken in any case.",
        _edit(
            "attributes:weekday",
            "if value not in WEEKDAYS",
            "value = str(value).lower()\n    if value not in WEEKDAYS",
        ),
        "hours.required",
    ),
    _mutant(
        "2400-becomes-0000",
        "24:00 is given back as 00:00.",
        _edit(
            "attributes:time_of_day",
            "    return value\n",
            "    return value.replace('24:00', '00:00')\n",
        ),
        "hours.echo",
    ),
    _mutant(
        "delete-answers-200",
        "A deletion is answered with 200 and an empty object.",
        _edit("answers:deleted", "answer(204, None)", "json_answer({})"),
        "hours.delete",
        "holidays.unlink",
    ),
    _mutant(
        "no-content-with-type",
        "A 204 has a Content-Type.",
        _edit("answers:deleted", "return answer(204, None)", "return answer(204, '')"),
        "answers.no_content",
    ),
    _mutant(
        "unlink-twice",
        "Unlinking what is not linked is answered with 204.",
        _edit("subresources:unlink_holiday", "if not records.is_linked(left, right):", "if False:"),
        "holidays.unlink",
    ),
    _mutant(
        "holiday-times-with-zone",
        "A holiday's times end in Z.",
        _edit(
            "render:wall_clock",
            'isoformat(timespec="seconds")',
            'isoformat(timespec="seconds") + "Z"',
        ),
        "holidays.times",
    ),
    _mutant(
        "holiday-times-to-the-minute",
        "A holiday's times are printed without seconds.",
        _edit("render:wall_clock", '"seconds"', '"minutes"'),
        "holidays.times",
    ),
    _mutant(
        "holiday-backwards-taken",
        "A holiday may end when it begins.",
        _edit("attributes:holiday", "end <= start", "end < start"),
        "holidays.backwards",
    ),
    _mutant(
        "holidays-descending",
        "Holidays are sorted by name, descending.",
        _edit(
            "listing:_term",
            "directions.get(name, False)",
            'directions.get(name, name == "name" and "start_at" in collection.columns)',
        ),
        "holidays.list",
    ),
    _mutant(
        "picture-lost",
        "A holiday's picture_uri is always null.",
        _edit("render:Printer.holiday", '"picture_uri": row.picture_uri', '"picture_uri": None'),
        "holidays.*",
    ),
    _mutant(
        "picture-of-255",
        "A picture_uri of more than 255 characters is refused.",
        _edit("attributes:holiday", '"picture_uri", text()', '"picture_uri", text(255)'),
        "holidays.picture",
    ),
    _mutant(
        "offset-dropped",
        "The offset of a holiday's times is dropped.",
        _edit("values:local_time", "instant(text, UTC)", "instant(text[:19], UTC)"),
        "holidays.times.read",
    ),
)
