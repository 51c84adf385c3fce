"""Defects of filters and ranges."""

from fake_server.contract.mutants import ApiMutants, ConstantEdit, MappingEdit

_API = ApiMutants("xurrent", "fake_server.apis.xurrent")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "last-filter-only",
        "Of several filters, the last counts.",
        _edit(
            "dialect.query.selection:selection_of",
            "return CollectionQuery(filter_conditions,",
            "return CollectionQuery(filter_conditions[-1:],",
        ),
        "filters.fields",
    ),
    _mutant(
        "name-by-case",
        "Filters on name notice case.",
        _edit("dialect.query.filters:_read", "return folded(text)", "return text"),
        "filters.case",
    ),
    _mutant(
        "fold-ascii-only",
        "Case of letters beyond ASCII is noticed.",
        _edit(
            "dialect.query.filters:_read",
            "return folded(text)",
            "return ''.join(c.lower() if c.isascii() else c for c in text)",
        ),
        "filters.case",
    ),
    _mutant(
        "negation-ignored",
        "=! is read as =.",
        _edit(
            "dialect.query.filters:_condition",
            'return not_(equality) if value.startswith("!") else equality',
            "return equality",
        ),
        "filters.negation",
    ),
    _mutant(
        "older-negation-ignored",
        "!= is read as =.",
        _edit("dialect.query.filters:conditions", "{'!' * raw.endswith('!')}", ""),
        "filters.negation",
        "filters.empty",
    ),
    _mutant(
        "empty-inverted",
        "= keeps the records with a value.",
        _edit(
            "dialect.query.filters:_condition",
            "not_(absence) if value else absence",
            "absence if value else not_(absence)",
        ),
        "filters.empty",
    ),
    _mutant(
        "set-of-first",
        "Of a set of ids, all but the last count.",
        _edit("dialect.query.filters:_equal", "for text in values]", "for text in values[:-1]]"),
        "filters.sets",
    ),
    _mutant(
        "set-of-1001",
        "A set may have 1001 values.",
        ConstantEdit(
            "fake_server.apis.xurrent.dialect.query.filters:_LARGEST_SET", lambda value: value + 1
        ),
        "filters.sets",
    ),
    _mutant(
        "less-or-equal",
        "< keeps what is equal.",
        MappingEdit(
            "fake_server.apis.xurrent.dialect.query.filters:_COMPARE",
            {"<": lambda column, value: column <= value},
        ),
        "filters.comparison",
        "filters.range",
    ),
    _mutant(
        "at-least-exclusive",
        ">= leaves out what is equal.",
        MappingEdit(
            "fake_server.apis.xurrent.dialect.query.filters:_COMPARE",
            {">=": lambda column, value: column > value},
        ),
        "filters.comparison",
        "filters.range",
    ),
    _mutant(
        "range-half-read",
        "Of a range, the upper bound is ignored.",
        _edit(
            "dialect.query.filters:_comparison",
            "[(bounds[1], bounds[2]), (bounds[3], bounds[4])]",
            "[(bounds[1], bounds[2])]",
        ),
        "filters.range",
    ),
    _mutant(
        "filter-times-in-utc",
        "Times without an offset in filters are in UTC.",
        _edit("dialect.query.filters:_read", 'UTC if kind == "local" else zone', "UTC"),
        "filters.no_offset",
    ),
    _mutant(
        "lost-plus-is-minus",
        "The space of an offset is read as a minus sign.",
        _edit("dialect.values.parsing:_zone", 'text[0] == "-"', 'text[0] in "- "'),
        "filters.plus",
    ),
    _mutant(
        "unknown-filter-ignored",
        "A parameter that is no field is ignored.",
        _edit(
            "dialect.query.filters:conditions",
            "if unknown:",
            "filters_sent = {raw: text for raw, text in filters_sent.items()"
            " if names[raw] in fields}\n"
            "    if False:",
        ),
        "filters.unknown",
    ),
    _mutant(
        "filter-refusal-renamed",
        "A field that cannot be filtered is called unknown.",
        _edit(
            "dialect.query.filters:conditions",
            "Filtering not allowed on fields:",
            "Unknown fields:",
        ),
        "filters.not_allowed",
    ),
    _mutant(
        "state-ignored",
        "state is ignored.",
        _edit(
            "dialect.query.selection:states",
            'text_of("state", query_parameters.get("state"))',
            '""',
        ),
        "calendars.state*",
    ),
    _mutant(
        "fields-ignored",
        "fields is checked and ignored.",
        _edit(
            "dialect.query.selection:_fields",
            "return frozenset(requested) | IMPLICIT if requested else frozenset()",
            "return frozenset()",
        ),
        "fields.asked",
    ),
    _mutant(
        "fields-without-id",
        "fields leaves out the id.",
        _edit(
            "dialect.query.selection:_fields",
            "frozenset(requested) | IMPLICIT",
            "frozenset(requested)",
        ),
        "fields.asked",
    ),
)
