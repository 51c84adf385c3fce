"""Defects that the tests of the shared ledger see."""

from fake_server.contract.mutants import ApiMutants

_API = ApiMutants("fabmanager", "fake_server.apis.fabmanager")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "total-of-page-2",
        "Total counts one availability more on page 2.",
        _edit(
            "dialect.collection:list_records",
            "page_headers(window, selection.total)",
            "page_headers(window, selection.total + bool(window and window.number == 2))",
        ),
        "collections.total:list_availabilities",
    ),
)
