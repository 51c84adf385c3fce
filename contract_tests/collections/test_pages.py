"""Pages of lists, their total and their links."""

from functools import partial

from fake_server.verify import (
    OperationUnderTest,
    behaviour,
    expect,
    expect_distinct,
    expect_that,
    need,
)
from fake_server.verify.server.raw_messages import query_string
from fake_server.verify.target.operation_under_test import keys_of

from .page_sizes import a_third


@behaviour("*.collections.pages")
def test_pages_part_a_list(operation: OperationUnderTest) -> None:
    sample = operation.require_rows(2)
    whole = keys_of(sample.rows)
    expect_distinct("the rows", whole)
    size = a_third(len(whole))
    for number in range(1, -(-len(whole) // size) + 1):
        part = whole[(number - 1) * size : number * size]
        seen = keys_of(operation.rows(operation.page(number, size)))
        # A page that the sample does not hold whole has further rows.
        expect(f"page {number} of {size}", part, seen if sample.complete else seen[: len(part)])
        expect(
            f"what is around the rows of page {number}",
            around(operation, 1, size),
            around(operation, number, size),
        )
    total = operation.total(operation.widest_params)
    rows = total if total is not None else len(whole) if sample.complete else None
    if rows is not None:
        beyond = operation.page(-(-rows // size) + 1, size)
        expect("the page beyond the last", [], operation.rows(beyond))


def around(operation: OperationUnderTest, number: int, size: int) -> list[str]:
    """Return the members of a page, in their order; [] where the page is the list of its rows."""
    body = operation.get(operation.page(number, size)).json
    return list(body) if isinstance(body, dict) else []


@behaviour("*.collections.total")
def test_the_total_counts_all_rows(operation: OperationUnderTest) -> None:
    sample = operation.require_rows(2)
    total = operation.total(operation.widest_params)
    if operation.declared.query(operation.declared.listing.size) is None:
        expect("the total", len(sample.rows), total)
        return
    size = a_third(len(sample.rows))
    for number in (1, 2):
        expect(f"the total of page {number}", total, operation.total(operation.page(number, size)))
    last = -(-(total or 0) // size)
    expected = (total or 0) - (last - 1) * size
    expect(
        "how many rows the last page has", expected, len(operation.rows(operation.page(last, size)))
    )


@behaviour("*.collections.page_total")
def test_a_total_fits_its_page(operation: OperationUnderTest) -> None:
    rows, answer = operation.rows(), operation.get()
    need(rows, f"rows in {operation.path}")
    total = operation.total()
    need(total is not None, "a header for the total")
    if "next" in answer.links:
        more = total is not None and total > len(rows)
        expect_that("the total, where a page follows", more, f"more than {len(rows)}", total)
    else:
        expect("the total of a single page", len(rows), total)


@behaviour("*.collections.links")
def test_links_lead_where_they_say(operation: OperationUnderTest) -> None:
    sample = operation.require_rows(3)
    # Rounded down, so that there is a third page: four rows are two pages of two.
    size = len(sample.rows) // 3
    first, second = operation.get(operation.page(1, size)), operation.get(operation.page(2, size))
    need("next" in first.links or not sample.complete, "pages")
    pages = {"first": 1, "prev": 1, "next": 3}
    total = operation.total(operation.page(1, size))
    if total is not None:
        pages["last"] = -(-total // size)
    expect("the link next of page 1", True, "next" in first.links)
    expect("the link prev of page 1", False, "prev" in first.links)
    expect("the link prev of page 2", True, "prev" in second.links)
    expect("the link next of page 2", True, "next" in second.links)
    expect_page(operation, first.links["next"], 2, size)
    for rel, number in pages.items():
        if rel in second.links:
            expect_page(operation, second.links[rel], number, size)
    if total is not None:
        last = operation.get(operation.page(pages["last"], size))
        expect("the link next of the last page", False, "next" in last.links)


def expect_page(operation: OperationUnderTest, url: str, number: int, size: int) -> None:
    """Assert that a link leads to a page."""
    expected = keys_of(operation.rows(operation.page(number, size)))
    answer = operation.follow(url)
    expect(f"the rows of {url}", expected, keys_of(operation.target.records(answer)))


@behaviour("*.collections.odd_pages", invalid=True)
def test_every_list_takes_an_odd_page_alike(operation: OperationUnderTest) -> None:
    operation.require_rows(2)
    other = operation.another_list()
    need(other, "another list with pages and rows")
    assert other is not None
    smallest = operation.target.get(operation.path, params=operation.page(1, 1))
    need(len(operation.target.records(smallest.expect_status(200))) == 1, "a page of one row")
    for number, size in ((1, 0), (0, 1)):
        expected, seen = (
            operation.target.remember(
                ("odd page", each.path, number, size), partial(odd_page, each, number, size)
            )
            for each in (other, operation)
        )
        expect(f"page {number} of size {size}, as {other.path} has it", expected, seen)


@behaviour("*.collections.other_pages")
def test_other_parameters_ask_for_the_same_page(operation: OperationUnderTest) -> None:
    sample = operation.require_rows(2)
    listing, size = operation.declared.listing, a_third(len(sample.rows))
    expected = operation.rows(operation.page(2, size))
    query = {**operation.all_fields, **dict(zip(listing.other_pages, (2, size), strict=True))}
    seen = operation.rows(query)
    expect(f"the rows with {query_string(query)}", keys_of(expected), keys_of(seen))
    need(keys_of(seen) != keys_of(sample.rows[: len(seen)]), "a second page")
    name = operation.declared.listing.total
    if name is not None:
        expect("the total", operation.total(operation.page(2, size)), operation.total(query))


def odd_page(operation: OperationUnderTest, number: int, size: int) -> str:
    """Return the status of an odd page, and how many rows it has beside a page that is not odd."""
    answer = operation.target.get(operation.path, params=operation.page(number, size))
    if answer.status != 200:
        return str(answer.status)
    count = len(operation.target.records(answer))
    usual = {0: "no rows", 1: "a row", len(operation.rows()): "as many rows as unasked"}
    return f"200, {usual.get(count, 'another number of rows')}"


@behaviour("*.collections.default_size")
def test_a_page_has_its_default_size(operation: OperationUnderTest) -> None:
    size = operation.default_size or 0
    rows = operation.rows()
    total = operation.total()
    whole = total if total is not None else len(operation.sample().rows)
    need(whole > size, f"more than {size} rows in {operation.path}")
    expect("how many rows a page has", size, len(rows))
    if size > 1 and operation.declared.query(operation.declared.listing.size) is not None:
        smaller = operation.rows(operation.page(1, size - 1))
        expect("how many rows a smaller page has", size - 1, len(smaller))


@behaviour("*.collections.largest_size")
def test_a_page_has_its_largest_size(operation: OperationUnderTest) -> None:
    size = operation.largest_size or 0
    largest, larger = operation.page(1, size), operation.page(1, size + 1)
    rows = operation.rows(largest)
    need(rows, f"a row in {operation.path}")
    total = operation.total(largest)
    if total is not None:
        expect("how many rows the largest page has", min(size, total), len(rows))
    if operation.refuses_larger_pages and operation.target.rules.allow_invalid:
        operation.target.get(operation.path, params=larger).expect_status(400, 422)
        return
    need((total or len(rows)) > size, f"more than {size} rows in {operation.path}")
    if not operation.refuses_larger_pages:
        expect("how many rows a larger page has", size, len(operation.rows(larger)))
