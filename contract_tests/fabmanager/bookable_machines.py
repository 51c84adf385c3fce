"""The machines that users may reserve."""

from fake_server.contract import Target

from .helpers import Record
from .lists import BASE, numbers, rows, some

SOME_USERS = 5
"""How many users are asked for the machines that they may reserve."""


def bookable(target: Target, user: Record) -> list[Record]:
    """Return the machines that a user may reserve; asked for once in a run."""
    number = user["id"]

    def get() -> list[Record]:
        answer = target.get(f"{BASE}/bookable_machines", params={"user_id": number})
        listed: list[Record] = answer.expect_status(200).json["machines"]
        return listed

    machines: list[Record] = target.remember(f"bookable for {number}", get)
    return machines


def deleted_machines(target: Target) -> list[int]:
    """Return the numbers of machines that users may reserve, but that are not listed."""
    listed = set(numbers(rows(target, "machines")))
    users = some(target, "users")[:SOME_USERS]
    return sorted({entry["id"] for user in users for entry in bookable(target, user)} - listed)
