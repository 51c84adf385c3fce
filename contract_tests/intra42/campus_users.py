"""Campus users that a target has."""

from fake_server.contract import Target, need

from .helpers import Record, first_ones

CAMPUS_USERS = "/v2/campus_users"


def some_campus_users(target: Target) -> list[Record]:
    """Return up to 100 campus users, the least ids first."""
    records = first_ones(target, CAMPUS_USERS)
    need(len(records) > 1, "two campus users")
    return records
