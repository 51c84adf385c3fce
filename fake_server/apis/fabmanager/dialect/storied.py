"""Resources whose invented records follow from other records, as invoices do from reservations."""

from abc import abstractmethod

from fake_server.api.declare import Values
from fake_server.api.records import PinnedRecord, Seeding, Tables, part
from fake_server.apis.fabmanager.dialect.resource import LabResource


class StoriedResource(LabResource):
    """A resource that has no more invented records than the story of the fab lab tells of."""

    @abstractmethod
    def most(self, tables: Tables) -> int:
        """Return the number of the last record that the story tells of."""

    @abstractmethod
    def usual(self, record: PinnedRecord, tables: Tables) -> Values:
        """Return the row of a pinned record, with what its dataset leaves out.

        Attributes that the dataset has take the place of those in the row.
        """

    def row(self, number: int, record: PinnedRecord, tables: Tables) -> Values:
        """See `Resource`. A pinned record takes nothing from the story."""
        if not record:
            return self.invented(number, tables)
        return {"id": number, **self.usual(record, tables), **self._values(record)}

    def seed(self, tables: Seeding) -> None:
        """See `Resource`. The story may have fewer records than the dataset's `count`."""
        section = tables.section
        own = part(section, self.name)
        if own.get("count"):
            most = self.most(tables)
            pinned = sum(record["id"] <= most for record in own.get("records") or ())
            count = min(own["count"], most - pinned)
            tables.section = {**section, self.name: {**own, "count": count}}
        super().seed(tables)
        tables.section = section
