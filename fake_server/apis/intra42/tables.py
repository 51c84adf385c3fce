"""The tables of the 42 intra API. Instants are whole milliseconds since 1970, in UTC."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    literal_column,
)

from fake_server.world.instants import DAY, HOUR

metadata = MetaData()


def _instant(name: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=nullable)


campus = Table(
    "campus",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("slug", Text, nullable=False),
    Column("display_name", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("language_id", Integer, nullable=False),
    Column("vogsphere_id", Integer),
    Column("country", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("zip", Text, nullable=False),
    Column("city", Text, nullable=False),
    Column("website", Text),
    Column("facebook", Text),
    Column("twitter", Text),
    Column("email_extension", Text),
    Column("active", Boolean, nullable=False),
    Column("public", Boolean, nullable=False),
    Column("default_hidden_phone", Boolean, nullable=False),
    _instant("created_at"),
    _instant("updated_at"),
)

cursus = Table(
    "cursus",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("slug", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("restricted", Boolean, nullable=False),
    Column("is_subscriptable", Boolean, nullable=False),
    _instant("created_at"),
    _instant("updated_at"),
)

projects = Table(
    "projects",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("slug", Text, nullable=False, unique=True),
    Column("parent_id", Integer),
    Column("session_id", Integer, nullable=False),
    Column("cursus_ids", Text, nullable=False, comment="a JSON array"),
)

users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("login", Text, nullable=False, unique=True),
    _instant("joined_at"),
    Column("profile", Text, nullable=False, comment="the rendered user but for its URL, as JSON"),
)

campus_users = Table(
    "campus_users",
    metadata,
    Column("campus_id", ForeignKey("campus.id"), primary_key=True),
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("place", Integer, nullable=False),
)

cursus_users = Table(
    "cursus_users",
    metadata,
    Column("cursus_id", ForeignKey("cursus.id"), primary_key=True),
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("place", Integer, nullable=False),
)

slots = Table(
    "slots",
    metadata,
    Column("id", Integer, primary_key=True),
    _instant("begin_at"),
    _instant("end_at", nullable=True),
    _instant("created_at"),
    Column("user_id", Integer, nullable=False, index=True),
    Column("scale_team_id", Integer),
    Column("project_id", Integer, index=True),
    Column("corrected_id", Integer, index=True),
)

projects_users = Table(
    "projects_users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_id", Integer, nullable=False, index=True),
    Column("user_id", Integer, nullable=False, index=True),
    _instant("created_at"),
    _instant("updated_at"),
    _instant("marked_at", nullable=True),
    _instant("retriable_at", nullable=True),
    Column("occurrence", Integer, nullable=False),
    Column("final_mark", Integer),
    Column("status", Text, nullable=False, index=True),
    Column("validated", Boolean),
    Column("current_team_id", Integer),
)


_ERA_DAYS = 146_097
_ERA = _ERA_DAYS * DAY


def _literal(value: int) -> ColumnElement[Any]:
    return literal_column(str(value), Integer)


def _day(column: ColumnElement[Any], number: Callable[[int], Any]) -> ColumnElement[Any]:
    days: ColumnElement[Any] = (column + number(_ERA)) // number(DAY) - number(_ERA_DAYS)
    return days


def day_of(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the number of an instant's day since 1970; the indexes below are of this term.

    The sum is of 400 years: SQL rounds what is below zero the other way.
    """
    return _day(column, _literal)


def hour_of(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the hour of an instant's day, from 0 to 23."""
    return (column + _literal(_ERA)) // _literal(HOUR) % _literal(24)


def _day_index(name: str, column: ColumnElement[Any]) -> Index:
    # Plain numbers: Index would take a literal column for one of the table's. The instant itself
    # stands beside its day, or SQLite would look each one up in the table.
    return Index(name, _day(column, int), column)


Index("ix_slots_begin_at", slots.c.begin_at)
Index("ix_slots_created_at", slots.c.created_at)
Index("ix_projects_users_created_at", projects_users.c.created_at)
_day_index("ix_slots_begin_day", slots.c.begin_at)
_day_index("ix_slots_end_day", slots.c.end_at)
_day_index("ix_slots_created_day", slots.c.created_at)
_day_index("ix_projects_users_created_day", projects_users.c.created_at)
_day_index("ix_projects_users_updated_day", projects_users.c.updated_at)
_day_index("ix_projects_users_retriable_day", projects_users.c.retriable_at)


def unindexed(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a column as a term that no index is used for: many rows are read faster in a scan."""
    if isinstance(column.type, Text):
        return column.concat("")
    if isinstance(column.type, Integer):
        return column + literal_column("0", Integer)
    return column
