"""The tables of the API's records.

Instants are milliseconds UTC; a holiday's `start_at` and `end_at` are local times, kept as if
they were UTC. A `…_folded` column holds what filters and sorting compare: case-folded, and empty
where there is no value.
"""

from sqlalchemy import BigInteger, Boolean, Column, Integer, MetaData, Table, Text

metadata = MetaData()

calendars = Table(
    "calendars",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_folded", Text, nullable=False, index=True),
    Column("source", Text),
    Column("sourceID", Text),
    Column("source_id_folded", Text, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)

calendar_hours = Table(
    "calendar_hours",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("calendar_id", Integer, nullable=False, index=True),
    Column("weekday", Integer, nullable=False),
    Column("time_from", Text, nullable=False),
    Column("time_until", Text, nullable=False),
    sqlite_autoincrement=True,
)

holidays = Table(
    "holidays",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_folded", Text, nullable=False, index=True),
    Column("picture_uri", Text),
    Column("start_at", BigInteger, nullable=False),
    Column("end_at", BigInteger, nullable=False),
    Column("source", Text),
    Column("sourceID", Text),
    Column("source_id_folded", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)

calendar_holidays = Table(
    "calendar_holidays",
    metadata,
    Column("calendar_id", Integer, primary_key=True),
    Column("holiday_id", Integer, primary_key=True, index=True),
)
