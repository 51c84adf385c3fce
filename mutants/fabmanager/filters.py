"""Defects of filters and ranges."""

from mutants.mutant import Defects
from mutants.slips import Edit

_API = Defects("fabmanager")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
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
        _edit("params:_available_ids", "if available_type is None:", "if False:"),
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
        Edit("rest.rack_query:_insert", "into[key] = value\n", "into.setdefault(key, value)\n"),
        "errors.doubled",
    ),
)
