"""Defects of filters and ranges."""

from mutants.mutant import Defects

_API = Defects("intra42")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
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
        _edit("selection:_future", "instant + 1", "instant"),
        "filter.future",
    ),
    _mutant(
        "future-false-is-none",
        "filter[future]=false keeps every slot.",
        _edit("selection:_future", 'None if "true" in wanted else instant', "None"),
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
        _edit("selection:_lacks_newest_cursus", 'has_quirk("older-cursus-list") and all', "all"),
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
        _edit("conditions:_between", "one >= least", "one > least"),
        "range.inclusive",
    ),
    _mutant(
        "range-exclusive-above",
        "A range leaves out its upper bound.",
        _edit("conditions:_between", "one <= greatest", "one < greatest"),
        "range.inclusive",
    ),
    _mutant(
        "half-open-ignored",
        "A range without an upper bound is ignored.",
        _edit(
            "conditions:_between",
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
        "offset-after-a-space",
        "An offset after a space is not read.",
        _edit(
            "params:instant", "{offset or '+00:00'}", "{offset if ' ' not in text else '+00:00'}"
        ),
        "filter.spelling",
    ),
    _mutant(
        "bound-to-the-second",
        "Milliseconds of a bound are lost.",
        _edit("params:instant", ".{fraction[:6]:0<6}", ""),
        "range.inclusive",
        "filter.*",
    ),
    _mutant(
        "null-in-range",
        "A record whose field is null lies in every range without an upper bound.",
        _edit(
            "conditions:_between",
            "one >= least",
            "(one >= least) | one.is_(None)",
        ),
        "range.null",
    ),
)
