"""Pages."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from fake_server.contract import (
    Answer,
    Target,
    behaviour,
    expect,
    expect_distinct,
    expect_that,
    need,
)

from .helpers import (
    CAMPUS,
    CURSUS,
    SLOTS,
    WORK,
    Record,
    ids,
    known_ids,
    page,
    school,
    slot,
    total,
    window,
)

LISTS = (SLOTS, WORK, CAMPUS, CURSUS)


def page_numbers(answer: Answer) -> dict[str, int]:
    """Return which page each link leads to, in the order of the header."""
    return {
        rel: int(dict(parse_qsl(urlsplit(url).query)).get("page", 0))
        for rel, url in answer.links.items()
    }


def expect_size(target: Target, answer: Answer, size: int) -> None:
    """Assert the size of a first page."""
    answer.expect_header("X-Per-Page", str(size)).expect_header("X-Page", "1")
    expected = min(size, target.total(answer))
    expect("how many items there are", expected, len(target.records(answer)))


def a_third(records: list[Record]) -> int:
    """Return the size of pages of which records fill three, or nearly; the last is partial."""
    size = -(-len(records) // 3)
    return size if len(records) % size or size == 1 else size - 1


def filled_list(target: Target, least: int) -> str:
    """Return the path of a list that has so many records."""
    for path in LISTS:
        if total(target, path) >= least:
            return path
    need(False, f"a list of {least} records")
    return ""


@behaviour("intra42.pages.default")
def test_a_page_has_thirty_items(intra42: Target) -> None:
    filled_list(intra42, 31)
    for path in LISTS:
        first = page(intra42, path)
        expect_size(intra42, first, 30)
        if intra42.total(first) > 30:
            second = page(intra42, path, {"page": 2}).expect_header("X-Page", "2")
            second.expect_header("X-Per-Page", "30")
            both = ids(intra42.records(first)) + ids(intra42.records(second))
            expect_distinct(f"the ids of two pages of {path}", both)


@behaviour("intra42.pages.largest")
def test_a_page_has_a_hundred_items_at_most(intra42: Target) -> None:
    path = filled_list(intra42, 101)
    for size, expected in ((99, 99), (100, 100), (101, 100), (100000, 100)):
        expect_size(intra42, page(intra42, path, {"per_page": size}), expected)
    expect_size(intra42, page(intra42, path, {"page[size]": 500}), 100)


@behaviour("intra42.pages.styles")
def test_both_styles_mean_the_same(intra42: Target) -> None:
    path = filled_list(intra42, 8)
    for number, size in ((2, 3), (3, 2), (1, 4)):
        flat = page(intra42, path, {"page": number, "per_page": size})
        nested = page(intra42, path, {"page[number]": number, "page[size]": size})
        expected = ids(intra42.records(flat))
        expect("how many items there are", size, len(expected))
        expect("the page in the other style", expected, ids(intra42.records(nested)))
        for name in ("X-Page", "X-Per-Page", "X-Total"):
            nested.expect_header(name, flat.headers.get(name))
        flat.expect_header("X-Page", str(number)).expect_header("X-Per-Page", str(size))


@behaviour("intra42.pages.styles")
def test_one_page_follows_another(intra42: Target) -> None:
    path = filled_list(intra42, 7)
    whole = intra42.records(page(intra42, path, {"per_page": 6}))
    need(len(set(ids(whole))) == 6, "pages that are unlike each other")
    for number in (1, 2, 3):
        seen = intra42.records(page(intra42, path, {"page": number, "per_page": 2}))
        expect(f"page {number} of 2", whole[2 * number - 2 : 2 * number], seen)


@behaviour("intra42.pages.mixed", invalid=True)
def test_styles_cannot_be_mixed(intra42: Target) -> None:
    for query in ("page=2&page[size]=10", "page=1&page[number]=2"):
        intra42.get(f"{SLOTS}?{query}").expect_status(400)
    for query in ("page[size]=10&page=2", "page[number]=5&page=2"):
        answer = page(intra42, f"{SLOTS}?{query}")
        answer.expect_header("X-Page", "2").expect_header("X-Per-Page", "30")


@behaviour("intra42.pages.number_with_per_page")
def test_a_page_number_in_brackets_goes_with_per_page(intra42: Target) -> None:
    path = filled_list(intra42, 7)
    plain = page(intra42, path, {"page": 2, "per_page": 3})
    mixed = page(intra42, path, {"page[number]": 2, "per_page": 3})
    expected = ids(intra42.records(plain))
    expect("how many items there are", 3, len(expected))
    expect("the second page of 3", expected, ids(intra42.records(mixed)))
    mixed.expect_header("X-Page", "2").expect_header("X-Per-Page", "3")
    both = page(intra42, path, {"page[number]": 2, "page[size]": 3, "per_page": 2})
    expect("the second page of 3", expected, ids(intra42.records(both)))


@behaviour("intra42.pages.lenient", invalid=True)
def test_odd_pages_and_sizes(intra42: Target) -> None:
    first = ids(intra42.records(page(intra42, WORK, {"per_page": 5})))
    need(first, "a projects user")
    second = ids(intra42.records(page(intra42, WORK, {"per_page": 5, "page": 2})))
    need(second != first, "two pages that are unlike each other")
    for odd in ("0", "-1", "abc", ""):
        answer = page(intra42, WORK, {"page": odd, "per_page": 5})
        expect(f"page {odd}", first, ids(intra42.records(answer)))
        answer.expect_header("X-Page", "1")
        page(intra42, WORK, {"per_page": odd}).expect_header("X-Per-Page", "30")
        nested = page(intra42, WORK, {"page[number]": odd, "page[size]": odd})
        nested.expect_header("X-Page", "1").expect_header("X-Per-Page", "30")


@behaviour("intra42.pages.beyond")
def test_beyond_the_last_page_is_nothing(intra42: Target) -> None:
    for path in (SLOTS, WORK):
        whole = total(intra42, path)
        need(whole, "a record")
        answer = page(intra42, path, {"page": whole + 1, "per_page": 1})
        expect("the page", "[]", answer.text)
        answer.expect_header("X-Total", str(whole)).expect_header("X-Page", str(whole + 1))
        expect("where it leads", ["first", "prev"], list(answer.links))
        answer = page(intra42, path, {"page": 10**22, "per_page": 1})
        expect("the page far beyond", "[]", answer.text)
        answer.expect_header("X-Page", str(10**22))


@behaviour("intra42.pages.headers")
def test_the_headers_of_each_page(intra42: Target) -> None:
    for path in (SLOTS, WORK):
        params, records = window(intra42, path)
        size = a_third(records)
        paged_list = intra42.read_pages(path, {**params, "per_page": size})
        expect(f"the ids of a walk of {path}", known_ids(records), known_ids(paged_list.records))
        expect("how many pages there are", -(-len(records) // size), len(paged_list.pages))
        for number, answer in enumerate(paged_list.pages, 1):
            answer.expect_header("X-Page", str(number)).expect_header("X-Per-Page", str(size))
            answer.expect_header("X-Total", str(len(records)))


@behaviour("intra42.pages.headers", needs=("data",))
def test_x_total_counts_items(intra42: Target) -> None:
    slots = [slot(number, "2026-05-01T08:00:00Z") for number in range(1, 12)]
    with school(intra42, slots=slots) as own:
        for query, expected in (("", "11"), ("range[id]=3,9", "7"), ("filter[id]=99", "0")):
            page(own, f"{SLOTS}?{query}&per_page=2").expect_header("X-Total", expected)


@behaviour("intra42.pages.link")
def test_links_lead_where_they_say(intra42: Target) -> None:
    params, records = window(intra42, WORK, 5)
    size = a_third(records)
    last = -(-len(records) // size)
    for number in range(1, last + 1):
        answer = page(intra42, WORK, {**params, "per_page": size, "page": number})
        expected: dict[str, Any] = {}
        if number > 1:
            expected |= {"first": 1, "prev": number - 1}
        if number < last:
            expected |= {"last": last, "next": number + 1}
        seen = page_numbers(answer)
        expect(f"where page {number} leads", list(expected.items()), list(seen.items()))
    page(intra42, WORK, params).expect_header("Link", None)


@behaviour("intra42.pages.link")
def test_following_links_gives_the_pages(intra42: Target) -> None:
    params, records = window(intra42, WORK, 5)
    expected, size = sorted(ids(records)), a_third(records)
    second = page(intra42, WORK, {**params, "per_page": size, "page": 2})
    for rel, part in (
        ("first", expected[:size]),
        ("prev", expected[:size]),
        ("next", expected[2 * size : 3 * size]),
        ("last", expected[(len(expected) - 1) // size * size :]),
    ):
        need(rel in second.links, f"a link {rel}")
        seen = ids(intra42.records(intra42.follow(second.links[rel]).expect_status(200)))
        expect(f"what {rel} leads to", part, seen)


@behaviour("intra42.pages.link.query")
def test_the_urls_of_links(intra42: Target) -> None:
    params, records = window(intra42, SLOTS)
    span = params["range[id]"]
    query: list[tuple[str, Any]] = [
        ("unknown", "a b"),
        ("sort", "-id"),
        ("range[id]", span),
        ("per_page", 2),
        ("filter[end]", "true"),
    ]
    link = page(intra42, SLOTS, query).links.get("next")
    expected = (
        f"{intra42.base_url}{SLOTS}?filter%5Bend%5D=true&page=2&per_page=2"
        f"&range%5Bid%5D={span.replace(',', '%2C')}&sort=-id&unknown=a+b"
    )
    expect("the next link", expected, link)
    expect_that("the slots", len(records) > 2, "three", len(records))


@behaviour("intra42.pages.link.query")
def test_links_lose_the_size_in_brackets(intra42: Target) -> None:
    path = filled_list(intra42, 4)
    links = page(intra42, path, {"page[number]": 2, "page[size]": 1}).links
    expect("the next link", f"{intra42.base_url}{path}?page=3", links.get("next"))
    expect("the first link", f"{intra42.base_url}{path}?page=1", links.get("first"))


@behaviour("intra42.pages.link.query", needs=("data",))
def test_links_of_nested_lists_follow_the_host(intra42: Target) -> None:
    slots = [slot(number, f"2026-05-0{number}T08:00:00Z") for number in (1, 2, 3)]
    with school(intra42, slots=slots) as own:
        headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "intra.example.org"}
        answer = page(own, "/v2/users/ada/slots", {"per_page": 1}, headers=headers)
        link = answer.links.get("next", "")
        path = urlsplit(own.base_url).path
        expected = f"https://intra.example.org{path}/v2/users/ada/slots?page=2&per_page=1"
        expect("the next link", expected, link)
        expect("what it leads to", [2], ids(own.records(own.follow(link))))
