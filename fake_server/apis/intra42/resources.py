"""What can be asked of each collection: where its rows are, how they come, what can be graphed."""

from functools import cache
from typing import NamedTuple

from sqlalchemy import Table

from fake_server.apis.intra42 import tables
from fake_server.rest.sorting import SortKey
from fake_server.rest.spec import Operation, spec

API = "intra42"
INTERVALS: tuple[str, ...] = (
    "day",
    "week",
    "month",
    "quarter",
    "year",
    "hour_of_day",
    "day_of_week",
    "day_of_month",
    "month_of_year",
)


class Resource(NamedTuple):
    """A collection: its table, its default order (the last key, id, also breaks ties).

    `list_operation` and `graph_operation` name the operations whose parameters rule, nested
    routes included; `day_terms` names the fields whose days an index counts.
    """

    name: str
    table: Table
    order: tuple[SortKey, ...]
    list_operation: str
    graph_operation: str | None = None

    @property
    def listing(self) -> Operation:
        """The operation that lists the collection."""
        return spec(API).operation(self.list_operation)

    @property
    def graphing(self) -> Operation:
        """The operation that graphs the collection; KeyError if there is none."""
        return spec(API).operation(self.graph_operation or "")


SLOTS = Resource(
    "slots",
    tables.slots,
    (SortKey("begin_at", True), SortKey("id", True)),
    "list_slots",
    "graph_slots",
)
PROJECTS_USERS = Resource(
    "projects_users",
    tables.projects_users,
    (SortKey("id", False),),
    "list_projects_users",
    "graph_projects_users",
)
CAMPUS = Resource("campus", tables.campus, (SortKey("id", True),), "list_campus")
CURSUS = Resource("cursus", tables.cursus, (SortKey("id", True),), "list_cursus")


@cache
def documented_ids(name: str) -> tuple[int, ...]:
    """Return the ids that the documents list for `filter[campus]` or `filter[cursus]`."""
    return tuple(int(one) for one in PROJECTS_USERS.listing.options("filter", name))
