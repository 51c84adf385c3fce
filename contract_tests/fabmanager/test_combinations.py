"""Filters, pages, spellings and methods together: each with the others."""

from collections.abc import Iterator
from itertools import cycle
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from fake_server.contract import Target, behaviour, expect, need

from .helpers import AVAILABILITIES, Record, dated, ends_by, ids, page, starts, starts_by, window

SPELLINGS = (AVAILABILITIES, f"{AVAILABILITIES}.json", f"{AVAILABILITIES}/")


def combinations(within: list[Record]) -> Iterator[tuple[dict[str, Any], list[Record]]]:
    """Go through filters, each with some of the others, and the records that they keep."""
    known = sorted(dated(within), key=lambda record: record["start_at"])
    kinds = sorted({record["available_type"] for record in known})
    after, before = known[len(known) // 4]["start_at"], known[-(len(known) // 4) - 1]["end_at"]
    some = ids([record for index, record in enumerate(known) if index % 3])
    offered = next((record for record in known if record["available_ids"]), None)
    later = [record for record in within if starts_by(record, after)]
    yield {"after": after}, later
    yield {"after": after, "id": str(some)}, [record for record in later if record["id"] in some]
    yield (
        {"after": after, "before": before},
        [record for record in later if ends_by(record, before)],
    )
    for kind in kinds:
        own = [record for record in later if record["available_type"] == kind]
        yield {"after": after, "available_type": kind}, own
        ended = [record for record in own if ends_by(record, before)]
        yield {"after": after, "before": before, "available_type": kind}, ended
    if offered is not None:
        kind, number = offered["available_type"], offered["available_ids"][0]
        params = {"available_type": kind, "available_id": number}
        kept = [
            record
            for record in within
            if record["available_type"] == kind and number in record["available_ids"]
        ]
        start = min(record["start_at"] for record in kept if record["start_at"])
        kept = [record for record in kept if record["id"] in some]
        yield {**params, "id": str(some), "after": start}, kept


@behaviour("fabmanager.filters.all")
def test_filters_pages_and_spellings_together(fabmanager: Target) -> None:
    params, within = window(fabmanager)
    lasts = 0
    for (conditions, kept), spelling in zip(combinations(within), cycle(SPELLINGS), strict=False):
        both = {**params, **conditions}
        whole = page(fabmanager, both, path=spelling)
        records = fabmanager.records(whole)
        expect(f"those with {conditions}", ids(kept), ids(records))
        expect(f"the starts with {conditions}", starts(kept), starts(records))
        size = len(kept) // 2 - 1
        if size > 0:
            lasts += 1
            expect_pages(fabmanager, spelling, {**both, "per_page": size}, kept)
    need(lasts > 2, "three filters that keep four availabilities and more")


def expect_pages(target: Target, path: str, params: dict[str, Any], kept: list[Record]) -> None:
    """Assert what the pages of a filtered list say and where they lead, the last one partial."""
    size = int(params["per_page"])
    last = -(-len(kept) // size)
    for number in range(1, last + 1):
        numbered = {**params, "page": number}
        answer = page(target, numbered, path=path)
        answer.expect_header("Total", str(len(kept))).expect_header("Per-Page", str(size))
        part = starts(kept[(number - 1) * size : number * size])
        expect(f"the starts of page {number}", part, starts(target.records(answer)))
        leads = {"first": 1, "prev": number - 1} if number > 1 else {}
        leads |= {"last": last, "next": number + 1} if number < last else {}
        expect("the rels", list(leads), list(answer.links))
        for rel, url in answer.links.items():
            expected = {name: str(value) for name, value in {**params, "page": leads[rel]}.items()}
            seen = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
            expect(f"the query of the link {rel}", expected, seen)
        if number == last:
            expect_repeated(target, path, numbered)


def expect_repeated(target: Target, path: str, params: dict[str, Any]) -> None:
    """Assert that HEAD, and a GET of what is known, say of a page what GET says."""
    answer = page(target, params, path=path)
    etag = answer.headers.get("ETag", "")
    known = target.get(path, params=params, headers={"If-None-Match": etag}).expect_status(304)
    head = target.head(path, params=params).expect_status(200)
    for name in ("Total", "Per-Page", "Link", "ETag"):
        head.expect_header(name, answer.headers.get(name))
        known.expect_header(name, answer.headers.get(name))
