"""Locations: the computers at which users sat, with begin and end.

Invented users sit at one computer at a time, and a computer has one user at a time. A user whose
profile shows a computer sits there now.
"""

from fake_server.api.declare import Values
from fake_server.api.invent import DAY, HOUR, MINUTE, SeededRandom, milliseconds
from fake_server.api.records import Tables, require_source
from fake_server.apis.intra42.dialect.options import absence, future, presence
from fake_server.apis.intra42.dialect.resource import IntraResource
from fake_server.apis.intra42.resources.users.groups import CampusMembership, settled_members

_HOSTS = [f"c{c}r{r}s{s}" for c in range(1, 4) for r in range(1, 13) for s in range(1, 9)]
_STEP = 7


class _Locations(IntraResource):
    name = "locations"
    views = {"stats": "fake_server.apis.intra42.graphs.logtime:show_stats"}
    conditions = {
        "active": absence("end_at"),
        "inactive": presence("end_at"),
        "future": future("begin_at"),
        "end": presence("end_at"),
    }

    def invented(self, number: int, tables: Tables) -> Values:
        members, seated = tables.story(settled_members), tables.story(_seated)
        require_source(self.api, self.name, "campus and users", members)
        random, now = (
            SeededRandom(tables.inputs.seed, self.name, number),
            milliseconds(tables.inputs.start),
        )
        if number <= len(seated):
            member = seated[number - 1]
            return _row(number, member, member.host, now - random.integer(MINUTE, 6 * HOUR), None)
        days, member_index = divmod(number - len(seated) - 1, len(members))
        begin = now - now % DAY - (days + 1) * DAY + 7 * HOUR + random.integer(0, 4 * HOUR)
        host = _HOSTS[(member_index + days * _STEP) % len(_HOSTS)]
        end = begin + random.integer(20 * MINUTE, 6 * HOUR)
        return _row(number, members[member_index], host, begin, end)


def _seated(tables: Tables) -> list[CampusMembership]:
    """Return the users who sit at a computer now. Of several at one computer, the last counts."""
    members = tables.story(settled_members)
    return list(
        {(member.campus_id, member.host): member for member in members if member.host}.values()
    )


def _row(
    number: int, member: CampusMembership, host: str | None, begin: int, end: int | None
) -> Values:
    ids = {"user_id": member.user_id, "campus_id": member.campus_id}
    return {"id": number, "primary": True, "host": host, "begin_at": begin, "end_at": end, **ids}


resource = _Locations()
