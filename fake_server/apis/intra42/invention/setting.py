"""What invented activity is made from: who joined when, and which projects there are."""

from fake_server.api.invent import milliseconds
from fake_server.api.records import Tables
from fake_server.apis.intra42.invention.activity import Setting, spread_of
from fake_server.apis.intra42.resources import RESOURCES, users


def setting_of(tables: Tables) -> Setting:
    """Return the setting of an API's records, as they are."""
    people = users.joined(tables)
    return Setting(
        tables.brief.seed,
        milliseconds(tables.brief.start),
        spread_of(tables.brief),
        [user for _, user in people],
        [joined for joined, _ in people],
        tables.ids(RESOURCES["projects"].table),
    )
