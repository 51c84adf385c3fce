"""The records a world starts with."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import count, islice
from typing import Any

from sqlalchemy import Connection, Table

from fake_server.apis.intra42 import activity, tables
from fake_server.apis.intra42.agenda import Agenda
from fake_server.apis.intra42.curricula import PROJECTS
from fake_server.apis.intra42.people import make_users
from fake_server.apis.intra42.pinned import (
    Record,
    campus_row,
    cursus_row,
    membership_rows,
    project_row,
    require_memberships,
    slot_rows,
    unsaid_tries,
    work_rows,
)
from fake_server.apis.intra42.references import (
    check_credentials,
    check_projects,
    check_time_zones,
)
from fake_server.apis.intra42.resources import API, documented_ids
from fake_server.world.errors import RecordError
from fake_server.world.instants import milliseconds
from fake_server.world.recipe import Brief, Section

_BATCH = 5000


def populate(connection: Connection, brief: Brief) -> None:
    """Fill the tables as the dataset's section says.

    Raises `RecordError` for a pinned record that refers to one that is not there, or has the id,
    login or slug of another.
    """
    section = brief.section
    check_credentials(section)
    check_time_zones(section)
    campus = _insert(connection, tables.campus, _campus(section))
    cursus = _insert(connection, tables.cursus, _cursus(section))
    projects = _insert(connection, tables.projects, _projects(section, cursus))
    check_projects(section, projects, cursus)
    users = _people(connection, brief, campus, cursus)
    setting = activity.Setting(
        brief.seed,
        milliseconds(brief.start),
        activity.spread_of(brief),
        [user for _, user in users],
        [joined for joined, _ in users],
        projects,
    )
    _fill(connection, brief, tables.slots, _slots(section, setting))
    _fill(connection, brief, tables.projects_users, _work(section, setting))


def _part(section: Section, name: str) -> Mapping[str, Any]:
    part: Mapping[str, Any] = section.get(name) or {}
    return part


def _pinned(section: Section, name: str) -> dict[int, Record]:
    pinned: dict[int, Record] = {}
    for place, record in enumerate(_part(section, name).get("records", [])):
        if record["id"] in pinned:
            raise RecordError(
                (name, "records", place, "id"), f"an earlier record has the id {record['id']} too"
            )
        pinned[record["id"]] = record
    return pinned


def _pinned_names(section: Section, name: str, field: str) -> set[str]:
    """Return the logins or slugs that records pin; raises `RecordError` for one pinned twice."""
    names: set[str] = set()
    for place, record in enumerate(_part(section, name).get("records", [])):
        if record.get(field) in names:
            raise RecordError(
                (name, "records", place, field), f"an earlier record has {record[field]!r} too"
            )
        names.update([record[field]] if field in record else [])
    return names


def _free_ids(wanted: int, pinned: Iterable[int], first: Iterable[int] = ()) -> list[int]:
    """Return ids for `wanted` new records: those of `first`, then 1, 2, ...; no pinned one."""
    taken = set(pinned)
    preferred = [one for one in first if one not in taken][:wanted]
    taken.update(preferred)
    rest = (one for one in count(1) if one not in taken)
    return [*preferred, *islice(rest, wanted - len(preferred))]


def _insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    if rows:
        connection.execute(table.insert(), rows)
    return [row["id"] for row in rows]


def _campus(section: Section) -> list[dict[str, Any]]:
    pinned = _pinned(section, "campus")
    places = {number: ("campus", "records", index) for index, number in enumerate(pinned)}
    wanted = _part(section, "campus").get("count", 0)
    ids = sorted([*pinned, *_free_ids(wanted, pinned, documented_ids("campus"))])
    return [campus_row(one, pinned.get(one, {}), places.get(one, ())) for one in ids]


def _cursus(section: Section) -> list[dict[str, Any]]:
    pinned = _pinned(section, "cursus")
    wanted = _part(section, "cursus").get("count", 0)
    ids = sorted([*pinned, *_free_ids(wanted, pinned, documented_ids("cursus"))])
    return [cursus_row(one, pinned.get(one, {})) for one in ids]


def _projects(section: Section, cursus: Collection[int]) -> list[dict[str, Any]]:
    pinned = _pinned(section, "projects")
    taken = _pinned_names(section, "projects", "slug")
    wanted = _part(section, "projects").get("count", 0)
    ids = sorted([*pinned, *_free_ids(wanted, pinned, [one[0] for one in PROJECTS])])
    return [project_row(one, pinned.get(one, {}), taken, cursus) for one in ids]


def _people(
    connection: Connection, brief: Brief, campus: Sequence[int], cursus: Sequence[int]
) -> list[tuple[int, int]]:
    """Insert the users; return when each joined and the id, in the order of joining."""
    pinned = _pinned(brief.section, "users")
    logins = _pinned_names(brief.section, "users", "login")
    wanted = _part(brief.section, "users").get("count", 0)
    ids = sorted([*pinned, *_free_ids(wanted, pinned)])
    if not ids:
        return []
    rows = list(make_users(brief, ids, pinned, logins))
    _insert(connection, tables.users, rows)
    require_memberships(pinned.values(), campus, cursus)
    in_campus, in_cursus = membership_rows(brief.seed, ids, pinned, campus, cursus)
    if in_campus:
        connection.execute(tables.campus_users.insert(), in_campus)
    if in_cursus:
        connection.execute(tables.cursus_users.insert(), in_cursus)
    return sorted((row["joined_at"], row["id"]) for row in rows)


def _slots(section: Section, setting: activity.Setting) -> tuple[int, Iterator[activity.Row]]:
    pinned = _pinned(section, "slots")
    days = _part(section, "slots").get("begin_on", {})
    over_time = _part(section, "slots").get("count", 0)
    total = over_time + sum(days.values())
    if total or pinned:
        _require_makers("slots", "users", setting.users)
    ids = _free_ids(total, pinned)

    def rows() -> Iterator[activity.Row]:
        users, projects = {*setting.users}, {*setting.projects}
        agenda = Agenda()
        yield from slot_rows(setting, pinned.values(), users, projects)
        yield from activity.slots_over_time(setting, agenda, ids[:over_time])
        yield from activity.slots_on_days(setting, agenda, ids[over_time:], days)

    return total + len(pinned), rows()


def _work(section: Section, setting: activity.Setting) -> tuple[int, Iterator[activity.Row]]:
    pinned = _pinned(section, "projects_users")
    days = _part(section, "projects_users").get("created_on", {})
    over_time = _part(section, "projects_users").get("count", 0)
    total = over_time + sum(days.values())
    if total:
        _require_makers("projects_users", "users", setting.users)
        _require_makers("projects_users", "projects", setting.projects)
    ids = _free_ids(total, pinned)

    def rows() -> Iterator[activity.Row]:
        users, projects = {*setting.users}, {*setting.projects}
        given = list(work_rows(setting, pinned.values(), users, projects))
        tries = activity.count_tries(given, unsaid_tries(pinned.values()))
        yield from given
        made = [
            activity.work_over_time(setting, ids[:over_time]),
            activity.work_on_days(setting, ids[over_time:], days),
        ]
        yield from activity.counted(setting, tries, made)

    return total + len(pinned), rows()


def _require_makers(name: str, needed: str, there: Sequence[int]) -> None:
    if not there:
        raise RecordError((name,), f"these records need {needed}: give {API}.{needed} a count")


def _fill(
    connection: Connection, brief: Brief, table: Table, made: tuple[int, Iterator[activity.Row]]
) -> None:
    total, rows = made
    done = 0
    while batch := list(islice(rows, _BATCH)):
        connection.execute(table.insert(), batch)
        done += len(batch)
        brief.progress(table.name, done, total)
