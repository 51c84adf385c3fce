"""The example answer of document 003, as JSON values."""

import json
from collections.abc import Callable

import pytest

from tests.fabmanager.conftest import DOCUMENTED_TOKEN, Lab
from tests.support.client import CheckedClient

IDS = [5, 9, 10, 15, 8, 12, 17, 16, 3, 2, 14, 18]


def example_availability(
    number: int, day: str, created_at: str, first_slot: int
) -> dict[str, object]:
    """Return one of the three availabilities that the document prints."""
    hours = [f"2023-07-{day}T{hour}:00:00.000+02:00" for hour in range(14, 19)]
    return {
        "id": number,
        "start_at": hours[0],
        "end_at": hours[-1],
        "created_at": f"2023-01-24T{created_at}+01:00",
        "available_type": "Machine",
        "available_ids": IDS,
        "slots": [
            {"id": first_slot + number, "start_at": hours[number], "end_at": hours[number + 1]}
            for number in range(4)
        ],
    }


EXAMPLE = {
    "availabilities": [
        example_availability(5115, "13", "12:28:25.905", 17792),
        example_availability(5112, "07", "12:26:45.997", 17786),
        example_availability(5111, "06", "12:26:37.189", 17782),
    ]
}


@pytest.mark.behaviour(
    "fabmanager.availabilities.example",
    "fabmanager.availabilities.route",
    "fabmanager.availabilities.available_ids",
)
@pytest.mark.parametrize("profile", ["documented", "live"])
def test_page_of_three_machine_availabilities(
    client_for: Callable[..., CheckedClient], profile: str
) -> None:
    lab = Lab(client_for(dataset="documented", profile=profile), DOCUMENTED_TOKEN)
    response = lab.get("available_type=Machine&page=1&per_page=3")
    assert response.json == EXAMPLE
    assert response.data == json.dumps(EXAMPLE, separators=(",", ":")).encode()


def test_the_document_shows_nothing_more(client_for: Callable[..., CheckedClient]) -> None:
    lab = Lab(client_for(dataset="documented"), DOCUMENTED_TOKEN)
    assert lab.all_ids() == [5115, 5112, 5111]
