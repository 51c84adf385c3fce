"""Defects of the 4me / Xurrent API."""

from mutants.mutant import Mutant, Profile
from mutants.slips import Constant, Edit, Entries, Slip


def _mutant(
    name: str, says: str, slip: Slip, *likely: str, profile: Profile = "documented"
) -> Mutant:
    return Mutant("xurrent", name, says, slip, likely, profile)


def _edit(place: str, old: str, new: str) -> Edit:
    return Edit(f"apis.xurrent.{place}", old, new)


_DURATION = (
    _mutant(
        "overlaps-counted-twice",
        "Hours that overlap count twice.",
        _edit("working_time:Week.__init__", "spans = merged(", "spans = sorted("),
        "duration.overlaps",
    ),
    _mutant(
        "nested-hours-shorten",
        "Hours within other hours cut these short.",
        _edit("working_time:merged", "max(end, joined[-1][1])", "end"),
        "duration.overlaps",
    ),
    _mutant(
        "midnight-is-nothing",
        "Hours until 00:00 last until the beginning of the day.",
        _edit(
            "working_time:end_of_hours",
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
            "working_time:end_of_hours",
            "minutes_of_day(text) or",
            "min(1439, minutes_of_day(text)) or",
        ),
        "duration.midnight",
    ),
    _mutant(
        "week-from-sunday",
        "A calendar's Monday is a Sunday.",
        Constant("apis.xurrent.working_time:_MONDAY", lambda value: value - 86_400_000),
        "duration.hours",
    ),
    _mutant(
        "holidays-not-taken-out",
        "Time within holidays counts.",
        _edit("working_time:working_time", "total -= week.active", "total -= 0 * week.active"),
        "duration.holidays",
    ),
    _mutant(
        "holidays-taken-out-twice",
        "Time in which two holidays overlap is taken out twice.",
        _edit("working_time:working_time", "merged(holidays)", "sorted(holidays)"),
        "duration.holidays",
    ),
    _mutant(
        "holidays-in-utc",
        "Holidays are read in UTC, not in the calendar's zone.",
        _edit(
            "working_time:working_time",
            "for away, back in days_off:",
            "for away, back in ((one + offset, other + offset) for one, other in days_off):",
        ),
        "duration.holidays",
    ),
    _mutant(
        "all-holidays",
        "Holidays count that are not linked to the calendar.",
        _edit(
            "records:holiday_spans", ".where(calendar_holidays.c.calendar_id == calendar_id)", ""
        ),
        "duration.holidays",
        "holidays.unlink",
    ),
    _mutant(
        "one-offset-for-all",
        "The offset at the start counts until the end, whatever the clocks do.",
        _edit("offsets:segments", "if start < change < end:", "if False:"),
        "duration.dst",
    ),
    _mutant(
        "dst-hour-lost",
        "The first hour after the clocks change is not counted.",
        _edit(
            "working_time:working_time",
            "week.active(first, last)",
            "week.active(first + 3_600_000 * (opened > start), last)",
        ),
        "duration.dst",
    ),
    _mutant(
        "zone-ignored",
        "time_zone is ignored.",
        _edit("duration:_zone", 'zone(name or "UTC")', '(zone(name or "UTC"), zone("UTC"))[1]'),
        "duration.zone.*",
        "duration.example.zone",
    ),
    _mutant(
        "account-zone-by-default",
        "Without time_zone, the calendar is read in Eastern Time.",
        _edit("duration:_zone", 'name or "UTC"', 'name or "America/New_York"'),
        "duration.zone.default",
    ),
    _mutant(
        "rails-zones-unknown",
        "Only IANA names are time zones.",
        Edit("rest.zones:zone", "RAILS_ZONES.get(name, name)", "name"),
        "duration.zone.names",
    ),
    _mutant(
        "minutes-rounded",
        "Parts of a minute are rounded up.",
        _edit(
            "routes:get_duration",
            "holiday_spans(row.id)) // MINUTE",
            "holiday_spans(row.id)) // -MINUTE * -1",
        ),
        "duration.body",
    ),
    _mutant(
        "duration-is-float",
        "The duration is a number with a fraction.",
        _edit("routes:get_duration", '{"duration": minutes}', '{"duration": float(minutes)}'),
        "duration.body",
    ),
    _mutant(
        "backwards-is-0",
        "An end before the start is 0 minutes.",
        _edit(
            "duration:DurationQuery.from_parameters",
            "raise BadRequestError(\"Parameter 'end' cannot be before parameter 'start'\")",
            "return cls(start, start, local)",
        ),
        "duration.backwards",
    ),
    _mutant(
        "equal-refused",
        "An end at the start is answered with 400.",
        _edit("duration:DurationQuery.from_parameters", "end < start", "end <= start"),
        "duration.backwards",
    ),
    _mutant(
        "no-offset-is-utc",
        "A start without an offset is in UTC.",
        _edit("duration:_instant", "instant(text, local)", 'instant(text, zone("UTC"))'),
        "duration.no_offset",
    ),
    _mutant(
        "duration-body-unread",
        "A JSON body without its Content-Type is not read.",
        _edit("routes:parameters", "sniff_json=True", "sniff_json=False"),
        "duration.body_parameters",
        "filters.body",
    ),
)

_RECORDS = (
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
        Constant("apis.xurrent.records:_HOURS_OF_CALENDARS", lambda value: value.order_by(None)),
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
        Constant("apis.xurrent.attributes:NAME_LENGTH", lambda value: value + 1),
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
)

_LISTS = (
    _mutant(
        "last-filter-only",
        "Of several filters, the last counts.",
        _edit("listing:wanted", "return Wanted(found,", "return Wanted(found[-1:],"),
        "filters.fields",
    ),
    _mutant(
        "name-by-case",
        "Filters on name notice case.",
        _edit("filters:_read", "return folded(text)", "return text"),
        "filters.case",
    ),
    _mutant(
        "fold-ascii-only",
        "Case of letters beyond ASCII is noticed.",
        _edit(
            "filters:_read",
            "return folded(text)",
            "return ''.join(c.lower() if c.isascii() else c for c in text)",
        ),
        "filters.case",
    ),
    _mutant(
        "negation-ignored",
        "=! is read as =.",
        _edit(
            "filters:_condition",
            'return not_(same) if value.startswith("!") else same',
            "return same",
        ),
        "filters.negation",
    ),
    _mutant(
        "older-negation-ignored",
        "!= is read as =.",
        _edit("filters:conditions", "{'!' * raw.endswith('!')}", ""),
        "filters.negation",
        "filters.empty",
    ),
    _mutant(
        "empty-inverted",
        "= keeps the records with a value.",
        _edit(
            "filters:_condition",
            "not_(empty) if value else empty",
            "empty if value else not_(empty)",
        ),
        "filters.empty",
    ),
    _mutant(
        "set-of-first",
        "Of a set of ids, all but the last count.",
        _edit("filters:_equal", "for text in values]", "for text in values[:-1]]"),
        "filters.sets",
    ),
    _mutant(
        "set-of-1001",
        "A set may have 1001 values.",
        Constant("apis.xurrent.filters:_LARGEST_SET", lambda value: value + 1),
        "filters.sets",
    ),
    _mutant(
        "less-or-equal",
        "< keeps what is equal.",
        Entries("apis.xurrent.filters:_COMPARE", {"<": lambda column, value: column <= value}),
        "filters.comparison",
        "filters.range",
    ),
    _mutant(
        "at-least-exclusive",
        ">= leaves out what is equal.",
        Entries("apis.xurrent.filters:_COMPARE", {">=": lambda column, value: column > value}),
        "filters.comparison",
        "filters.range",
    ),
    _mutant(
        "range-half-read",
        "Of a range, the upper bound is ignored.",
        _edit(
            "filters:_comparison",
            "[(bounds[1], bounds[2]), (bounds[3], bounds[4])]",
            "[(bounds[1], bounds[2])]",
        ),
        "filters.range",
    ),
    _mutant(
        "filter-times-in-utc",
        "Times without an offset in filters are in UTC.",
        _edit("filters:_read", 'UTC if kind == "local" else zone', "UTC"),
        "filters.no_offset",
    ),
    _mutant(
        "unknown-filter-ignored",
        "A parameter that is no field is ignored.",
        _edit(
            "filters:conditions",
            "if unknown:",
            "given = {raw: one for raw, one in given.items() if names[raw] in fields}\n"
            "    if False:",
        ),
        "filters.unknown",
    ),
    _mutant(
        "filter-refusal-renamed",
        "A field that cannot be filtered is called unknown.",
        _edit("filters:conditions", "Filtering not allowed on fields:", "Unknown fields:"),
        "filters.not_allowed",
    ),
    _mutant(
        "state-ignored",
        "state is ignored.",
        _edit("routes:states", 'text_of("state", given.get("state"))', '""'),
        "calendars.state*",
    ),
    _mutant(
        "fields-ignored",
        "fields is checked and ignored.",
        _edit(
            "listing:_fields",
            "return frozenset(asked) | IMPLICIT if asked else None",
            "return None",
        ),
        "fields.asked",
    ),
    _mutant(
        "fields-without-id",
        "fields leaves out the id.",
        _edit("listing:_fields", "frozenset(asked) | IMPLICIT", "frozenset(asked)"),
        "fields.asked",
    ),
    _mutant(
        "sort-by-case",
        "Sorting by name notices case.",
        Edit("apis.xurrent.values:folded", ".casefold()", ""),
        "calendars.order*",
        "filters.case",
    ),
    _mutant(
        "sort-direction-lost",
        "A minus sign before a field to sort by is ignored.",
        _edit("listing:_term", "directions.get(name, False)", "False"),
        "sort.fields",
    ),
    _mutant(
        "ties-descending",
        "Ties are broken by id, descending.",
        _edit(
            "listing:_order",
            "{key.field: key.descending for key in reversed(keys)}",
            "{'id': True} | {key.field: key.descending for key in reversed(keys)}",
        ),
        "sort.fields",
    ),
    _mutant(
        "page-of-25",
        "A page has 25 records by default.",
        _edit("listing:page_size", 'int(declared["default"])', "25"),
        "pages.size",
    ),
    _mutant(
        "size-clamped",
        "per_page above 100 gives pages of 100.",
        _edit("listing:page_size", 'has_quirk("per-page-clamped")', "True"),
        "pages.size.most",
    ),
    _mutant(
        "size-of-99",
        "per_page may be 99 at most.",
        _edit(
            "listing:page_size",
            'largest = int(declared["maximum"])',
            'largest = int(declared["maximum"]) - 1',
        ),
        "pages.size*",
    ),
    _mutant(
        "size-0-is-default",
        "per_page 0 counts as 20.",
        _edit(
            "params:whole_number",
            'text.startswith("-") or not text.strip("0")',
            'text.startswith("-")',
        ),
        "pages.size.least",
        "pages.number.least",
    ),
    _mutant(
        "entries-of-page",
        "X-Pagination-Total-Entries counts the page.",
        _edit("pages:paginated", "str(page.total)", "str(len(items))"),
        "pages.headers",
    ),
    _mutant(
        "pages-rounded-down",
        "A last page that is not full is not counted.",
        _edit("pages:paginated", "-(-page.total // page.size)", "page.total // page.size"),
        "pages.headers",
    ),
    _mutant(
        "cursor-repeats",
        "search_after begins with the record of the cursor.",
        _edit(
            "cursors:beyond",
            "return or_(*options)",
            "return or_(*options, order[-1].column == cursor.values[-1])",
        ),
        "pages.*",
    ),
    _mutant(
        "cursor-loses-ties",
        "A cursor skips what sorts equal to its record.",
        _edit("cursors:beyond", "enumerate(order)", "enumerate(order[:1])"),
        "pages.*",
    ),
    _mutant(
        "before-unreversed",
        "search_before gives a page in reverse.",
        _edit("listing:_beside", "rows.reverse()", "pass"),
        "pages.cursors",
        "pages.link",
    ),
    _mutant(
        "cursor-of-any-order",
        "A cursor is taken for an order it was not made for.",
        _edit("cursors:_fits", "len(values) == len(order) and all(", "all("),
        "pages.cursor.invalid",
    ),
    _mutant(
        "link-loses-filters",
        "Links have lost the filters.",
        _edit("pages:_links", "if k not in _POSITIONS", "if k == 'per_page'"),
        "pages.link.query",
    ),
    _mutant(
        "link-loses-predefined",
        "Links of /calendars/enabled do not add predefined_filter.",
        _edit("routes:predefined_filter", "if name else {}", "if False else {}"),
        "pages.link.query",
    ),
    _mutant(
        "next-on-last-page",
        "The last page has a next link too.",
        _edit("pages:_links", "if page.has_next and page.rows", "if page.rows"),
        "pages.link",
    ),
    _mutant(
        "nested-scope-missing",
        "The links of nested collections do not add parent_scope_id.",
        _edit("subresources:list_calendar_hours", '{"parent_scope_id": scope}', "{}"),
        "pages.nested",
    ),
)

_ACCESS = (
    _mutant(
        "other-accounts-record",
        "A record of another account is shown.",
        _edit(
            "records:_found",
            "rows = store().rows(query, wanted)",
            "rows = store().rows(query, wanted)"
            " or store().rows(query, wanted | {'account': current().home})",
        ),
        "ids.unknown",
    ),
    _mutant(
        "unknown-account-is-own",
        "An account that is not there is the user's own.",
        _edit("auth:_account", 'world().auth == "dataset"', "False"),
        "accounts.unknown",
    ),
    _mutant(
        "account-header-ignored",
        "The account's header is ignored.",
        _edit("auth:_account", "return wanted or home", "return home"),
        "accounts.*",
    ),
    _mutant(
        "account-not-named",
        "A record of another account does not name it.",
        _edit("render:Printer._record", "if account != self.home:", "if False:"),
        "accounts.reference",
    ),
    _mutant(
        "any-token",
        "Any token opens everything.",
        _edit("auth:identify", 'known is None and world().auth == "dataset"', "False"),
        "auth.unauthorized",
    ),
    _mutant(
        "password-is-token",
        "The password of Basic is taken for the token.",
        _edit(
            "auth:_token",
            "return user if colon and user else None",
            "return _ or None if colon else None",
        ),
        "auth.basic",
    ),
    _mutant(
        "unauthorized-with-cache-control",
        "A 401 carries Cache-Control.",
        _edit("answers:with_security_headers", "if response.status_code != 401:", "if True:"),
        "auth.unauthorized",
    ),
    _mutant(
        "root-needs-token",
        "GET /v1 needs a token.",
        Constant("apis.xurrent:_PUBLIC", lambda value: value - {"/v1"}),
        "auth.public",
    ),
    _mutant(
        "node-ids-unread",
        "A nodeID in a path is not understood.",
        _edit(
            "node_ids:record_id",
            "return int(match[2]) if match and match[1] == kind else None",
            "return None",
        ),
        "ids.node",
    ),
    _mutant(
        "node-id-of-any-class",
        "The nodeID of a holiday finds the calendar of its number.",
        _edit("node_ids:record_id", "if match and match[1] == kind", "if match"),
        "ids.node",
        "ids.unknown",
    ),
    _mutant(
        "etag-of-errors",
        "Errors have an ETag.",
        Edit("rest.answers:with_etag", "not in {200, 201}", "not in {200, 201, 400, 404, 422}"),
        "answers.etag",
    ),
    _mutant(
        "304-with-content-type",
        "A 304 carries Content-Type.",
        Edit(
            "rest.answers:with_etag",
            'for header in ("Content-Length", "Content-Type")',
            "for header in ()",
        ),
        "answers.not_modified",
    ),
    _mutant(
        "json-unescaped",
        "&, < and > are not escaped.",
        Constant("rest.answers:_ESCAPES", lambda value: {}),
        "answers.json",
    ),
    _mutant(
        "content-security-policy-missing",
        "Content-Security-Policy is missing.",
        Constant("apis.xurrent.answers:_FIXED", lambda value: value[1:]),
        "answers.headers",
    ),
    _mutant(
        "validation-stops-at-first",
        "A 422 tells the first mistake only.",
        _edit(
            "attributes:Attributes.checked",
            "ValidationFailedError(self._errors)",
            "ValidationFailedError(self._errors[:1])",
        ),
        "errors.validation",
    ),
    _mutant(
        "validation-by-field",
        "The errors of a 422 are an object by field.",
        _edit(
            "errors:ValidationFailedError.__init__", '"errors": errors', '"errors": dict(errors)'
        ),
        "errors.validation",
    ),
    _mutant(
        "english-only",
        "Validation messages are English, whatever language is asked for.",
        _edit("messages:language", "return wanted if wanted in _SENTENCES else", "return"),
        "errors.language",
    ),
    _mutant(
        "bad-json-in-other-words",
        "A body that is no JSON is answered with what a parser says.",
        _edit("errors:bad_request", 'if "JSON" in message', "if False"),
        "errors.json",
    ),
    _mutant(
        "not-routed-405",
        "A path or method that is not there is answered with 405.",
        _edit(
            "errors:not_routed",
            "return NotFoundError()",
            "error = NotFoundError()\n    error.status = 405\n    return error",
        ),
        "errors.method",
        "calendars.delete",
    ),
    _mutant(
        "limit-of-5000",
        "The rate limit is 5000.",
        Constant("apis.xurrent.limits:_DEFAULT_LIMIT", lambda value: 5000),
        "rate_limit.headers",
    ),
    _mutant(
        "looking-costs",
        "GET /v1/rate_limit counts as a request.",
        _edit("limits:peek", "counters.peek(", "counters.count("),
        "rate_limit.get",
    ),
    _mutant(
        "reset-in-seconds",
        "X-RateLimit-Reset is how many seconds are left.",
        _edit(
            "limits:with_rate_limit",
            "int(usage.closes.timestamp())",
            "int((usage.closes - now()).total_seconds())",
        ),
        "rate_limit.headers",
    ),
    _mutant(
        "retry-after-60",
        "Retry-After is 60.",
        _edit("errors:TooManyRequestsError.__init__", '"30"', '"60"'),
        "rate_limit.exceeded",
    ),
    _mutant(
        "live-location-of-api",
        "Location, the record's page, has the service's host without the account.",
        _edit("answers:created", "https://{current().account}.{domain}", "https://{domain}"),
        "calendars.create.location",
        profile="live",
    ),
    _mutant(
        "live-node-id-padded",
        "A nodeID is padded.",
        _edit("node_ids:node_id", '.rstrip("=")', ""),
        "ids.node.answers",
        profile="live",
    ),
    _mutant(
        "live-node-id-if-asked",
        "The nodeID is shown only with all fields.",
        _edit(
            "render:Printer._record",
            "if self.domain is not None:",
            "if self.domain is not None and 'name' in fields:",
        ),
        "ids.node.answers",
        profile="live",
    ),
    _mutant(
        "live-basic-403",
        "Basic is refused with 403.",
        _edit(
            "auth:identify",
            "    if token is None:\n",
            "    if token is None and 'Authorization' in request.headers:\n"
            "        raise ForbiddenError\n"
            "    if token is None:\n",
        ),
        "auth.basic",
        profile="live",
    ),
)

MUTANTS: tuple[Mutant, ...] = (*_DURATION, *_RECORDS, *_LISTS, *_ACCESS)
