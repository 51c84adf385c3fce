"""Users and the trainings that they completed."""

from typing import Any

from fake_server.contract import Target, behaviour, expect, expect_that

from .helpers import API, Record, answered, holding, keys_of, numbers
from .people import GROUP, USER_KEYS, user

_SPELLINGS = {
    "JEAN": "Jean",
    "anne-marie": "Anne Marie",
    "jean_luc": "Jean Luc",
    "McFLY": "Mcfly",
    "petit_id": "Petit",
    "d'artagnan": "D'artagnan",
    "Óscar": "Óscar",
}


def users(target: Target, params: Any = None) -> list[int]:
    """Return the ids of a list of users."""
    return numbers(answered(target, "users", params), "users")


@behaviour("fabmanager.users.keys", needs=("data",))
def test_keys_of_users(fabmanager: Target) -> None:
    with holding(fabmanager, groups=[GROUP], users=[user(1)]) as lab:
        body = answered(lab, "users")
    expect("the keys of a user", USER_KEYS, keys_of(body, "users"))
    expect("the group", GROUP, body["users"][0]["group"])


@behaviour("fabmanager.users.full_name", needs=("data",))
def test_full_names(fabmanager: Target) -> None:
    people = [user(1, first_name=name, last_name="BYRON") for name in _SPELLINGS]
    people = [{**person, "id": n, "invoicing_profile_id": n} for n, person in enumerate(people, 1)]
    with holding(fabmanager, groups=[GROUP], users=people) as lab:
        body = answered(lab, "users")
    seen = {person["first_name"]: person["full_name"] for person in body["users"]}
    expect("full names", {name: f"{full} Byron" for name, full in _SPELLINGS.items()}, seen)


@behaviour("fabmanager.users.pages", needs=("data",))
def test_pages_where_asked(fabmanager: Target) -> None:
    people = [user(number) for number in range(1, 26)]
    with holding(fabmanager, groups=[GROUP], users=people) as lab:
        expect("all users, newest first", list(range(25, 0, -1)), users(lab, {"per_page": 3}))
        plain = lab.get(f"{API}/users", params={"per_page": 3})
        for header in ("Total", "Per-Page", "Link"):
            plain.expect_header(header, None)
        expect("page 2 of 3", [22, 21, 20], users(lab, {"per_page": 3, "page": 2}))
        paged = lab.get(f"{API}/users", params={"page": 1})
        paged.expect_header("Total", "25").expect_header("Per-Page", "20")


@behaviour("fabmanager.users.email", needs=("data",))
def test_email(fabmanager: Target) -> None:
    people = [user(number) for number in (1, 2, 3)]
    with holding(fabmanager, groups=[GROUP], users=people) as lab:
        expect("the user", [2], users(lab, {"email": "user2@example.org"}))
        expect("in capitals", [2], users(lab, {"email": "USER2@Example.org"}))
        several = [("email[]", "user1@example.org"), ("email[]", "user3@example.org")]
        expect("both users", [3, 1], users(lab, several))
        expect("a part of it", [], users(lab, {"email": "user2"}))


@behaviour("fabmanager.users.user_id", needs=("data",))
def test_user_id(fabmanager: Target) -> None:
    people = [user(number) for number in (1, 2, 3)]
    with holding(fabmanager, groups=[GROUP], users=people) as lab:
        expect("the user", [2], users(lab, {"user_id": 2}))
        expect("both users", [3, 1], users(lab, {"user_id": "[1,3]"}))


@behaviour("fabmanager.users.user_id", live=True, needs=("data",))
def test_user_id_of_the_profile(fabmanager: Target) -> None:
    people = [user(number) for number in (1, 2, 3)]
    with holding(fabmanager, groups=[GROUP], users=people) as lab:
        expect("nobody", [], users(lab, {"user_id": 2}))
        expect("the user of the profile", [2], users(lab, {"user_id": 102}))


@behaviour("fabmanager.users.created_after", needs=("data",))
def test_created_after(fabmanager: Target) -> None:
    people = [user(number) for number in (1, 2, 3)]
    with holding(fabmanager, groups=[GROUP], users=people) as lab:
        bound = "2024-01-02T10:00:00Z"
        expect("from the time on", [3, 2], users(lab, {"created_after": bound}))


@behaviour("fabmanager.users.including_deleted_users", needs=("data",))
def test_deleted_users(fabmanager: Target) -> None:
    people = [user(1), user(2, deleted=True)]
    with holding(fabmanager, groups=[GROUP], users=people) as lab:
        expect("those with an account", [1], users(lab))
        expect("without the deleted", [1], users(lab, {"including_deleted_users": "false"}))
        expect("with the deleted", [102, 1], users(lab, {"including_deleted_users": "true"}))


@behaviour("fabmanager.users.including_deleted_users", live=True, needs=("data",))
def test_any_value_includes_deleted_users(fabmanager: Target) -> None:
    people = [user(1), user(2, deleted=True)]
    with holding(fabmanager, groups=[GROUP], users=people) as lab:
        for value in ("false", "0", "x"):
            seen = users(lab, {"including_deleted_users": value})
            expect(f"with {value}", [102, 1], seen)
        expect("with nothing", [1], users(lab, {"including_deleted_users": ""}))


@behaviour("fabmanager.users.deleted", needs=("data",))
def test_what_a_deleted_account_leaves(fabmanager: Target) -> None:
    people = [user(2, deleted=True, gender="woman")]
    with holding(fabmanager, groups=[GROUP], users=people) as lab:
        (left,) = answered(lab, "users", {"including_deleted_users": "true"})["users"]
    expect("its number", 102, left["id"])
    expect("its gender", "man", left["gender"])
    expect_that("the group", "group" not in left, "none", left)


@behaviour("fabmanager.user_trainings.list", needs=("data",))
def test_trainings_of_users(fabmanager: Target) -> None:
    completed: list[Record] = [
        {"id": 1, "user_id": 1, "training_id": 7, "created_at": "2024-02-01T10:00:00Z"},
        {"id": 2, "user_id": 2, "training_id": 8, "created_at": "2024-02-02T10:00:00Z"},
        {"id": 3, "user_id": None, "training_id": 8, "created_at": "2024-02-03T10:00:00Z"},
    ]
    trainings = [{"id": 7, "name": "Laser"}, {"id": 8, "name": "Wood"}]
    people = [user(1), user(2)]
    with holding(
        fabmanager, groups=[GROUP], users=people, trainings=trainings, user_trainings=completed
    ) as lab:
        body = answered(lab, "user_trainings")
        envelope = "user_trainings"
        expect("the newest first", [3, 2, 1], numbers(body, envelope))
        expect_that("the user", "user" not in body[envelope][0], "none", body[envelope][0])
        expect("the keys of the user", USER_KEYS, list(body[envelope][1]["user"]))
        expect("the training", "Wood", body[envelope][1]["training"]["name"])
        of_user = answered(lab, "user_trainings", {"user_id": 1})
        expect("those of a user", [1], numbers(of_user, envelope))
        of_training = answered(lab, "user_trainings", {"training_id": "[8]"})
        expect("those of a training", [3, 2], numbers(of_training, envelope))
