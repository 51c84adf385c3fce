"""Pools: the correction points that a cursus at a campus has to share out."""

from fake_server.api.declare import Values
from fake_server.api.invent import DAY, SeededRandom
from fake_server.api.records import Records, Row, Tables, require_source
from fake_server.apis.intra42.dialect.errors import InvalidRecordError
from fake_server.apis.intra42.dialect.timestamps import as_instant
from fake_server.apis.intra42.dialect.written import WritableResource
from fake_server.apis.intra42.resources.blocs import students

_FIRST = as_instant("2019-09-02T08:00:00Z")


class _Pools(WritableResource):
    name = "pools"

    def add_points(self, records: Records, row: Row, values: Values) -> None:
        """Add points to a pool."""
        self._hold(records, row, row.current_points + values["points"])

    def remove_points(self, records: Records, row: Row, values: Values) -> None:
        """Take points out of a pool."""
        self._hold(records, row, row.current_points - values["points"])

    def _hold(self, records: Records, row: Row, points: int) -> None:
        """Let a pool have some points; raises `InvalidRecordError` for too few or too many."""
        if points < 0:
            raise InvalidRecordError({"points": ["are more than the pool has"]})
        if points > row.max_points:
            raise InvalidRecordError({"points": ["are more than the pool has room for"]})
        change = self.table.update().where(self.table.c.id == row.id)
        changed = {"current_points": points, **self.stamps("updated_at")}
        records.connection.execute(change.values(changed))

    def invented(self, number: int, tables: Tables) -> Values:
        groups = list(tables.story(students))
        require_source(self.api, self.name, "campus, cursus and users", groups)
        campus_id, cursus_id = groups[(number - 1) % len(groups)]
        random = SeededRandom(tables.inputs.seed, self.name, number)
        most, created = random.integer(2, 8) * 100, _FIRST + number * DAY
        points = {"current_points": random.integer(0, most), "max_points": most}
        times = {"created_at": created, "updated_at": created}
        return {"id": number, "campus_id": campus_id, "cursus_id": cursus_id, **points, **times}


resource = _Pools()
