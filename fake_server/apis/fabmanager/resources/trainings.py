"""Trainings, which allow users to reserve machines."""

from fake_server.api.declare import Values
from fake_server.api.records import Section, Tables
from fake_server.apis.fabmanager.dialect.resource import LabResource
from fake_server.apis.fabmanager.invention.workshop import usual_count


class _Trainings(LabResource):
    name = "trainings"

    def usual_count(self, section: Section) -> int:
        return usual_count(section, self.name)

    def invented(self, number: int, tables: Tables) -> Values:
        from fake_server.apis.fabmanager.invention.inventory import training

        return training(tables.inputs, number)


resource = _Trainings()
