"""Locations: the computers at which users sat, with begin and end.

Invented users sit at one computer at a time, and a computer has one user at a time. A user whose
profile shows a computer sits there now.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from sqlalchemy import Index, Table, bindparam, select

from fake_server.api.declare import Values
from fake_server.api.invent import DAY, HOUR, MINUTE, SeededRandom, milliseconds
from fake_server.api.records import (
    PinnedRecord,
    Records,
    Seeding,
    Tables,
    fill,
    free_ids,
    part,
    pinned_by_id,
    require_source,
)
from fake_server.api.serve import now
from fake_server.apis.intra42.dialect.declared_tallies import tally
from fake_server.apis.intra42.dialect.filter_options import absence, future, presence
from fake_server.apis.intra42.dialect.written import WritableResource, WritingUser
from fake_server.apis.intra42.resources import RESOURCES
from fake_server.apis.intra42.resources.users.memberships import settled_members

_SAT_DOWN_WITHIN = 90 * MINUTE


class _Locations(WritableResource):
    name = "locations"
    views = {"stats": "fake_server.apis.intra42.graphs.logtime:show_stats"}
    conditions = {
        "active": absence("end_at"),
        "inactive": presence("end_at"),
        "future": future("begin_at"),
        "end": presence("end_at"),
    }

    def new_rows(self, values: Values, writer: WritingUser) -> Sequence[Values]:
        sitting: Values = {"begin_at": milliseconds(now()), "end_at": None, **values}
        return super().new_rows(sitting, writer)

    def follow(self, records: Records, before: Values | None, after: Values | None) -> None:
        """Let the profile of a user show the computer at which the user sits down."""
        if after is not None and after["primary"] and after["end_at"] is None:
            _show_computer(records, after["user_id"], after["host"])

    def end_all(self, records: Records, campus_id: int) -> None:
        """End the open locations at a campus; the profiles of the users show no computer."""
        own, instant = self.table.c, milliseconds(now())
        sitting = own.campus_id == campus_id, own.end_at.is_(None), own.begin_at <= instant
        left = records.rows(select(own.user_id, own.primary).where(*sitting))
        ending = self.table.update().where(*sitting).values(end_at=instant)
        records.connection.execute(ending)
        for user_id in {row.user_id for row in left if row.primary}:
            _show_computer(records, user_id, None)

    def invented(self, number: int, tables: Tables) -> Values:
        """Return the row that a pinned record takes what it leaves out from."""
        from fake_server.apis.intra42.invention.attendance import hosts_for, location

        members = tables.story(settled_members)
        require_source(self.api, self.name, "campus and users", members)
        random = SeededRandom(tables.inputs.seed, self.name, number)
        member = members[number % len(members)]
        begin = milliseconds(tables.inputs.start) - DAY + random.integer(7 * HOUR, 11 * HOUR)
        end = begin + random.integer(20 * MINUTE, 6 * HOUR)
        host = random.choice(hosts_for(len(members)))
        return location(number, member.user_id, member.campus_id, host, begin, end)

    def seed(self, tables: Seeding) -> None:
        pinned = pinned_by_id(tables.section, self.name)
        self.check_all(pinned.values(), tables)
        total = part(tables.section, self.name).get("count", 0)
        rows = chain(
            (self.row(number, record, tables) for number, record in pinned.items()),
            self._invented_rows(tables, pinned, total) if total else (),
        )
        fill(tables.connection, self.table, rows, total + len(pinned), tables.inputs.progress)

    def _invented_rows(
        self, tables: Seeding, pinned: Mapping[int, PinnedRecord], total: int
    ) -> Iterator[Values]:
        from fake_server.apis.intra42.invention.attendance import Attendance, location, rooms_of

        require_source(self.api, self.name, "campus and users", tables.story(rooms_of))
        start, ids = milliseconds(tables.inputs.start), free_ids(pinned)
        sitting = self._sitting(tables, pinned, total)
        yield from Attendance(tables, total - len(sitting)).rows(ids)
        for user_id, (campus_id, host) in sitting.items():
            random = SeededRandom(tables.inputs.seed, "sitting", user_id)
            begin = start - random.integer(MINUTE, _SAT_DOWN_WITHIN)
            yield location(next(ids), user_id, campus_id, host, begin, None)

    def _sitting(
        self, tables: Seeding, pinned: Mapping[int, PinnedRecord], total: int
    ) -> Mapping[int, tuple[int, str]]:
        """Return campus and computer of those who sit there now, `total` at most, by their id.

        The invented profiles of others show no computer.
        """
        from fake_server.apis.intra42.invention.attendance import sitting_now

        people = RESOURCES["users"].table
        rows = tables.rows(select(people.c.id, people.c.profile).order_by(people.c.id))
        hosts = {row.id: json.loads(row.profile)["location"] for row in rows}
        shown = {user_id: host for user_id, host in hosts.items() if host}
        open_records = [record for record in pinned.values() if record.get("end_at", 0) is None]
        sitting = dict(list(sitting_now(tables, shown, open_records).items())[:total])
        own_words = pinned_by_id(tables.section, "users")
        gone = [
            {"user": row.id, "shown": _at_computer(row.profile, None)}
            for row in rows
            if row.id in shown
            and row.id not in sitting
            and "location" not in own_words.get(row.id, {})
        ]
        if gone:
            change = people.update().where(people.c.id == bindparam("user"))
            tables.connection.execute(change.values(profile=bindparam("shown")), gone)
        return sitting


def _show_computer(records: Records, user_id: int, host: str | None) -> None:
    """Let the profile of a user show a computer, or none."""
    people = RESOURCES["users"].table
    (user,) = records.matching(people.c.id, [user_id])
    change = people.update().where(people.c.id == user.id)
    records.connection.execute(change.values(profile=_at_computer(user.profile, host)))


def _at_computer(profile: str, host: str | None) -> str:
    return json.dumps({**json.loads(profile), "location": host}, ensure_ascii=False)


resource = _Locations()


def _index(table: Table) -> None:
    """Give a table of locations its indexes: those of a user and of a campus come by begin."""
    own = table.c
    for group in (own.user_id, own.campus_id):
        plain = next(index for index in table.indexes if [*index.columns] == [group])
        table.indexes.discard(plain)
        Index(f"ix_locations_{group.name}_begin_at_end_at", group, own.begin_at, own.end_at)
    Index("ix_locations_host", own.host)


_index(resource.table)
_instants = [resource.table.c.begin_at, resource.table.c.end_at]
_groups = [resource.table.c.user_id, resource.table.c.campus_id]
tally(values=_groups, days=_instants, hours=_instants)
