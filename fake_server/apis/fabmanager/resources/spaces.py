"""Spaces."""

from collections.abc import Iterable, Mapping, Sequence

from fake_server.api.declare import Values
from fake_server.api.records import Row, Section, Tables
from fake_server.apis.fabmanager.dialect.addresses import picture_addresses
from fake_server.apis.fabmanager.dialect.filters import Condition
from fake_server.apis.fabmanager.dialect.resource import LabResource
from fake_server.apis.fabmanager.invention.workshop import usual_count

_KEPT = "kept"


class _Spaces(LabResource):
    name = "spaces"

    def always(self) -> Iterable[str]:
        return (_KEPT,)

    def condition(self, name: str) -> Condition:
        if name == _KEPT:
            return self.table.c.deleted_at.is_(None)
        return super().condition(name)

    def image(self, rows: Sequence[Row]) -> Mapping[int, str | None]:
        """Return the addresses of pictures, by id of their space."""
        return picture_addresses(rows)

    def usual_count(self, section: Section) -> int:
        return usual_count(section, self.name)

    def invented(self, number: int, tables: Tables) -> Values:
        from fake_server.apis.fabmanager.invention.inventory import space

        return space(tables.inputs, number)


resource = _Spaces()
