"""Locations: who sat at which computer from when to when."""

from fake_server.apis.intra42.dialect.options import absence, future, presence
from fake_server.apis.intra42.dialect.resource import IntraResource
from fake_server.apis.intra42.invention.presence import Presence
from fake_server.rest.resources.resource import Values
from fake_server.world.records import Tables


class _Locations(IntraResource):
    name = "locations"
    conditions = {  # noqa: RUF012  # a mapping that nobody changes
        "active": absence("end_at"),
        "inactive": presence("end_at"),
        "future": future("begin_at"),
        "end": presence("end_at"),
    }

    def invented(self, number: int, tables: Tables) -> Values:
        sitting = tables.story(Presence).sitting(number)
        return {"id": number, "primary": True, **sitting._asdict()}


resource = _Locations()
