"""The records of the API."""

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, Table, Text

metadata = MetaData()

availabilities = Table(
    "availabilities",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("place", Integer, nullable=False),
    Column("start_at", Integer),
    Column("end_at", Integer),
    Column("created_at", Integer),
    Column("available_type", Text),
    Column("sound", Integer, nullable=False),
    Column("available_ids", Text, nullable=False),
    Column("slots", Text, nullable=False),
)
"""Instants are milliseconds.

- `place`: position in the real service's table.
- `sound`: 0 for a damaged record, else 1.
- `available_ids`: JSON, a list of numbers in the order they are answered.
- `slots`: JSON, a list of `[id, start_at, end_at]` in the order of the real service's table. Slots
  are only ever read with their availability; a table of their own would double the time of a page.
"""

Index("availabilities_newest", availabilities.c.start_at.desc(), availabilities.c.id.desc())

reservables = Table(
    "reservables",
    metadata,
    Column("availability_id", ForeignKey(availabilities.c.id), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("reservable_id", Integer, nullable=False),
)
"""The `available_ids` once more, a row each, to find availabilities by."""

Index("reservables_id", reservables.c.reservable_id)

bookings = Table(
    "bookings",
    metadata,
    Column("slot_id", Integer, primary_key=True),
    Column("user_id", Integer, primary_key=True),
    Column("availability_id", ForeignKey(availabilities.c.id), nullable=False),
)
"""Who holds a reservation in a slot."""

Index("bookings_user", bookings.c.user_id)
