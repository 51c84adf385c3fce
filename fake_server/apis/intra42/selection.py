"""Which records a request is about: its user or project, its filters and ranges."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, bindparam, func, or_, select, union

from fake_server.apis.intra42.conditions import Condition, between, present, valued
from fake_server.apis.intra42.errors import NoSuchRecordError, OptionError
from fake_server.apis.intra42.params import Custom, filters, order_by, ranges
from fake_server.apis.intra42.resources import (
    API,
    CURSUS,
    PROJECTS_USERS,
    SLOTS,
    Resource,
    documented_ids,
)
from fake_server.apis.intra42.tables import (
    campus,
    campus_users,
    cursus,
    cursus_users,
    projects,
    projects_users,
    slots,
    users,
)
from fake_server.rest.context import has_quirk, now, store, world
from fake_server.rest.pages import LARGEST_OFFSET, Page, restricted
from fake_server.rest.parameters import Parameters
from fake_server.rest.sorting import SortKey
from fake_server.world.instants import milliseconds

_FLAGS = ("true", "false")
_NEWER_IDS = {"cursus": range(78, 88), "campus": range(75, 79)}
_NEWEST_CURSUS = 77
_FEW = 25_000


class Selection:
    """The records of a resource that satisfy every condition."""

    def __init__(
        self,
        resource: Resource,
        parents: Sequence[ColumnElement[bool]],
        conditions: Sequence[Condition],
    ) -> None:
        self.resource = resource
        self._parents = parents
        self._conditions = conditions

    @property
    def everything(self) -> bool:
        """Whether there is no condition at all."""
        return not self._parents and not self._conditions

    def where(self, *, scanned: bool, besides: Sequence[str] = ()) -> list[ColumnElement[Any]]:
        """Return the conditions, in the form for few matches or (`scanned`) for many.

        Those on `id` and on the fields `besides` are left to their indexes all the same.
        """
        served = {"id", *besides}
        return [
            *self._parents,
            *(
                one.scanned if scanned and one.field not in served else one.indexed
                for one in self._conditions
            ),
        ]

    def count(self) -> int:
        """Return how many records are selected: a single condition's number is in its tally."""
        if self._parents or len(self._conditions) != 1 or self._conditions[0].total is None:
            counted = restricted(_count(self.resource), self.where(scanned=False))
        else:
            counted = self._conditions[0].total()
        return int(store().value(counted))

    def page(self, keys: Sequence[SortKey], number: int, size: int) -> Page:
        """Return one page of the records, sorted.

        Many matches are found faster by walking the records in order than by sorting them.
        """
        total = self.count()
        offset = (number - 1) * size
        if offset >= total:
            return Page([], number, size, total)
        where = self.where(scanned=total > _FEW, besides=[keys[0].field])
        query = restricted(_in_order(self.resource, tuple(keys)), where)
        window = {"limit": size, "offset": min(offset, LARGEST_OFFSET)}
        return Page(store().rows(query, window), number, size, total)


@cache
def _count(resource: Resource) -> Select[Any]:
    return select(func.count()).select_from(resource.table)


@lru_cache(maxsize=256)
def _in_order(resource: Resource, keys: Sequence[SortKey]) -> Select[Any]:
    """Return the query of a page; its parameters are `limit` and `offset`."""
    query = select(resource.table).order_by(*order_by(resource, keys))
    return query.limit(bindparam("limit")).offset(bindparam("offset"))


def selection(resource: Resource, params: Parameters, path: Mapping[str, str]) -> Selection:
    """Return what a request selects: `path` holds user_id or project_id of a nested route.

    Raises `NoSuchRecordError`, and whatever `params.filters` and `params.ranges` raise.
    """
    conditions = [*filters(resource, params, _custom(resource)), *ranges(resource, params)]
    return Selection(resource, [*_there(resource), *_parents(resource, params, path)], conditions)


def _there(resource: Resource) -> Iterable[ColumnElement[bool]]:
    if resource is CURSUS and _lacks_newest_cursus():
        yield cursus.c.id != _NEWEST_CURSUS


def _parents(
    resource: Resource, params: Parameters, path: Mapping[str, str]
) -> Iterable[ColumnElement[bool]]:
    if resource.graph_operation is None:
        return
    for name, table, slug in (
        ("user_id", users, users.c.login),
        ("project_id", projects, projects.c.slug),
    ):
        text = path[name] if name in path else params.get(name)
        if text is not None:
            yield _belongs(resource, name, _identified(table, slug, str(text)))


def _identified(table: Table, slug: ColumnElement[Any], text: str) -> int:
    found = None
    if text.isascii() and text.isdigit() and len(text) < 19:
        found = store().value(select(table.c.id).where(table.c.id == int(text)))
    if found is None:
        found = store().value(select(table.c.id).where(slug == text))
    if found is None:
        raise NoSuchRecordError
    return int(found)


def _belongs(resource: Resource, name: str, parent: int) -> ColumnElement[bool]:
    if resource is SLOTS and name == "user_id":
        offered = select(slots.c.id).where(slots.c.user_id == parent)
        evaluated = select(slots.c.id).where(slots.c.corrected_id == parent)
        return slots.c.id.in_(union(offered, evaluated))
    return resource.table.c[name] == parent


def _custom(resource: Resource) -> Custom:
    if resource is SLOTS:
        more: Custom = {"campus_id": _slots_of_campus} if has_quirk("slots-campus-filter") else {}
        return {"future": _future, "end": _presence, **more}
    if resource is PROJECTS_USERS:
        return {
            "cursus": _members,
            "campus": _members,
            "retriable": _presence,
            "marked": _presence,
        }
    return {}


def _options(name: str, text: str, options: Sequence[str]) -> list[str]:
    values = list(dict.fromkeys(text.split(",")))
    for value in values:
        if value not in options:
            raise OptionError(name, value, options)
    return values


def _future(name: str, text: str) -> Condition:
    instant = milliseconds(now())
    wanted = _options(name, text, _FLAGS)
    least = None if "false" in wanted else instant + 1
    greatest = None if "true" in wanted else instant
    return between(slots.c.begin_at, least, greatest)


_PRESENT = {
    "end": slots.c.end_at,
    "retriable": projects_users.c.retriable_at,
    "marked": projects_users.c.marked_at,
}


def _presence(name: str, text: str) -> Condition:
    wanted = _options(name, text, _FLAGS)
    return present(
        _PRESENT[name],
        lambda one: or_(
            *(one.is_not(None) if value == "true" else one.is_(None) for value in wanted)
        ),
    )


_MEMBERS = {
    "cursus": (cursus, cursus_users, cursus_users.c.cursus_id),
    "campus": (campus, campus_users, campus_users.c.campus_id),
}


def _members(name: str, text: str) -> Condition:
    groups, members, group_id = _MEMBERS[name]
    pinned = [row.id for row in store().rows(select(groups.c.id).order_by(groups.c.id))]
    values = _options(name, text, _listed_ids(name, pinned))
    chosen = select(members.c.user_id).where(group_id.in_([int(value) for value in values]))
    return valued(projects_users.c.user_id, lambda user_id: user_id.in_(chosen))


def _listed_ids(name: str, pinned: Iterable[int]) -> list[str]:
    ids = {*documented_ids(name), *pinned}
    if has_quirk("newer-filter-ids"):
        ids |= {*_NEWER_IDS[name]}
    if name == "cursus" and _lacks_newest_cursus():
        ids -= {_NEWEST_CURSUS}
    return [str(one) for one in sorted(ids)]


def _lacks_newest_cursus() -> bool:
    """Return whether one documented cursus is not there yet; where it is pinned, it is."""
    pinned = (world().section(API).get("cursus") or {}).get("records") or []
    return has_quirk("older-cursus-list") and all(one["id"] != _NEWEST_CURSUS for one in pinned)


def _slots_of_campus(name: str, text: str) -> Condition:
    listed = [str(row.id) for row in store().rows(select(campus.c.id).order_by(campus.c.id))]
    values = [int(value) for value in _options(name, text, listed)]
    chosen = select(campus_users.c.user_id).where(campus_users.c.campus_id.in_(values))
    return valued(slots.c.user_id, lambda user_id: user_id.in_(chosen))


_USERS_COUNT = (
    select(campus_users.c.campus_id, func.count().label("members"))
    .where(campus_users.c.campus_id.in_(bindparam("ids", expanding=True)))
    .group_by(campus_users.c.campus_id)
)


def users_count(campus_ids: Sequence[int]) -> dict[int, int]:
    """Return how many users each of the campus has."""
    rows = store().rows(_USERS_COUNT, {"ids": list(campus_ids)})
    return {row.campus_id: row.members for row in rows}
