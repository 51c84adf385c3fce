"""The order of the list."""

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
    AVAILABILITIES,
    Record,
    availability,
    dated,
    everything,
    lab,
    listed,
    moment,
    newest,
    starts,
    window,
)

TIED = [availability(id_, f"2026-05-0{id_ % 2 + 1}T08:00:00Z") for id_ in range(1, 41)]
IN_ORDER = [*range(39, 0, -2), *range(40, 0, -2)]


@behaviour("fabmanager.availabilities.order")
def test_newest_start_comes_first(fabmanager: Target) -> None:
    seen = [record for record in everything(fabmanager) if record["start_at"] is not None]
    need(len({record["start_at"] for record in seen}) > 1, "two times of start")
    expect_ordered("the list", seen, lambda record: moment(record["start_at"]), descending=True)
    # Pages that are all the same would be in order, too.
    first, second = (starts(listed(fabmanager, {"per_page": 9, "page": n})) for n in (1, 2))
    need(first != second, "two pages that are unlike each other")
    expect("the first starts", starts(everything(fabmanager))[:18], first + second)


@behaviour("fabmanager.availabilities.order", needs=("data",))
def test_the_order_goes_across_pages(fabmanager: Target) -> None:
    days = [3, 1, 4, 15, 9, 2, 6, 5, 8, 7]
    records = [availability(id_, f"2026-05-{day:02}T08:00:00Z") for id_, day in enumerate(days, 1)]
    with lab(fabmanager, *records) as own:
        paged_list = own.read_pages(AVAILABILITIES, {"per_page": 3})
        expect_ordered(
            "the list", paged_list.records, lambda record: record["start_at"], descending=True
        )
        expect("how many there are", len(days), len(paged_list))


@behaviour("fabmanager.availabilities.ties")
def test_equal_starts_are_in_order_of_id(fabmanager: Target) -> None:
    seen = dated(everything(fabmanager))
    need(
        len({record["start_at"] for record in seen}) < len(seen), "two that start at the same time"
    )
    expect_ordered(
        "the list", seen, lambda record: (moment(record["start_at"]), record["id"]), descending=True
    )
    params, within = window(fabmanager)
    size = -(-len(within) // 4)
    paged_list = fabmanager.read_pages(AVAILABILITIES, {**params, "per_page": size})
    need(len(paged_list.pages) > 1, "two pages")
    walked = [record["id"] for record in paged_list]
    expect("the numbers walked by", [record["id"] for record in within], walked)


@behaviour("fabmanager.availabilities.ties", live=True)
def test_equal_starts_stand_either_way(fabmanager: Target) -> None:
    seen = dated(everything(fabmanager))
    expect_ordered("the list", seen, lambda record: moment(record["start_at"]), descending=True)
    keys = [(moment(record["start_at"]), record["id"]) for record in seen]
    need(keys != sorted(keys, reverse=True), "two that start at the same time, out of order")


@behaviour("fabmanager.availabilities.ties", needs=("data",))
def test_walking_meets_each_once(fabmanager: Target) -> None:
    with lab(fabmanager, *TIED) as own:
        for size in (4, 7):
            paged_list = own.read_pages(AVAILABILITIES, {"per_page": size})
            expect("the numbers walked by", IN_ORDER, [record["id"] for record in paged_list])
            expect_distinct("the numbers walked by", [record["id"] for record in paged_list])


@behaviour("fabmanager.availabilities.ties", live=True, needs=("data",))
def test_walking_loses_and_repeats(fabmanager: Target) -> None:
    with lab(fabmanager, *TIED) as own:
        paged_list = own.read_pages(AVAILABILITIES, {"per_page": 4})
        expect("how many rows there are", len(TIED), len(paged_list))
        met = {record["id"] for record in paged_list}
        expect_that("the rows of a walk", len(met) < len(TIED), "some missed", f"{len(met)} met")
        expect("what one page lists", set(range(1, 41)), _ids_of_one_page(own))


@behaviour("fabmanager.collections.order", live=True)
def test_starts_alone_are_in_order(fabmanager: Target) -> None:
    seen = [record for record in everything(fabmanager) if record["start_at"] is not None]
    need(len(seen) > 1, "two availabilities")
    expect_ordered("the list", seen, lambda record: moment(record["start_at"]), descending=True)


@behaviour("fabmanager.collections.pages", live=True)
def test_pages_agree_but_for_ties(fabmanager: Target) -> None:
    whole = [record["start_at"] for record in newest(fabmanager)]
    need(len(whole) > 2, "three availabilities")
    size = -(-len(whole) // 3)
    for number in (1, 2, 3):
        seen = listed(fabmanager, {"page": number, "per_page": size})
        part = whole[(number - 1) * size : number * size]
        expect(
            f"the starts of page {number}",
            part,
            [record["start_at"] for record in seen][: len(part)],
        )


@behaviour("fabmanager.collections.combined_pages", live=True)
@behaviour("fabmanager.collections.combined_links", live=True)
def test_pages_of_a_type_agree_but_for_ties(fabmanager: Target) -> None:
    of_type = {"available_type": newest(fabmanager)[0]["available_type"]}
    whole = [record["start_at"] for record in listed(fabmanager, {**of_type, "per_page": 100})]
    need(len(whole) > 2, "three availabilities of a type")
    size = -(-len(whole) // 3)
    first = fabmanager.get(AVAILABILITIES, params={**of_type, "page": 1, "per_page": size})
    second = {**of_type, "page": 2, "per_page": size}
    for seen in (listed(fabmanager, second), fabmanager.records(follow_next(fabmanager, first))):
        starts = [record["start_at"] for record in seen]
        expect("the starts of page 2 of a type", whole[size : 2 * size], starts)
        expect(
            "the types of page 2",
            {*of_type.values()},
            {record["available_type"] for record in seen},
        )


@behaviour("fabmanager.collections.order", live=True, needs=("data",))
@behaviour("fabmanager.collections.pages", live=True, needs=("data",))
def test_rows_that_start_together_stand_anyhow(fabmanager: Target) -> None:
    with lab(fabmanager, *TIED) as own:
        whole = listed(own, {"per_page": 100})
        expect_ordered(
            "the list", whole, lambda record: moment(record["start_at"]), descending=True
        )
        pages = [listed(own, {"page": page, "per_page": 4}) for page in range(1, 11)]
        expect_elsewhere(pages, whole)


@behaviour("fabmanager.collections.combined_pages", live=True, needs=("data",))
@behaviour("fabmanager.collections.combined_links", live=True, needs=("data",))
def test_pages_of_a_type_lose_and_repeat(fabmanager: Target) -> None:
    others = [{**record, "id": record["id"] + 100, "available_type": "Space"} for record in TIED]
    with lab(fabmanager, *TIED, *others) as own:
        of_type = {"available_type": "Machine", "per_page": 4}
        walk = own.read_pages(AVAILABILITIES, of_type)
        pages = [listed(own, {**of_type, "page": page}) for page in range(1, 11)]
        expect("what the links lead to", pages, [own.records(page) for page in walk.pages])
        expect_elsewhere(pages, listed(own, {**of_type, "per_page": 100}))


def expect_elsewhere(pages: list[list[Record]], whole: list[Record]) -> None:
    """Assert that pages have the starts of a list of ties, but not each of its rows once."""
    rows = [row for page in pages for row in page]
    expect("the starts of the pages", starts(whole), starts(rows))
    known = {row["id"] for row in whole}
    met = {row["id"] for row in rows}
    expect("rows of other lists", set(), met - known)
    expect_that("the rows of the pages", met < known, "some missed", f"{len(met)} met")
    expect("how many rows one page lists", len(TIED), len(known))


def follow_next(target: Target, answer: Answer) -> Answer:
    """Return the answer to the link to the next page."""
    return target.follow(answer.expect_status(200).links["next"]).expect_status(200)


def _ids_of_one_page(target: Target) -> set[int]:
    return {record["id"] for record in listed(target, {"per_page": 100})}
