"""Defects of lists, their pages and order."""

from fake_server.contract.mutants import ApiMutants, ConstantEdit, SourceEdit

_API = ApiMutants("intra42", "fake_server.apis.intra42")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "total-of-page",
        "X-Total counts the page.",
        _edit("dialect.collection:_paginated", "str(page.total)", "str(len(items))"),
        "pages.headers",
    ),
    _mutant(
        "default-of-25",
        "A page has 25 items.",
        _edit("dialect.parameters:requested_page", 'declared["default"]', "25"),
        "pages.default",
    ),
    _mutant(
        "99-at-most",
        "A page has 99 items at most.",
        _edit(
            "dialect.parameters:requested_page",
            'declared["x-maximum"]',
            'declared["x-maximum"] - 1',
        ),
        "pages.largest",
    ),
    _mutant(
        "too-large-is-default",
        "A size above 100 counts as 30.",
        _edit(
            "dialect.parameters:requested_page",
            'min(_positive(size, declared["default"]), declared["x-maximum"])',
            '(lambda size: 30 if size > 100 else size)(_positive(size, declared["default"]))',
        ),
        "pages.largest",
    ),
    _mutant(
        "page-size-ignored",
        "page[size] is ignored.",
        _edit(
            "dialect.parameters:requested_page",
            'page.get("number"), page.get("size")',
            'page.get("number"), None',
        ),
        "pages.styles",
    ),
    _mutant(
        "page-0-is-2",
        "A page that is no positive number counts as 2.",
        _edit(
            "dialect.parameters:requested_page",
            "_positive(number, 1)",
            "_positive(number, 1 if number is None else 2)",
        ),
        "pages.lenient",
    ),
    _mutant(
        "per-page-lost-beside-number",
        "per_page counts for nothing beside page[number].",
        _edit(
            "dialect.parameters:requested_page",
            "if size is None:",
            "if size is None and number == page:",
        ),
        "pages.number_with_per_page",
    ),
    _mutant(
        "pages-overlap",
        "The second page repeats the last record of the first.",
        _edit(
            "dialect.selection:Selection.page",
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
            "dialect.selection:Selection.page",
            "return Page([], number, size, total)",
            "from fake_server.apis.intra42.dialect.errors import NoSuchRecordError;"
            " raise NoSuchRecordError",
        ),
        "pages.beyond",
    ),
    _mutant(
        "next-on-last-page",
        "The last page has a next link too.",
        SourceEdit(
            "fake_server.rest.links:page_links",
            "page.number < page.last",
            "page.number <= page.last",
        ),
        "pages.link",
    ),
    _mutant(
        "first-on-first-page",
        "The first page has a link to the first.",
        SourceEdit("fake_server.rest.links:page_links", "page.number > 1", "page.number >= 1"),
        "pages.link",
    ),
    _mutant(
        "link-relative",
        "URLs in Link have no host.",
        _edit(
            "dialect.collection:_paginated",
            "page_links(request_url()",
            "page_links(current_request().path",
        ),
        "pages.link.query",
    ),
    _mutant(
        "link-loses-filters",
        "Links have lost the query.",
        _edit("dialect.collection:_paginated", "query_values(current_request())", "{}"),
        "pages.link*",
    ),
    _mutant(
        "slots-oldest-first",
        "Slots come by begin_at, ascending.",
        _edit(
            "dialect.parameters:sort_keys",
            "if not keys:\n        return list(declared.order)",
            "if not keys:\n        return [SortKey(key.field, False) for key in declared.order]",
        ),
        "slots.order",
    ),
    _mutant(
        "ties-lost",
        "Records equal in every sorted field come in no order.",
        _edit("dialect.parameters:sort_keys", "[*keys, resource.declaration.order[-1]]", "keys"),
        "sort.stable",
    ),
    _mutant(
        "direction-of-first",
        "All sorted fields take the direction of the first.",
        _edit(
            "dialect.parameters:order_by",
            "column.desc() if key.descending else column.asc()",
            "column.desc() if keys[0].descending else column.asc()",
        ),
        "sort.fields",
    ),
    _mutant(
        "least-significant-first",
        "The last sorted field is the most significant.",
        _edit(
            "dialect.parameters:sort_keys",
            'parse_sort(text or "")',
            'parse_sort(text or "")[::-1]',
        ),
        "sort.fields",
    ),
    _mutant(
        "null-least",
        "Null sorts as the least value.",
        _edit(
            "dialect.parameters:order_by",
            "missing.desc() if key.descending else missing.asc()",
            "missing.asc() if key.descending else missing.desc()",
        ),
        "sort.nulls",
    ),
    _mutant(
        "unknown-sort-ignored",
        "A field that cannot be sorted by is left out.",
        _edit(
            "dialect.parameters:sort_keys",
            "    for key in keys:\n",
            "    keys = [key for key in keys if key.field in declared.sort]\n"
            "    for key in keys:\n",
        ),
        "sort.unknown",
    ),
    _mutant(
        "invisible-null",
        "The user of a slot is null to an application without a role.",
        ConstantEdit("fake_server.apis.intra42.resources.slots:INVISIBLE", lambda value: None),
        "slots.user",
    ),
    _mutant(
        "users-shown-to-all",
        "Every application sees who offers a slot.",
        _edit(
            "login.auth:visible_users",
            "application is not None and application.roles",
            "True",
        ),
        "slots.user",
    ),
    _mutant(
        "scale-team-id",
        "scale_team is the number of the evaluation.",
        _edit("resources.slots:_item", "else _scale_team(row)", "else row.scale_team_id"),
        "slots.scale_team",
    ),
    _mutant(
        "slots-offered-only",
        "The slots of a user are only those the user offers.",
        _edit("resources.slots:_Slots.of_parent", "union(offered, evaluated)", "offered"),
        "slots.of_user",
    ),
    _mutant(
        "parent-ignored",
        "user_id and project_id as parameters are ignored.",
        _edit(
            "dialect.selection:_parents",
            "text = params.get(argument)",
            "text = None",
        ),
        "lists.user_id",
    ),
    _mutant(
        "unknown-parent-empty",
        "An unknown user or project has an empty list.",
        _edit("dialect.resource:IntraResource.id_of", "raise NoSuchRecordError", "return 0"),
        "lists.unknown_parent",
    ),
    _mutant(
        "key-renamed",
        "validated? is called validated.",
        _edit("resources.projects_users:_item", '"validated?"', '"validated"'),
        "projects_users.shape",
    ),
    _mutant(
        "mark-is-text",
        "A final mark is text.",
        _edit(
            "resources.projects_users:_item",
            '"final_mark": row.final_mark',
            '"final_mark": row.final_mark and str(row.final_mark)',
        ),
        "projects_users.shape",
    ),
    _mutant(
        "cursus-ascending",
        "Cursus come by id, ascending.",
        _edit(
            "dialect.collection:answer_list",
            "(page.rows)",
            '(page.rows[::-1] if resource.name == "cursus" else page.rows)',
        ),
        "cursus.list",
    ),
    _mutant(
        "language-with-times",
        "A campus' language has its times, as inside other records.",
        _edit(
            "resources.campus:_language",
            '"identifier": language.identifier',
            '"identifier": language.identifier, "created_at": language.created_at',
        ),
        "campus.*",
    ),
)
