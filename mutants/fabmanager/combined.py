"""Defects that only parameters together show, or a read after a write."""

from fake_server.contract.mutants import ApiMutants

_API = ApiMutants("fabmanager", "fake_server.apis.fabmanager")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "type-lost-on-page-2",
        "The second page of the availabilities of a type is that of all availabilities.",
        _edit(
            "dialect.collection:list_records",
            "selection = selected(resource, query)",
            "selection = selected(resource, query)\n"
            "    if window and window.number == 2 and query.conditions:\n"
            "        selection = selected(resource, type(query)(query.order))",
        ),
        "collections.combined_pages",
    ),
)
