"""Cursus users."""

from typing import Any

from fake_server.contract import Target, behaviour, expect, expect_ordered, expect_that, need

from . import keys
from .helpers import NOBODY, Record, first_ones, graph, ids, listed, page, school

CURSUS_USERS = "/v2/cursus_users"
NOW = "2026-05-03T12:00:00.000Z"


def studying(number: int, user_id: int, cursus_id: int, begin: str, **more: Any) -> Record:
    """Return a cursus user for a dataset: without an end or a black hole."""
    record = {"id": number, "user_id": user_id, "cursus_id": cursus_id, "begin_at": begin}
    return {**record, "end_at": None, "blackholed_at": None, **more}


STUDIES = (
    studying(1, 1, 21, "2026-01-05T08:00:00Z", level=4.93, blackholed_at="2026-09-01T08:00:00Z"),
    studying(2, 2, 9, "2026-02-02T08:00:00Z", level=2, end_at="2026-02-28T08:00:00Z"),
    studying(3, 3, 9, "2026-04-20T08:00:00Z", level=5.5, end_at="2026-05-16T08:00:00Z"),
    studying(4, 3, 21, "2026-06-08T08:00:00Z", level=0),
    studying(5, 4, 77, "2026-01-05T20:00:00Z", level=10.25),
)
CREATED = {"created_at": "2025-12-01T08:00:00Z", "updated_at": "2025-12-01T08:00:00Z"}


def some_studies(target: Target) -> list[Record]:
    """Return up to 100 cursus users, the least ids first."""
    records = first_ones(target, CURSUS_USERS)
    need(len(records) > 1, "two cursus users")
    return records


def studies(*records: Record) -> dict[str, Any]:
    """Return the section of the cursus users of a dataset."""
    return {"records": [{**record, **CREATED} for record in records or STUDIES]}


@behaviour("intra42.cursus_users.shape")
def test_a_cursus_user_has_these_keys(intra42: Target) -> None:
    for record in some_studies(intra42):
        expect("the keys", keys.CURSUS_USER, list(record))
        expect("the keys of the user", keys.USER, list(record["user"]))
        expect("the keys of the cursus", keys.CURSUS, list(record["cursus"]))
        expect("the cursus", record["cursus_id"], record["cursus"]["id"])
        expect("the type of level", float, type(record["level"]))


@behaviour("intra42.cursus_users.order")
def test_the_latest_comes_first(intra42: Target) -> None:
    records = listed(intra42, CURSUS_USERS, {"per_page": 100})
    need(len(records) > 1, "two cursus users")
    expect_ordered(
        "created_at and id",
        records,
        lambda record: (record["created_at"], record["id"]),
        descending=True,
    )
    for record in records[:2]:
        expect("the record", record, page(intra42, f"{CURSUS_USERS}/{record['id']}").json)
    intra42.get(f"{CURSUS_USERS}/{NOBODY}").expect_status(404)


@behaviour("intra42.cursus_users.order", needs=("data",))
def test_of_one_time_the_last_id_comes_first(intra42: Target) -> None:
    with school(intra42, cursus_users=studies()) as own:
        expect("the ids", [5, 4, 3, 2, 1], ids(listed(own, CURSUS_USERS)))


@behaviour("intra42.cursus_users.parents")
def test_cursus_users_are_listed_under_user_and_cursus(intra42: Target) -> None:
    record = some_studies(intra42)[0]
    params = {"filter[id]": record["id"]}
    for path in (
        f"/v2/users/{record['user']['login']}",
        f"/v2/users/{record['user']['id']}",
        f"/v2/cursus/{record['cursus_id']}",
        f"/v2/cursus/{record['cursus']['slug']}",
    ):
        expect(f"those of {path}", [record], listed(intra42, f"{path}/cursus_users", params))


@behaviour("intra42.cursus_users.parents", needs=("data",))
def test_the_cursus_of_a_user_in_two(intra42: Target) -> None:
    with school(intra42, cursus_users=studies()) as own:
        expect("those of cleo", [4, 3], ids(listed(own, "/v2/users/cleo/cursus_users")))
        expect("those of a cursus", [3, 2], ids(listed(own, "/v2/cursus/9/cursus_users")))


def _expect_kept(target: Target, expected: dict[str, list[int]], **sections: Any) -> None:
    """Check which of the pinned records some parameters keep, by `name=value`."""
    with school(target, at=NOW, cursus_users=studies(), **sections) as own:
        for text, kept in expected.items():
            name, _, value = text.partition("=")
            params = {name: value, "sort": "id"}
            expect(f"those of {text}", kept, ids(listed(own, CURSUS_USERS, params)))


@behaviour("intra42.cursus_users.active", needs=("data", "clock"))
def test_active_studies(intra42: Target) -> None:
    expected = {"true": [1, 3, 5], "false": [2, 4], "true,false": [1, 2, 3, 4, 5]}
    _expect_kept(intra42, {f"filter[active]={text}": kept for text, kept in expected.items()})


@behaviour("intra42.cursus_users.campus", needs=("data",))
def test_studies_at_a_primary_campus(intra42: Target) -> None:
    expected = {"1": [1, 3, 4], "2": [2], "2,74": [2, 5], "5": []}
    _expect_kept(intra42, {f"filter[campus_id]={text}": kept for text, kept in expected.items()})


@behaviour("intra42.cursus_users.end", needs=("data",))
def test_studies_with_an_end(intra42: Target) -> None:
    _expect_kept(intra42, {"filter[end]=true": [2, 3], "filter[end]=false": [1, 4, 5]})


@behaviour("intra42.cursus_users.future", needs=("data", "clock"))
def test_studies_that_begin_later(intra42: Target) -> None:
    _expect_kept(intra42, {"filter[future]=true": [4], "filter[future]=false": [1, 2, 3, 5]})


@behaviour("intra42.cursus_users.blackholed", needs=("data",))
def test_studies_with_a_black_hole(intra42: Target) -> None:
    expected = {"filter[blackholed]=true": [1], "filter[blackholed]=false": [2, 3, 4, 5]}
    _expect_kept(intra42, expected)


@behaviour("intra42.cursus_users.level", needs=("data",))
def test_levels_have_fractions(intra42: Target) -> None:
    expected = {
        "range[level]=4.93,10": [1, 3],
        "range[level]=5,": [3, 5],
        "range[level]=,2": [2, 4],
        "filter[level]=4.93,2": [1, 2],
    }
    _expect_kept(intra42, expected)
    with school(intra42, cursus_users=studies()) as own:
        levels = [record["level"] for record in listed(own, CURSUS_USERS, {"sort": "level"})]
        expect("the levels", [0.0, 2.0, 4.93, 5.5, 10.25], levels)
        expect("their types", {float}, {type(level) for level in levels})
        own.get(CURSUS_USERS, params={"range[level]": "high,low"}).expect_status(422)


@behaviour("intra42.cursus_users.graph")
def test_cursus_users_are_graphed_on_created_at(intra42: Target) -> None:
    some_studies(intra42)
    default = graph(intra42, CURSUS_USERS)
    expect("the default", graph(intra42, CURSUS_USERS, "on/created_at"), default)
    for field in ("updated_at", "begin_at", "end_at"):
        days = graph(intra42, CURSUS_USERS, f"on/{field}/by/day")
        expect_that(f"the records by {field}", sum(days.values()) > 0, "> 0", days)


@behaviour("intra42.cursus_users.graph", needs=("data", "clock"))
def test_cursus_users_are_counted_by_day(intra42: Target) -> None:
    with school(intra42, at=NOW, cursus_users=studies()) as own:
        days = graph(own, CURSUS_USERS, "on/begin_at/by/day")
        counts = {day: count for day, count in days.items() if count}
        begun = {"2026-01-05": 2, "2026-02-02": 1, "2026-04-20": 1, "2026-06-08": 1}
        expect("the days", begun, counts)
