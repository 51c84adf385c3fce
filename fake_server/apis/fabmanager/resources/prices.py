"""Prices: the cost of an hour of a machine or space for the users of a group."""

import re

from sqlalchemy import select

from fake_server.api.declare import Field, Values
from fake_server.api.invent import milliseconds
from fake_server.api.records import (
    DatasetPath,
    PinnedRecord,
    Tables,
    instant_in,
    require_existing,
)
from fake_server.api.serve import Parameters, has_quirk
from fake_server.apis.fabmanager.dialect.errors import ServerError
from fake_server.apis.fabmanager.dialect.filters import KINDS, Condition
from fake_server.apis.fabmanager.dialect.list_query import LabListQuery
from fake_server.apis.fabmanager.dialect.parameters import integers
from fake_server.apis.fabmanager.dialect.storied import StoriedResource
from fake_server.apis.fabmanager.dialect.word_filters import read_words
from fake_server.apis.fabmanager.ruby.conversions import as_id, is_blank, no_conversion

_WITHOUT_PLAN = "plan_id null"
_WORD_FOR_NULL = "null"
_LIKE_NULL = re.compile("no|nil|null|undefined", re.IGNORECASE)


def read_plans(query: LabListQuery, parameters: Parameters, name: str, field: Field) -> None:
    """Read the plans of which a price must have one, or `null` for prices without a plan."""
    value = parameters.get(name)
    if has_quirk("single-plan"):
        _read_plan(query, value, name)
    elif value == _WORD_FOR_NULL:
        query.conditions.add(_WITHOUT_PLAN)
    else:
        numbers = integers(parameters, name)
        if numbers is not None:
            query.require(name, numbers)


def _read_plan(query: LabListQuery, value: object, name: str) -> None:
    """Read one plan, as the real service does: it matches the text with a pattern."""
    if is_blank(value):
        return
    if not isinstance(value, str):
        raise ServerError(no_conversion(value))
    if _LIKE_NULL.search(value):
        query.conditions.add(_WITHOUT_PLAN)
    else:
        number = as_id(value)
        query.require(name, frozenset() if number is None else frozenset({number}))


class _Prices(StoriedResource):
    name = "prices"
    own_filters = {
        "plan_id": read_plans,
        "priceable_type": read_words,
    }

    def condition(self, name: str) -> Condition:
        """See `LabResource`. Words and plans are lists of values."""
        if name == _WITHOUT_PLAN:
            return self.table.c.plan_id.is_(None)
        if name in self.own_filters:
            return KINDS["Integers"].condition(self.compared(name), name)
        return super().condition(name)

    def most(self, tables: Tables) -> int:
        from fake_server.apis.fabmanager.invention.offer import combinations

        return len(tables.story(combinations))

    def invented(self, number: int, tables: Tables) -> Values:
        from fake_server.apis.fabmanager.invention.offer import price

        return price(number, tables)

    def usual(self, record: PinnedRecord, tables: Tables) -> Values:
        """See `StoriedResource`. It is that of the first machine for the plan's or first group."""
        plans, groups = self.resources["plans"].table, self.resources["groups"].table
        plan = tables.rows(select(plans).where(plans.c.id == record.get("plan_id")))
        created = instant_in(record, "created_at", milliseconds(tables.inputs.start))
        return {
            "group_id": plan[0].group_id if plan else min(tables.ids(groups), default=None),
            "plan_id": None,
            "priceable_id": 1,
            "priceable_type": "Machine",
            "amount": 0,
            "created_at": created,
            "updated_at": created,
        }

    def check(self, record: PinnedRecord, path: DatasetPath, tables: Tables) -> None:
        """Raise `RecordError` for a machine or space that does not exist."""
        if {"priceable_type", "priceable_id"} <= record.keys():
            offered = self.resources[f"{record['priceable_type'].lower()}s"].table.c.id
            number = record["priceable_id"]
            existing = tables.existing_values(offered, [number])
            require_existing((*path, "priceable_id"), [number], existing)


resource = _Prices()
