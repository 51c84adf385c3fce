"""What invented activity is made from: who joined when, and which projects there are."""

from sqlalchemy import select

from fake_server.api.invent import milliseconds
from fake_server.api.records import Tables
from fake_server.apis.intra42.invention.activity import School, spread_of
from fake_server.apis.intra42.resources import RESOURCES


def school_of(tables: Tables) -> School:
    """Return the setting of an API's records, as they are."""
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
