"""Teams: the users who work on a project together. The records of their work bring them.

The first record of work in a team leads it: status, mark and times are that record's.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Text, case, exists, func, select

from fake_server.api.declare import Json
from fake_server.api.records import Row, Seeding
from fake_server.api.serve import base_url, cached_records
from fake_server.apis.intra42.dialect.derived import derived_table, nothing
from fake_server.apis.intra42.dialect.filter_options import presence
from fake_server.apis.intra42.dialect.record_cache import rows_where
from fake_server.apis.intra42.dialect.resource import IntraResource
from fake_server.apis.intra42.dialect.sql_conditions import Condition, valued
from fake_server.apis.intra42.dialect.timestamps import optional_timestamp, timestamp
from fake_server.apis.intra42.resources import RESOURCES, projects, users
from fake_server.apis.intra42.resources.projects_users import in_groups, works

_other = works.alias("other")
leads = ~exists().where(
    _other.c.current_team_id == works.c.current_team_id, _other.c.id < works.c.id
)
"""The condition that a record of work is the first of its team."""

_people, _projects = users.resource.table.c, projects.resource.table.c
_handed_in = works.c.marked_at - func.max(works.c.marked_at - works.c.created_at, 0) // 4
_QUERY = select(
    works.c.current_team_id.label("id"),
    works.c.project_id,
    select(_people.login + "'s group").where(_people.id == works.c.user_id).label("name"),
    works.c.created_at,
    works.c.updated_at,
    case((works.c.status != "creating_group", works.c.created_at)).label("locked_at"),
    case(
        (works.c.marked_at.is_not(None), _handed_in),
        (works.c.status == "waiting_for_correction", works.c.updated_at),
    ).label("closed_at"),
    works.c.final_mark,
    nothing(Text, "repo_url"),
    func.printf(
        "intra-uuid-%08x-%08x-%d", works.c.user_id, works.c.project_id, works.c.current_team_id
    ).label("repo_uuid"),
    nothing(BigInteger, "deadline_at"),
    nothing(BigInteger, "terminating_at"),
    select(_projects.session_id)
    .where(_projects.id == works.c.project_id)
    .label("project_session_id"),
    works.c.status,
    works.c.validated,
).where(works.c.current_team_id.is_not(None), leads)


def _of_members(group: str, resource: Any, name: str, text: str) -> Condition:
    members = in_groups(resource, name, text, group)
    teams = select(works.c.current_team_id).where(works.c.user_id.in_(members))
    return valued(resource.table.c.id, lambda number: number.in_(teams))


class _Teams(IntraResource):
    name = "teams"
    has_records = False
    table = derived_table("teams", _QUERY, ["id"])
    conditions = {
        **{name: partial(_of_members, name) for name in ("cursus", "campus")},
        "primary_campus": partial(_of_members, "primary_campus"),
        **{name: presence(f"{name}_at") for name in ("locked", "closed", "deadline")},
        "terminating": presence("terminating_at"),
        "with_mark": presence("final_mark"),
    }

    def of_parent(self, parent: str, parent_id: int) -> ColumnElement[bool]:
        own: Any = self.table.c
        column, ids = own.project_id, select(_projects.id)
        if parent == "users":
            column = own.id
            ids = select(works.c.current_team_id).where(works.c.user_id == parent_id)
        elif parent == "projects":
            ids = ids.where(_projects.id == parent_id)
        elif parent == "cursus":
            ids = ids.where(projects.resource.of_parent("cursus", parent_id))
        else:
            ids = ids.where(_projects.session_id == parent_id)
        condition: ColumnElement[bool] = column.in_(ids)
        return condition

    def seed(self, tables: Seeding) -> None:
        """Do nothing: the work of users brings the teams."""

    def as_items(self, rows: Sequence[Row]) -> list[Json]:
        bases = self.bases(rows)
        evaluations = RESOURCES["scale_teams"].of_teams(bases)
        uploads = RESOURCES["teams_uploads"].of_teams(bases)
        return [
            {
                **bases[row.id],
                "scale_teams": evaluations[row.id],
                "teams_uploads": uploads[row.id],
            }
            for row in rows
        ]

    def as_record(self, row: Row) -> Json:
        return self.as_items([row])[0]

    def summaries(self, ids: Collection[int]) -> Mapping[int, Json]:
        """Return teams by id, as other records show them."""

        def rendered(missing: Collection[int]) -> Mapping[int, Json]:
            return self.bases(rows_where(self.table.c.id, missing))

        # They have addresses, which begin as the client spells them.
        return cached_records((self.table, base_url()), ids, rendered)

    def bases(self, rows: Sequence[Row]) -> Mapping[int, Json]:
        """Return teams by id, as other records show them, given their rows."""
        members, base = members_of([row.id for row in rows]), base_url()
        return {row.id: _base(row, members[row.id], base) for row in rows}


resource = _Teams()


def members_of(team_ids: Collection[int]) -> Mapping[int, list[Json]]:
    """Return the users of teams, as these show them, the leader first, by the team's id."""
    team_id = works.c.current_team_id
    rows = rows_where(team_id, team_ids, team_id, works.c.id)
    people = users.resource.summaries({row.user_id for row in rows})
    members: dict[int, list[Json]] = defaultdict(list)
    for row in rows:
        team = members[row.current_team_id]
        team.append(
            {
                **people[row.user_id],
                "leader": not team,
                "occurrence": row.occurrence,
                "validated": True,
                "projects_user_id": row.id,
            }
        )
    return members


def _base(row: Row, members: Sequence[Json], base: str) -> Json:
    return {
        "id": row.id,
        "name": row.name,
        "url": f"{base}/v2/teams/{row.id}",
        "final_mark": row.final_mark,
        "project_id": row.project_id,
        "created_at": timestamp(row.created_at),
        "updated_at": timestamp(row.updated_at),
        "status": row.status,
        "terminating_at": None,
        "users": members,
        "locked?": row.locked_at is not None,
        "validated?": row.validated,
        "closed?": row.closed_at is not None,
        "repo_url": None,
        "repo_uuid": row.repo_uuid,
        "locked_at": optional_timestamp(row.locked_at),
        "closed_at": optional_timestamp(row.closed_at),
        "project_session_id": row.project_session_id,
        "project_gitlab_path": None,
    }
