"""The links between pages."""

from urllib.parse import quote

from fake_server.contract import Answer, Target, behaviour, expect, expect_that, need

from .helpers import CALENDARS, Record, account, calendars, longest, order, page, some


def rels(answer: Answer) -> list[str]:
    """Return where an answer has links to."""
    return sorted(answer.links)


@behaviour("xurrent.pages.link")
def test_links_lead_where_they_say(xurrent: Target) -> None:
    path, records = longest(xurrent)
    need(len(records) > 5, "six calendars or holidays")
    params = some(xurrent, path)[0]
    # The last page is a partial one.
    size = next(size for size in range(-(-len(records) // 4), len(records)) if len(records) % size)
    pages = [page(xurrent, path, {**params, "per_page": size})]
    while "next" in pages[-1].links and len(pages) < 9:
        pages.append(xurrent.follow(pages[-1].links["next"]).expect_status(200))
    last = -(-len(records) // size)
    expect("how many pages there are", last, len(pages))
    for number, answer in enumerate(pages, 1):
        expected = [] if number == 1 else ["first", "prev"]
        expected += [] if number == last else ["next"]
        expect(f"the rels of page {number}", sorted(expected), rels(answer))
        if number > 1:
            seen = xurrent.follow(answer.links["prev"]).expect_status(200)
            expect(f"what is before page {number}", pages[number - 2].json, seen.json)
            first = xurrent.follow(answer.links["first"]).expect_status(200)
            expect("the first page", pages[0].json, first.json)
    whole = order(xurrent.records(page(xurrent, path, params)))
    met = [number for answer in pages for number in order(xurrent.records(answer))]
    expect("what a walk meets", whole, met)


@behaviour("xurrent.pages.link")
def test_links_of_numbered_pages(xurrent: Target) -> None:
    path, records = longest(xurrent)
    need(len(records) > 5, "six calendars or holidays")
    params = {**some(xurrent, path)[0], "per_page": 2}
    second = page(xurrent, path, {**params, "page": 2})
    expect("the rels of page 2", ["first", "next", "prev"], rels(second))
    seen = xurrent.follow(second.links["next"]).expect_status(200)
    expect("page 3", page(xurrent, path, {**params, "page": 3}).json, seen.json)
    for rel in ("first", "prev"):
        seen = xurrent.follow(second.links[rel]).expect_status(200)
        expect(f"where {rel} leads", page(xurrent, path, params).json, seen.json)
    final = page(xurrent, path, {**params, "page": -(-len(records) // 2)})
    expect("the rels of the last page", ["first", "prev"], rels(final))


@behaviour("xurrent.pages.link")
def test_one_page_has_no_links(xurrent: Target) -> None:
    params, records = some(xurrent)
    need(records, "a calendar")
    page(xurrent, params=params).expect_header("Link", None)
    number = records[0]["id"]
    page(xurrent, params={"id": number, "per_page": 1}).expect_header("Link", None)
    page(xurrent, params={"id": number, "per_page": 1, "page": 2}).expect_header("Link", None)
    page(xurrent, params={"name": xurrent.name("nobody")}).expect_header("Link", None)


def end_cursor(answer: Answer) -> str:
    """Return the cursor of the last record of a page, as it stands in a query."""
    return quote(answer.headers.get("X-Pagination-End-Cursor", ""), safe="")


@behaviour("xurrent.pages.link.query")
def test_links_keep_the_query(xurrent: Target) -> None:
    need(len(calendars(xurrent)) > 2, "three calendars")
    query = "sort=-id,name&per_page=1&fields=name%2Cid&id=%3E0"
    answer = page(xurrent, f"{CALENDARS}?{query}")
    kept = "fields=name%2Cid&id=%3E0&per_page=1"
    url = f"{xurrent.base_url}{CALENDARS}?{kept}"
    expected = f"{url}&search_after={end_cursor(answer)}&sort=-id%2Cname"
    expect("the next link", expected, answer.links.get("next"))
    second = xurrent.follow(expected).expect_status(200)
    expect("the first link", f"{url}&sort=-id%2Cname", second.links.get("first"))
    start = quote(second.headers.get("X-Pagination-Start-Cursor", ""), safe="")
    expected = f"{url}&search_before={start}&sort=-id%2Cname"
    expect("the prev link", expected, second.links.get("prev"))
    raw = second.headers.get("Link", "")
    expect("the commas", raw.count(">; rel="), raw.count(",") + 1)


@behaviour("xurrent.pages.link.query")
def test_links_name_the_predefined_filter(xurrent: Target) -> None:
    enabled = [record for record in calendars(xurrent) if not record["disabled"]]
    need(len(enabled) > 1, "two enabled calendars")
    answer = page(xurrent, f"{CALENDARS}/enabled", {"per_page": 1})
    url = f"{xurrent.base_url}{CALENDARS}/enabled?per_page=1&predefined_filter=enabled"
    expected = f"{url}&search_after={end_cursor(answer)}"
    expect("the next link", expected, answer.links.get("next"))
    seen = xurrent.follow(expected).expect_status(200)
    both = order(xurrent.records(answer)) + order(xurrent.records(seen))
    rest = [number for number in both if number not in order(enabled)]
    expect_that("the pages", len(set(both)) == 2 and not rest, "two enabled calendars", both)


@behaviour("xurrent.pages.link.query", needs=("data",))
def test_links_keep_filters_and_states(xurrent: Target) -> None:
    records: list[Record] = [
        {"id": id_, "name": f"Desk {id_}", "disabled": id_ % 2 == 0} for id_ in range(1, 8)
    ]
    with account(xurrent, *records) as own:
        for query, expected in (
            ("state=disabled", [2, 4, 6]),
            ("disabled=false", [1, 3, 5, 7]),
            ("id=!1,2", [3, 4, 5, 6, 7]),
            ("sort=-name", [7, 6, 5, 4, 3, 2, 1]),
        ):
            paged_list = own.read_pages(f"{CALENDARS}?{query}&per_page=2")
            expect(f"what a walk by {query} meets", expected, order(paged_list.records))
        paged_list = own.read_pages(f"{CALENDARS}/disabled?per_page=1")
        expect("what a walk of the disabled ones meets", [2, 4, 6], order(paged_list.records))
