"""Defects of the Fab-manager Open API."""

from mutants.mutant import Mutant, Profile
from mutants.slips import Constant, Edit, Slip

_PAGE = "rest.pages:Page.last"
_LINKS = "rest.links:page_links"
_ETAG = "rest.answers:with_etag"


def _mutant(
    name: str,
    says: str,
    slip: Slip,
    *likely: str,
    profile: Profile = "documented",
    stored: bool = False,
) -> Mutant:
    return Mutant("fabmanager", name, says, slip, likely, profile, stored)


def _edit(place: str, old: str, new: str) -> Edit:
    return Edit(f"apis.fabmanager.{place}", old, new)


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
    _mutant(
        "user-id-ignored",
        "user_id is ignored, as the live service does.",
        _edit("params:read_query", 'has_quirk("user-id-ignored")', "True"),
        "availabilities.user_id",
    ),
    _mutant(
        "users-joined-by-and",
        "user_id with two users keeps nothing: both would have to hold one reservation.",
        _edit(
            "selection:_values",
            "_known(store, bookings.c.user_id, query.user_ids)",
            "[0] if len(query.user_ids or ()) > 1 else"
            " _known(store, bookings.c.user_id, query.user_ids)",
        ),
        "availabilities.user_id",
    ),
    _mutant(
        "type-any-case",
        "available_type is taken in any case.",
        _edit(
            "params:_type",
            'value = parameters.get("available_type")',
            'value = (parameters.get("available_type") or "").capitalize()',
        ),
        "availabilities.available_type*",
    ),
    _mutant(
        "available-id-without-type",
        "available_id counts without available_type.",
        _edit("params:_available_ids", "None if available_type is None else found", "found"),
        "availabilities.available_id*",
    ),
    _mutant(
        "joined-rows",
        "What matches several of the given reservables is listed once for each.",
        _edit("selection:_filters", 'has_quirk("join-duplicates")', "True"),
        "availabilities.available_id*",
    ),
    _mutant(
        "brackets-with-spaces",
        "Numbers in brackets are not found behind a space.",
        _edit(
            "params:_bracketed",
            '[item.strip(" ") for item in inside.split(",")]',
            'inside.split(",")',
        ),
        "lists.*",
    ),
    _mutant(
        "empty-brackets-are-no-filter",
        "Empty brackets count as not given.",
        _edit("params:_ids", 'in ("", [])', 'in ("", [], "[]")'),
        "lists.*",
    ),
    _mutant(
        "comma-is-a-list",
        "Numbers separated by commas are a list without brackets.",
        _edit(
            "params:_bracketed",
            "return [value]",
            'return value.split(",") if isinstance(value, str) else [value]',
        ),
        "lists.*",
    ),
    _mutant(
        "first-of-doubled",
        "Of a parameter given twice, the first counts.",
        Edit("rest.parameters:_insert", "into[key] = value\n", "into.setdefault(key, value)\n"),
        "errors.doubled",
    ),
    _mutant(
        "total-of-page",
        "Total counts the page.",
        _edit(
            "routes:_page_headers", '"Total": str(total)', '"Total": str(min(total, query.size))'
        ),
        "pages.*",
    ),
    _mutant(
        "page-off-by-one",
        "The first page is page 0.",
        _edit(
            "params:_size",
            "return size, (number - 1) * size, size",
            "return size, number * size, size",
        ),
        "pages.*",
    ),
    _mutant(
        "pages-overlap",
        "Each page but the first repeats the last record of the one before.",
        _edit(
            "params:_size",
            "return size, (number - 1) * size, size",
            "return size, max(0, (number - 1) * size - 1), size",
        ),
        "pages.*",
        "availabilities.ties",
    ),
    _mutant(
        "default-of-25",
        "A page has 25 availabilities by default.",
        _edit("params:_size", 'int(_operation().default("per_page"))', "25"),
        "pages.*",
    ),
    _mutant(
        "per-page-at-most-100",
        "per_page has a maximum of 100.",
        _edit("params:_size", "size = _number(value) or 0", "size = min(_number(value) or 0, 100)"),
        "pages.*",
    ),
    _mutant(
        "per-page-0",
        "per_page 0 is taken for the default.",
        _edit("params:_size", "size = _number(value) or 0", "size = _number(value) or default"),
        "pages.per_page*",
    ),
    _mutant(
        "last-page-full",
        "A last page that is not full is not counted.",
        Edit(_PAGE, "-(-self.total // self.size)", "self.total // self.size"),
        "pages.*",
    ),
    _mutant(
        "one-page-too-many",
        "Where the last page is full, one more is counted.",
        Edit(_PAGE, "-(-self.total // self.size)", "self.total // self.size + 1"),
        "pages.*",
    ),
    _mutant(
        "next-loops",
        "The next link leads to the page itself.",
        Edit(_LINKS, '("next", page.number + 1)', '("next", page.number)'),
        "pages.*",
    ),
    _mutant(
        "prev-of-first",
        "prev leads to the first page.",
        Edit(_LINKS, '("prev", page.number - 1)', '("prev", 1)'),
        "pages.*",
    ),
    _mutant(
        "link-order",
        "Link names next before last.",
        Edit(
            _LINKS,
            '[("last", page.last), ("next", page.number + 1)]',
            '[("next", page.number + 1), ("last", page.last)]',
        ),
        "pages.*",
    ),
    _mutant(
        "link-loses-filters",
        "Links keep page and per_page alone.",
        _edit(
            "routes:_page_headers",
            "query_values(request)",
            "{k: v for k, v in query_values(request).items() if k == 'per_page'}",
        ),
        "pages.*",
    ),
    _mutant(
        "link-ignores-forwarded-host",
        "Links have the server's own host, whatever was forwarded.",
        Edit("rest.urls:_host", '_first("X-Forwarded-Host")', '""'),
        "pages.link.url",
    ),
    _mutant(
        "link-unsorted",
        "The query of links keeps the request's order.",
        Edit("rest.links:_of_hash", "else sorted(parts)", "else parts"),
        "pages.link.url",
    ),
    _mutant(
        "oldest-first",
        "The list begins with the oldest.",
        _edit(
            "statements:statements",
            "newest=page.order_by(table.start_at.desc(), table.id.desc())",
            "newest=page.order_by(table.start_at, table.id)",
        ),
        "availabilities.order",
    ),
    _mutant(
        "ordered-by-end",
        "The list is ordered by the end.",
        _edit(
            "statements:statements",
            "newest=page.order_by(table.start_at.desc(), ",
            "newest=page.order_by(table.end_at.desc(), ",
        ),
        "availabilities.order",
    ),
    _mutant(
        "ties-ascending",
        "Of those that start together, the lowest id comes first.",
        _edit(
            "statements:statements",
            "newest=page.order_by(table.start_at.desc(), table.id.desc())",
            "newest=page.order_by(table.start_at.desc(), table.id)",
        ),
        "availabilities.ties",
    ),
    _mutant(
        "slots-as-stored",
        "Slots are in the order in which they are stored.",
        _edit("render:_availability", "if not unordered", "if False"),
        "slots.order",
    ),
    _mutant(
        "ids-sorted",
        "available_ids are sorted.",
        _edit("render:_available_ids", "return found", "return sorted(found)"),
        "availabilities.available_ids",
        "availabilities.example",
    ),
    _mutant(
        "id-is-text",
        "The id of a slot is text.",
        _edit("render:_availability", '{"id": number,', '{"id": str(number),'),
        "availabilities.*",
        "slots.*",
    ),
    _mutant(
        "key-renamed",
        "created_at is called createdAt.",
        _edit("render:_availability", '"created_at":', '"createdAt":'),
        "availabilities.keys",
    ),
    _mutant(
        "key-order",
        "The type stands before the times.",
        _edit(
            "render:_availability",
            '        "id": row.id,\n',
            '        "id": row.id,\n        "available_type": row.available_type,\n',
        ),
        "availabilities.keys",
    ),
    _mutant(
        "damaged-listed",
        "Records without a start are listed.",
        _edit("selection:_filters", 'if not has_quirk("damaged-records")', "if False"),
        "availabilities.damaged",
        "availabilities.untyped",
    ),
    _mutant(
        "empty-is-404",
        "Where nothing matches, the answer is 404.",
        _edit(
            "routes:list_availabilities",
            "rows = page_rows",
            "selection.total or abort(404)\n    rows = page_rows",
        ),
        "availabilities.empty",
    ),
    _mutant(
        "no-token-needed",
        "Any token opens the list.",
        _edit("auth:require_token", 'here.auth == "dataset"', "False"),
        "auth.*",
    ),
    _mutant(
        "token-any-case",
        "The token is compared without regard to case.",
        _edit(
            "auth:require_token",
            "token not in _tokens()",
            "token.lower() not in [one.lower() for one in _tokens()]",
        ),
        "auth.*",
    ),
    _mutant(
        "bare-token",
        "A token without a scheme is accepted.",
        _edit("auth:token_of", 'return ""', "return header"),
        "auth.*",
    ),
    _mutant(
        "challenge",
        "A 401 carries WWW-Authenticate.",
        _edit(
            "errors:UnauthorizedError.__init__",
            "_ERROR_HEADERS)",
            '{**_ERROR_HEADERS, "WWW-Authenticate": "Token"})',
        ),
        "auth.unauthorized",
    ),
    _mutant(
        "unauthorized-in-other-words",
        "A 401 has the body of a framework's error.",
        _edit(
            "errors:UnauthorizedError.__init__",
            '{"errors": ["Bad credentials"]}',
            '{"error": "Bad credentials"}',
        ),
        "auth.unauthorized",
    ),
    _mutant(
        "parameters-before-token",
        "Parameters are checked before the token.",
        _edit(
            "routes:_authorized_parameters",
            "    require_token(request)\n    return",
            "    read_query(parameters, zone_of({}), now())\n"
            "    require_token(request)\n    return",
        ),
        "auth.first",
    ),
    _mutant(
        "unprocessable",
        "A parameter of the wrong kind is answered with 422.",
        _edit("errors:BadRequestError.__init__", "400", "422"),
        "errors.*",
    ),
    _mutant(
        "last-error-first",
        "per_page is checked before the dates.",
        _edit(
            "params:read_query",
            'after = _date(parameters, "after", zone, now)',
            '_size(parameters, 1)\n    after = _date(parameters, "after", zone, now)',
        ),
        "errors.bad_request",
    ),
    _mutant(
        "method-not-allowed",
        "Another method is answered with 405.",
        _edit(
            "hooks:not_routed",
            "FrameworkError(404",
            "FrameworkError(404 if request.method == 'GET' else 405",
        ),
        "routing.*",
    ),
    _mutant(
        "content-type-without-charset",
        "Content-Type names no charset.",
        Constant("rest.answers:JSON", lambda value: value.partition(";")[0]),
        "availabilities.compact",
    ),
    _mutant(
        "etag-of-status",
        "The ETag is the same for every page.",
        _edit(
            "hooks:_with_etag",
            "return with_etag(response, request)",
            'response.headers["ETag"] = etag_of(b"")\n    return response',
        ),
        "headers.*",
    ),
    _mutant(
        "never-304",
        "If-None-Match is never looked at.",
        Edit(_ETAG, "known is not None\n", "False\n"),
        "headers.not_modified",
    ),
    _mutant(
        "304-without-total",
        "A 304 has lost Total, Per-Page and Link.",
        Edit(
            _ETAG,
            '("Content-Length", "Content-Type")',
            '("Content-Length", "Content-Type", "Total", "Per-Page", "Link")',
        ),
        "headers.not_modified",
    ),
    _mutant(
        "etag-list-unread",
        "Of If-None-Match, only a single ETag is understood.",
        Edit("rest.answers:_matches", 'known.split(",")', "[known]"),
        "headers.if_none_match",
    ),
    _mutant(
        "vary-missing",
        "No answer carries Vary.",
        _edit("hooks:after", "if varies(", "if False and varies("),
        "accept.vary",
    ),
    _mutant(
        "head-without-total",
        "HEAD has other headers than GET.",
        _edit(
            "hooks:after",
            "response.status_code == 200",
            "request.method == 'HEAD' and response.headers.pop('Total'):\n            pass\n"
            "        elif response.status_code == 200",
        ),
        "availabilities.head",
    ),
    _mutant(
        "request-id-not-echoed",
        "The client's X-Request-Id is not given back.",
        Edit("rest.tracing:add_trace", "given or Draw(", "Draw("),
        "headers.request_id",
    ),
    _mutant(
        "frame-options-deny",
        "X-Frame-Options is DENY.",
        Constant(
            "apis.fabmanager.routes:ENDPOINT_HEADERS",
            lambda value: {**value, "X-Frame-Options": "DENY"},
        ),
        "headers.security",
    ),
    _mutant(
        "training-cut-into-slots",
        "A pinned training is cut into slots like a machine.",
        Constant("apis.fabmanager.records:CUT_INTO_SLOTS", lambda value: (*value, "Training")),
        "slots.by_type",
        stored=True,
    ),
    _mutant(
        "live-unset-last",
        "Of damaged records, those without a start come last.",
        _edit("selection:_newest_first", "return _BEFORE_ALL if", "return -_BEFORE_ALL if"),
        "availabilities.damaged",
        profile="live",
    ),
    _mutant(
        "live-comma-is-zero",
        "Of 1,2 nothing is read, where the live service reads the 1.",
        _edit("ruby_values:to_i", "if match else", 'if match and "," not in value else'),
        "lists.comma",
        profile="live",
    ),
    _mutant(
        "live-count-distinct",
        "What matches several reservables is listed once for each, but counted once.",
        _edit("statements:statements", "func.count()", "func.count(table.id.distinct())"),
        "availabilities.available_id.distinct",
        profile="live",
    ),
    _mutant(
        "live-other-window",
        "A per_page that begins with no digit gives 20 rows, not 25.",
        _edit("live_params:page_window", "_FALLBACK_SIZE, _FALLBACK_SIZE", "20, 20"),
        "pages.per_page.kind",
        profile="live",
    ),
    _mutant(
        "live-message",
        "The text of Ruby's exception names no class.",
        _edit("ruby_values:no_method", 'else f":{class_of(value)}"', 'else ""'),
        "pages.*.kind",
        "errors.wrong_shape",
        profile="live",
    ),
    _mutant(
        "live-30-february",
        "30 February is the last of February, not 1 March.",
        _edit(
            "moments:wall_microseconds",
            "days = first.days + day - 1",
            "days = first.days + min(day, 28) - 1",
        ),
        "dates.*",
        profile="live",
    ),
    _mutant(
        "live-406-in-json",
        "A 406 has a JSON body where HTML is asked for.",
        _edit("routes:_require_json", "error_kind(request, g.format)", '"json"'),
        "accept.any",
        "routing.format",
        profile="live",
    ),
    _mutant(
        "live-any-user",
        "user_id is ignored unless it names nobody.",
        _edit(
            "params:read_query",
            'None if has_quirk("user-id-ignored")',
            'None if parameters.get("user_id") != "999999999"',
        ),
        "availabilities.user_id",
        profile="live",
    ),
)
