"""Users, of a dataset and of a target."""

from fake_server.contract import Target, need

from .helpers import Record, first_ones

USERS = "/v2/users"

MEMBERS: tuple[Record, ...] = (
    {"id": 1, "login": "ada", "campus_ids": [1], "cursus_ids": [21], "staff?": True},
    {"id": 2, "login": "bob", "campus_ids": [2], "cursus_ids": [9], "alumni?": True},
    {"id": 3, "login": "cleo", "campus_ids": [2, 1], "cursus_ids": [9, 21]},
)


def some_users(target: Target) -> list[Record]:
    """Return up to 100 users, the least ids first."""
    records = first_ones(target, USERS)
    need(len(records) > 1, "two users")
    return records
