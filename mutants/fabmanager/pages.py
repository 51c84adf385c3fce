"""Defects of pages and their links."""

from fake_server.contract.mutants import ApiMutants, SourceEdit

_API = ApiMutants("fabmanager", "fake_server.apis.fabmanager")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "total-of-page",
        "Total counts the page.",
        _edit(
            "dialect.pages:page_headers",
            '"Total": str(total)',
            '"Total": str(min(total, window.size))',
        ),
        "pages.*",
    ),
    _mutant(
        "page-off-by-one",
        "The first page is page 0.",
        _edit(
            "dialect.pages:_size",
            "return size, (page - 1) * size, size",
            "return size, page * size, size",
        ),
        "pages.*",
    ),
    _mutant(
        "pages-overlap",
        "Each page but the first repeats the last record of the one before.",
        _edit(
            "dialect.pages:_size",
            "return size, (page - 1) * size, size",
            "return size, max(0, (page - 1) * size - 1), size",
        ),
        "pages.*",
        "availabilities.ties",
    ),
    _mutant(
        "default-of-25",
        "A page has 25 availabilities by default.",
        _edit("dialect.pages:_size", '_default("PerPage")', "25"),
        "pages.*",
    ),
    _mutant(
        "per-page-at-most-100",
        "per_page has a maximum of 100.",
        _edit(
            "dialect.pages:_size",
            "size = number(value) or 0",
            "size = min(number(value) or 0, 100)",
        ),
        "pages.*",
    ),
    _mutant(
        "per-page-0",
        "per_page 0 is taken for the default.",
        _edit(
            "dialect.pages:_size", "size = number(value) or 0", "size = number(value) or default"
        ),
        "pages.per_page*",
    ),
    _mutant(
        "last-page-full",
        "A last page that is not full is not counted.",
        SourceEdit(
            "fake_server.rest.pages:Page.last",
            "-(-self.total // self.size)",
            "self.total // self.size",
        ),
        "pages.*",
    ),
    _mutant(
        "one-page-too-many",
        "Where the last page is full, one more is counted.",
        SourceEdit(
            "fake_server.rest.pages:Page.last",
            "-(-self.total // self.size)",
            "self.total // self.size + 1",
        ),
        "pages.*",
    ),
    _mutant(
        "next-loops",
        "The next link leads to the page itself.",
        SourceEdit(
            "fake_server.rest.links:page_links",
            '("next", page.number + 1)',
            '("next", page.number)',
        ),
        "pages.*",
    ),
    _mutant(
        "prev-of-first",
        "prev leads to the first page.",
        SourceEdit("fake_server.rest.links:page_links", '("prev", page.number - 1)', '("prev", 1)'),
        "pages.*",
    ),
    _mutant(
        "link-order",
        "Link names next before last.",
        SourceEdit(
            "fake_server.rest.links:page_links",
            '[("last", page.last), ("next", page.number + 1)]',
            '[("next", page.number + 1), ("last", page.last)]',
        ),
        "pages.*",
    ),
    _mutant(
        "link-loses-filters",
        "Links keep page and per_page alone.",
        _edit(
            "dialect.pages:page_headers",
            "query_values(current_request())",
            "{k: v for k, v in query_values(current_request()).items() if k == 'per_page'}",
        ),
        "pages.*",
    ),
    _mutant(
        "link-ignores-forwarded-host",
        "Links have the server's own host, whatever was forwarded.",
        SourceEdit("fake_server.rest.urls:_forwarded_origin", "_HOST.match(_first(host)) or ", ""),
        "pages.link.url",
    ),
    _mutant(
        "link-unsorted",
        "The query of links keeps the request's order.",
        SourceEdit(
            "fake_server.rest.links:page_links",
            "sorted([*others, f'page={number}'])",
            "[*others, f'page={number}']",
        ),
        "pages.link.url",
    ),
)
