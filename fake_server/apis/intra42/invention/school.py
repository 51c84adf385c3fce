"""The school of invented activity, read from the tables of users and projects."""

from sqlalchemy import select

from fake_server.api.invent import milliseconds
from fake_server.api.records import Tables
from fake_server.apis.intra42.invention.activity import School, spread_of
from fake_server.apis.intra42.resources import RESOURCES


def school_of(tables: Tables) -> School:
    """Return the school that the tables of a world hold."""
    users = RESOURCES["users"].table.c
    people = tables.rows(select(users.joined_at, users.id).order_by(users.joined_at, users.id))
    return School(
        tables.inputs.seed,
        milliseconds(tables.inputs.start),
        spread_of(tables.inputs),
        [user.id for user in people],
        [user.joined_at for user in people],
        tables.ids(RESOURCES["projects"].table),
    )
