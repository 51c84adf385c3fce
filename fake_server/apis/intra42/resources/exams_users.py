"""Exams users: who takes part in which exam."""

from collections.abc import Sequence

from sqlalchemy import select

from fake_server.api.declare import Values
from fake_server.api.records import Tables, require_source
from fake_server.apis.intra42.dialect.resource import IntraResource
from fake_server.apis.intra42.resources import exams
from fake_server.apis.intra42.resources.events_users import Gathering, attendance


class _ExamsUsers(IntraResource):
    name = "exams_users"

    def invented(self, number: int, tables: Tables) -> Values:
        gatherings = tables.story(_exams)
        require_source(self.api, self.name, "exams", gatherings)
        return {"id": number, **attendance(self.name, "exam_id", number, tables, gatherings)}


def _exams(tables: Tables) -> Sequence[Gathering]:
    """Return the exams for a cursus."""
    table = exams.resource.table
    rows = tables.rows(select(table).order_by(table.c.id))
    return [
        Gathering(row.id, row.campus_id, row.cursus_ids[0], row.created_at)
        for row in rows
        if row.cursus_ids
    ]


resource = _ExamsUsers()
