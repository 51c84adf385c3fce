"""Defects of one operation of many, which the tests of the shared ledger see."""

from fake_server.contract.mutants import ApiMutants

_API = ApiMutants("xurrent", "fake_server.apis.xurrent")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "third-nested-page",
        "The third page of a nested collection is the second.",
        _edit(
            "dialect.query.page_rows:by_number",
            'next(iter(sent.items()), ("", 1))\n',
            'next(iter(sent.items()), ("", 1))\n    number = 2 if number == 3 else number\n',
        ),
        "collections.pages",
    ),
    _mutant(
        "nested-total-grows",
        "The second page of a nested collection counts one record more.",
        _edit(
            "dialect.query.page_rows:by_number",
            "size, page.total,",
            "size, page.total + (number == 2),",
        ),
        "collections.total",
    ),
    _mutant(
        "nested-fields-unread",
        "A nested collection shows all fields, whichever are asked for.",
        _edit(
            "dialect.collection:list_records",
            "resource.as_items(page.rows, selection.fields)",
            "resource.as_items(page.rows, selection.fields if parent is None else frozenset())",
        ),
        "collections.fields:list_holidays_of_calendar",
    ),
)
