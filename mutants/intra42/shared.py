"""Defects of one operation of many, which the tests of the shared ledger see."""

from fake_server.contract.mutants import ApiMutants

_API = ApiMutants("intra42", "fake_server.apis.intra42")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "third-page-of-cursus",
        "The third page of cursus is the first.",
        _edit(
            "dialect.collection:answer_list",
            "selection.page(keys, page_request.number,",
            'selection.page(keys, 1 if (resource.name, page_request.number) == ("cursus", 3)'
            " else page_request.number,",
        ),
        "collections.pages:list_cursus",
    ),
    _mutant(
        "locations-of-campus-unlinked",
        "Pages of the locations of a campus have no links.",
        _edit(
            "dialect.collection:_paginated",
            "**page_links(request_url(), query_values(current_request()), page),",
            '**("/v2/campus/" not in current_request().path'
            " and page_links(request_url(), query_values(current_request()), page) or {}),",
        ),
        "collections.links:list_campus_locations",
    ),
    _mutant(
        "any-order-of-cursus",
        "Cursus take any field to sort by.",
        _edit(
            "dialect.parameters:sort_keys",
            'keys = parse_sort(text or "")',
            'keys = [key for key in parse_sort(text or "")'
            ' if resource.name != "cursus" or key.field in declared.sort]',
        ),
        "collections.unknown_fields:list_cursus",
    ),
    _mutant(
        "size-of-style-unread-below",
        "Below a record, page[size] counts for nothing.",
        _edit(
            "dialect.parameters:requested_page",
            'number, size = page.get("number"), page.get("size")',
            "number, size = page.get('number'), page.get('size')\n"
            "        size = size if __import__('flask').request.path.count('/') < 4 else None",
        ),
        "collections.other_pages",
    ),
    _mutant(
        "dates-begin-late",
        "A date alone begins a millisecond after its midnight.",
        _edit(
            "dialect.parameters:instant",
            "return milliseconds(moment)",
            "return milliseconds(moment) + (len(text) == 10)",
        ),
        "collections.midnights",
    ),
    _mutant(
        "login-of-another",
        "What is below a user asked for by login is that of the user before.",
        _edit(
            "dialect.resource:IntraResource.id_of",
            "return int(number)",
            "return int(number) - (self.name == 'users' and not text.isdigit())",
        ),
        "collections.names",
    ),
    _mutant(
        "people-by-number",
        "The address of a person in short has the id of the person.",
        _edit(
            "resources.users:Person.summary",
            "/v2/users/{self.login}",
            "/v2/users/{self.profile['id']}",
        ),
        "users.addresses",
    ),
)
