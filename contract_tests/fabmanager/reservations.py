"""Reservations, as answers have them."""

RESERVATION_KEYS = [
    *("id", "reservable_id", "reservable_type", "updated_at", "created_at", "user_id", "user"),
    *("reservable", "reserved_slots"),
]
