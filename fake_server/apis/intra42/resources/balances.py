"""Balances: when the points of a pool are shared out."""

from collections.abc import Callable, Sequence

from sqlalchemy import select

from fake_server.api.declare import Values
from fake_server.api.invent import DAY, HOUR, milliseconds, moment
from fake_server.api.records import Row, Tables, require_source
from fake_server.apis.intra42.dialect.filter_options import future, presence
from fake_server.apis.intra42.dialect.resource import IntraResource
from fake_server.apis.intra42.resources import pools


class _Balances(IntraResource):
    name = "balances"
    conditions = {
        "future": future("begin_at"),
        "end": presence("end_at"),
    }

    def instants(self) -> Callable[[int], str]:
        return _text

    def invented(self, number: int, tables: Tables) -> Values:
        rows = tables.story(_pools)
        require_source(self.api, self.name, "pools", rows)
        week, index = divmod(number - 1, len(rows))
        start = milliseconds(tables.inputs.start)
        begin = start - start % DAY + (1 - week) * 7 * DAY + 8 * HOUR
        created = begin - 14 * DAY
        times = {"begin_at": begin, "end_at": begin + 6 * DAY + 12 * HOUR}
        more = {"created_at": created, "updated_at": created, "pool_id": rows[index].id}
        return {"id": number, **times, **more}


def _pools(tables: Tables) -> Sequence[Row]:
    table = pools.resource.table
    return tables.rows(select(table.c.id).order_by(table.c.id))


def _text(instant: int) -> str:
    """Return an instant as the page writes it: `2018-03-01 08:00:00`, in UTC."""
    return f"{moment(instant):%Y-%m-%d %H:%M:%S}"


resource = _Balances()
