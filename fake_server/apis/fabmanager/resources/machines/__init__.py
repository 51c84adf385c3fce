"""Machines. They are the only records that a request may write."""

from collections.abc import Iterable, Mapping, Sequence

from fake_server.api.declare import Json, Values
from fake_server.api.records import Row, Section, Tables
from fake_server.api.serve import has_quirk
from fake_server.apis.fabmanager.dialect.addresses import picture_addresses
from fake_server.apis.fabmanager.dialect.errors import (
    BrokenRecordError,
    GoneRecordError,
    NoSuchRecordError,
)
from fake_server.apis.fabmanager.dialect.filters import Condition
from fake_server.apis.fabmanager.dialect.resource import LabResource
from fake_server.apis.fabmanager.invention.workshop import usual_count

_KEPT = "kept"
_VIEWS = f"{__name__}.machine_views"


class _Machines(LabResource):
    name = "machines"
    views = {
        "create": f"{_VIEWS}:create_machine",
        "update": f"{_VIEWS}:update_machine",
        "replace": f"{_VIEWS}:update_machine",
        "destroy": f"{_VIEWS}:destroy_machine",
    }

    def always(self) -> Iterable[str]:
        return (_KEPT,)

    def condition(self, name: str) -> Condition:
        if name == _KEPT:
            return self.table.c.deleted_at.is_(None)
        return super().condition(name)

    def shown(self, text: str) -> Row:
        row = self.named(text)
        if row.deleted_at is not None:
            if has_quirk("deleted-without-body"):
                raise GoneRecordError
            raise NoSuchRecordError(self.declaration.type_name, text if text.isdigit() else None)
        return row

    def image(self, rows: Sequence[Row]) -> Mapping[int, str | None]:
        """Return the addresses of pictures, by id of their machine."""
        return picture_addresses(rows)

    def as_record(self, row: Row) -> Json:
        if row.picture == "":
            raise BrokenRecordError("bad argument (expected URI object or URI string)")
        return super().as_record(row)

    def usual_count(self, section: Section) -> int:
        return usual_count(section, self.name)

    def invented(self, number: int, tables: Tables) -> Values:
        from fake_server.apis.fabmanager.invention.inventory import machine

        return machine(tables.inputs, number)


resource = _Machines()
