"""Exams at a campus, of the projects that are exams."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from fake_server.api.declare import Json, Values
from fake_server.api.invent import DAY, HOUR, SeededRandom, milliseconds
from fake_server.api.records import Row, Tables, require_source
from fake_server.apis.intra42.dialect.filter_options import future, presence
from fake_server.apis.intra42.dialect.resource import IntraResource, listed_by
from fake_server.apis.intra42.resources import cursus, projects
from fake_server.apis.intra42.resources.blocs import students


class _Exams(IntraResource):
    name = "exams"
    conditions = {
        "future": future("begin_at"),
        "end": presence("end_at"),
        "validated": presence("validated_at"),
    }

    def nbr_subscribers(self, rows: Sequence[Row]) -> Mapping[int, int]:
        """Return how many users take part in each exam, by the exam's id."""
        return self.counts("exams_users", rows)

    def cursus(self, rows: Sequence[Row]) -> Mapping[int, list[Json]]:
        """Return the cursus of each exam, by the exam's id."""
        return listed_by(rows, "cursus_ids", cursus.resource.shown_in_lists)

    def projects(self, rows: Sequence[Row]) -> Mapping[int, list[Json]]:
        """Return the projects of each exam, by the exam's id."""
        return listed_by(rows, "project_ids", projects.resource.summaries)

    def invented(self, number: int, tables: Tables) -> Values:
        groups = list(tables.story(students))
        require_source(self.api, self.name, "campus, cursus and users", groups)
        campus_id, cursus_id = groups[(number - 1) % len(groups)]
        random, start = (
            SeededRandom(tables.inputs.seed, self.name, number),
            milliseconds(tables.inputs.start),
        )
        begin = start - start % DAY + random.integer(-90, 20) * DAY + random.integer(8, 15) * HOUR
        end, created = begin + 3 * HOUR, min(begin - 14 * DAY, start - DAY)
        choice = tables.story(_exam_projects).get(cursus_id)
        examined = [random.choice(choice)] if choice else []
        ids = {"id": number, "campus_id": campus_id, "cursus_ids": [cursus_id]}
        room = {"location": f"Cluster {random.integer(1, 3)}", "max_people": 80}
        times = {"begin_at": begin, "end_at": end, "created_at": created, "updated_at": created}
        validated = {"validated_at": end + HOUR if end < start else None, "validator_id": None}
        hidden = {"visible": True, "prohibition_of_cancellation": 24, **validated}
        texts = {"name": "Exam", "ip_range": f"10.{campus_id % 256}.0.0/16"}
        return {**ids, **texts, **room, **times, **hidden, "project_ids": examined}


def _exam_projects(tables: Tables) -> Mapping[int, list[int]]:
    """Return the ids of the projects that are exams, by cursus."""
    table = projects.resource.table
    exams: dict[int, list[int]] = {}
    for row in tables.rows(select(table).order_by(table.c.id)):
        for cursus_id in row.cursus_ids if projects.is_exam(row) else ():
            exams.setdefault(cursus_id, []).append(row.id)
    return exams


resource = _Exams()
