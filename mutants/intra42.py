"""Defects of the 42 intra API."""

from mutants.mutant import Mutant, Profile
from mutants.slips import Constant, Edit, Entries, Slip

_ETAG = "rest.answers:with_etag"
_LINKS = "rest.links:page_links"


def _mutant(
    name: str, says: str, slip: Slip, *likely: str, profile: Profile = "documented"
) -> Mutant:
    return Mutant("intra42", name, says, slip, likely, profile)


def _edit(place: str, old: str, new: str) -> Edit:
    return Edit(f"apis.intra42.{place}", old, new)


_GRAPHS = (
    _mutant(
        "week-from-monday",
        "Weeks are keyed by their Monday.",
        _edit("graph:day_series", 'interval == "week" and monday_first', 'interval == "week"'),
        "graph.week",
    ),
    _mutant(
        "day-of-week-from-monday",
        "Days of the week are counted from Monday.",
        _edit("graph:_cycle", "if monday_first and", "if"),
        "graph.day_of_week",
    ),
    _mutant(
        "day-of-week-from-1",
        "Days of the week are keyed 1 to 7, Sunday the last.",
        Entries(
            "apis.intra42.graph:_CYCLES",
            {"day_of_week": (range(1, 8), lambda day: day.isoweekday())},
        ),
        "graph.day_of_week",
    ),
    _mutant(
        "day-31-missing",
        "Days of the month end with 30.",
        Entries(
            "apis.intra42.graph:_CYCLES", {"day_of_month": (range(1, 31), lambda day: day.day)}
        ),
        "graph.day_of_month",
    ),
    _mutant(
        "months-from-0",
        "Months of the year are keyed 0 to 11.",
        Entries(
            "apis.intra42.graph:_CYCLES", {"month_of_year": (range(12), lambda day: day.month - 1)}
        ),
        "graph.month_of_year",
    ),
    _mutant(
        "quarter-of-four-months",
        "The last quarter begins in November.",
        _edit(
            "graph:_quarter",
            "3 * ((day.month - 1) // 3) + 1",
            "min(10, 3 * ((day.month - 1) // 3) + 1) + (day.month > 10)",
        ),
        "graph.quarter",
    ),
    _mutant(
        "months-without-day",
        "Months are keyed without their day.",
        _edit(
            "graph:day_series",
            "period.isoformat(): counts[period]",
            "period.isoformat()[:7] if interval == 'month' else period.isoformat(): counts[period]",
        ),
        "graph.month",
    ),
    _mutant(
        "zero-days-left-out",
        "Days without an occurrence are left out.",
        _edit(
            "graph:_days",
            "for number in range(min(counts), last + 1)",
            "for number in sorted(counts)",
        ),
        "graph.zeros",
        "graph.example.*",
    ),
    _mutant(
        "zero-weeks-left-out",
        "Weeks, months, quarters and years without an occurrence are left out.",
        _edit(
            "graph:day_series",
            "in _periods(min(counts), last, _NEXT[interval])\n",
            "in sorted(counts)\n",
        ),
        "graph.zeros",
    ),
    _mutant(
        "zero-hours-left-out",
        "Hours of the day without an occurrence are left out.",
        _edit(
            "graph:hour_series", "for hour in range(24)", "for hour in range(24) if hour in counts"
        ),
        "graph.hour_of_day",
        "graph.empty",
    ),
    _mutant(
        "hour-24",
        "Hours of the day are keyed 1 to 24.",
        _edit("graph:hour_series", "{str(hour):", "{str(hour + 1):"),
        "graph.hour_of_day",
    ),
    _mutant(
        "hours-in-paris",
        "Hours of the day are those of a zone two hours ahead.",
        _edit(
            "counting:graph",
            "_counted(chosen, field, hour_of)",
            "_counted(chosen, field, lambda one: hour_of(one + 7_200_000))",
        ),
        "graph.hour_of_day",
        "graph.utc",
    ),
    _mutant(
        "days-in-paris",
        "Days are those of a zone an hour ahead.",
        _edit(
            "counting:graph",
            "_counted(chosen, field, day_of)",
            "_counted(chosen, field, lambda one: day_of(one + 3600000))",
        ),
        "graph.day",
        "graph.utc",
    ),
    _mutant(
        "series-ends-at-last",
        "A series ends at its last occurrence, even where that is past.",
        _edit("counting:graph", 'has_quirk("graph-ends-at-last-row")', "True"),
        "graph.span",
    ),
    _mutant(
        "series-ends-now",
        "A series ends now, even where later occurrences follow.",
        _edit(
            "graph:_days",
            "max(max(counts), until.toordinal() - _EPOCH)",
            "until.toordinal() - _EPOCH",
        ),
        "graph.span",
        "graph.routes",
    ),
    _mutant(
        "newest-first",
        "Days come newest first.",
        _edit(
            "graph:_days",
            "for number in range(min(counts), last + 1)",
            "for number in range(last, min(counts) - 1, -1)",
        ),
        "graph.body",
    ),
    _mutant(
        "null-counted",
        "Records whose field is null are counted on the first day of 1970.",
        _edit(
            "counting:_counted",
            "[(number, count) for number, count in map(tuple, rows) if number is not None]",
            "[(number or 0, count) for number, count in map(tuple, rows)]",
        ),
        "graph.null",
    ),
    _mutant(
        "graph-unfiltered",
        "A graph counts all records, whatever the filters.",
        _edit("counting:_counted", "query.where(*chosen.where(scanned=True))", "query"),
        "graph.filtered",
    ),
    _mutant(
        "count-is-float",
        "Counts are numbers with a fraction.",
        _edit("graph:_cycle", "counts[place] for", "float(counts[place]) for"),
        "graph.*",
    ),
    _mutant(
        "default-by-day",
        "Without an interval, the graph is by day.",
        _edit(
            "counting:_name",
            "operation.default(parameter))",
            '"day" if parameter == "interval" else operation.default(parameter))',
        ),
        "graph.interval.default",
    ),
    _mutant(
        "query-wins-over-path",
        "The field in the query wins over that in the path.",
        _edit(
            "counting:_name",
            "path.get(parameter, params.get(parameter, operation.default(parameter)))",
            "params.get(parameter, path.get(parameter, operation.default(parameter)))",
        ),
        "graph.field.query",
    ),
    _mutant(
        "graph-error-400",
        "An unknown field is answered with 400.",
        _edit("errors:GraphFieldError.__init__", "422", "400"),
        "graph.field.unknown",
    ),
    _mutant(
        "graph-paginated",
        "A graph carries X-Total.",
        _edit("routes:_graph", 'has_quirk("graph-x-total")', "True"),
        "graph.not_paginated",
    ),
)

_LISTS = (
    _mutant(
        "total-of-page",
        "X-Total counts the page.",
        _edit("routes:_paginated", "str(page.total)", "str(len(items))"),
        "pages.headers",
    ),
    _mutant(
        "default-of-25",
        "A page has 25 items.",
        _edit("params:page_wanted", 'operation.default("per_page")', "25"),
        "pages.default",
    ),
    _mutant(
        "99-at-most",
        "A page has 99 items at most.",
        _edit("params:page_wanted", '["x-maximum"]', '["x-maximum"] - 1'),
        "pages.largest",
    ),
    _mutant(
        "too-large-is-default",
        "A size above 100 counts as 30.",
        _edit(
            "params:page_wanted",
            "min(_positive(size, default), largest)",
            "default if _positive(size, default) > largest else _positive(size, default)",
        ),
        "pages.largest",
    ),
    _mutant(
        "page-size-ignored",
        "page[size] is ignored.",
        _edit(
            "params:page_wanted", 'page.get("number"), page.get("size")', 'page.get("number"), None'
        ),
        "pages.styles",
    ),
    _mutant(
        "page-0-is-2",
        "A page that is no positive number counts as 2.",
        _edit(
            "params:page_wanted",
            "_positive(number, 1)",
            "_positive(number, 1 if number is None else 2)",
        ),
        "pages.lenient",
    ),
    _mutant(
        "pages-overlap",
        "The second page repeats the last record of the first.",
        _edit(
            "selection:Selection.page",
            "offset = (number - 1) * size",
            "offset = max(0, (number - 1) * size - 1)",
        ),
        "pages.*",
        "sort.stable",
    ),
    _mutant(
        "beyond-is-404",
        "A page past the last is answered with 404.",
        _edit(
            "selection:Selection.page",
            "return Page([], number, size, total)",
            "raise NoSuchRecordError",
        ),
        "pages.beyond",
    ),
    _mutant(
        "next-on-last-page",
        "The last page has a next link too.",
        Edit(_LINKS, "page.number < page.last", "page.number <= page.last"),
        "pages.link",
    ),
    _mutant(
        "first-on-first-page",
        "The first page has a link to the first.",
        Edit(_LINKS, "page.number > 1", "page.number >= 1"),
        "pages.link",
    ),
    _mutant(
        "link-relative",
        "URLs in Link have no host.",
        _edit("routes:_paginated", "page_links(request_url()", "page_links(request.path"),
        "pages.link.query",
    ),
    _mutant(
        "link-loses-filters",
        "Links have lost the query.",
        _edit("routes:_paginated", "query_values(request)", "{}"),
        "pages.link*",
    ),
    _mutant(
        "slots-oldest-first",
        "Slots come by begin_at, ascending.",
        _edit(
            "params:sort_keys",
            "if not keys:\n        return list(resource.order)",
            "if not keys:\n        return [SortKey(one.field, False) for one in resource.order]",
        ),
        "slots.order",
    ),
    _mutant(
        "ties-lost",
        "Records equal in every sorted field come in no order.",
        _edit("params:sort_keys", "[*keys, resource.order[-1]]", "keys"),
        "sort.stable",
    ),
    _mutant(
        "direction-of-first",
        "All sorted fields take the direction of the first.",
        _edit(
            "params:order_by",
            "column.desc() if key.descending else column.asc()",
            "column.desc() if keys[0].descending else column.asc()",
        ),
        "sort.fields",
    ),
    _mutant(
        "least-significant-first",
        "The last sorted field is the most significant.",
        _edit("params:sort_keys", "keys = parse_sort(given)", "keys = parse_sort(given)[::-1]"),
        "sort.fields",
    ),
    _mutant(
        "null-least",
        "Null sorts as the least value.",
        _edit(
            "params:order_by",
            "missing.desc() if key.descending else missing.asc()",
            "missing.asc() if key.descending else missing.desc()",
        ),
        "sort.nulls",
    ),
    _mutant(
        "unknown-sort-ignored",
        "A field that cannot be sorted by is left out.",
        _edit(
            "params:sort_keys",
            "    for key in keys:\n",
            "    keys = [key for key in keys if key.field in operation.sortable()]\n"
            "    for key in keys:\n",
        ),
        "sort.unknown",
    ),
    _mutant(
        "invisible-null",
        "The user of a slot is null to an application without a role.",
        Constant("apis.intra42.render:_INVISIBLE", lambda value: None),
        "slots.user",
    ),
    _mutant(
        "users-shown-to-all",
        "Every application sees who offers a slot.",
        _edit("auth:sees_users", "application is not None and bool(application.roles)", "True"),
        "slots.user",
    ),
    _mutant(
        "scale-team-id",
        "scale_team is the number of the evaluation.",
        _edit("render:render_slots", "else _scale_team(row)", "else row.scale_team_id"),
        "slots.scale_team",
    ),
    _mutant(
        "slots-offered-only",
        "The slots of a user are only those the user offers.",
        _edit("selection:_belongs", "union(offered, evaluated)", "offered"),
        "slots.of_user",
    ),
    _mutant(
        "parent-ignored",
        "user_id and project_id as parameters are ignored.",
        _edit("selection:_parents", "path.get(name, params.get(name))", "path.get(name)"),
        "lists.user_id",
    ),
    _mutant(
        "unknown-parent-empty",
        "An unknown user or project has an empty list.",
        _edit("selection:_identified", "raise NoSuchRecordError", "return 0"),
        "lists.unknown_parent",
    ),
    _mutant(
        "key-renamed",
        "validated? is called validated.",
        _edit("render:_projects_user", '"validated?"', '"validated"'),
        "projects_users.shape",
    ),
    _mutant(
        "mark-is-text",
        "A final mark is text.",
        _edit(
            "render:_projects_user",
            '"final_mark": row.final_mark',
            '"final_mark": row.final_mark and str(row.final_mark)',
        ),
        "projects_users.shape",
    ),
    _mutant(
        "cursus-ascending",
        "Cursus come by id, ascending.",
        _edit(
            "routes:list_cursus",
            "return _paginated(render.render_cursus(page.rows), page)",
            "return _paginated(render.render_cursus(page.rows[::-1]), page)",
        ),
        "cursus.list",
    ),
    _mutant(
        "language-without-times",
        "A campus' language has no created_at.",
        _edit("render:_language", '        "created_at": language.created_at,\n', ""),
        "campus.*",
    ),
)

_FILTERS = (
    _mutant(
        "first-value-only",
        "Of several values of a filter, the first counts.",
        _edit("params:_filter", "column.in_(values)", "column == values[0]"),
        "filter.values",
    ),
    _mutant(
        "last-filter-only",
        "Of filters on several fields, the last counts.",
        _edit(
            "selection:selection",
            "[*filters(resource, params, _custom(resource)), ",
            "[*filters(resource, params, _custom(resource))[-1:], ",
        ),
        "filter.fields",
    ),
    _mutant(
        "future-includes-now",
        "filter[future]=true keeps what begins now.",
        _edit("selection:_future", "begins > instant", "begins >= instant"),
        "filter.future",
    ),
    _mutant(
        "future-false-is-none",
        "filter[future]=false keeps every slot.",
        _edit("selection:_future", "else begins <= instant", "else begins.is_not(None)"),
        "filter.future.false",
    ),
    _mutant(
        "marked-inverted",
        "filter[marked]=true keeps what is not marked.",
        _edit("selection:_presence", 'value == "true"', '(value == "true") != (name == "marked")'),
        "filter.marked",
    ),
    _mutant(
        "retriable-by-mark",
        "filter[retriable] looks at marked_at.",
        _edit(
            "selection:_presence",
            "_PRESENT[name]",
            '_PRESENT["marked" if name == "retriable" else name]',
        ),
        "filter.retriable",
    ),
    _mutant(
        "campus-is-cursus",
        "filter[campus] looks at the cursus.",
        _edit(
            "selection:_members",
            "groups, members, group_id = _MEMBERS[name]",
            'groups, members, group_id = _MEMBERS["cursus"]',
        ),
        "filter.campus",
    ),
    _mutant(
        "unlisted-cursus-taken",
        "filter[cursus] takes any id.",
        _edit(
            "selection:_members",
            "values = _options(name, text, _listed_ids(name, pinned))",
            'values = text.split(",")',
        ),
        "filter.lists",
        "filter.list.outside",
    ),
    _mutant(
        "older-cursus-list",
        "filter[cursus] refuses 77.",
        _edit("selection:_listed_ids", 'has_quirk("older-cursus-list")', "True"),
        "filter.cursus.list",
    ),
    _mutant(
        "unknown-filter-ignored",
        "A field that cannot be filtered by is ignored.",
        _edit("params:_checked", "raise UnknownFieldError(parameter, name, fields)", "continue"),
        "filter.unknown",
        "range.unknown",
    ),
    _mutant(
        "filter-error-without-fields",
        "The Filter Error does not list the fields.",
        _edit(
            "errors:UnknownFieldError.__init__",
            " You can only {verb} on: [{', '.join(fields)}]",
            "",
        ),
        "filter.unknown",
    ),
    _mutant(
        "filter-value-400",
        "A value that is not of its field's kind is answered with 400.",
        _edit("errors:ValueKindError.__init__", "422", "400"),
        "filter.value",
        "range.value",
    ),
    _mutant(
        "range-exclusive-below",
        "A range leaves out its lower bound.",
        _edit("params:_range", "one >= least", "one > least"),
        "range.inclusive",
    ),
    _mutant(
        "range-exclusive-above",
        "A range leaves out its upper bound.",
        _edit("params:_range", "one <= greatest", "one < greatest"),
        "range.inclusive",
    ),
    _mutant(
        "half-open-ignored",
        "A range without an upper bound is ignored.",
        _edit(
            "params:_range",
            "if least is not None:",
            "if least is not None and greatest is not None:",
        ),
        "range.half_open",
    ),
    _mutant(
        "date-is-noon",
        "A date without a time stands for noon.",
        _edit(
            "params:instant",
            "return milliseconds(",
            "return 43200000 * (len(text) == 10) + milliseconds(",
        ),
        "range.date",
    ),
    _mutant(
        "bound-to-the-second",
        "Milliseconds of a bound are lost.",
        _edit("params:instant", ".{match[1][:6]:0<6}", ""),
        "range.inclusive",
        "filter.*",
    ),
    _mutant(
        "null-in-range",
        "A record whose field is null lies in every range without an upper bound.",
        _edit(
            "params:_range",
            "lambda one: one >= least",
            "lambda one: (one >= least) | one.is_(None)",
        ),
        "range.null",
    ),
)

_ACCESS = (
    _mutant(
        "no-token-needed",
        "An unknown token opens everything.",
        _edit(
            "auth:good_token",
            "        raise TokenError(_INVALID)\n",
            '        return Token(text or "", _default_application(), ANYONE.scopes, here.start)\n',
        ),
        "token.invalid",
    ),
    _mutant(
        "never-expires",
        "A token is good for ever.",
        _edit("credentials:Token.expired", "return self.seconds_left(at) == 0", "return False"),
        "token.expired",
    ),
    _mutant(
        "revoked-is-good",
        "A revoked token is good.",
        _edit("auth:good_token", "if found.revoked:", "if False:"),
        "token.revoked",
    ),
    _mutant(
        "lifetime-of-an-hour",
        "A token is good for 3600 seconds.",
        Constant("apis.intra42.credentials:LIFETIME", lambda value: 3600),
        "oauth.token",
    ),
    _mutant(
        "new-token-each-time",
        "Each request for a token gets a new one.",
        _edit("credentials:issue", "if latest is not None and", "if False and"),
        "oauth.same_token",
    ),
    _mutant(
        "time-left-constant",
        "expires_in is always 7200.",
        _edit("oauth:render_token", "token.seconds_left(now())", "token.expires_in"),
        "oauth.same_token",
    ),
    _mutant(
        "any-scope-granted",
        "An application gets any scope it asks for.",
        _edit("oauth:_scopes", "or not set(wanted) <= set(application.scopes)", "or False"),
        "oauth.invalid_scope",
    ),
    _mutant(
        "scope-not-needed",
        "A token without the scope public may list.",
        _edit("auth:authorize", "if needed not in token.scopes:", "if False:"),
        "token.scope",
    ),
    _mutant(
        "wrong-secret-taken",
        "The client's secret is not compared.",
        _edit(
            "credentials:find_application",
            "(one.uid, one.secret) == (uid, secret)",
            "one.uid == uid",
        ),
        "oauth.invalid_client",
    ),
    _mutant(
        "basic-unread",
        "The client's id and secret are not taken from HTTP Basic.",
        _edit("oauth:_client", "_basic(request) or", ""),
        "oauth.forms",
    ),
    _mutant(
        "oauth-error-400",
        "A missing grant_type is answered with 400.",
        _edit(
            "errors:OAuthError.__init__", "401,\n", "400 if code == 'invalid_request' else 401,\n"
        ),
        "oauth.grant_type.missing",
    ),
    _mutant(
        "bearer-token-unread",
        "bearer_token is no name for the token.",
        _edit("auth:token_text", '("access_token", "bearer_token")', '("access_token",)'),
        "token.forms",
    ),
    _mutant(
        "limit-of-1000",
        "An application may make 1000 requests in an hour.",
        Constant("apis.intra42.limits:PER_HOUR", lambda value: 1000),
        "limits.headers",
    ),
    _mutant(
        "request-itself-uncounted",
        "The request itself is not counted.",
        _edit("limits:count_request", "str(hourly.remaining)", "str(hourly.remaining + 1)"),
        "limits.headers",
    ),
    _mutant(
        "one-too-many",
        "The limit admits one request more.",
        Edit("world.limits:Usage.exceeded", "self.used > self.limit", "self.used > self.limit + 1"),
        "limits.exceeded",
    ),
    _mutant(
        "retry-at-once",
        "Retry-After is 0.",
        _edit("limits:_wait", "max(1, -(-longest // _SECOND))", "0"),
        "limits.retry_after",
    ),
    _mutant(
        "etag-of-length",
        "Two answers of the same length have the same ETag.",
        Edit("rest.answers:etag_of", "sha256(body)", "sha256(str(len(body)).encode())"),
        "answer.etag",
    ),
    _mutant(
        "304-never",
        "If-None-Match is never looked at.",
        Edit(_ETAG, "known is not None\n", "False\n"),
        "answer.etag",
    ),
    _mutant(
        "timestamps-without-milliseconds",
        "Timestamps end in whole seconds.",
        _edit("timestamps:timestamp", "'milliseconds'", "'seconds'"),
        "answer.json",
    ),
    _mutant(
        "roles-empty",
        "X-Application-Roles is empty where there is no role.",
        _edit("hooks:_add_application", 'or "None"', 'or ""'),
        "answer.application",
    ),
    _mutant(
        "vary-accept",
        "Vary names the Accept header.",
        Entries("apis.intra42.hooks:_ALWAYS", {"Vary": "Accept"}),
        "answer.headers",
    ),
    _mutant(
        "body-unread",
        "Parameters in the body of a GET are ignored.",
        Edit(
            "rest.parameters:request_parameters",
            "body_values(request, sniff_json=sniff_json) | query_values(request)",
            "(body_values(request) if request.method != 'GET' else {}) | query_values(request)",
        ),
        "request.body",
    ),
    _mutant(
        "token-before-route",
        "A path that is not routed is answered with 401 without a token.",
        _edit("hooks:before", "request.url_rule is not None and not", "not"),
        "request.not_routed",
    ),
    _mutant(
        "malformed-422",
        "A query that cannot be read is answered with 422.",
        Edit(
            "app:_dialect_answer",
            "answer(worded.status, worded.body",
            "answer(422 if worded.status == 400 else worded.status, worded.body",
        ),
        "request.malformed",
    ),
    _mutant(
        "suffix-unread",
        "The suffix .json is part of the last name.",
        Edit(
            "rest.paths:canonical",
            '_SUFFIX.sub("", path.removesuffix("/"))',
            'path.removesuffix("/")',
        ),
        "request.paths",
    ),
    _mutant(
        "live-campus-of-nobody",
        "filter[campus_id] keeps every slot.",
        _edit("selection:_slots_of_campus", "in_(values))", "is_not(None))"),
        "filter.slots.campus_id",
        profile="live",
    ),
    _mutant(
        "live-ids-to-87",
        "filter[cursus] takes 78 to 86, not 87.",
        Entries("apis.intra42.selection:_NEWER_IDS", {"cursus": range(78, 87)}),
        "filter.lists",
        profile="live",
    ),
    _mutant(
        "live-ascending-ids",
        "Slots come by id, ascending.",
        _edit("routes:_page", 'SortKey("id", True)', 'SortKey("id", False)'),
        "slots.order",
        profile="live",
    ),
    _mutant(
        "live-token-type-upper",
        "token_type is BEARER.",
        _edit("oauth:render_token", '"Bearer" if', '"BEARER" if'),
        "oauth.token_type",
        profile="live",
    ),
    _mutant(
        "live-origin-star",
        "Any origin is let in as *, which excludes credentials.",
        _edit(
            "hooks:_let_in",
            '["Access-Control-Allow-Origin"] = origin',
            '["Access-Control-Allow-Origin"] = "*"',
        ),
        "answer.cors",
        profile="live",
    ),
    _mutant(
        "live-user-agent-401",
        "A request without a User-Agent is answered with 401.",
        _edit("errors:NoUserAgentError.__init__", "403", "401"),
        "request.user_agent",
        profile="live",
    ),
)

MUTANTS: tuple[Mutant, ...] = (*_GRAPHS, *_LISTS, *_FILTERS, *_ACCESS)
