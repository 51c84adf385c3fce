"""Who is at school when, and at which computer: the story that locations are read off.

Nobody sits at two computers at once, and no two people at one. Whoever a profile shows at a
computer sits there now.
"""

import json
from typing import NamedTuple

from sqlalchemy import select

from fake_server.apis.intra42.resources.users import campus_users, resource
from fake_server.world.draw import Draw
from fake_server.world.errors import RecordError
from fake_server.world.instants import DAY, HOUR, MINUTE, milliseconds
from fake_server.world.records import Tables

_CLUSTERS, _ROWS, _SEATS = 3, 12, 8
_HOSTS = _CLUSTERS * _ROWS * _SEATS
_STEP = 7
_SETTLED = 30 * DAY


class Sitting(NamedTuple):
    """One person at one computer; instants in milliseconds since 1970, `end_at` None if open."""

    user_id: int
    campus_id: int
    host: str
    begin_at: int
    end_at: int | None


class _Member(NamedTuple):
    user_id: int
    campus_id: int
    host: str | None


class Presence:
    """Who sat where, told by numbers from 1: those who sit there now, then day by day back."""

    def __init__(self, tables: Tables) -> None:
        self._seed = tables.brief.seed
        self._now = milliseconds(tables.brief.start)
        members = _members(tables, self._now - _SETTLED)
        if not members:
            raise RecordError(
                ("locations",), "these records need users of a campus: give both a count"
            )
        self._members = members
        seated = {(each.campus_id, each.host): each for each in members if each.host}
        self._seated = list(seated.values())

    def sitting(self, number: int) -> Sitting:
        """Return the sitting with a number."""
        draw = Draw(self._seed, "locations", number)
        if number <= len(self._seated):
            member = self._seated[number - 1]
            begin = self._now - draw.integer(10 * MINUTE, 6 * HOUR)
            return Sitting(member.user_id, member.campus_id, str(member.host), begin, None)
        earlier = number - len(self._seated) - 1
        days, place = divmod(earlier, len(self._members))
        member = self._members[place]
        day = self._now - self._now % DAY - (days + 1) * DAY
        begin = day + 7 * HOUR + draw.integer(0, 7 * HOUR)
        end = begin + draw.integer(20 * MINUTE, 9 * HOUR)
        host = _host((place + days * _STEP) % _HOSTS)
        return Sitting(member.user_id, member.campus_id, host, begin, end)


def _members(tables: Tables, joined_by: int) -> list[_Member]:
    """Return everybody who is in a campus and joined by an instant; all, where nobody had."""
    people, groups = resource.table.c, campus_users.c
    rows = tables.rows(
        select(people.id, people.joined_at, people.profile, groups.campus_id)
        .join(campus_users, groups.user_id == people.id)
        .where(groups.place == 0)
        .order_by(people.id)
    )
    settled = [row for row in rows if row.joined_at <= joined_by] or rows
    return [_Member(row.id, row.campus_id, json.loads(row.profile)["location"]) for row in settled]


def _host(number: int) -> str:
    cluster, rest = divmod(number, _ROWS * _SEATS)
    row, seat = divmod(rest, _SEATS)
    return f"c{cluster + 1}r{row + 1}s{seat + 1}"
