"""Campus users."""

from fake_server.contract import Target, behaviour, expect, expect_ordered, expect_that, need

from . import keys
from .campus_users import CAMPUS_USERS, some_campus_users
from .helpers import NOBODY, listed, page, school


@behaviour("intra42.campus_users.shape")
def test_a_campus_user_has_these_keys(intra42: Target) -> None:
    records = some_campus_users(intra42)
    for record in records:
        expect("the keys", keys.CAMPUS_USER, list(record))
    user_ids = [record["user_id"] for record in records if record["is_primary"]]
    expect("how many are primary", len(set(user_ids)), len(user_ids))


@behaviour("intra42.campus_users.order")
def test_the_latest_comes_first(intra42: Target) -> None:
    records = listed(intra42, CAMPUS_USERS, {"per_page": 100})
    need(len(records) > 1, "two campus users")
    expect_ordered(
        "created_at and id",
        records,
        lambda record: (record["created_at"], record["id"]),
        descending=True,
    )


@behaviour("intra42.campus_users.show")
def test_a_campus_user_is_shown_by_its_id(intra42: Target) -> None:
    for record in some_campus_users(intra42)[:3]:
        expect("the record", record, page(intra42, f"{CAMPUS_USERS}/{record['id']}").json)
    intra42.get(f"{CAMPUS_USERS}/{NOBODY}").expect_status(404)


@behaviour("intra42.campus_users.parents")
def test_campus_users_are_listed_under_their_user(intra42: Target) -> None:
    record = some_campus_users(intra42)[0]
    records = listed(intra42, f"/v2/users/{record['user_id']}/campus_users")
    expect_that("the records of the user", record in records, str(record), records)
    expect("the user", {record["user_id"]}, {link["user_id"] for link in records})


@behaviour("intra42.campus_users.parents", needs=("data",))
def test_each_campus_of_a_user(intra42: Target) -> None:
    with school(intra42) as own:
        records = listed(own, "/v2/users/cleo/campus_users", {"sort": "id"})
        primary = [(record["campus_id"], record["is_primary"]) for record in records]
        expect("the campus of cleo", [(1, True), (2, False)], primary)
