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
)
"""`place`: position in the real service's table. `sound`: 0 for a damaged record, else 1."""

Index("availabilities_newest", availabilities.c.start_at.desc(), availabilities.c.id.desc())

reservables = Table(
    "reservables",
    metadata,
    Column("availability_id", ForeignKey(availabilities.c.id), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("reservable_id", Integer, nullable=False),
)
"""What can be reserved in an availability, of the type that it has; in the order of `place`."""

Index("reservables_id", reservables.c.reservable_id)

slots = Table(
    "slots",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("availability_id", ForeignKey(availabilities.c.id), nullable=False),
    Column("place", Integer, nullable=False),
    Column("start_at", Integer, nullable=False),
    Column("end_at", Integer, nullable=False),
)
"""`place`: position in the real service's table, where an update moves a row to the end."""

Index("slots_availability", slots.c.availability_id)

bookings = Table(
    "bookings",
    metadata,
    Column("slot_id", ForeignKey(slots.c.id), primary_key=True),
    Column("user_id", Integer, primary_key=True),
    Column("availability_id", ForeignKey(availabilities.c.id), nullable=False),
)
"""Who holds a reservation in a slot."""

Index("bookings_user", bookings.c.user_id)
