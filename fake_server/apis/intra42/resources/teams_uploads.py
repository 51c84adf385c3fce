"""Teams uploads: the marks that programs gave to teams. Marked teams bring them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import literal, select

from fake_server.api.declare import Json
from fake_server.api.records import Row, Seeding
from fake_server.apis.intra42.dialect.derived import derived_table
from fake_server.apis.intra42.dialect.record_cache import rows_where
from fake_server.apis.intra42.dialect.resource import IntraResource
from fake_server.apis.intra42.dialect.timestamps import timestamp
from fake_server.apis.intra42.resources import project_sessions, projects, teams
from fake_server.apis.intra42.resources.projects_users import works

_QUERY = select(
    works.c.current_team_id.label("id"),
    works.c.current_team_id.label("team_id"),
    (works.c.project_id + project_sessions.MOULINETTE).label("upload_id"),
    works.c.final_mark,
    literal("Moulinette", literal_execute=True).label("comment"),
    works.c.marked_at.label("created_at"),
    works.c.marked_at.label("updated_at"),
).where(
    works.c.marked_at.is_not(None),
    works.c.final_mark.is_not(None),
    works.c.current_team_id.is_not(None),
    teams.leads,
)


class _TeamsUploads(IntraResource):
    name = "teams_uploads"
    has_records = False
    table = derived_table("teams_uploads", _QUERY, ["id"])

    def seed(self, tables: Seeding) -> None:
        """Do nothing: the work of users brings these rows."""

    def as_items(self, rows: Sequence[Row]) -> list[Json]:
        tested = {row.upload_id - project_sessions.MOULINETTE for row in rows}
        programs = [_upload(project) for project in projects.resource.rows(tested)]
        uploads = {program["id"]: program for program in programs}
        return [{**_item(row), "upload": uploads[row.upload_id]} for row in rows]

    def as_record(self, row: Row) -> Json:
        return self.as_items([row])[0]

    def of_teams(self, team_ids: Collection[int]) -> Mapping[int, list[Json]]:
        """Return the marks of teams, as these show them, by the team's id."""
        columns = self.table.c
        items: dict[int, list[Json]] = defaultdict(list)
        for row in rows_where(columns.team_id, team_ids, columns.id):
            items[row.team_id].append(_item(row))
        return items


resource = _TeamsUploads()


def _item(row: Row) -> Json:
    return {
        "id": row.id,
        "final_mark": row.final_mark,
        "comment": row.comment,
        "created_at": timestamp(row.created_at),
        "upload_id": row.upload_id,
    }


def _upload(project: Row) -> Json:
    """Return the program that tests a project, by the project's row."""
    return {
        "id": project.id + project_sessions.MOULINETTE,
        "evaluation_id": project.id + project_sessions.EVALUATION + 1,
        "name": "Moulinette",
        "description": f"Tests {project.name}.",
        "created_at": timestamp(project.created_at),
        "updated_at": timestamp(project.updated_at),
    }
