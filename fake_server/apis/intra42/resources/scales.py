"""Scales: what evaluations are graded by. Each project brings its own."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Integer,
    Text,
    cast,
    literal,
    select,
)

from fake_server.api.declare import Json
from fake_server.api.records import Row, Seeding
from fake_server.apis.intra42.dialect.derived import derived_table
from fake_server.apis.intra42.dialect.resource import IntraResource
from fake_server.apis.intra42.dialect.timestamps import as_instant
from fake_server.apis.intra42.invention.agenda import QUARTER
from fake_server.apis.intra42.invention.cities import IDENTIFIERS
from fake_server.apis.intra42.invention.grading import scale_of, sections_of
from fake_server.apis.intra42.resources import project_sessions, projects
from fake_server.apis.intra42.resources.campus import dated_language
from fake_server.apis.intra42.resources.projects_users import works

_TYPES = {
    "is_primary": Boolean,
    "comment": Text,
    "introduction_md": Text,
    "disclaimer_md": Text,
    "guidelines_md": Text,
    "created_at": BigInteger,
    "correction_number": Integer,
    "duration": Integer,
    "manual_subscription": Boolean,
    "free": Boolean,
}
_REQUIRED = ("id", "evaluation_id", "name", "updated_at", *(_TYPES.keys() - {"disclaimer_md"}))


def scale(number: int) -> Json:
    """Return the scale with an id, as evaluations show it. The id is that of its project."""
    evaluation_id = project_sessions.EVALUATION + number
    return scale_of(number, evaluation_id, QUARTER // 1000, dated_language(IDENTIFIERS["en"]))


def _columns() -> list[ColumnElement[Any]]:
    shown = scale(1)
    shown["created_at"] = as_instant(shown["created_at"])
    columns: list[ColumnElement[Any]] = [
        literal(shown[name], kind).label(name) for name, kind in _TYPES.items()
    ]
    return [*columns, literal(shown["created_at"], BigInteger).label("updated_at")]


_offered = projects.resource.table.c
_QUERY = select(
    _offered.id,
    (_offered.id + project_sessions.EVALUATION).label("evaluation_id"),
    (literal("scale ", Text) + cast(_offered.id, Text)).label("name"),
    *_columns(),
)


class _Scales(IntraResource):
    name = "scales"
    has_records = False
    table = derived_table("scales", _QUERY, _REQUIRED)

    def seed(self, tables: Seeding) -> None:
        """Do nothing: the projects bring these rows."""

    def of_parent(self, parent: str, parent_id: int) -> ColumnElement[bool]:
        sessions = project_sessions.resource.table.c
        own = {
            "projects": select(_offered.id).where(_offered.id == parent_id),
            "project_sessions": select(sessions.project_id).where(sessions.id == parent_id),
            "users": select(works.c.project_id).where(works.c.user_id == parent_id),
        }
        condition: ColumnElement[bool] = self.table.c.id.in_(own[parent])
        return condition

    def as_items(self, rows: Sequence[Row]) -> list[Json]:
        return [
            {
                **scale(row.id),
                "sections": sections_of(row.id),
                "evaluation": {"id": row.evaluation_id, "kind": "scale"},
            }
            for row in rows
        ]

    def as_record(self, row: Row) -> Json:
        return self.as_items([row])[0]


resource = _Scales()
