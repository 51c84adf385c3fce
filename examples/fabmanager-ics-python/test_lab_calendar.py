from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar
from lab_calendar import Lab, calendar_of


@pytest.fixture
def lab(fake_world):
    return Lab(fake_world.fabmanager.base_url, dict(fake_world.fabmanager.headers))


def read_back(lab, after):
    calendar = Calendar.from_ical(calendar_of(lab, after).to_ical())
    return {str(entry["uid"]).partition("@")[0]: entry for entry in calendar.walk("VEVENT")}


def test_the_file_has_all_that_is_to_come(fake_world, lab):
    now = fake_world.clock.now()
    entries = read_back(lab, now)
    kinds = {uid.partition("-")[0] for uid in entries}
    assert kinds == {"availability", "event", "reservation"}
    assert all(entry["dtstart"].dt < entry["dtend"].dt for entry in entries.values())
    assert all(entry["dtend"].dt > now for uid, entry in entries.items() if uid[0] != "a")
    fake_world.requests.verify("fabmanager.list_reservations")


@pytest.mark.fake_world(dataset="empty")
def test_an_entry_says_when_and_what(fake_world, lab):
    start = datetime(2027, 3, 28, 0, 30, tzinfo=UTC)
    event = {
        "id": 7,
        "title": "Caffè, café; Übung",
        "description": "<p>Bread &amp; wine</p>",
        "start_at": start.isoformat(),
        "end_at": (start + timedelta(hours=3)).isoformat(),
    }
    fake_world.records.add("fabmanager", "events", event)
    (entry,) = read_back(lab, start).values()
    assert entry["summary"] == "Caffè, café; Übung"
    assert entry["description"] == "Bread & wine"
    # The clocks of the lab go forward in between.
    assert entry["dtstart"].dt == start
    assert entry["dtend"].dt - entry["dtstart"].dt == timedelta(hours=3)
