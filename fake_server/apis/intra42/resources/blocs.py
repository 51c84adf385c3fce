"""Blocs: the coalitions of a cursus at a campus."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from fake_server.api.declare import Values
from fake_server.api.invent import DAY
from fake_server.api.records import Row, Tables, require_source
from fake_server.apis.intra42.dialect.record_cache import rows_where
from fake_server.apis.intra42.dialect.resource import IntraResource
from fake_server.apis.intra42.dialect.timestamps import as_instant
from fake_server.apis.intra42.invention.curricula import MAIN_CURSUS
from fake_server.apis.intra42.resources import RESOURCES
from fake_server.apis.intra42.resources.users.memberships import settled_members

_FIRST = as_instant("2019-09-02T08:00:00Z")


class _Blocs(IntraResource):
    name = "blocs"

    def coalitions(self, rows: Sequence[Row]) -> Mapping[int, Any]:
        """Return the coalitions of each bloc, by the bloc's id."""
        resource = RESOURCES["coalitions"]
        table, ids = resource.table, [row.id for row in rows]
        members = rows_where(table.c.bloc_id, ids, table.c.id)
        items = list(zip(members, resource.as_items(members), strict=True))
        return {key: [item for row, item in items if row.bloc_id == key] for key in ids}

    def invented(self, number: int, tables: Tables) -> Values:
        groups = list(tables.story(students))
        require_source(self.api, self.name, "campus, cursus and users", groups)
        campus_id, cursus_id = groups[(number - 1) % len(groups)]
        created = _FIRST + number * DAY
        row = {"id": number, "campus_id": campus_id, "cursus_id": cursus_id, "squad_size": None}
        delays = {"coalition_delay": 14, "repeat_deadline_delay": None}
        return {**row, "created_at": created, "updated_at": created + 30 * DAY, **delays}


resource = _Blocs()


def students(tables: Tables) -> Mapping[tuple[int, int], list[int]]:
    """Return the ids of settled users by campus and cursus: the main one, else whichever they have.

    The order is by campus and cursus.
    """
    campus = {member.user_id: member.campus_id for member in tables.story(settled_members)}
    members = RESOURCES["cursus_users"].table.c
    rows = tables.rows(
        select(members.user_id, members.cursus_id).order_by(members.cursus_id, members.user_id)
    )
    has_main = any(row.cursus_id == MAIN_CURSUS for row in rows)
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    for row in rows:
        if row.user_id in campus and (row.cursus_id == MAIN_CURSUS or not has_main):
            groups[campus[row.user_id], row.cursus_id].append(row.user_id)
    return dict(sorted(groups.items()))
