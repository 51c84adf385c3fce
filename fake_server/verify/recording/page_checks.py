"""Pages of one answer: its total, its links, its size and its order."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from fake_server.verify.api_files.applicability import (
    default_size,
    largest_size,
    refuses_larger_pages,
)
from fake_server.verify.api_files.declared_conditions import sortable
from fake_server.verify.api_files.declared_operations import DeclaredOperation
from fake_server.verify.api_files.row_values import HIDDEN, is_sorted, value_of
from fake_server.verify.assertions import expect, expect_distinct, expect_that
from fake_server.verify.outcome_errors import need
from fake_server.verify.recording.checked_exchange import Context, Row, query_pairs
from fake_server.verify.target.operation_under_test import keys_of


def check_page(context: Context) -> None:
    """Assert that a page has no row twice, and no more rows than it may have."""
    rows = context.rows
    need(len(rows) > 1, "two rows")
    expect_distinct("the rows of a page", list(map(repr, keys_of(list(map(dict, rows))))))
    size = context.page.size
    if size is not None:
        expect_that("how many rows the page has", len(rows) <= size, f"{size} at most", len(rows))


def check_total(context: Context) -> None:
    """Assert that the total agrees with the rows of a page."""
    rows, page = context.rows, context.page
    name = str(context.listing.total)
    expect_that(f"the header {name}", name in context.answer.headers, "one", "none")
    total = context.require(context.total, f"the header {name}")
    if page.number is None or page.size is None:
        need(rows, "rows")
        expect_that(f"the header {name}", total >= len(rows), f"{len(rows)} at least", total)
        need(total > 0 and len(rows) == total, "a page whose number is known")
        return
    before = (page.number - 1) * page.size
    expected = min(page.size, max(0, total - before))
    text = f"rows on page {page.number} of {page.size} where {name} is {total}"
    expect(f"how many {text}", expected, len(rows))
    need(rows or total <= before, "rows")


def check_default_size(context: Context) -> None:
    """Assert how many rows a page has whose size the request does not name."""
    default = context.require(default_size(context.declared), "a declared size")
    need(context.page.requested_size is None and context.page.size == default, "no size asked for")
    rows, total, number = len(context.rows), context.total, context.page.number
    expect_that("how many rows the page has", rows <= default, f"{default} at most", rows)
    if total is not None and number is not None and total >= number * default:
        expect("how many rows the page has", default, rows)
    need(rows == default, f"{default} rows")


def check_largest_size(context: Context) -> None:
    """Assert that no page has more rows than the document allows."""
    largest = context.require(largest_size(context.declared), "a largest size")
    requested = context.require(context.page.requested_size, "a size asked for")
    need(requested >= largest, f"a size of {largest} or more asked for")
    if refuses_larger_pages(context.declared) and requested > largest:
        expect("whether a larger page is refused", True, context.answer.status != 200)
        return
    rows = len(context.rows)
    expect_that("how many rows the page has", rows <= largest, f"{largest} at most", rows)
    need(rows == largest, f"{largest} rows")


def check_links(context: Context) -> None:
    """Assert that the links of a page lead where their relations say."""
    rows, page, links = context.rows, context.page, context.answer.links
    if page.number is None:
        need(rows and links, "links")
        _expect_kept_query(context)
        return
    if page.number == 1:
        expect("the link prev of page 1", None, links.get("prev"))
    total = context.total
    if total is not None and page.size is not None:
        is_followed = page.number * page.size < total
        what = f"a link next on page {page.number} of {page.size}, {total} rows in all"
        expect(what, is_followed, "next" in links)
        last = max(1, -(-total // page.size))
        if page.number <= last:
            expect(f"a link prev on page {page.number}", page.number > 1, "prev" in links)
        _expect_number(context, "last", last)
    _expect_number(context, "first", 1)
    _expect_number(context, "prev", page.number - 1)
    _expect_number(context, "next", page.number + 1)
    _expect_kept_query(context)
    need(rows and (links or total is not None), "links, or a total")


def _expect_number(context: Context, rel: str, expected: int) -> None:
    """Assert the page that a link leads to, where the link gives a number."""
    if rel not in context.answer.links:
        return
    url = context.answer.links[rel]
    pairs = dict(query_pairs(url))
    name = str(context.listing.page)
    seen = pairs.get(name) or pairs.get(f"{name}[number]")
    if seen is not None:
        expect(f"the page of the link {rel}", str(expected), seen)
    elif rel != "first" and not any(pairs.get(cursor) for cursor in context.listing.cursors):
        expect(f"the page of the link {rel}", str(expected), url)


def _expect_kept_query(context: Context) -> None:
    """Assert that links keep the host, the path and the parameters of their request."""
    listing = context.listing
    paging = {listing.page, listing.size, *listing.cursors}
    page_parameters = {
        pair
        for pair in context.pairs
        if pair[0].partition("[")[0] not in paging and pair[1] and _is_declared(context, pair[0])
    }
    path = urlsplit(context.answer.request.target).path.rstrip("/").removesuffix(".json")
    for rel, url in context.answer.links.items():
        lost = page_parameters - set(query_pairs(url))
        expect(f"the parameters that the link {rel} lacks", [], sorted(map("=".join, lost)))
        led = urlsplit(url).path.rstrip("/").removesuffix(".json")
        expect_that(f"the path of the link {rel}", led.endswith(path) or not led, path, led)


def _is_declared(context: Context, name: str) -> bool:
    return name in context.declared.parameters or (
        name.partition("[")[0] in context.declared.parameters
    )


def check_order(context: Context) -> None:
    """Assert that a list that was not sorted comes in its declared order."""
    need(context.listing.sort not in context.query, "a list in its own order")
    order = list(context.declared.order)
    need(order, "a declared order")
    expect_in_order(context.declared, context.rows, order)


def check_sort(context: Context) -> None:
    """Assert that a list comes in the order that the request asks for."""
    sort_terms = [part for part in context.query.get(context.listing.sort, "").split(",") if part]
    need(sort_terms, "a list that was sorted")
    fields = {}
    for option in sortable(context.declared):
        fields[option] = option
        fields[context.listing.descending.format(field=option)] = f"-{option}"
    need(all(part in fields for part in sort_terms), "a list sorted by declared fields")
    expect_in_order(context.declared, context.rows, [fields[part] for part in sort_terms])


def expect_in_order(operation: DeclaredOperation, rows: Sequence[Row], order: list[str]) -> None:
    """Assert that rows come by fields, the first the most significant.

    Raises `NotShownError` for rows that do not show the first field, or have one value of it.
    """
    need(len(rows) > 1, "two rows")
    field = order[0].removeprefix("-")
    values = [value_of(operation, row, field) for row in rows]
    need(HIDDEN not in values, f"rows that show {field}")
    need(len({repr(value) for value in values}) > 1, f"rows with different values of {field}")
    _expect_order(operation, rows, order)


def _expect_order(operation: DeclaredOperation, rows: Sequence[Row], order: list[str]) -> None:
    if not order or len(rows) < 2:
        return
    field = order[0].removeprefix("-")

    def value(row: Row) -> Any:
        return value_of(operation, row, field)

    values = [value(row) for row in rows]
    if HIDDEN in values:
        return
    descending = order[0].startswith("-")
    direction = "descending" if descending else "ascending"
    in_order = is_sorted(values, descending=descending)
    expect_that(f"the rows by {field}", in_order, f"{direction} order", values)
    for _, tied in groupby(rows, value):
        _expect_order(operation, list(tied), order[1:])
