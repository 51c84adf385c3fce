"""The settings of the API in a dataset."""

from fake_server.api.records import Section
from fake_server.api.serve import pinned_zone
from fake_server.apis.fabmanager.moments import DEFAULT_ZONE


def check_section(section: Section) -> None:
    """Raise `RecordError` for a time zone that does not exist."""
    pinned_zone(("time_zone",), section.get("time_zone", DEFAULT_ZONE))
