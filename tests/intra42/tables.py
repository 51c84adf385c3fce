"""The tables of the 42 intra API, for tests that compare answers with the rows behind them."""

from sqlalchemy import Table

from fake_server.apis.intra42.resources import RESOURCES
from fake_server.apis.intra42.resources.users.memberships import campus_users

__all__ = [
    "campus",
    "campus_users",
    "cursus",
    "cursus_users",
    "locations",
    "of",
    "projects",
    "projects_users",
    "slots",
    "users",
]

campus = RESOURCES["campus"].table
cursus = RESOURCES["cursus"].table
projects = RESOURCES["projects"].table
users = RESOURCES["users"].table
cursus_users = RESOURCES["cursus_users"].table
slots = RESOURCES["slots"].table
projects_users = RESOURCES["projects_users"].table
locations = RESOURCES["locations"].table


def of(name: str) -> Table:
    """Return the table of a resource."""
    table: Table = RESOURCES[name].table
    return table
