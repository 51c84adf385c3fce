"""Fields, order and pages of collections."""

from typing import Any

from fake_server.contract import (
    Answer,
    Target,
    behaviour,
    expect,
    expect_distinct,
    expect_ordered,
    expect_that,
    need,
)

from .helpers import (
    CALENDAR,
    CALENDARS,
    HOLIDAYS,
    NOBODY,
    Record,
    account,
    bare,
    calendars,
    create,
    expect_sorted_by_two,
    ids,
    linked,
    listed,
    longest,
    order,
    page,
    retire,
    some,
    sort_key,
)

PAGINATION = ("Per-Page", "Current-Page", "Total-Pages", "Total-Entries")
SORTABLE = ("id", "sourceID", "name", "created_at", "updated_at")


def without_fields(params: dict[str, str]) -> dict[str, str]:
    """Return parameters less what they say of fields."""
    return {key: value for key, value in params.items() if key != "fields"}


@behaviour("xurrent.fields.asked")
def test_the_fields_asked_for_and_the_id(xurrent: Target) -> None:
    records = [record for record in calendars(xurrent) if not record["disabled"]]
    need(records, "an enabled calendar")
    first = records[0]
    for names in (("name",), ("source", "updated_at"), ("disabled",), ("id",), tuple(CALENDAR)):
        params = {"fields": ",".join(names), "id": first["id"]}
        expected = {key: value for key, value in first.items() if key in {"id", *names}}
        (seen,) = listed(xurrent, params=params)
        expect(f"the calendar with {params['fields']}", expected, bare(seen))


@behaviour("xurrent.fields.asked")
def test_the_fields_asked_for_of_holidays(xurrent: Target) -> None:
    records = listed(xurrent, HOLIDAYS, {"fields": "start_at,name", "per_page": 5})
    need(records, "a holiday")
    for record in records:
        expect("the fields", {"id", "name", "start_at"}, set(bare(record)))


@behaviour("xurrent.sort.fields")
def test_every_sortable_field_sorts(xurrent: Target) -> None:
    params, records = some(xurrent)
    need(len(records) > 2, "three calendars")
    for field in SORTABLE:
        for sign in ("", "-"):
            seen = listed(xurrent, params={**params, "sort": f"{sign}{field}"})
            expect("the calendars", ids(records), ids(seen))
            what = f"the calendars by {sign}{field}"
            expect_ordered(what, seen, sort_key(field), descending=bool(sign))
    fields = ("name", *SORTABLE)
    orders = {tuple(order(listed(xurrent, params={**params, "sort": field}))) for field in fields}
    if len({record["created_at"] for record in records}) == len(records):
        expect_that("the orders", len(orders) > 1, "unlike ones", orders)


@behaviour("xurrent.sort.fields")
def test_a_second_field_sorts_too(xurrent: Target) -> None:
    expect_sorted_by_two(xurrent, CALENDARS)


@behaviour("xurrent.sort.fields", needs=("writes",))
def test_a_second_field_sorts_what_is_tied(xurrent: Target) -> None:
    source_id = xurrent.name("source")
    names = [f"{letter} {xurrent.name('sort')}" for letter in "BDAC"]
    records = [create(xurrent, name=name, sourceID=source_id) for name in names]
    these = {"id": ",".join(str(record["id"]) for record in records)}
    numbers = [record["id"] for record in records]
    for sort, places in (
        ("sourceID,name", (2, 0, 3, 1)),
        ("sourceID,-name", (1, 3, 0, 2)),
        ("-sourceID,-name", (1, 3, 0, 2)),
        ("sourceID,-id", (3, 2, 1, 0)),
        ("-sourceID", (0, 1, 2, 3)),
    ):
        expected = [numbers[index] for index in places]
        seen = listed(xurrent, params={**these, "sort": sort})
        expect(f"the order by {sort}", expected, order(seen))
        pages = [
            number
            for page_number in (1, 2)
            for number in order(
                listed(xurrent, params={**these, "sort": sort, "per_page": 3, "page": page_number})
            )
        ]
        expect(f"the order of two pages by {sort}", expected, pages)
    retire(xurrent, *records)


TIED: tuple[Record, ...] = tuple(
    {"id": id_, "name": name, "sourceID": source_id, "created_at": f"202{year}-01-01T00:00:00Z"}
    for id_, name, source_id, year in (
        (4, "b", "x", 1),
        (2, "d", "y", 1),
        (9, "a", "x", 0),
        (1, "c", "y", 2),
        (7, "e", "x", 1),
    )
)


@behaviour("xurrent.sort.fields", needs=("data",))
def test_several_fields_sort_and_ties_are_by_id(xurrent: Target) -> None:
    with account(xurrent, *TIED) as own:
        for sort, expected in (
            ("created_at", [9, 2, 4, 7, 1]),
            ("-created_at", [1, 2, 4, 7, 9]),
            ("sourceID", [4, 7, 9, 1, 2]),
            ("sourceID,name", [9, 4, 7, 1, 2]),
            ("sourceID,-name", [7, 4, 9, 2, 1]),
            ("-sourceID,created_at,name", [2, 1, 9, 4, 7]),
            ("created_at,-id", [9, 7, 4, 2, 1]),
        ):
            expect(f"the order by {sort}", expected, order(listed(own, params={"sort": sort})))


def numbers(answer: Answer) -> list[int]:
    """Return the headers of a page: its size, its number, the last one, the total."""
    return [answer.whole_number(f"X-Pagination-{name}") for name in PAGINATION]


@behaviour("xurrent.pages.headers")
def test_the_numbers_of_pages(xurrent: Target) -> None:
    path, records = longest(xurrent)
    need(len(records) > 5, "six calendars or holidays")
    params = without_fields(some(xurrent, path)[0])
    expect_partial_page(xurrent, path, params, records)
    for size in (2, 3, len(records)):
        pages = -(-len(records) // size)
        answer = page(xurrent, path, {**params, "per_page": size})
        expect("the numbers", [size, 1, pages, len(records)], numbers(answer))
        expect("how many are on it", size, len(xurrent.records(answer)))
    answer = page(xurrent, path, {**params, "per_page": 2, "page": 3})
    expect("the numbers", [2, 3, -(-len(records) // 2), len(records)], numbers(answer))
    paged_list = xurrent.read_pages(path, {**params, "per_page": -(-len(records) // 4)})
    expect("what a walk meets", ids(records), ids(paged_list.records))
    places = [answer.whole_number("X-Pagination-Current-Page") for answer in paged_list.pages]
    expect("the numbers of its pages", list(range(1, len(places) + 1)), places)
    totals = {xurrent.total(answer) for answer in paged_list.pages}
    expect("the totals of its pages", {len(records)}, totals)


def expect_partial_page(
    target: Target, path: str, params: dict[str, Any], records: list[Record]
) -> None:
    """Assert the numbers of the last page, which has fewer records than the size says."""
    size = len(records) // 2 + 1
    sized: dict[str, Any] = {**params, "per_page": size}
    cursor = cursors(page(target, path, sized))[1]
    for chosen in ({"page": 2}, {"search_after": cursor}):
        answer = page(target, path, {**sized, **chosen})
        expect("how many are on the last page", len(records) - size, len(target.records(answer)))
        expect("the numbers", [size, 2, 2, len(records)], numbers(answer))


@behaviour("xurrent.pages.headers")
def test_other_answers_have_no_numbers(xurrent: Target) -> None:
    need(calendars(xurrent), "a calendar")
    number = calendars(xurrent)[0]["id"]
    span = "start=2020-01-01T00:00:00Z&end=2020-01-02T00:00:00Z"
    for path in (f"/{number}", f"/{number}/duration?{span}", f"/{NOBODY}"):
        answer = xurrent.get(f"{CALENDARS}{path}")
        seen = [name for name, _ in answer.headers if name.lower().startswith("x-pagination")]
        expect(f"the headers of {CALENDARS}{path}", [], seen)


@behaviour("xurrent.pages.headers")
def test_the_numbers_of_nothing(xurrent: Target) -> None:
    answer = page(xurrent, params={"name": xurrent.name("nobody")})
    expect("the numbers", [20, 1, 0, 0], numbers(answer))
    expect("the body", "[]", answer.text)


@behaviour("xurrent.pages.size")
def test_pages_of_20(xurrent: Target) -> None:
    for path in (CALENDARS, HOLIDAYS):
        answer = page(xurrent, path)
        answer.expect_header("X-Pagination-Per-Page", "20")
        expected = min(20, xurrent.total(answer))
        expect(f"how many are on a page of {path}", expected, len(xurrent.records(answer)))
    need(len(longest(xurrent)[1]) > 20, "21 calendars or holidays")


@behaviour("xurrent.pages.size", needs=("data",))
def test_pages_of_100(xurrent: Target) -> None:
    records: list[Record] = [{"id": id_, "name": f"Desk {id_:03}"} for id_ in range(1, 122)]
    with account(xurrent, *records) as own:
        for size, expected in ((None, 20), (100, 100), (99, 99)):
            seen = order(listed(own, params={"per_page": size} if size else None))
            expect(f"a page of {size}", list(range(1, expected + 1)), seen)
        rest = order(listed(own, params={"per_page": 100, "page": 2}))
        expect("the second page", list(range(101, 122)), rest)


@behaviour("xurrent.pages.number")
def test_pages_by_number(xurrent: Target) -> None:
    path, records = longest(xurrent)
    need(len(records) > 4, "five calendars or holidays")
    params = without_fields(some(xurrent, path)[0])
    whole = order(listed(xurrent, path, params))
    for number in (1, 2, -(-len(records) // 3)):
        seen = order(listed(xurrent, path, {**params, "per_page": 3, "page": number}))
        expect(f"page {number}", whole[3 * number - 3 : 3 * number], seen)
    beyond = page(xurrent, path, {**params, "per_page": 3, "page": len(records)})
    expect("a page beyond the last", [], beyond.json)
    expect("the total there", len(records), xurrent.total(beyond))


def cursors(answer: Answer) -> tuple[str | None, str | None]:
    """Return the cursors of a page's first and last record."""
    names = ("X-Pagination-Start-Cursor", "X-Pagination-End-Cursor")
    first, last = (answer.headers.get(name) for name in names)
    return first, last


@behaviour("xurrent.pages.cursors")
def test_cursors_lead_forwards_and_backwards(xurrent: Target) -> None:
    path, records = longest(xurrent)
    need(len(records) > 5, "six calendars or holidays")
    for sort in ("name", "-created_at,-id"):
        params = {**without_fields(some(xurrent, path)[0]), "sort": sort}
        whole = order(listed(xurrent, path, params))
        sized: dict[str, Any] = {**params, "per_page": 2}
        answers = [page(xurrent, path, sized)]
        for _ in range(2):
            end = cursors(answers[-1])[1]
            expect_that("the end cursor", end, "one", end)
            answers.append(page(xurrent, path, {**sized, "search_after": end}))
        for index, answer in enumerate(answers):
            seen = order(xurrent.records(answer))
            expect(f"page {index + 1} by {sort}", whole[2 * index : 2 * index + 2], seen)
            expect("the total", len(records), xurrent.total(answer))
        for index in (1, 0):
            start = cursors(answers[index + 1])[0]
            expect_that("the start cursor", start, "one", start)
            back = page(xurrent, path, {**sized, "search_before": start})
            expect(f"back to page {index + 1} by {sort}", answers[index].json, back.json)


@behaviour("xurrent.pages.cursors")
def test_an_empty_page_has_no_cursors(xurrent: Target) -> None:
    need(calendars(xurrent), "a calendar")
    expect_that("the cursors", all(cursors(page(xurrent))), "two", cursors(page(xurrent)))
    answer = page(xurrent, params={"name": xurrent.name("nobody")})
    expect("the cursors of an empty page", (None, None), cursors(answer))


@behaviour("xurrent.pages.stable", needs=("writes",))
def test_a_walk_is_not_disturbed(xurrent: Target) -> None:
    records = [create(xurrent, name=f"{letter} {xurrent.name('walk')}") for letter in "BCDEF"]
    params = {"id": f">={records[0]['id']}", "sort": "name", "per_page": 2}
    answer = page(xurrent, params=params)
    met = order(xurrent.records(answer))
    records.append(create(xurrent, name=f"A {xurrent.name('walk')}"))
    renamed = {"name": f"Z {xurrent.name('walk')}"}
    xurrent.patch(f"{CALENDARS}/{records[4]['id']}", json=renamed).expect_status(200)
    answer = page(
        xurrent,
        params={**params, "search_after": cursors(answer)[1] or ""},
    )
    met += order(xurrent.records(answer))
    first = {"name": f"A first {xurrent.name('walk')}"}
    xurrent.patch(f"{CALENDARS}/{records[1]['id']}", json=first).expect_status(200)
    link = answer.links.get("next", "")
    expect_that("the next link", link, "one", link)
    met += order(xurrent.records(xurrent.follow(link).expect_status(200)))
    retire(xurrent, *records)
    expect_distinct("the calendars met", met)
    expect("the calendars met", [record["id"] for record in records[:5]], met)


@behaviour("xurrent.pages.reserved")
def test_what_links_carry_is_ignored(xurrent: Target) -> None:
    need(calendars(xurrent), "a calendar")
    for path in (CALENDARS, HOLIDAYS):
        expected = page(xurrent, path).json
        need(page(xurrent, path, {"per_page": 1}).json != expected, "a parameter that counts")
        for name, value in (("predefined_filter", "disabled"), ("parent_scope_id", NOBODY)):
            answer = page(xurrent, path, {name: value})
            expect(f"the list with {name}", expected, answer.json)


@behaviour("xurrent.pages.nested")
def test_nested_collections_have_page_numbers(xurrent: Target) -> None:
    for record in calendars(xurrent)[:8]:
        if len(record["calendar_hours"]) > 2:
            check_nested(xurrent, record["id"], "calendar_hours")
            break
    else:
        need(False, "a calendar with three hours among the first eight")


@behaviour("xurrent.pages.nested")
def test_nested_holidays_have_page_numbers(xurrent: Target) -> None:
    for record in calendars(xurrent)[:8]:
        if len(linked(xurrent, record["id"])) > 2:
            check_nested(xurrent, record["id"], "holidays")
            break
    else:
        need(False, "a calendar with three holidays among the first eight")


def check_nested(target: Target, number: int, name: str) -> None:
    """Assert what the pages of a collection within a calendar are like."""
    path = f"{CALENDARS}/{number}/{name}"
    order_of_ids = order(listed(target, path, {"per_page": 100}))
    answer = page(target, path, {"per_page": 2})
    expect("the cursors", (None, None), cursors(answer))
    url = f"{target.base_url}{path}?parent_scope_id={number}&per_page=2&search_"
    expect("the links", [("next", f"{url}after=2")], list(answer.links.items()))
    following = target.follow(answer.links["next"]).expect_status(200)
    expect("the second page", order_of_ids[2:4], order(target.records(following)))
    expect("the link back", f"{url}before=1", following.links.get("prev"))
    back = target.follow(following.links["prev"]).expect_status(200)
    expect("the first page", order_of_ids[:2], order(target.records(back)))
    expect("its number", 2, following.whole_number("X-Pagination-Current-Page"))
