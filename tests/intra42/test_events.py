"""Events and who takes part, as they are invented and changed."""

from collections import Counter

import pytest

from fake_server.world.records.data import remove
from tests.intra42 import tables
from tests.intra42.conftest import Intra


@pytest.mark.behaviour("intra42.events.shape", "intra42.events_users.shape")
def test_who_takes_part_studies_there(demo: Intra) -> None:
    campus = {(row.user_id, row.campus_id) for row in demo.rows(tables.campus_users)}
    events = {row.id: row for row in demo.rows(tables.of("events"))}
    rows = demo.rows(tables.of("events_users"))
    assert len(rows) > 100
    assert len({(row.event_id, row.user_id) for row in rows}) == len(rows)
    for row in rows:
        event = events[row.event_id]
        assert any((row.user_id, number) in campus for number in event.campus_ids)
        assert event.created_at <= row.created_at < event.begin_at
    counts = Counter(row.event_id for row in rows)
    for item in demo.json("/v2/events?per_page=100"):
        assert item["nbr_subscribers"] == counts[item["id"]] <= item["max_people"]


@pytest.mark.behaviour("intra42.events.future", "intra42.events.parents")
def test_future_events(demo: Intra) -> None:
    later = demo.json("/v2/events?filter[future]=true")
    assert later
    assert all(event["begin_at"] > "2026-11-27T12:00:00" for event in later)


@pytest.mark.behaviour("intra42.events_users.parents")
def test_an_event_loses_its_campus_and_goes_with_who_takes_part(demo: Intra) -> None:
    event = demo.json("/v2/events?per_page=1")[0]
    campus = event["campus_ids"][0]
    remove(demo.world, "intra42", "campus", str(campus))
    assert demo.json(f"/v2/events/{event['id']}")["campus_ids"] == []
    remove(demo.world, "intra42", "events", str(event["id"]))
    assert demo.ids(f"/v2/events_users?filter[event_id]={event['id']}") == []
