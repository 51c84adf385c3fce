"""Defects of what the live profile does."""

from fake_server.contract.mutants import ApiMutants

_API = ApiMutants("fabmanager", "fake_server.apis.fabmanager")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "live-unset-last",
        "Of damaged records, those without a start come last.",
        _edit(
            "dialect.selection:_sort_key",
            "return _BEFORE_ALL if key.descending",
            "return -_BEFORE_ALL if key.descending",
        ),
        "availabilities.damaged",
        profile="live",
    ),
    _mutant(
        "live-comma-is-zero",
        "Of 1,2 nothing is read, where the live service reads the 1.",
        _edit("ruby.conversions:to_i", "if match else", 'if match and "," not in value else'),
        "lists.comma",
        profile="live",
    ),
    _mutant(
        "live-count-distinct",
        "What matches several reservables is listed once for each, but counted once.",
        _edit(
            "dialect.statements:statements",
            "func.count()",
            "func.count(resource.table.c.id.distinct())",
        ),
        "availabilities.available_id.distinct",
        profile="live",
    ),
    _mutant(
        "live-other-window",
        "A per_page that begins with no digit gives 20 rows, not 25.",
        _edit("dialect.ruby_parameters:page_window", "_FALLBACK_SIZE, _FALLBACK_SIZE", "20, 20"),
        "pages.per_page.kind",
        profile="live",
    ),
    _mutant(
        "live-message",
        "The text of Ruby's exception names no class.",
        _edit("ruby.conversions:no_method", 'else f":{class_of(value)}"', 'else ""'),
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
        _edit("dialect.request_checks:require_json", "error_kind(request, g.format)", '"json"'),
        "accept.any",
        "routing.format",
        profile="live",
    ),
    _mutant(
        "live-any-user",
        "user_id is ignored unless it names nobody.",
        _edit(
            "dialect.resource:LabResource.list_query",
            "declared = self.declared()",
            'nobody = parameters.get("user_id") == "999999999"\n'
            "    declared = self.declaration if nobody else self.declared()",
        ),
        "availabilities.user_id",
        profile="live",
    ),
)
