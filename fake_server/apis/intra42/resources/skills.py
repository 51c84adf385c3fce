"""Skills that projects train."""

from fake_server.api.declare import Values
from fake_server.api.invent import DAY
from fake_server.api.records import Tables
from fake_server.apis.intra42.dialect.resource import IntraResource
from fake_server.apis.intra42.dialect.timestamps import as_instant
from fake_server.apis.intra42.invention.belongings import numbered, slug_of
from fake_server.apis.intra42.invention.curricula import MAIN_CURSUS, PISCINE
from fake_server.apis.intra42.resources import RESOURCES

_BASIC = ("Unix", "Rigor", "Algorithms", "Adaptation")
_FURTHER = ("Graphics", "Web", "Networks", "Security", "Teamwork", "Databases", "Objects", "Games")
_FIRST = as_instant("2015-02-01T08:00:00Z")


class _Skills(IntraResource):
    name = "skills"

    def invented(self, number: int, tables: Tables) -> Values:
        name = numbered([*_BASIC, *_FURTHER], number)
        existing = tables.ids(RESOURCES["cursus"].table)
        cursus_ids = [MAIN_CURSUS, PISCINE] if name in _BASIC else [MAIN_CURSUS]
        return {
            "id": number,
            "slug": slug_of(name),
            "name": name,
            "cursus_ids": [cursus_id for cursus_id in cursus_ids if cursus_id in existing],
            "created_at": _FIRST + number * DAY,
            "updated_at": _FIRST + number * DAY,
        }


resource = _Skills()
