"""Users: one for each invoicing profile, which stays where an account was deleted."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column

from fake_server.api.declare import Field, Json, Values
from fake_server.api.records import PinnedRecord, Row, Section, Tables
from fake_server.api.serve import Parameters, has_quirk
from fake_server.apis.fabmanager.dialect.filters import KINDS, Condition
from fake_server.apis.fabmanager.dialect.list_query import LabListQuery
from fake_server.apis.fabmanager.dialect.parameters import flag, integers
from fake_server.apis.fabmanager.dialect.resource import LabResource
from fake_server.apis.fabmanager.invention.workshop import usual_count
from fake_server.apis.fabmanager.ruby.names import full_name

_LIVING = "living"
_OF_PROFILE = "invoicing_profile_id"


def _read_user_id(query: LabListQuery, parameters: Parameters, name: str, field: Field) -> None:
    """Read the users' numbers. The real service compares those of invoicing profiles."""
    numbers = integers(parameters, name)
    if numbers is not None:
        query.require(_OF_PROFILE if has_quirk("user-id-of-profile") else name, numbers)


def _read_deleted(query: LabListQuery, parameters: Parameters, name: str, field: Field) -> None:
    if not flag(parameters, name):
        query.conditions.add(_LIVING)


class _Users(LabResource):
    name = "users"
    own_filters = {
        "user_id": _read_user_id,
        "including_deleted_users": _read_deleted,
    }

    def condition(self, name: str) -> Condition:
        if name == _LIVING:
            return self.table.c.deleted.is_(False)
        if name == _OF_PROFILE:
            return KINDS["Integers"].condition(self.compared(name), name)
        return super().condition(name)

    def compared(self, name: str) -> Column[Any]:
        if name == _OF_PROFILE:
            column: Column[Any] = self.table.c.invoicing_profile_id
            return column
        return super().compared(name)

    def full_name(self, rows: Sequence[Row]) -> Mapping[int, str]:
        """Return full names, by the user's id."""
        return {row.id: full_name(row.first_name, row.last_name) for row in rows}

    def as_items(self, rows: Sequence[Row]) -> list[Json]:
        return [
            _deleted(item) if row.deleted else item
            for row, item in zip(rows, super().as_items(rows), strict=True)
        ]

    def as_summaries(self, rows: Sequence[Row]) -> list[Json]:
        return self.as_items(rows)

    def usual_count(self, section: Section) -> int:
        return usual_count(section, self.name)

    def invented(self, number: int, tables: Tables) -> Values:
        from fake_server.apis.fabmanager.invention.people import person

        return person(tables.inputs, number)

    def row(self, number: int, record: PinnedRecord, tables: Tables) -> Values:
        return {**super().row(number, record, tables), **_without_account(record)}


def _without_account(record: PinnedRecord) -> dict[str, Any]:
    return {"group_id": None} if record.get("deleted") else {}


def _deleted(item: Json) -> Json:
    """Return the user that a deleted account leaves."""
    shown = {**item, "id": item["invoicing_profile_id"], "gender": "man"}
    shown.pop("group", None)
    return shown


resource = _Users()
