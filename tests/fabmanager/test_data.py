"""The kinds of records: read, added, changed and removed as a dataset has them."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from fake_server.apis.fabmanager.resources.availabilities.availability_tables import availabilities
from fake_server.errors import DataError
from fake_server.world.records.data import add, change, counts, get, page, remove
from tests.support.client import CheckedClient

MORNING = {
    "start_at": "2026-03-02T08:00:00.000Z",
    "end_at": "2026-03-02T10:00:00.000Z",
    "available_type": "Machine",
}


@pytest.fixture
def lab(client_for: Callable[..., CheckedClient]) -> CheckedClient:
    return client_for(dataset="empty")


def listed(lab: CheckedClient, query: str = "", token: str = "7Yq3hKc9WnB5tRf2XvM8sZdE") -> Any:
    answer = lab.get(
        f"/open_api/v1/availabilities?{query}", headers={"Authorization": f"Token {token}"}
    )
    assert answer.status_code == 200, answer.text
    return answer.json["availabilities"]


def test_an_availability_is_added_as_a_dataset_pins_it(lab: CheckedClient) -> None:
    first, second = add(
        lab.world,
        "fabmanager",
        "availabilities",
        [
            {**MORNING, "id": 7, "available_ids": [3]},
            {
                **MORNING,
                "available_type": "Event",
                "slots": [
                    {
                        "id": 90,
                        "start_at": MORNING["start_at"],
                        "end_at": MORNING["end_at"],
                        "user_ids": [8],
                    }
                ],
            },
        ],
    )
    assert [first["id"], second["id"]] == [7, 8]
    assert [slot["id"] for slot in first["slots"]] == [91, 92]
    assert first["created_at"] == "2026-01-31T08:00:00.000Z"
    assert [shown["id"] for shown in listed(lab, "user_id=8")] == [8]
    assert [shown["id"] for shown in listed(lab, "available_id=3&available_type=Machine")] == [7]
    assert get(lab.world, "fabmanager", "availabilities", "8") == second


def test_a_change_leaves_the_other_attributes(client_for: Callable[..., CheckedClient]) -> None:
    lab = client_for(dataset="documented")
    before = get(lab.world, "fabmanager", "availabilities", "5112")
    after = change(lab.world, "fabmanager", "availabilities", "5112", {"available_ids": [4]})
    assert after == {**before, "available_ids": [4]}
    assert [shown["id"] for shown in listed(lab, "available_id=4&available_type=Machine")] == [5112]
    cut = change(lab.world, "fabmanager", "availabilities", "5112", {"slot_minutes": 120})
    assert len(before["slots"]) == 4
    assert [slot["end_at"] for slot in cut["slots"]] == [
        "2023-07-07T14:00:00.000Z",
        "2023-07-07T16:00:00.000Z",
    ]
    places = lab.world.store("fabmanager").rows(select(availabilities).order_by("position"))
    assert [row.id for row in places] == [5115, 5112, 5111]
    everything, _ = page(lab.world, "fabmanager", "availabilities", 9, None, {})
    assert [record["id"] for record in everything] == [5111, 5112, 5115]


def test_what_is_removed_is_in_no_list(client_for: Callable[..., CheckedClient]) -> None:
    lab = client_for(dataset="documented")
    remove(lab.world, "fabmanager", "availabilities", "5112")
    assert [shown["id"] for shown in listed(lab)] == [5115, 5111]
    assert [shown["id"] for shown in listed(lab, "available_id=5&available_type=Machine")] == [
        5115,
        5111,
    ]


def test_a_second_token(lab: CheckedClient) -> None:
    added = add(lab.world, "fabmanager", "tokens", ["second", {"token": "third"}])
    assert added == [{"token": "second"}, {"token": "third"}]
    assert listed(lab, token="third") == []
    remove(lab.world, "fabmanager", "tokens", "third")
    answer = lab.get("/open_api/v1/availabilities", headers={"Authorization": "Token third"})
    assert answer.status_code == 401
    assert listed(lab, token="second") == []
    counted = counts(lab.world)["fabmanager"]
    assert counted["tokens"] == 2
    assert sum(counted.values()) == 2


@pytest.mark.parametrize(
    ("kind", "record", "mistake"),
    [
        ("availabilities", {}, "availabilities.0: 'start_at' is a required property"),
        (
            "availabilities",
            {**MORNING, "end_at": MORNING["start_at"]},
            "availabilities.0.end_at: is not after start_at",
        ),
        (
            "availabilities",
            {**MORNING, "slots": [{"id": 17792, "start_at": "2026-01-01", "end_at": "2026-01-02"}]},
            "availabilities.0.slots.0.id: an earlier record has the id 17792 too",
        ),
        ("availabilities", {**MORNING, "id": 5112}, "availabilities.0.id: another record has the"),
        ("tokens", "a b", "credentials.tokens.0: 'a b' is not of the form"),
        (
            "tokens",
            {"token": "x", "name": "y"},
            "credentials.tokens.0: {'token': 'x', 'name': 'y'}",
        ),
        ("tokens", {}, "credentials.tokens.0: {} is not of type 'string'"),
    ],
)
def test_a_mistake_adds_nothing(
    client_for: Callable[..., CheckedClient], kind: str, record: Any, mistake: str
) -> None:
    lab = client_for(dataset="documented")
    before = counts(lab.world)
    with pytest.raises(DataError) as refused:
        add(lab.world, "fabmanager", kind, [record])
    assert str(refused.value).startswith(f"fabmanager.{mistake}")
    assert counts(lab.world) == before
