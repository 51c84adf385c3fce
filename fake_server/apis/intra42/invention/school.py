"""The school of invented activity, read from the tables of users and projects."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from sqlalchemy import select

from fake_server.api.invent import DAY, SeededRandom, milliseconds
from fake_server.api.records import ImageInputs, Tables
from fake_server.apis.intra42.dialect.timestamps import as_day
from fake_server.apis.intra42.resources import RESOURCES

_SPREAD_DAYS = 120


@dataclass(frozen=True, slots=True)
class School:
    """The users and projects that invented records refer to, and the time that they span.

    `start` and `spread` are in milliseconds. `users` are in the order in which they joined, and
    `joined` has the instant of each.
    """

    seed: int
    start: int
    spread: int
    users: Sequence[int]
    joined: Sequence[int]
    projects: Sequence[int]

    def any_user(self, random: SeededRandom, at: int) -> int:
        """Return a user who has joined by an instant, or any user if nobody has."""
        return next(self.joined_users(random.bits(), at))

    def joined_users(self, first: int, at: int) -> Iterator[int]:
        """Yield all users who have joined by an instant, or all users if nobody has.

        `first` determines the user who comes first.
        """
        user_count = bisect_right(self.joined, at) or len(self.users)
        return (self.users[(first + step) % user_count] for step in range(user_count))


def spread_of(inputs: ImageInputs) -> int:
    """Return the length in milliseconds of the time before the start that the records span."""
    return int(inputs.section.get("spread_days", _SPREAD_DAYS)) * DAY


def first_activity(inputs: ImageInputs) -> int:
    """Return an instant before which no generated record is created."""
    section = inputs.section
    days = chain(
        (section.get("slots") or {}).get("begin_on", ()),
        (section.get("projects_users") or {}).get("created_on", ()),
    )
    return min(chain([milliseconds(inputs.start) - spread_of(inputs)], map(as_day, days))) - DAY


def instant_at(school: School, position: float) -> int:
    """Return the instant at a position in the time of the spread. Only its fraction counts."""
    return school.start - school.spread + int(position % 1 * school.spread)


def school_of(tables: Tables) -> School:
    """Return the school that the tables of a world hold."""
    users = RESOURCES["users"].table.c
    people = tables.rows(select(users.joined_at, users.id).order_by(users.joined_at, users.id))
    return School(
        tables.inputs.seed,
        milliseconds(tables.inputs.start),
        spread_of(tables.inputs),
        [user.id for user in people],
        [user.joined_at for user in people],
        tables.ids(RESOURCES["projects"].table),
    )
