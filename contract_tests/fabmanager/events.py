"""Events, as a dataset and as answers have them."""

from typing import Any

from .helpers import Record

EVENT_KEYS = [
    *("id", "title", "description", "updated_at", "created_at", "nb_total_places"),
    *("nb_free_places", "start_at", "end_at", "category", "themes", "age_range"),
    *("event_image", "prices", "url"),
]


def event(number: int, day: int, **more: Any) -> Record:
    """Return an event of an afternoon of June 2024, for a dataset."""
    return {
        "id": number,
        "created_at": f"2024-01-{number:02}T10:00:00Z",
        "start_at": f"2024-06-{day:02}T10:00:00Z",
        "end_at": f"2024-06-{day:02}T13:00:00Z",
        "picture": None,
        "other_prices": [],
        **more,
    }
