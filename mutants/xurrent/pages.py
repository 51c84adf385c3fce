"""Defects of pages and their links."""

from fake_server.contract.mutants import ApiMutants, ConstantEdit, SourceEdit

_API = ApiMutants("xurrent", "fake_server.apis.xurrent")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "sort-by-case",
        "Sorting by name notices case.",
        SourceEdit("fake_server.apis.xurrent.dialect.values.parsing:folded", ".casefold()", ""),
        "calendars.order*",
        "filters.case",
    ),
    _mutant(
        "sort-direction-lost",
        "A minus sign before a field to sort by is ignored.",
        _edit("dialect.query.selection:_order", "directions.get(name, False)", "False"),
        "sort.fields",
    ),
    _mutant(
        "empty-sort-ignored",
        "Empty parts of sort are ignored.",
        _edit(
            "dialect.query.selection:_sort_keys",
            "for part in parts]",
            "for part in parts if part]",
        ),
        "sort.empty",
    ),
    _mutant(
        "page-unchecked-beside-cursor",
        "A page number beside a cursor is not checked.",
        _edit(
            "dialect.query.page_rows:by_cursor",
            'number = whole_number("page", query_parameters.get("page")) or 1',
            'number = 1 if sent else whole_number("page", query_parameters.get("page")) or 1',
        ),
        "pages.positions",
    ),
    _mutant(
        "before-wins",
        "search_before wins over search_after.",
        ConstantEdit(
            "fake_server.apis.xurrent.dialect.query.page_rows:_CURSORS", lambda value: value[::-1]
        ),
        "pages.positions",
    ),
    _mutant(
        "ties-descending",
        "Ties are broken by id, descending.",
        _edit(
            "dialect.query.selection:_order",
            "{key.field: key.descending for key in reversed(sort_keys)}",
            "{'id': True} | {key.field: key.descending for key in reversed(sort_keys)}",
        ),
        "sort.fields",
    ),
    _mutant(
        "page-of-25",
        "A page has 25 records by default.",
        _edit("dialect.query.page_rows:_page_sizes", 'int(declared["default"])', "25"),
        "pages.size",
    ),
    _mutant(
        "size-clamped",
        "per_page above 100 gives pages of 100.",
        _edit("dialect.query.page_rows:page_size", 'has_quirk("per-page-clamped")', "True"),
        "pages.size.most",
    ),
    _mutant(
        "size-of-99",
        "per_page may be 99 at most.",
        _edit(
            "dialect.query.page_rows:_page_sizes",
            'int(declared["maximum"])',
            'int(declared["maximum"]) - 1',
        ),
        "pages.size*",
    ),
    _mutant(
        "size-0-is-default",
        "per_page 0 counts as 20.",
        _edit(
            "dialect.query.parameters:whole_number",
            'text.startswith("-") or not text.strip("0")',
            'text.startswith("-")',
        ),
        "pages.size.least",
        "pages.number.least",
    ),
    _mutant(
        "entries-of-page",
        "X-Pagination-Total-Entries counts the page.",
        _edit("dialect.answer.pages:paginated", "str(page.total)", "str(len(items))"),
        "pages.headers",
    ),
    _mutant(
        "pages-rounded-down",
        "A last page that is not full is not counted.",
        _edit(
            "dialect.answer.pages:paginated",
            "-(-page.total // page.size)",
            "page.total // page.size",
        ),
        "pages.headers",
    ),
    _mutant(
        "cursor-repeats",
        "search_after begins with the record of the cursor.",
        _edit(
            "dialect.query.cursors:beyond",
            "return or_(*options)",
            "return or_(*options, order[-1].column == cursor.values[-1])",
        ),
        "pages.*",
    ),
    _mutant(
        "cursor-loses-ties",
        "A cursor skips what sorts equal to its record.",
        _edit("dialect.query.cursors:beyond", "enumerate(order)", "enumerate(order[:1])"),
        "pages.*",
    ),
    _mutant(
        "before-unreversed",
        "search_before gives a page in reverse.",
        _edit("dialect.query.page_rows:_beside", "rows.reverse()", "pass"),
        "pages.cursors",
        "pages.link",
    ),
    _mutant(
        "cursor-of-any-order",
        "A cursor is taken for an order it was not made for.",
        _edit("dialect.query.cursors:_fits", "len(values) == len(order) and all(", "all("),
        "pages.cursor.invalid",
    ),
    _mutant(
        "link-loses-filters",
        "Links have lost the filters.",
        _edit("dialect.answer.pages:_links", "if k not in _POSITIONS", "if k == 'per_page'"),
        "pages.link.query",
    ),
    _mutant(
        "link-loses-predefined",
        "Links of /calendars/enabled do not add predefined_filter.",
        _edit("dialect.collection:predefined_filter", "if name else {}", "if False else {}"),
        "pages.link.query",
    ),
    _mutant(
        "next-on-last-page",
        "The last page has a next link too.",
        _edit("dialect.answer.pages:_links", "if page.has_next and page.rows", "if page.rows"),
        "pages.link",
    ),
    _mutant(
        "nested-scope-missing",
        "The links of nested collections do not add parent_scope_id.",
        _edit("dialect.collection:list_records", '{"parent_scope_id": parent.id}', "{}"),
        "pages.nested",
    ),
)
