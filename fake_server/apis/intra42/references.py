"""What the parts of a dataset say of each other, checked for what no schema can refuse."""

from collections.abc import Collection

from fake_server.apis.intra42.credentials import applications
from fake_server.rest.zones import UnknownZoneError, zone
from fake_server.world.errors import RecordError, expected_one_of
from fake_server.world.recipe import Section


def check_credentials(section: Section) -> None:
    """Raise `RecordError` for two applications of one id, and for a token of one not listed."""
    known = applications(section)
    place = ("credentials", "applications")
    for index, one in enumerate(known):
        if one.id in {other.id for other in known[:index]}:
            raise RecordError((*place, index, "id"), f"an earlier application has the id {one.id}")
    uids = [one.uid for one in known]
    for index, token in enumerate(section.get("credentials", {}).get("tokens", [])):
        uid = token["application"]
        if uid not in uids:
            raise RecordError(
                ("credentials", "tokens", index, "application"),
                f"{uid!r} is the uid of no application in this dataset;"
                f" {expected_one_of(uid, uids)}",
            )


def check_time_zones(section: Section) -> None:
    """Raise `RecordError` for a campus in a time zone that does not exist."""
    for index, record in enumerate(section.get("campus", {}).get("records", [])):
        try:
            zone(record.get("time_zone", "UTC"))
        except UnknownZoneError as error:
            place = ("campus", "records", index, "time_zone")
            raise RecordError(place, error.told()) from None


def check_projects(section: Section, projects: Collection[int], cursus: Collection[int]) -> None:
    """Raise `RecordError` for a project of a parent or cursus that is not in the dataset."""
    for index, record in enumerate(section.get("projects", {}).get("records", [])):
        place = ("projects", "records", index)
        parent = record.get("parent_id")
        if parent is not None and (parent not in projects or parent == record["id"]):
            raise RecordError((*place, "parent_id"), f"there is no other project {parent}")
        for number in record.get("cursus_ids", ()):
            if number not in cursus:
                raise RecordError((*place, "cursus_ids"), f"there is no cursus {number}")
