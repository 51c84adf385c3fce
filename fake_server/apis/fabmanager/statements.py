"""The queries for a list of availabilities, built once for each set of filters.

Building a statement costs three times what running it does, and there are few sets.
"""

from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, func, select

from fake_server.apis.fabmanager.tables import availabilities, bookings, reservables

Filter = str
"""`after`, `before`, `user_ids`, `ids`, `available_type`, `available_ids` (a reservable matches),
`available_ids_joined` (once per reservable that matches), `untyped`, `sound`."""


class Statements(NamedTuple):
    """The queries for one set of filters, each with the filters' values as named parameters.

    - `total`: how many match.
    - `newest`: a page, newest first; parameters `limit` and `offset`.
    - `newest_unset_first`: the same, with those that have no start first.
    - `in_place`: all of them, in the order of the real service's table.
    """

    total: Select[Any]
    newest: Select[Any]
    newest_unset_first: Select[Any]
    in_place: Select[Any]


@cache
def statements(filters: frozenset[Filter]) -> Statements:
    """Return the queries for a set of filters."""
    found = _matching(filters)
    table = availabilities.c
    page = found.limit(bindparam("limit")).offset(bindparam("offset"))
    return Statements(
        total=found.with_only_columns(func.count(), maintain_column_froms=True),
        newest=page.order_by(table.start_at.desc(), table.id.desc()),
        newest_unset_first=page.order_by(table.start_at.desc().nulls_first(), table.id.desc()),
        in_place=found.order_by(table.place),
    )


def _matching(filters: frozenset[Filter]) -> Select[Any]:
    table = availabilities.c
    reservable = reservables.c.reservable_id.in_(_many("available_ids"))
    holding = select(bookings.c.availability_id)
    offering = select(reservables.c.availability_id)
    conditions: dict[Filter, ColumnElement[bool]] = {
        "after": table.start_at >= bindparam("after"),
        "before": table.end_at <= bindparam("before"),
        "user_ids": table.id.in_(holding.where(bookings.c.user_id.in_(_many("user_ids")))),
        "ids": table.id.in_(_many("ids")),
        "available_type": table.available_type == bindparam("available_type"),
        "available_ids": table.id.in_(offering.where(reservable)),
        "available_ids_joined": reservable,
        "untyped": table.available_type.is_(None),
        "sound": table.sound == 1,
    }
    found = select(
        table.id,
        table.start_at,
        table.end_at,
        table.created_at,
        table.available_type,
        table.available_ids,
        table.slots,
    ).where(*(conditions[name] for name in sorted(filters)))
    return found.join(reservables) if "available_ids_joined" in filters else found


def _many(name: str) -> Any:
    return bindparam(name, expanding=True)
