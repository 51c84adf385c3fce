"""The categories of plans."""

from fake_server.api.declare import Values
from fake_server.api.records import Tables
from fake_server.apis.fabmanager.dialect.resource import LabResource


class _PlanCategories(LabResource):
    name = "plan_categories"

    def invented(self, number: int, tables: Tables) -> Values:
        from fake_server.apis.fabmanager.invention.offer import plan_category

        return plan_category(number, tables)


resource = _PlanCategories()
