"""The rows of pinned records, checked for what no schema can refuse.

What a record leaves out is made of its id alone, so that it is the same whatever else there is.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from fake_server.apis.intra42 import activity
from fake_server.apis.intra42.curricula import PROJECTS, cursus_name
from fake_server.apis.intra42.people import make_memberships
from fake_server.apis.intra42.places import IDENTIFIERS, LANGUAGES, PLACES
from fake_server.apis.intra42.places import Place as City
from fake_server.apis.intra42.timestamps import as_instant
from fake_server.world.draw import Draw
from fake_server.world.errors import RecordError
from fake_server.world.instants import DAY

Record = Mapping[str, Any]
Row = dict[str, Any]
Place = tuple[str | int, ...]

_FOUNDED = as_instant("2014-11-02T16:43:38.480Z")
_KNOWN_PROJECTS = {number: (name, slug, cursus) for number, name, slug, cursus in PROJECTS}


def campus_row(campus_id: int, record: Record, place: Place) -> Row:
    """Return the row of a campus; raises `RecordError` for a language that is not known."""
    city = PLACES.get(campus_id, City(f"Campus {campus_id}", "France", "Europe/Paris", 1))
    name = record.get("name", city.city)
    slug = record.get("slug", name.lower().replace(" ", "-"))
    draw = Draw(0, "campus", campus_id)
    made = {
        "id": campus_id,
        "name": name,
        "slug": slug,
        "display_name": name,
        "time_zone": city.time_zone,
        "language_id": _language(record, city.language, place),
        "vogsphere_id": campus_id,
        "country": city.country,
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
    }
    return _with_creation(made, record)


def _language(record: Record, default: int, place: Place) -> int:
    identifier = record.get("language", LANGUAGES[default].identifier)
    if identifier not in IDENTIFIERS:
        raise RecordError(
            (*place, "language"), f"expected one of {', '.join(IDENTIFIERS)}, found {identifier!r}"
        )
    return IDENTIFIERS[identifier]


def _with_creation(made: Row, record: Record) -> Row:
    made |= {name: value for name, value in record.items() if name in made}
    created = _FOUNDED + made["id"] * DAY
    if "created_at" in record:
        created = as_instant(record["created_at"])
    return made | {"created_at": created, "updated_at": created}


def cursus_row(cursus_id: int, record: Record) -> Row:
    """Return the row of a cursus."""
    name, kind = cursus_name(cursus_id)
    name = record.get("name", name)
    made = {
        "id": cursus_id,
        "name": name,
        "slug": name.lower().replace(" ", "-"),
        "kind": kind,
        "restricted": kind == "test",
        "is_subscriptable": kind != "main_deprecated",
    }
    return _with_creation(made, record)


def project_row(number: int, record: Record, taken: Collection[str], there: Collection[int]) -> Row:
    """Return the row of a project.

    One whose slug is not pinned gets none of those taken; one whose cursus are not pinned is in
    its usual one if that is there.
    """
    name, slug, cursus = _KNOWN_PROJECTS.get(number, (f"Project {number}", f"project-{number}", 21))
    return {
        "id": number,
        "name": record.get("name", name),
        "slug": record.get("slug", f"{slug}-{number}" if slug in taken else slug),
        "parent_id": record.get("parent_id"),
        "session_id": record.get("session_id", 10_000 + number),
        "cursus_ids": json.dumps(record.get("cursus_ids", [cursus] if cursus in there else [])),
    }


def require(place: Place, wanted: Iterable[int | None], there: Collection[int]) -> None:
    """Raise `RecordError` for the id of a record that is not there."""
    for one in wanted:
        if one is not None and one not in there:
            raise RecordError(place, f"there is no {one} in this dataset")


def require_memberships(
    records: Iterable[Record], campus: Collection[int], cursus: Collection[int]
) -> None:
    """Raise `RecordError` for a user who is in a campus or cursus that is not there."""
    for index, record in enumerate(records):
        place: Place = ("users", "records", index)
        require((*place, "campus_ids"), record.get("campus_ids", ()), campus)
        require((*place, "cursus_ids"), record.get("cursus_ids", ()), cursus)


def membership_rows(
    seed: int,
    ids: Iterable[int],
    pinned: Mapping[int, Record],
    campus: Sequence[int],
    cursus: Sequence[int],
) -> tuple[list[Row], list[Row]]:
    """Return the rows of the campus, and of the cursus, that users are in."""
    in_campus: list[Row] = []
    in_cursus: list[Row] = []
    for user_id in ids:
        record = pinned.get(user_id, {})
        places, courses = make_memberships(seed, user_id, record, campus, cursus)
        in_campus += _memberships("campus_id", user_id, places)
        in_cursus += _memberships("cursus_id", user_id, courses)
    return in_campus, in_cursus


def _memberships(column: str, user_id: int, groups: Iterable[int]) -> Iterator[Row]:
    for place, one in enumerate(dict.fromkeys(groups)):
        yield {column: one, "user_id": user_id, "place": place}


def slot_rows(
    setting: activity.Setting,
    records: Iterable[Record],
    users: Collection[int],
    projects: Collection[int],
) -> Iterator[Row]:
    """Yield the rows of slots; raises `RecordError` for a user or project that is not there."""
    for index, record in enumerate(records):
        place: Place = ("slots", "records", index)
        row = activity.pinned_slot(setting, record)
        require((*place, "user_id"), [row["user_id"]], users)
        require((*place, "corrected_id"), [row["corrected_id"]], users)
        require((*place, "project_id"), [row["project_id"]], projects)
        yield row


def work_rows(
    setting: activity.Setting,
    records: Iterable[Record],
    users: Collection[int],
    projects: Collection[int],
) -> Iterator[Row]:
    """Yield the rows of projects users; raises `RecordError` for what is not there."""
    for index, record in enumerate(records):
        place: Place = ("projects_users", "records", index)
        row = activity.pinned_work(setting, record)
        require((*place, "user_id"), [row["user_id"]], users)
        require((*place, "project_id"), [row["project_id"]], projects)
        yield row


def unsaid_tries(records: Iterable[Record]) -> set[int]:
    """Return the ids of projects users that leave out how often the user tried before."""
    return {record["id"] for record in records if "occurrence" not in record}
