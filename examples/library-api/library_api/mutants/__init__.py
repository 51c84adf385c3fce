"""Defects of the lending API."""

from fake_server.contract.mutants import ApiMutants, SourceEdit

_API = ApiMutants("library", "library_api")
_mutant, _edit = _API.mutant, _API.edit
_LOANS = "resources.loans"
_CORE = "fake_server.rest.standard"

MUTANTS = (
    _mutant(
        "term-of-two-weeks",
        "A book is lent for two weeks.",
        _edit(f"{_LOANS}:Loans.new_row", "now + TERM", "now + TERM * 2 // 3"),
        "loans.create",
    ),
    _mutant(
        "returned-twice",
        "A book can be returned again and again.",
        _edit(f"{_LOANS}:give_back", "loan.returned_at is not None", "False"),
        "loans.return",
    ),
    _mutant(
        "returned-when-lent",
        "A book came back when it was lent.",
        _edit(f"{_LOANS}:give_back", "resource.now()", "loan.lent_at - 86_400_000"),
        "loans.return",
    ),
    _mutant(
        "due-in-the-past",
        "A loan may be due in the past.",
        _edit(f"{_LOANS}:Loans.check_body", "due_at < self.now()", "False"),
        "loans.due_in_future",
    ),
    _mutant(
        "pages-overlap",
        "Each page but the first repeats the last loan of the one before.",
        SourceEdit(
            f"{_CORE}.queries:ListParameters.read",
            "(number - self.first) * (size or 0)",
            "max(0, (number - self.first) * (size or 0) - 1)",
        ),
        "collections.*",
    ),
    _mutant(
        "total-of-page",
        "The total counts the page.",
        SourceEdit(
            f"{_CORE}.collection:list_records", "size, total, number", "size, len(rows), number"
        ),
        "collections.*",
    ),
    _mutant(
        "filters-ignored",
        "A list has all loans, whatever it is filtered by.",
        SourceEdit(f"{_CORE}.collection:list_records", "*query.conditions, ", ""),
        "collections.filters",
    ),
    _mutant(
        "created-elsewhere",
        "Location leads to the list.",
        SourceEdit(
            f"{_CORE}.record:_address", "url_of(_filled(operation, call, row))", "request_url()"
        ),
        "loans.create",
    ),
    _mutant(
        "latest-number-first",
        "The live profile lists loans by number, the last one first.",
        SourceEdit(
            "fake_server.rest.resources.declaration:Declaration.default_order",
            "self.order",
            "self.order[1:]",
        ),
        "loans.order",
        profile="live",
    ),
)
