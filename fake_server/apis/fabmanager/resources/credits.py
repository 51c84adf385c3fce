"""The hours that plans have for machines."""

from fake_server.api.declare import Values
from fake_server.api.records import Tables
from fake_server.apis.fabmanager.dialect.resource import LabResource

_HOURS = (2, 5, 10)


class _Credits(LabResource):
    name = "credits"

    def invented(self, number: int, tables: Tables) -> Values:
        return {
            "id": number,
            "plan_id": number,
            "creditable_type": "Machine",
            "creditable_id": number,
            "hours": _HOURS[number % len(_HOURS)],
        }


resource = _Credits()
