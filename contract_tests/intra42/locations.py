"""Locations that a target has."""

from fake_server.contract import Target, need

from .helpers import Record, first_ones

LOCATIONS = "/v2/locations"


def some_locations(target: Target) -> list[Record]:
    """Return up to 100 locations, the least ids first."""
    records = first_ones(target, LOCATIONS)
    need(len(records) > 1, "two locations")
    return records
