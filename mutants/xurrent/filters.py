"""Defects of filters and ranges."""

from fake_server.contract.mutants import ApiMutants, ConstantEdit, MappingEdit

_API = ApiMutants("xurrent", "fake_server.apis.xurrent")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "last-filter-only",
        "Of several filters, the last counts.",
        _edit("dialect.selection:wanted", "return Wanted(chosen,", "return Wanted(chosen[-1:],"),
        "filters.fields",
    ),
    _mutant(
        "name-by-case",
        "Filters on name notice case.",
        _edit("dialect.filters:_read", "return folded(text)", "return text"),
        "filters.case",
    ),
    _mutant(
        "fold-ascii-only",
        "Case of letters beyond ASCII is noticed.",
        _edit(
            "dialect.filters:_read",
            "return folded(text)",
            "return ''.join(c.lower() if c.isascii() else c for c in text)",
        ),
        "filters.case",
    ),
    _mutant(
        "negation-ignored",
        "=! is read as =.",
        _edit(
            "dialect.filters:_condition",
            'return not_(same) if value.startswith("!") else same',
            "return same",
        ),
        "filters.negation",
    ),
    _mutant(
        "older-negation-ignored",
        "!= is read as =.",
        _edit("dialect.filters:conditions", "{'!' * raw.endswith('!')}", ""),
        "filters.negation",
        "filters.empty",
    ),
    _mutant(
        "empty-inverted",
        "= keeps the records with a value.",
        _edit(
            "dialect.filters:_condition",
            "not_(empty) if value else empty",
            "empty if value else not_(empty)",
        ),
        "filters.empty",
    ),
    _mutant(
        "set-of-first",
        "Of a set of ids, all but the last count.",
        _edit("dialect.filters:_equal", "for text in values]", "for text in values[:-1]]"),
        "filters.sets",
    ),
    _mutant(
        "set-of-1001",
        "A set may have 1001 values.",
        ConstantEdit(
            "fake_server.apis.xurrent.dialect.filters:_LARGEST_SET", lambda value: value + 1
        ),
        "filters.sets",
    ),
    _mutant(
        "less-or-equal",
        "< keeps what is equal.",
        MappingEdit(
            "fake_server.apis.xurrent.dialect.filters:_COMPARE",
            {"<": lambda column, value: column <= value},
        ),
        "filters.comparison",
        "filters.range",
    ),
    _mutant(
        "at-least-exclusive",
        ">= leaves out what is equal.",
        MappingEdit(
            "fake_server.apis.xurrent.dialect.filters:_COMPARE",
            {">=": lambda column, value: column > value},
        ),
        "filters.comparison",
        "filters.range",
    ),
    _mutant(
        "range-half-read",
        "Of a range, the upper bound is ignored.",
        _edit(
            "dialect.filters:_comparison",
            "[(bounds[1], bounds[2]), (bounds[3], bounds[4])]",
            "[(bounds[1], bounds[2])]",
        ),
        "filters.range",
    ),
    _mutant(
        "filter-times-in-utc",
        "Times without an offset in filters are in UTC.",
        _edit("dialect.filters:_read", 'UTC if kind == "local" else zone', "UTC"),
        "filters.no_offset",
    ),
    _mutant(
        "unknown-filter-ignored",
        "A parameter that is no field is ignored.",
        _edit(
            "dialect.filters:conditions",
            "if unknown:",
            "given = {raw: one for raw, one in given.items() if names[raw] in fields}\n"
            "    if False:",
        ),
        "filters.unknown",
    ),
    _mutant(
        "filter-refusal-renamed",
        "A field that cannot be filtered is called unknown.",
        _edit("dialect.filters:conditions", "Filtering not allowed on fields:", "Unknown fields:"),
        "filters.not_allowed",
    ),
    _mutant(
        "state-ignored",
        "state is ignored.",
        _edit("dialect.selection:states", 'text_of("state", given.get("state"))', '""'),
        "calendars.state*",
    ),
    _mutant(
        "fields-ignored",
        "fields is checked and ignored.",
        _edit(
            "dialect.selection:_fields",
            "return frozenset(asked) | IMPLICIT if asked else frozenset()",
            "return frozenset()",
        ),
        "fields.asked",
    ),
    _mutant(
        "fields-without-id",
        "fields leaves out the id.",
        _edit("dialect.selection:_fields", "frozenset(asked) | IMPLICIT", "frozenset(asked)"),
        "fields.asked",
    ),
)
