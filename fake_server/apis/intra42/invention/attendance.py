"""The story of locations: which users come to a campus on which day, and sit at which computer.

People come on weekdays rather than at weekends, while they are in a cursus, and leave by five in
the morning of the next day. Nobody sits at two computers at once, and no computer has two people.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import chain, islice
from typing import NamedTuple

from sqlalchemy import select

from fake_server.api.declare import Values
from fake_server.api.invent import DAY, HOUR, MINUTE, SeededRandom, milliseconds, moment
from fake_server.api.records import PinnedRecord, RecordError, Tables
from fake_server.api.serve import zone
from fake_server.apis.intra42.invention.belongings import in_turn
from fake_server.apis.intra42.resources import RESOURCES

_COMING = (0.55, 0.55, 0.55, 0.55, 0.5, 0.25, 0.2)
"""The part of the members who come on a day of the week, from Monday on."""
_MOVES_ONE_IN = 4
_OPENS, _CLOSES = time(6), time(5)
_MORNING, _USUAL = 2 * HOUR, 5 * HOUR
_SHORTEST_DAY = 4 * HOUR
_BEFORE_NOW = 2 * HOUR
_ROWS, _SEATS = 12, 8
_LEAST_CLUSTERS = 3
_FIRST_DAY = date(1971, 1, 1)
_ALWAYS = 2**62


class Stay(NamedTuple):
    """The instants from which and until which a user is at the user's primary campus."""

    user_id: int
    begin: int
    end: int


class Room(NamedTuple):
    """The computers of a campus, and when people may sit at them.

    `stays` are in the order of the ids of the users, and those of a user do not overlap.
    """

    campus_id: int
    days: tzinfo
    stays: Sequence[Stay]
    hosts: Sequence[str]

    def people(self, begin: int, end: int) -> list[int]:
        """Return the ids of those who are there from one instant to another."""
        return [user_id for user_id, first, last in self.stays if first <= begin and end <= last]


class _OpenDay(NamedTuple):
    """A day in a room: from when to when it is open, and the ids of those who may come."""

    room: Room
    day: date
    begin: int
    end: int
    people: Sequence[int]
    comers: int

    @property
    def total(self) -> int:
        """The number of locations: some people move to another computer."""
        return self.comers + self.comers // _MOVES_ONE_IN


def hosts_for(people: int) -> list[str]:
    """Return the computers of a campus, of which there are more than twice as many as comers."""
    clusters = max(_LEAST_CLUSTERS, -(-5 * people // (4 * _ROWS * _SEATS)))
    return [
        f"c{cluster}r{row}s{seat}"
        for cluster in range(1, clusters + 1)
        for row in range(1, _ROWS + 1)
        for seat in range(1, _SEATS + 1)
    ]


def rooms_of(tables: Tables) -> list[Room]:
    """Return the rooms of each campus that somebody is in, by the id of the campus."""
    stays, at_campus = tables.story(_stays), defaultdict(list)
    own = RESOURCES["campus_users"].table.c
    query = select(own.campus_id, own.user_id).where(own.is_primary)
    for row in tables.rows(query.order_by(own.campus_id, own.user_id)):
        at_campus[row.campus_id].append(stays[row.user_id])
    campus = RESOURCES["campus"].table.c
    zones = {row.id: row.time_zone for row in tables.rows(select(campus.id, campus.time_zone))}
    return [
        Room(campus_id, zone(zones[campus_id]), [*chain(*listed)], hosts_for(len(listed)))
        for campus_id, listed in at_campus.items()
    ]


def _stays(tables: Tables) -> Mapping[int, Sequence[Stay]]:
    """Return by user when the user is in a cursus. A user without one stays from joining on."""
    people, studies = RESOURCES["users"].table.c, RESOURCES["cursus_users"].table.c
    joined = {row.id: row.joined_at for row in tables.rows(select(people.id, people.joined_at))}
    stays: dict[int, list[Stay]] = defaultdict(list)
    query = select(studies.user_id, studies.begin_at, studies.end_at).order_by(studies.begin_at)
    for user_id, begin, end in map(tuple, tables.rows(query)):
        stay = Stay(user_id, max(begin, joined[user_id]), _ALWAYS if end is None else end)
        own = stays[user_id]
        if own and stay.begin <= own[-1].end:
            own[-1] = own[-1]._replace(end=max(own[-1].end, stay.end))
        else:
            own.append(stay)
    return {
        user_id: stays.get(user_id) or [Stay(user_id, begin, _ALWAYS)]
        for user_id, begin in joined.items()
    }


class Attendance:
    """The days on which people come, as many as a number of locations needs, the last one last."""

    def __init__(self, tables: Tables, total: int) -> None:
        self._seed = tables.inputs.seed
        self._latest = milliseconds(tables.inputs.start) - _BEFORE_NOW
        self._rooms = tables.story(rooms_of)
        self._total = total
        self._first = min((stay.begin for room in self._rooms for stay in room.stays), default=0)

    def rows(self, ids: Iterator[int]) -> Iterator[Values]:
        """Yield the locations of the past with the given ids, in the order of their days."""
        days = self._days()
        surplus = sum(opening.total for day in days for opening in day) - self._total
        for day in reversed(days):
            sittings = sorted(sitting for opening in day for sitting in self._sittings(opening))
            for begin, end, user_id, campus_id, host in islice(sittings, surplus, None):
                yield location(next(ids), user_id, campus_id, host, begin, end)
            surplus = 0

    def _days(self) -> list[list[_OpenDay]]:
        """Return the openings of each day, the last day first."""
        day, left, days = moment(self._latest).date() + timedelta(days=1), self._total, []
        while left > 0:
            if day < _FIRST_DAY:
                raise RecordError(("locations", "count"), "these are more than the people can make")
            openings = [opening for room in self._rooms for opening in self._openings(room, day)]
            left -= sum(opening.total for opening in openings)
            days.append(openings)
            day -= timedelta(days=1)
        return days

    def _openings(self, room: Room, day: date) -> Iterator[_OpenDay]:
        """Yield the opening of a room on a day, if it is open for long enough.

        Before anybody has joined, everybody may come.
        """
        begin = _instant(day, _OPENS, room.days)
        end = min(_instant(day + timedelta(days=1), _CLOSES, room.days), self._latest)
        if end - begin < _SHORTEST_DAY:
            return
        if begin < self._first:
            people = [*dict.fromkeys(stay.user_id for stay in room.stays)]
        else:
            people = room.people(begin, end)
        random = SeededRandom(self._seed, "attendance", f"{room.campus_id} {day}")
        comers = int(len(people) * _COMING[day.weekday()] + random.number(0, 1))
        yield _OpenDay(room, day, begin, end, people, comers)

    def _sittings(self, opening: _OpenDay) -> Iterator[tuple[int, int, int, int, str]]:
        """Yield begin, end, user, campus and computer of the locations of an opening."""
        room, day, people = opening.room, opening.day, opening.people
        random = SeededRandom(self._seed, "comers", f"{room.campus_id} {day}")
        first_person, first_seat = random.bits(), random.bits()
        for turn in range(opening.comers):
            user_id = in_turn(people, first_person + turn)
            seat = first_seat + turn
            begin, end = self._visit(opening, user_id)
            if turn % _MOVES_ONE_IN == _MOVES_ONE_IN - 1:
                middle, pause = (begin + end) // 2, (end - begin) // 16
                later = room.hosts[(seat + opening.comers) % len(room.hosts)]
                yield middle + pause, end, user_id, room.campus_id, later
                end = middle - pause
            yield begin, end, user_id, room.campus_id, room.hosts[seat % len(room.hosts)]

    def _visit(self, opening: _OpenDay, user_id: int) -> tuple[int, int]:
        """Return when a user comes and goes. One in five comes late, and one in five stays long."""
        random = SeededRandom(self._seed, "locations", f"{opening.day} {user_id}")
        after = _MORNING + _mostly_less(random, 11 * HOUR)
        begin = opening.begin + after % (opening.end - opening.begin - HOUR)
        return begin, min(begin + 20 * MINUTE + _mostly_less(random, 5 * HOUR), opening.end)


def _mostly_less(random: SeededRandom, much: int) -> int:
    """Return a time of less than five hours, or in one of five cases of `much` and more."""
    after = random.integer(0, _USUAL + _USUAL // 4)
    return after if after < _USUAL else much + 4 * (after - _USUAL)


def _instant(day: date, at: time, days: tzinfo) -> int:
    return milliseconds(datetime.combine(day, at, days).astimezone(UTC))


def location(
    number: int, user_id: int, campus_id: int, host: str, begin: int, end: int | None
) -> Values:
    """Return the row of a location at a primary computer."""
    return {
        "id": number,
        "user_id": user_id,
        "campus_id": campus_id,
        "primary": True,
        "host": host,
        "begin_at": begin,
        "end_at": end,
    }


def sitting_now(
    tables: Tables, hosts: Mapping[int, str], besides: Sequence[PinnedRecord]
) -> Mapping[int, tuple[int, str]]:
    """Return the campus and the computer of those who sit there at the start, by the user's id.

    `hosts` has the computers that profiles show. Somebody sits there who is at the campus by then,
    where the computer is nobody else's. `besides` are pinned locations, open as well.
    """
    start = milliseconds(tables.inputs.start)
    taken = {(record.get("campus_id"), record.get("host")) for record in besides}
    busy = {record.get("user_id") for record in besides}
    sitting = {}
    for room in tables.story(rooms_of):
        for user_id in room.people(start - DAY, start):
            seat = room.campus_id, hosts.get(user_id, "")
            if seat[1] and seat not in taken and user_id not in busy:
                taken.add(seat)
                sitting[user_id] = seat
    return sitting
