"""Pages, their headers and links."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from fake_server.contract import Answer, Target, behaviour, expect, expect_that, need

from .helpers import (
    AVAILABILITIES,
    availability,
    ids,
    lab,
    listed,
    newest,
    page,
    starts,
    total,
    window,
)

TO_I = 'undefined method `to_i\' for ["1"]:Array'


def page_numbers(answer: Answer) -> dict[str, int]:
    """Return the number of the page to which each rel leads."""
    return {
        rel: int(dict(parse_qsl(urlsplit(url).query)).get("page", "0"))
        for rel, url in answer.links.items()
    }


@behaviour("fabmanager.pages.always")
def test_pages_of_20(fabmanager: Target) -> None:
    answer = page(fabmanager)
    whole = fabmanager.total(answer)
    need(whole > 20, "21 availabilities")
    answer.expect_header("Per-Page", "20")
    expect("how many are on the page", 20, len(fabmanager.records(answer)))
    first = starts(fabmanager.records(answer))
    expect("the first page", starts(newest(fabmanager))[:20], first)
    second = starts(listed(fabmanager, {"page": 2}))
    expect("the second page", starts(newest(fabmanager))[20:40], second[: len(second)])
    need(first != second, "two pages that are unlike each other")


@behaviour("fabmanager.pages.page")
def test_page_is_a_number(fabmanager: Target) -> None:
    some = starts(newest(fabmanager))
    need(len(some) > 6, "seven availabilities")
    for number in (1, 2, 3):
        seen = starts(listed(fabmanager, {"page": number, "per_page": 2}))
        expect(f"page {number}", some[2 * number - 2 : 2 * number], seen)
    for number in (0, -3):
        seen = starts(listed(fabmanager, {"page": number, "per_page": 2}))
        expect(f"page {number}", some[:2], seen)


@behaviour("fabmanager.pages.page.kind", invalid=True)
def test_other_pages_are_refused(fabmanager: Target) -> None:
    for text in ("abc", "1.5", "1e1", "2abc", "9" * 19):
        fabmanager.get(AVAILABILITIES, params={"page": text}).expect_status(400)


@behaviour("fabmanager.pages.page.kind", live=True, invalid=True)
def test_pages_are_read_leniently(fabmanager: Target) -> None:
    some = starts(newest(fabmanager))
    need(len(some) > 3, "four availabilities")
    for text, number in (("2abc", 2), ("abc", 1), ("2.7", 2), ("1e1", 1)):
        seen = starts(listed(fabmanager, {"page": text, "per_page": 2}))
        expect(f"page {text}", some[2 * number - 2 : 2 * number], seen)
    answer = fabmanager.get(AVAILABILITIES, params={"page[]": 1}).expect_status(500)
    answer.expect_json({"error": ["Server error", TO_I]})
    for accepted, media in (("application/json", "application/json"), ("*/*", "text/html")):
        headers = {"Accept": accepted}
        answer = fabmanager.get(AVAILABILITIES, params={"page": "9" * 20}, headers=headers)
        kind = answer.expect_status(500).headers["Content-Type"]
        expect_that(f"the type for {accepted}", kind.startswith(media), media, kind)


@behaviour("fabmanager.pages.per_page")
def test_per_page_has_no_maximum(fabmanager: Target) -> None:
    whole = total(fabmanager)
    need(whole > 1, "two availabilities")
    for size in (1, 3, 7, 150, min(whole + 1, 1000)):
        answer = page(fabmanager, {"per_page": size})
        expect(
            f"how many are on a page of {size}",
            min(size, whole),
            len(answer.json["availabilities"]),
        )
        answer.expect_header("Per-Page", str(size))


@behaviour("fabmanager.pages.per_page.kind", invalid=True)
def test_other_sizes_are_refused(fabmanager: Target) -> None:
    for text in ("0", "-1", "abc", "5x", "1.5", "9" * 19):
        fabmanager.get(AVAILABILITIES, params={"per_page": text}).expect_status(400)
    page(fabmanager, {"per_page": ""}).expect_header("Per-Page", "20")


@behaviour("fabmanager.pages.per_page.kind", live=True, invalid=True)
def test_sizes_disagree(fabmanager: Target) -> None:
    need(total(fabmanager) > 25, "26 availabilities")
    for text, rows, header in (("0", 0, "25"), ("abc", 25, "25"), ("-1", 25, "25"), ("5x", 5, "5")):
        answer = page(fabmanager, {"per_page": text})
        expect(f"how many are on a page of {text}", rows, len(fabmanager.records(answer)))
        answer.expect_header("Per-Page", header)
    answer = fabmanager.get(AVAILABILITIES, params={"per_page[]": 1}).expect_status(500)
    answer.expect_json({"error": ["Server error", TO_I]})


@behaviour("fabmanager.pages.beyond")
def test_beyond_the_last_page_is_nothing(fabmanager: Target) -> None:
    whole = total(fabmanager)
    need(whole, "an availability")
    answer = page(fabmanager, {"page": whole + 1, "per_page": 1})
    expect("the page", [], fabmanager.records(answer))
    answer.expect_header("Total", str(whole))
    for number in (whole + 7, 10**6, 10**12):
        answer = page(fabmanager, {"page": number, "per_page": 2})
        expect(f"page {number}", [], fabmanager.records(answer))
        answer.expect_header("Total", str(whole)).expect_header("Per-Page", "2")


@behaviour("fabmanager.pages.total")
def test_total_is_what_a_walk_meets(fabmanager: Target) -> None:
    params, within = window(fabmanager)
    need(len(within) > 7, "eight availabilities")
    paged_list = fabmanager.read_pages(AVAILABILITIES, {**params, "per_page": 7})
    expect("how many a walk meets", paged_list.total, len(paged_list))
    expect("the total", len(within), paged_list.total)
    for number, answer in enumerate(paged_list.pages, 1):
        expect(f"Total on page {number}", paged_list.total, fabmanager.total(answer))


@behaviour("fabmanager.pages.per_page_header")
def test_the_header_of_the_size(fabmanager: Target) -> None:
    params, within = window(fabmanager)
    sizes = [size for size in (2, 5, len(within) // 2 - 1) if size > 1 and len(within) > size]
    need(any(len(within) % size for size in sizes), "a last page that is partial")
    for size in sizes:
        for number in (1, 2, -(-len(within) // size)):
            answer = page(fabmanager, {**params, "per_page": size, "page": number})
            answer.expect_header("Per-Page", str(size))
        for name in ("Page", "X-Page", "X-Per-Page", "X-Total"):
            answer.expect_header(name, None)


@behaviour("fabmanager.pages.link")
def test_links_lead_where_they_say(fabmanager: Target) -> None:
    params, within = window(fabmanager)
    size = 7
    last = -(-len(within) // size)
    need(last > 2, "three pages")
    for number in range(1, last + 1):
        answer = page(fabmanager, {**params, "per_page": size, "page": number})
        expected: dict[str, Any] = {}
        if number > 1:
            expected |= {"first": 1, "prev": number - 1}
        if number < last:
            expected |= {"last": last, "next": number + 1}
        seen = page_numbers(answer)
        expect(f"where page {number} leads", list(expected.items()), list(seen.items()))
    page(fabmanager, params).expect_header("Link", None)


@behaviour("fabmanager.pages.link")
def test_the_last_page_may_be_full(fabmanager: Target) -> None:
    whole = total(fabmanager)
    need(whole > 1, "two availabilities")
    expect("where page 1 leads", {"last": whole, "next": 2}, page_numbers(_of_one(fabmanager, 1)))
    last = page_numbers(_of_one(fabmanager, whole))
    expect("where the last page leads", {"first": 1, "prev": whole - 1}, last)


def _of_one(target: Target, number: int) -> Answer:
    return page(target, {"per_page": 1, "page": number})


@behaviour("fabmanager.pages.link")
def test_following_links_gives_the_list(fabmanager: Target) -> None:
    params, within = window(fabmanager)
    need(len(within) > 7, "eight availabilities")
    paged_list = fabmanager.read_pages(AVAILABILITIES, {**params, "per_page": 7})
    expect("the starts walked by", starts(within), starts(paged_list.records))


@behaviour("fabmanager.pages.link.beyond")
def test_links_beyond_the_last_page(fabmanager: Target) -> None:
    whole = total(fabmanager)
    need(whole, "an availability")
    number = whole + 3
    answer = page(fabmanager, {"page": number, "per_page": 1})
    expected = [("first", 1), ("prev", number - 1)]
    expect("where it leads", expected, list(page_numbers(answer).items()))


@behaviour("fabmanager.pages.link.url")
def test_the_urls_of_links(fabmanager: Target) -> None:
    need(len(newest(fabmanager)) > 1, "two availabilities")
    query = [("unknown", "a b"), ("per_page", "1"), ("id", ""), ("after", "2001-01-01T00:00:00Z")]
    links = page(fabmanager, query).links
    expected = (
        f"{fabmanager.base_url}{AVAILABILITIES}"
        "?after=2001-01-01T00%3A00%3A00Z&id=&page=2&per_page=1&unknown=a+b"
    )
    expect("the next link", expected, links.get("next"))


@behaviour("fabmanager.pages.link.url")
def test_links_without_a_size(fabmanager: Target) -> None:
    need(total(fabmanager) > 20, "21 availabilities")
    expected = f"{fabmanager.base_url}{AVAILABILITIES}?page=2"
    expect("the next link", expected, page(fabmanager).links.get("next"))


@behaviour("fabmanager.pages.link.url", needs=("data",))
def test_links_follow_forwarded_headers(fabmanager: Target) -> None:
    records = [availability(id_, f"2026-05-0{id_}T08:00:00Z") for id_ in (1, 2, 3)]
    with lab(fabmanager, *records) as own:
        headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "lab.example.org"}
        answer = page(own, {"per_page": 1}, headers=headers)
        link = answer.links.get("next", "")
        right = link.startswith("https://lab.example.org/")
        expect_that("the next link", right, "https://lab.example.org/…", link)
        expect("what it leads to", [2], ids(own.records(own.follow(link))))
