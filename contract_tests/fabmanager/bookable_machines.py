"""The machines that users may reserve."""

from typing import Any

from fake_server.contract import Target

from .helpers import Record
from .lists import BASE, numbers, rows, some

SOME_USERS = 5
"""How many users are asked for the machines that they may reserve."""


def bookable(target: Target, user: Record) -> list[Record]:
    """Return the machines that a user may reserve; asked for once in a run."""
    machines: list[Record] = target.remember(
        f"bookable for {user['id']}", lambda: rows_of_user(target, user)
    )
    return machines


def rows_of_user(target: Target, user: Record, **params: Any) -> list[Record]:
    """Return the machines that a user may reserve, asked for now."""
    query = {"user_id": user["id"], **params}
    answer = target.get(f"{BASE}/bookable_machines", params=query)
    listed: list[Record] = answer.expect_status(200).json["machines"]
    return listed


def deleted_machines(target: Target) -> list[int]:
    """Return the numbers of machines that users may reserve, but that are not listed."""
    listed = set(numbers(rows(target, "machines")))
    users = some(target, "users")[:SOME_USERS]
    return sorted({entry["id"] for user in users for entry in bookable(target, user)} - listed)
