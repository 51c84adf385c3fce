"""The records a world starts with."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import count, islice
from typing import Any

from sqlalchemy import Connection, Table

from fake_server.apis.intra42 import activity, tables
from fake_server.apis.intra42.curricula import PROJECTS, cursus_name
from fake_server.apis.intra42.people import make_memberships, make_users
from fake_server.apis.intra42.places import IDENTIFIERS, LANGUAGES, PLACES, Place
from fake_server.apis.intra42.resources import API, documented_ids
from fake_server.apis.intra42.timestamps import as_instant
from fake_server.world.draw import Draw
from fake_server.world.errors import RecordError
from fake_server.world.instants import DAY, milliseconds
from fake_server.world.recipe import Brief, Section

_BATCH = 5000
_FOUNDED = as_instant("2014-11-02T16:43:38.480Z")
_SPREAD_DAYS = 120

Record = Mapping[str, Any]


def populate(connection: Connection, brief: Brief) -> None:
    """Fill the tables as the dataset's section says.

    Raises `RecordError` for a pinned record that refers to one that is not there, or has the id,
    login or slug of another.
    """
    section = brief.section
    campus = _insert(connection, tables.campus, _campus(section))
    cursus = _insert(connection, tables.cursus, _cursus(section))
    projects = _insert(connection, tables.projects, _projects(section))
    users = _people(connection, brief, campus, cursus)
    setting = activity.Setting(
        brief.seed,
        milliseconds(brief.start),
        section.get("spread_days", _SPREAD_DAYS) * DAY,
        users,
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
    wanted = _part(section, "campus").get("count", 0)
    ids = sorted([*pinned, *_free_ids(wanted, pinned, documented_ids("campus"))])
    made = [_one_campus(campus_id, pinned.get(campus_id, {})) for campus_id in ids]
    spoken = {
        record["id"]: _language(place, record, _place_of(record["id"]).language)
        for place, record in enumerate(pinned.values())
    }
    return [one | {"language_id": spoken.get(one["id"], one["language_id"])} for one in made]


def _place_of(campus_id: int) -> Place:
    return PLACES.get(campus_id, Place(f"Campus {campus_id}", "France", "Europe/Paris", 1))


def _one_campus(campus_id: int, record: Record) -> dict[str, Any]:
    place = _place_of(campus_id)
    name = record.get("name", place.city)
    slug = record.get("slug", name.lower().replace(" ", "-"))
    draw = Draw(0, "campus", campus_id)
    made = {
        "id": campus_id,
        "name": name,
        "slug": slug,
        "display_name": name,
        "time_zone": place.time_zone,
        "language_id": place.language,
        "vogsphere_id": campus_id,
        "country": place.country,
        "address": f"{draw.integer(1, 200)} Campus Street",
        "zip": f"{draw.integer(10000, 99999)}",
        "city": name,
        "website": f"https://{slug}.example",
        "facebook": f"https://facebook.example/{slug}",
        "twitter": f"https://twitter.example/{slug}",
        "email_extension": f"{slug}.example",
        "active": True,
        "public": True,
        "default_hidden_phone": False,
        "created_at": _FOUNDED + campus_id * DAY,
    }
    made |= {name: value for name, value in record.items() if name in made}
    made["created_at"] = _instant_of(record, made["created_at"])
    return made | {"updated_at": made["created_at"]}


def _language(place: int, record: Record, default: int) -> int:
    identifier = record.get("language", LANGUAGES[default].identifier)
    if identifier not in IDENTIFIERS:
        raise RecordError(
            ("campus", "records", place, "language"),
            f"expected one of {', '.join(IDENTIFIERS)}, found {identifier!r}",
        )
    return IDENTIFIERS[identifier]


def _instant_of(record: Record, default: int) -> int:
    return as_instant(record["created_at"]) if "created_at" in record else default


def _cursus(section: Section) -> list[dict[str, Any]]:
    pinned = _pinned(section, "cursus")
    wanted = _part(section, "cursus").get("count", 0)
    ids = sorted([*pinned, *_free_ids(wanted, pinned, documented_ids("cursus"))])
    return [_one_cursus(cursus_id, pinned.get(cursus_id, {})) for cursus_id in ids]


def _one_cursus(cursus_id: int, record: Record) -> dict[str, Any]:
    name, kind = cursus_name(cursus_id)
    name = record.get("name", name)
    made = {
        "id": cursus_id,
        "name": name,
        "slug": name.lower().replace(" ", "-"),
        "kind": kind,
        "restricted": kind == "test",
        "is_subscriptable": kind != "main_deprecated",
        "created_at": _FOUNDED + cursus_id * DAY,
    }
    made |= {name: value for name, value in record.items() if name in made}
    made["created_at"] = _instant_of(record, _FOUNDED + cursus_id * DAY)
    return made | {"updated_at": made["created_at"]}


def _projects(section: Section) -> list[dict[str, Any]]:
    pinned = _pinned(section, "projects")
    taken = _pinned_names(section, "projects", "slug")
    known = {number: (name, slug, cursus) for number, name, slug, cursus in PROJECTS}
    wanted = _part(section, "projects").get("count", 0)
    made = []
    for number in sorted([*pinned, *_free_ids(wanted, pinned, known)]):
        name, slug, cursus = known.get(number, (f"Project {number}", f"project-{number}", 21))
        record = pinned.get(number, {})
        made.append(
            {
                "id": number,
                "name": record.get("name", name),
                "slug": record.get("slug", f"{slug}-{number}" if slug in taken else slug),
                "parent_id": record.get("parent_id"),
                "session_id": record.get("session_id", 10_000 + number),
                "cursus_ids": json.dumps(record.get("cursus_ids", [cursus])),
            }
        )
    return made


def _people(
    connection: Connection, brief: Brief, campus: Sequence[int], cursus: Sequence[int]
) -> list[int]:
    pinned = _pinned(brief.section, "users")
    _pinned_names(brief.section, "users", "login")
    wanted = _part(brief.section, "users").get("count", 0)
    ids = sorted([*pinned, *_free_ids(wanted, pinned)])
    if not ids:
        return []
    _insert(connection, tables.users, list(make_users(brief, ids, pinned)))
    for number, record in enumerate(pinned.values()):
        _require(("users", "records", number, "campus_ids"), record.get("campus_ids", ()), campus)
        _require(("users", "records", number, "cursus_ids"), record.get("cursus_ids", ()), cursus)
    in_campus: list[dict[str, int]] = []
    in_cursus: list[dict[str, int]] = []
    for user_id in ids:
        record = pinned.get(user_id, {})
        places, courses = make_memberships(brief.seed, user_id, record, campus, cursus)
        in_campus += [{"campus_id": one, "user_id": user_id} for one in places]
        in_cursus += [{"cursus_id": one, "user_id": user_id} for one in courses]
    if in_campus:
        connection.execute(tables.campus_users.insert(), in_campus)
    if in_cursus:
        connection.execute(tables.cursus_users.insert(), in_cursus)
    return ids


def _require(
    place: tuple[str | int, ...], wanted: Iterable[int | None], there: Collection[int]
) -> None:
    for one in wanted:
        if one is not None and one not in there:
            raise RecordError(place, f"there is no {one} in this dataset")


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
        for number, record in enumerate(pinned.values()):
            row = activity.pinned_slot(setting, record)
            place = ("slots", "records", number)
            _require((*place, "user_id"), [row["user_id"]], users)
            _require((*place, "corrected_id"), [row["corrected_id"]], users)
            _require((*place, "project_id"), [row["project_id"]], projects)
            yield row
        yield from activity.slots_over_time(setting, ids[:over_time])
        yield from activity.slots_on_days(setting, ids[over_time:], days)

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
        for number, record in enumerate(pinned.values()):
            row = activity.pinned_work(setting, record)
            place = ("projects_users", "records", number)
            _require((*place, "user_id"), [row["user_id"]], users)
            _require((*place, "project_id"), [row["project_id"]], projects)
            yield row
        yield from activity.work_over_time(setting, ids[:over_time])
        yield from activity.work_on_days(setting, ids[over_time:], days)

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
