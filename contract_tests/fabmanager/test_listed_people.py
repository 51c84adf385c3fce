"""Users and their trainings, as a service has them."""

import re

from fake_server.contract import Target, behaviour, expect, expect_that, need

from .helpers import Record, moment
from .lists import MANY, ask, expect_filter, expect_order, numbers, rows, some
from .people import USER_KEYS

_PAGED = {"page": 1, "per_page": MANY}
_PLAIN_NAME = re.compile(r"[^\W\d_]+(?:[ -][^\W\d_]+)*")


def _profiles(users: list[Record]) -> list[int]:
    """Return the numbers of the invoicing profiles of users, which deleted accounts keep."""
    return sorted(user["invoicing_profile_id"] for user in users)


def _deleted(target: Target) -> list[Record]:
    """Return the users whose account was deleted; they have no group."""

    def get() -> list[Record]:
        return rows(target, "users", {**_PAGED, "including_deleted_users": "true"})

    users: list[Record] = target.remember("some users and deleted ones", get)
    deleted = [user for user in users if "group" not in user]
    need(deleted, "a deleted account among the newest users")
    return deleted


@behaviour("fabmanager.users.keys")
def test_users_have_keys_in_order(fabmanager: Target) -> None:
    for user in some(fabmanager, "users"):
        expect(f"the keys of user {user['id']}", USER_KEYS, list(user))
        expect("the keys of the group", ["id", "name", "slug"], list(user["group"]))


@behaviour("fabmanager.users.full_name")
def test_full_names_of_users(fabmanager: Target) -> None:
    odd = 0
    for user in some(fabmanager, "users"):
        names = [user["first_name"] or "", user["last_name"] or ""]
        if all(map(_PLAIN_NAME.fullmatch, names)):
            words = [word.capitalize() for word in re.split("[ -]", " ".join(names))]
            odd += words != " ".join(names).split(" ")
            expect(f"the full name of user {user['id']}", " ".join(words), user["full_name"])
    need(odd, "a user with a hyphen, or with other capitals, in the name")


@behaviour("fabmanager.users.pages")
def test_users_have_pages_where_asked(fabmanager: Target) -> None:
    plain = ask(fabmanager, "users", {"per_page": 3})
    whole = plain.json["users"]
    need(len(whole) > 6, "seven users")
    expect_order(whole, "created_at", newest_first=True)
    for header in ("Total", "Per-Page", "Link"):
        plain.expect_header(header, None)
    expect("how many without a page", len(whole), len(rows(fabmanager, "users")))
    second = ask(fabmanager, "users", {"page": 2, "per_page": 3})
    second.expect_header("Total", str(len(whole))).expect_header("Per-Page", "3")
    times = [user["created_at"] for user in second.json["users"]]
    expect("the times of page 2 of 3", [user["created_at"] for user in whole[3:6]], times)
    ask(fabmanager, "users", {"page": 1}).expect_header("Per-Page", "20")


@behaviour("fabmanager.users.email")
def test_users_by_their_address(fabmanager: Target) -> None:
    first, *_, last = some(fabmanager, "users", 3)
    address = first["email"]
    for params, expected in (
        ({"email": address}, [first["id"]]),
        ({"email": address.upper()}, [first["id"]]),
        ({"email[]": [address, last["email"]]}, numbers([first, last])),
        ({"email": address[:-2]}, []),
    ):
        expect(f"those with {params}", expected, numbers(rows(fabmanager, "users", params)))


@behaviour("fabmanager.users.user_id")
def test_users_by_their_number(fabmanager: Target) -> None:
    others = _with_another_profile(fabmanager)
    for user in others[:3]:
        listed = rows(fabmanager, "users", {"user_id": user["id"]})
        expect(f"the users with user_id={user['id']}", [user["id"]], numbers(listed))
    first, *_, last = some(fabmanager, "users", 3)
    listed = rows(fabmanager, "users", {"user_id[]": [first["id"], last["id"]]})
    expect("both users", numbers([first, last]), numbers(listed))


@behaviour("fabmanager.users.user_id", live=True)
def test_users_by_the_number_of_their_profile(fabmanager: Target) -> None:
    for user in _with_another_profile(fabmanager)[:3]:
        number = user["invoicing_profile_id"]
        listed = rows(fabmanager, "users", {"user_id": number})
        expect(f"the users with user_id={number}", [user["id"]], numbers(listed))


def _with_another_profile(target: Target) -> list[Record]:
    others = [
        record for record in some(target, "users") if record["id"] != record["invoicing_profile_id"]
    ]
    need(others, "a user whose invoicing profile has another number")
    return others


@behaviour("fabmanager.users.created_after")
def test_users_who_signed_up_later(fabmanager: Target) -> None:
    users = some(fabmanager, "users", 3)
    bound = users[len(users) // 2]["created_at"]
    expected = [user for user in users if moment(user["created_at"]) >= moment(bound)]
    need(len(expected) < len(users), "users who signed up at different times")
    listed = rows(fabmanager, "users", {**_PAGED, "created_after": bound})
    expect(f"those after {bound}", _profiles(expected), _profiles(listed))


@behaviour("fabmanager.users.including_deleted_users")
def test_deleted_accounts_are_listed_where_asked(fabmanager: Target) -> None:
    _expect_accounts(fabmanager, with_deleted=["true"], without=["false", ""])


@behaviour("fabmanager.users.including_deleted_users", live=True)
def test_any_value_lists_deleted_accounts(fabmanager: Target) -> None:
    _expect_accounts(fabmanager, with_deleted=["true", "false", "0", "x"], without=[""])


def _expect_accounts(target: Target, *, with_deleted: list[str], without: list[str]) -> None:
    """Assert which values of `including_deleted_users` list deleted accounts."""
    expected = _profiles(_deleted(target))
    plain = _profiles(some(target, "users"))
    expect("deleted accounts among the users", set(), set(expected) & set(plain))
    for value in (*with_deleted, *without):
        listed = rows(target, "users", {**_PAGED, "including_deleted_users": value})
        deleted = [user for user in listed if "group" not in user]
        seen = expected if value in with_deleted else []
        expect(f"the deleted accounts with {value!r}", seen, _profiles(deleted))


@behaviour("fabmanager.users.deleted")
def test_deleted_accounts_keep_their_profile(fabmanager: Target) -> None:
    for user in _deleted(fabmanager):
        expect("the number", user["invoicing_profile_id"], user["id"])
        expect("the gender", "man", user["gender"])
        expect("the keys", [key for key in USER_KEYS if key != "group"], list(user))


@behaviour("fabmanager.user_trainings.list")
def test_completed_trainings_are_listed(fabmanager: Target) -> None:
    completed = some(fabmanager, "user_trainings")
    expect_order(completed, "created_at", newest_first=True)
    names = {training["id"]: training["name"] for training in rows(fabmanager, "trainings")}
    for completion in completed:
        known = completion["user_id"] is not None
        expect_that(
            "a user where the account is there",
            known == ("user" in completion),
            str(known),
            completion,
        )
        if known:
            expect("the user", completion["user_id"], completion["user"]["id"])
            expect("the keys of the user", USER_KEYS, list(completion["user"]))
        expect("the training", completion["training_id"], completion["training"]["id"])
        expect("its name", names.get(completion["training_id"]), completion["training"]["name"])
    expect_filter(fabmanager, "user_trainings", "user_id", "user_id")
    expect_filter(fabmanager, "user_trainings", "training_id", "training_id")
