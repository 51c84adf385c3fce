"""Defects of filters and ranges."""

from fake_server.contract.mutants import ApiMutants

_API = ApiMutants("intra42", "fake_server.apis.intra42")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "first-value-only",
        "Of several values of a filter, the first counts.",
        _edit("dialect.parameters:_filter", "column.in_(values)", "column == values[0]"),
        "filter.values",
    ),
    _mutant(
        "trailing-comma-counts",
        "A comma behind the last value of a filter is refused.",
        _edit("dialect.filter_options:listed", 'text.rstrip(",")', "text"),
        "filter.trailing_comma",
    ),
    _mutant(
        "last-filter-only",
        "Of filters on several fields, the last counts.",
        _edit(
            "dialect.selection:selection_of",
            "[*filters(resource, params), ",
            "[*filters(resource, params)[-1:], ",
        ),
        "filter.fields",
    ),
    _mutant(
        "future-includes-now",
        "filter[future]=true keeps what begins now.",
        _edit("dialect.filter_options:_future", "instant + 1", "instant"),
        "filter.future",
    ),
    _mutant(
        "future-false-is-none",
        "filter[future]=false keeps every slot.",
        _edit("dialect.filter_options:_future", 'None if "true" in values else instant', "None"),
        "filter.future.false",
    ),
    _mutant(
        "marked-inverted",
        "filter[marked]=true keeps what is not marked.",
        _edit(
            "dialect.filter_options:_present",
            'value == "true"',
            '(value == "true") != (name == "marked")',
        ),
        "filter.marked",
    ),
    _mutant(
        "retriable-by-mark",
        "filter[retriable] looks at marked_at.",
        _edit(
            "dialect.filter_options:_present",
            "resource.table.c[column]",
            'resource.table.c["marked_at" if name == "retriable" else column]',
        ),
        "filter.retriable",
    ),
    _mutant(
        "campus-is-cursus",
        "filter[campus] looks at the cursus.",
        _edit(
            "resources.projects_users:in_groups",
            "members, group_id = _GROUPS[kind]",
            'members, group_id = _GROUPS["cursus"]',
        ),
        "filter.campus",
    ),
    _mutant(
        "unlisted-cursus-taken",
        "filter[cursus] takes any id.",
        _edit(
            "resources.projects_users:in_groups",
            "values = chosen_options(name, text, [str(number) for number in sorted(ids)])",
            'values = text.split(",")',
        ),
        "filter.lists",
        "filter.list.outside",
    ),
    _mutant(
        "older-cursus-list",
        "filter[cursus] refuses 77.",
        _edit("resources.cursus:lacks_newest", 'has_quirk("older-cursus-list") and all', "all"),
        "filter.cursus.list",
    ),
    _mutant(
        "unknown-filter-ignored",
        "A field that cannot be filtered by is ignored.",
        _edit(
            "dialect.parameters:_checked",
            "raise UnknownFieldError(parameter, name, fields)",
            "continue",
        ),
        "filter.unknown",
        "range.unknown",
    ),
    _mutant(
        "filter-error-without-fields",
        "The Filter Error does not list the fields.",
        _edit(
            "dialect.errors:UnknownFieldError.__init__",
            " You can only {verb} on: [{', '.join(fields)}]",
            "",
        ),
        "filter.unknown",
    ),
    _mutant(
        "filter-value-400",
        "A value that is not of its field's kind is answered with 400.",
        _edit("dialect.errors:ValueKindError.__init__", "422", "400"),
        "filter.value",
        "range.value",
    ),
    _mutant(
        "range-exclusive-below",
        "A range leaves out its lower bound.",
        _edit("dialect.sql_conditions:_between", "operand >= lower", "operand > lower"),
        "range.inclusive",
    ),
    _mutant(
        "range-exclusive-above",
        "A range leaves out its upper bound.",
        _edit("dialect.sql_conditions:_between", "operand <= upper", "operand < upper"),
        "range.inclusive",
    ),
    _mutant(
        "half-open-ignored",
        "A range without an upper bound is ignored.",
        _edit(
            "dialect.sql_conditions:_between",
            "if lower is not None:",
            "if lower is not None and upper is not None:",
        ),
        "range.half_open",
    ),
    _mutant(
        "now-is-midnight",
        "now as a bound is the midnight before.",
        _edit(
            "dialect.parameters:time_bound",
            "milliseconds(now())",
            "milliseconds(now()) // 86_400_000 * 86_400_000",
        ),
        "range.now",
    ),
    _mutant(
        "date-is-noon",
        "A date without a time stands for noon.",
        _edit(
            "dialect.parameters:instant",
            "return milliseconds(",
            "return 43200000 * (len(text) == 10) + milliseconds(",
        ),
        "range.date",
    ),
    _mutant(
        "offset-after-a-space",
        "An offset after a space is not read.",
        _edit(
            "dialect.parameters:instant",
            "{offset or '+00:00'}",
            "{offset if ' ' not in text else '+00:00'}",
        ),
        "filter.spelling",
    ),
    _mutant(
        "bound-to-the-second",
        "Milliseconds of a bound are lost.",
        _edit("dialect.parameters:instant", ".{fraction[:6]:0<6}", ""),
        "range.inclusive",
        "filter.*",
    ),
    _mutant(
        "null-in-range",
        "A record whose field is null lies in every range without an upper bound.",
        _edit(
            "dialect.sql_conditions:_between",
            "operand >= lower",
            "(operand >= lower) | operand.is_(None)",
        ),
        "range.null",
    ),
)
