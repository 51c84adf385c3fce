from zoneinfo import ZoneInfo

import pytest

from fake_server.errors import RecordError
from fake_server.rest.zones import RAILS_ZONES, UnknownZoneError, pinned_zone, zone


@pytest.mark.parametrize("name", RAILS_ZONES)
def test_every_rails_name_is_a_zone(name: str) -> None:
    assert zone(name) == ZoneInfo(RAILS_ZONES[name])


@pytest.mark.parametrize("name", ["Europe/Paris", "UTC", "Etc/GMT+12", "America/Godthab"])
def test_an_iana_name_is_its_own_zone(name: str) -> None:
    assert zone(name).key in {name, "Etc/UTC"}


@pytest.mark.parametrize(
    "name",
    [
        *["", "Europe", "../x", "/etc/passwd", "\0", "x" * 10_000, "europe/paris", "localtime"],
        *["\ud800", "right/Europe/Paris", "posix/UTC", "zone.tab", "leapseconds", "Paris ", "É"],
    ],
)
def test_any_other_text_is_an_unknown_zone(name: str) -> None:
    with pytest.raises(UnknownZoneError):
        zone(name)


def test_a_zone_is_made_once() -> None:
    assert zone("Paris") is zone("Europe/Paris")


def test_a_zone_of_a_dataset_that_does_not_exist_is_refused_where_it_stands() -> None:
    path = ("campus", "records", 0, "time_zone")
    assert pinned_zone(path, "Paris") is zone("Paris")
    with pytest.raises(RecordError, match="Pariss is not a time zone; meant Paris") as error:
        pinned_zone(path, "Pariss")
    assert error.value.path == path
