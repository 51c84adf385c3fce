"""Users, as a dataset and as answers have them."""

from typing import Any

from .helpers import Record

GROUP = {"id": 3, "name": "Makers", "slug": "makers"}

USER_KEYS = [
    *("id", "email", "full_name", "first_name", "last_name", "created_at", "gender"),
    *("invoicing_profile_id", "external_id", "organization", "address", "group"),
]


def user(number: int, **more: Any) -> Record:
    """Return a user for a dataset. The number of the invoicing profile is another one."""
    return {
        "id": number,
        "email": f"user{number}@example.org",
        "invoicing_profile_id": number + 100,
        "created_at": f"2024-01-{number:02}T10:00:00Z",
        "group_id": 3,
        "deleted": False,
        **more,
    }
