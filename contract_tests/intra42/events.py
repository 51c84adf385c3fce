"""Events of a dataset, and who takes part in them."""

from typing import Any

from .helpers import Record

EVENTS, SUBSCRIBERS = "/v2/events", "/v2/events_users"

OF_EVENTS = {"created_at": "2026-05-01T08:00:00Z", "updated_at": "2026-05-01T08:00:00Z"}


def _event(number: int, campus_ids: list[int], cursus_ids: list[int]) -> Record:
    day = f"2026-05-{number:02}"
    texts = {"name": "N", "description": "D", "location": "L", "kind": "event", "max_people": 9}
    hidden: Record = {"difficulty": None, "remote": False, "waitlist": None, "themes": []}
    times = {"begin_at": f"{day}T08:00:00Z", "end_at": f"{day}T09:00:00Z", **OF_EVENTS}
    ids = {"id": number, "campus_ids": campus_ids, "cursus_ids": cursus_ids}
    return {**ids, **texts, **times, **hidden, "prohibition_of_cancellation": None}


EVENT_SECTIONS: dict[str, Any] = {
    "events": {"records": [_event(1, [1], [21]), _event(2, [1, 2], [9]), _event(3, [2], [9, 21])]},
    "events_users": {
        "records": [
            {"id": 1, "event_id": 1, "user_id": 1, **OF_EVENTS},
            {"id": 2, "event_id": 2, "user_id": 3, **OF_EVENTS},
            {"id": 3, "event_id": 3, "user_id": 3, **OF_EVENTS},
        ]
    },
}
