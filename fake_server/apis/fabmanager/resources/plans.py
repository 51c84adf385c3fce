"""Plans: what users can subscribe to."""

from collections.abc import Mapping, Sequence

from fake_server.api.declare import Values
from fake_server.api.records import Row, Tables
from fake_server.apis.fabmanager.dialect.addresses import file_address
from fake_server.apis.fabmanager.dialect.resource import LabResource


class _Plans(LabResource):
    name = "plans"

    def invented(self, number: int, tables: Tables) -> Values:
        from fake_server.apis.fabmanager.invention.offer import plan

        return plan(number, tables)

    def file(self, rows: Sequence[Row]) -> Mapping[int, str | None]:
        """Return the URLs of the plans' files, by plan; None where there is no file."""
        return {row.id: row.path and file_address(row.path) for row in rows}


resource = _Plans()
