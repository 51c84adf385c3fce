"""Locations as they are invented, pinned and changed."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

import pytest

from fake_server.errors import DataError, UserError
from fake_server.world.records.data import add, change, get, remove
from tests.intra42 import tables
from tests.intra42.conftest import Intra
from tests.support.client import CheckedClient


def _overlapping(rows: list[Any]) -> Iterator[tuple[Any, Any]]:
    for first, second in combinations(rows, 2):
        if first.begin_at < (second.end_at or 2**62) and second.begin_at < (first.end_at or 2**62):
            yield first, second


def test_nobody_sits_at_two_computers_and_no_two_people_at_get(demo: Intra) -> None:
    rows = demo.rows(tables.locations)
    assert len(rows) > 1000
    by_user, by_host = defaultdict(list), defaultdict(list)
    for row in rows:
        by_user[row.user_id].append(row)
        by_host[row.campus_id, row.host].append(row)
    for group in (*by_user.values(), *by_host.values()):
        assert list(_overlapping(group)) == []


def test_a_location_is_at_a_campus_of_its_user_and_after_the_user_joined(demo: Intra) -> None:
    campus = {(row.user_id, row.campus_id) for row in demo.rows(tables.campus_users)}
    joined = {row.id: row.joined_at for row in demo.rows(tables.users)}
    for row in demo.rows(tables.locations):
        assert (row.user_id, row.campus_id) in campus
        assert row.begin_at > joined[row.user_id]


def test_who_sits_there_is_shown_there(demo: Intra) -> None:
    sitting = demo.json("/v2/locations?filter[active]=true&per_page=100")
    assert len(sitting) > 10
    for location in sitting:
        assert location["user"]["location"] == location["host"]


def test_a_nested_graph_is_not_served(demo: Intra) -> None:
    response = demo.get("/v2/users/1/locations/graph")
    assert response.status_code == 404
    assert "X-Fake-Not-Served" in response.headers


@pytest.mark.behaviour("intra42.locations.show", "intra42.locations.shape")
def test_a_location_is_shown_as_it_is_listed(demo: Intra) -> None:
    for location in demo.json("/v2/locations?per_page=3"):
        assert demo.json(f"/v2/locations/{location['id']}") == location
    assert list(location) == ["end_at", "id", "begin_at", "primary", "host", "campus_id", "user"]
    for name in ("0", "nobody", "99999999"):
        assert demo.get(f"/v2/locations/{name}").json == {}


@pytest.mark.behaviour("intra42.locations.order")
def test_locations_come_by_begin_and_id(demo: Intra) -> None:
    rows = sorted(demo.rows(tables.locations), key=lambda row: (row.begin_at, row.id), reverse=True)
    listed = demo.json("/v2/locations?per_page=100")
    assert [location["id"] for location in listed] == [row.id for row in rows[:100]]


@pytest.mark.behaviour("intra42.locations.parents")
def test_locations_of_a_user_and_of_a_campus(demo: Intra) -> None:
    rows = demo.rows(tables.locations)
    user_id, campus_id = rows[-1].user_id, rows[-1].campus_id
    own = {row.id for row in rows if row.user_id == user_id}
    login = demo.json(f"/v2/locations/{rows[-1].id}")["user"]["login"]
    for path in (f"/v2/users/{login}/locations?", f"/v2/locations?user_id={login}&"):
        assert set(demo.ids(f"{path}per_page=100")) == own
    there = sum(row.campus_id == campus_id for row in rows)
    response = demo.get(f"/v2/campus/{campus_id}/locations")
    assert response.headers["X-Total"] == str(there)
    assert demo.get("/v2/campus/paris/locations").headers["X-Total"] == str(
        sum(row.campus_id == 1 for row in rows)
    )
    assert demo.get("/v2/campus/nowhere/locations").status_code == 404


@pytest.mark.behaviour(
    "intra42.locations.active",
    "intra42.locations.active.false",
    "intra42.locations.end",
    "intra42.locations.open",
)
def test_locations_with_and_without_an_end(demo: Intra) -> None:
    rows = demo.rows(tables.locations)
    without = {row.id for row in rows if row.end_at is None}
    total = len(rows)
    assert 10 < len(without) < total
    for query in ("active]=true", "inactive]=false", "end]=false"):
        assert set(demo.ids(f"/v2/locations?filter[{query}&per_page=100")) == without
    for query in ("active]=false", "inactive]=true", "end]=true"):
        response = demo.get(f"/v2/locations?filter[{query}")
        assert response.headers["X-Total"] == str(total - len(without))
    assert demo.get("/v2/locations?filter[active]=1").status_code == 400


@pytest.mark.behaviour("intra42.locations.future")
def test_future_locations(demo: Intra) -> None:
    add(demo.world, "intra42", "locations", [_location(5000, begin_at="2026-12-01T08:00:00Z")])
    assert demo.ids("/v2/locations?filter[future]=true") == [5000]


@pytest.mark.behaviour("intra42.locations.graph")
def test_a_graph_of_locations(demo: Intra) -> None:
    days = demo.json("/v2/locations/graph/on/begin_at/by/day")
    assert sum(days.values()) == len(demo.rows(tables.locations))
    assert demo.json("/v2/locations/graph") == demo.json("/v2/locations/graph/on/begin_at")
    error = demo.get("/v2/locations/graph/on/created_at")
    assert error.json["message"].endswith("Available fields are: begin_at and end_at")


def _location(number: int, **more: Any) -> dict[str, Any]:
    record = {"id": number, "begin_at": "2026-11-01T08:00:00Z", "user_id": 1, "campus_id": 1}
    return {**record, "host": "c9r9s9", **more}


def test_a_location_is_added_changed_and_goes_with_its_user(demo: Intra) -> None:
    add(demo.world, "intra42", "locations", [_location(5000, end_at=None)])
    assert demo.json("/v2/locations/5000")["end_at"] is None
    change(demo.world, "intra42", "locations", "5000", {"end_at": "2026-11-01T10:00:00Z"})
    assert demo.json("/v2/locations/5000")["end_at"] == "2026-11-01T10:00:00.000Z"
    assert get(demo.world, "intra42", "locations", "5000")["host"] == "c9r9s9"
    remove(demo.world, "intra42", "users", "1")
    assert demo.get("/v2/locations/5000").status_code == 404
    assert demo.ids("/v2/locations?filter[user_id]=1") == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"user_id": 99999}, "there is no 99999"),
        ({"campus_id": 99999}, "there is no 99999"),
        ({"end_at": "2026-11-01T07:00:00Z"}, "is not after begin_at"),
        ({"hostt": "x"}, "meant host?"),
    ],
)
def test_a_mistake_in_a_location_is_told(demo: Intra, changes: Any, message: str) -> None:
    with pytest.raises(DataError, match=message.replace("?", r"\?")):
        add(demo.world, "intra42", "locations", [_location(5000, **changes)])


def test_locations_need_people(client_for: Callable[..., CheckedClient], tmp_path: Any) -> None:
    path = tmp_path / "lonely.yaml"
    path.write_text("intra42:\n  locations: {count: 3}\n")
    with pytest.raises(UserError, match="locations: these records need campus and users"):
        client_for(dataset=str(path))
