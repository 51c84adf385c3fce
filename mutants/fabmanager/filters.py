"""Defects of filters and ranges."""

from fake_server.contract.mutants import ApiMutants, SourceEdit

_API = ApiMutants("fabmanager", "fake_server.apis.fabmanager")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "user-id-ignored",
        "user_id is ignored, as the live service does.",
        _edit(
            "dialect.resource:LabResource.list_query",
            "declared = self.declared()",
            'declared = self.declaration.under(["user-id-ignored"])',
        ),
        "availabilities.user_id",
    ),
    _mutant(
        "users-joined-by-and",
        "user_id with two users keeps nothing: both would have to hold one reservation.",
        _edit(
            "dialect.filters:read_integers",
            "query.require(name, numbers)",
            'several = name == "user_id" and len(numbers) > 1\n'
            "        query.require(name, frozenset() if several else numbers)",
        ),
        "availabilities.user_id",
    ),
    _mutant(
        "type-any-case",
        "available_type is taken in any case.",
        _edit(
            "dialect.parameters:option",
            "value = parameters.get(name)",
            'value = (parameters.get(name) or "").capitalize()',
        ),
        "availabilities.available_type*",
    ),
    _mutant(
        "available-id-without-type",
        "available_id counts without available_type.",
        _edit(
            "resources.availabilities.availability_filters:read_available_ids",
            "    if not is_typed:\n        parameters",
            "    if False:\n        parameters",
        ),
        "availabilities.available_id*",
    ),
    _mutant(
        "joined-rows",
        "What matches several of the given reservables is listed once for each.",
        _edit(
            "resources.availabilities.availability_filters:read_available_ids",
            'has_quirk("join-duplicates")',
            "True",
        ),
        "availabilities.available_id*",
    ),
    _mutant(
        "brackets-with-spaces",
        "Numbers in brackets are not found behind a space.",
        _edit(
            "dialect.parameters:_bracketed",
            '[item.strip(" ") for item in inside.split(",")]',
            'inside.split(",")',
        ),
        "lists.*",
    ),
    _mutant(
        "empty-brackets-are-no-filter",
        "Empty brackets count as not given.",
        _edit("dialect.parameters:integers", 'in ("", [])', 'in ("", [], "[]")'),
        "lists.*",
    ),
    _mutant(
        "comma-is-a-list",
        "Numbers separated by commas are a list without brackets.",
        _edit(
            "dialect.parameters:_bracketed",
            "return [value]",
            'return value.split(",") if isinstance(value, str) else [value]',
        ),
        "lists.*",
    ),
    _mutant(
        "first-of-doubled",
        "Of a parameter given twice, the first counts.",
        SourceEdit(
            "fake_server.rest.rails.rack_query:_insert",
            "into[key] = value\n",
            "into.setdefault(key, value)\n",
        ),
        "errors.doubled",
    ),
)
