"""A world's records, as a test reads and changes them."""

from datetime import UTC, datetime

import pytest
import requests

from fake_server import FakeServer
from fake_server.errors import UserError
from fake_server.testing.world import FakeWorld


def test_records_in_a_test() -> None:
    with FakeServer(dataset="empty") as server, server.create_world(name="mine") as world:
        start = datetime(2026, 5, 1, 9, tzinfo=UTC)
        loaded = world.load(
            {
                "intra42": {"users": [{"login": "norminet"}], "slots": [{"begin_at": start}]},
                "xurrent": {"calendars": [{"name": "Office hours"}]},
            }
        )
        (user,) = loaded["intra42"]["users"]
        (slot,) = world.data.list("intra42", "slots", user_id=user["id"])
        assert slot["begin_at"] == "2026-05-01T09:00:00.000Z"
        assert world.data.counts()["xurrent"]["calendars"] == 1
        assert shown(world) == ["Office hours"]
        made = world.data.add("xurrent", "calendars", {"name": "Nights"})
        changed = world.data.change("xurrent", "calendars", made["id"], name="Late nights")
        assert world.data.get("xurrent", "calendars", made["id"]) == changed
        assert shown(world) == ["Late nights", "Office hours"]
        world.data.remove("xurrent", "calendars", made["id"])
        assert shown(world) == ["Office hours"]
        assert "name: Office hours" in world.export()


def shown(world: FakeWorld) -> list[str]:
    answer = requests.get(
        f"{world.xurrent.base_url}/calendars", headers=world.xurrent.headers, timeout=10
    )
    return [calendar["name"] for calendar in answer.json()]


def test_a_world_is_made_with_records() -> None:
    start = datetime(2026, 5, 1, 9, tzinfo=UTC)
    records = {"intra42": {"users": [{}], "slots": [{"begin_at": start}]}}
    with FakeServer(dataset="empty") as server, server.create_world(data=records) as world:
        world.data.remove("intra42", "slots", 1)
        assert world.data.counts()["intra42"]["slots"] == 0
        world.reset()
        assert world.data.counts()["intra42"]["slots"] == 1


def test_a_mistake_is_told_in_one_line() -> None:
    with FakeServer(dataset="empty") as server, server.create_world() as world:
        with pytest.raises(UserError) as refused:
            world.load({"intra42": {"users": [{"logn": "x"}]}})
        assert str(refused.value) == "intra42.users.0.logn: no such key; meant login?"
