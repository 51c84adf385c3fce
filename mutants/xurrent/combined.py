"""Defects that only parameters together show, or a read after a write."""

from fake_server.contract.mutants import ApiMutants, SourceEdit

_API = ApiMutants("xurrent", "fake_server.apis.xurrent")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "patch-enables",
        "A PATCH of another attribute enables a disabled calendar.",
        _edit(
            "dialect.writing:update_record",
            "if columns:\n",
            "if columns:\n"
            '        if "disabled" in resource.table.c:\n'
            '            columns.setdefault("disabled", False)\n',
        ),
        "records.written",
    ),
    _mutant(
        "etag-of-path",
        "The ETag of a record stays the same when the record changes.",
        SourceEdit(
            "fake_server.rest.answers:with_etag",
            "etag = make(response.get_data())",
            "etag = make(request.full_path.encode())",
        ),
        "records.written",
    ),
    _mutant(
        "sort-lost-beside-disabled",
        "A list with a filter for disabled comes in its default order.",
        _edit(
            "dialect.query.selection:_sort_keys",
            'if "sort" not in query_parameters:',
            'if "sort" not in query_parameters or "disabled" in query_parameters:',
        ),
        "collections.combined_sort",
    ),
    _mutant(
        "next-loses-filters",
        "The link to the next page has lost the filters of its page.",
        _edit(
            "dialect.answer.pages:_links",
            "if k not in _POSITIONS",
            'if k in {"per_page", "sort", "fields"}',
        ),
        "collections.combined_links",
    ),
)
