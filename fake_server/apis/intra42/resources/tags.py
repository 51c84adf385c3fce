"""Tags: words for what projects and notions are about."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select, true

from fake_server.api.declare import Json, Values
from fake_server.api.invent import DAY
from fake_server.api.records import Row, Tables
from fake_server.api.serve import store
from fake_server.apis.intra42.dialect.filter_options import integers
from fake_server.apis.intra42.dialect.resource import IntraResource, listed_by
from fake_server.apis.intra42.dialect.sql_conditions import Condition
from fake_server.apis.intra42.dialect.timestamps import as_instant
from fake_server.apis.intra42.invention.belongings import numbered
from fake_server.apis.intra42.resources import RESOURCES, users
from fake_server.apis.intra42.resources.users.memberships import settled_members

TAGS = ("Shell", "C", "Algorithms", "Graphics", "Web", "Networks", "Security", "Databases")
_KINDS = ("general", "project", "general", "archived")
_FIRST = as_instant("2016-01-01T00:00:00Z")


def _in_cursus(resource: Any, name: str, text: str) -> Condition:
    column = resource.table.c.cursus_ids
    member = func.json_each(column).table_valued("value")
    within = select(member.c.value).where(member.c.value.in_(integers(name, text))).exists()
    return Condition(within, within, column.name)


class _Tags(IntraResource):
    name = "tags"
    conditions = {"cursus_id": _in_cursus}

    def of_parent(self, parent: str, parent_id: int) -> ColumnElement[bool]:
        if parent != "notions":
            return super().of_parent(parent, parent_id)
        notions = RESOURCES["notions"].table
        member = func.json_each(notions.c.tag_ids).table_valued("value")
        tagged = select(member.c.value).select_from(notions.join(member, true()))
        condition: ColumnElement[bool] = self.table.c.id.in_(
            tagged.where(notions.c.id == parent_id)
        )
        return condition

    def users(self, rows: Sequence[Row]) -> Mapping[int, list[Json]]:
        """Return the users who have each tag, in short, by the tag's id."""
        return listed_by(rows, "user_ids", users.resource.summaries)

    def subnotions(self, rows: Sequence[Row]) -> Mapping[int, list[Json]]:
        """Return the subnotions of each tag's notions, by the tag's id."""
        notions = RESOURCES["notions"].table
        tagged = store().rows(select(notions).order_by(notions.c.id))
        parts = RESOURCES["subnotions"].of_notions([row.id for row in tagged])
        shown: dict[int, list[Json]] = defaultdict(list)
        for notion in tagged:
            for tag_id in notion.tag_ids:
                shown[tag_id] += parts[notion.id]
        return {row.id: shown[row.id] for row in rows}

    def invented(self, number: int, tables: Tables) -> Values:
        projects = tables.ids(RESOURCES["projects"].table)
        cursus = tables.ids(RESOURCES["cursus"].table)
        members = tables.story(settled_members)
        created = _FIRST + number * DAY
        return {
            "id": number,
            "name": numbered(TAGS, number),
            "kind": _KINDS[number % len(_KINDS)],
            "user_ids": [member.user_id for member in members[number % 5 :: 40]],
            "project_ids": projects[number % len(TAGS) :: len(TAGS)],
            "cursus_ids": [cursus_id for cursus_id in (9, 21) if cursus_id in cursus],
            "created_at": created,
            "updated_at": created,
        }


resource = _Tags()
