"""The tables of the 42 intra API. Instants are whole milliseconds since 1970, in UTC."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    Text,
    literal_column,
)

from fake_server.world.instants import DAY, HOUR
from fake_server.world.tallies import Tally, Term, itself

metadata = MetaData()


def _instant(name: str, *, nullable: bool = False, index: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=nullable, index=index)


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
    _instant("begin_at", index=True),
    _instant("end_at", nullable=True, index=True),
    _instant("created_at", index=True),
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
    _instant("created_at", index=True),
    _instant("updated_at", index=True),
    _instant("marked_at", nullable=True, index=True),
    _instant("retriable_at", nullable=True, index=True),
    Column("occurrence", Integer, nullable=False, index=True),
    Column("final_mark", Integer, index=True),
    Column("status", Text, nullable=False, index=True),
    Column("validated", Boolean),
    Column("current_team_id", Integer),
)


_ERA_DAYS = 146_097
_ERA = _ERA_DAYS * DAY


def _literal(value: int) -> ColumnElement[Any]:
    return literal_column(str(value), Integer)


def day_of(instant: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the number of an instant's day since 1970.

    The sum is of 400 years: SQL rounds what is below zero the other way.
    """
    days: ColumnElement[Any] = (instant + _literal(_ERA)) // _literal(DAY) - _literal(_ERA_DAYS)
    return days


def hour_of(instant: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the hour of an instant's day, from 0 to 23."""
    return (instant + _literal(_ERA)) // _literal(HOUR) % _literal(24)


def unindexed(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a column as a term that no index is used for: many rows are read faster in a scan."""
    if isinstance(column.type, Text):
        return column.concat("")
    if isinstance(column.type, Integer):
        return column + literal_column("0", Integer)
    return column


def _counted_by(term: Term, *columns: Column[Any]) -> Mapping[Column[Any], Tally]:
    return {column: Tally(column, term) for column in columns}


_GRAPHED = (
    slots.c.begin_at,
    slots.c.end_at,
    slots.c.created_at,
    projects_users.c.created_at,
    projects_users.c.updated_at,
    projects_users.c.retriable_at,
)
BY_VALUE = _counted_by(
    itself,
    slots.c.user_id,
    projects_users.c.project_id,
    projects_users.c.user_id,
    projects_users.c.occurrence,
    projects_users.c.final_mark,
    projects_users.c.status,
)
BY_DAY = _counted_by(day_of, *_GRAPHED, projects_users.c.marked_at)
BY_HOUR = _counted_by(hour_of, *_GRAPHED)
