"""What lists answer to filters, ranges, sorting and pages together, by the rows that they have."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from fake_server.contract import Answer, Target, expect, need

from .helpers import Record, ids, listed, moment, page

Fits = Callable[[Record], bool]


def conditions(records: list[Record], time: str) -> Iterator[tuple[dict[str, Any], Fits]]:
    """Go through conditions on some rows, each alone and with others; `time` is a field."""
    numbers = sorted(ids(records))
    low, high = numbers[len(numbers) // 4], numbers[-(len(numbers) // 4) - 1]
    some = numbers[::2] + numbers[:1]
    times = sorted(record[time] for record in records if record[time])
    early, late = times[len(times) // 4], times[-(len(times) // 4) - 1]
    span, chosen = {"range[id]": f"{low},{high}"}, {"filter[id]": ",".join(map(str, some))}
    then = {f"range[{time}]": f"{early},{late}"}

    def within(record: Record) -> bool:
        return bool(low <= record["id"] <= high)

    def amid(record: Record) -> bool:
        return record[time] is not None and moment(early) <= moment(record[time]) <= moment(late)

    yield {}, lambda record: True
    yield span, within
    yield chosen, lambda record: record["id"] in some
    yield then, amid
    yield {**span, **chosen}, lambda record: within(record) and record["id"] in some
    yield {**then, **chosen}, lambda record: amid(record) and record["id"] in some
    yield {**span, **then}, lambda record: within(record) and amid(record)
    yield (
        {**chosen, f"filter[{time}]": early},
        lambda record: record["id"] in some and record[time] == early,
    )


def expect_conditions(
    target: Target, path: str, records: list[Record], time: str, base: dict[str, Any]
) -> None:
    """Hold conditions and orders against the rows that a list has.

    `base` are the parameters for exactly these rows, of which a condition may replace some.
    """
    need(len(records) > 3, f"four rows in {path}")
    sorts: list[tuple[str, Callable[[Record], Any]]] = [
        ("id", lambda record: record["id"]),
        ("-id", lambda record: -record["id"]),
        (f"{time},-id", lambda record: (record[time] is None, record[time] or "", -record["id"])),
    ]
    for index, (params, fits) in enumerate(conditions(records, time)):
        sort, key = sorts[index % len(sorts)]
        expected = sorted(filter(fits, records), key=key)
        all_params = {**base, **params, "sort": sort}
        answer = page(target, path, {**all_params, "per_page": 100})
        expect(f"{path} with {all_params}", ids(expected), ids(target.records(answer)))
        expect("the rows", expected, target.records(answer))
        size = len(expected) // 2 - 1 if len(expected) > 4 else len(expected) - 1
        if index % 2 == 0 and size > 0:
            expect_pages(target, path, {**all_params, "per_page": size}, expected)


def expect_pages(target: Target, path: str, params: dict[str, Any], expected: list[Record]) -> None:
    """Assert what the pages of a list say and where they lead; the last one is partial."""
    size = int(params["per_page"])
    last = -(-len(expected) // size)
    for number in sorted({1, 2, last}):
        numbered = {**params, "page": number}
        answer = page(target, path, numbered)
        expected_rows = expected[(number - 1) * size : number * size]
        expect(f"page {number} of {path}", expected_rows, target.records(answer))
        for name, value in (("Page", number), ("Per-Page", size), ("Total", len(expected))):
            answer.expect_header(f"X-{name}", str(value))
        expect_links(answer, params, number, last)
    etag = answer.headers.get("ETag", "")
    known = target.get(path, params=numbered, headers={"If-None-Match": etag}).expect_status(304)
    head = target.head(path, params=numbered).expect_status(200)
    for name in ("X-Page", "X-Per-Page", "X-Total", "Link", "ETag", "X-Application-Id"):
        head.expect_header(name, answer.headers.get(name))
    known.expect_header("ETag", etag)


def expect_links(answer: Answer, params: dict[str, Any], number: int, last: int) -> None:
    """Assert where a page leads: to the same list with another page."""
    leads = {"first": 1, "prev": number - 1} if number > 1 else {}
    leads |= {"last": last, "next": number + 1} if number < last else {}
    expect("the rels", list(leads), list(answer.links))
    path = urlsplit(answer.url).path
    for rel, url in answer.links.items():
        expect(f"the path of the link {rel}", path, urlsplit(url).path)
        expected = {name: str(value) for name, value in {**params, "page": leads[rel]}.items()}
        seen = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
        expect(f"the query of the link {rel}", expected, seen)


def expect_below(target: Target, path: str, whole: str, time: str) -> list[Record]:
    """Hold a list below a record against itself and the list of all; return its rows."""
    answer = page(target, path, {"per_page": 100})
    rows = target.records(answer)
    need(target.total(answer) == len(rows), f"at most 100 rows in {path}")
    expect_conditions(target, path, rows, time, {})
    some = rows[:40]
    params = {"filter[id]": ",".join(map(str, ids(some))), "per_page": 100}
    by_id = {row["id"]: row for row in listed(target, whole, params)}
    expect("the rows in the list of all", some, [by_id.get(row["id"]) for row in some])
    for suffix in ("/", ".json"):
        seen = listed(target, f"{path}{suffix}", {"per_page": 2, "page": 2})
        expect(f"the second page of {path}{suffix}", rows[2:4], seen)
    return rows
