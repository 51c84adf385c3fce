"""The records that a dataset describes."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, select

from fake_server import create_app
from fake_server.apis.intra42 import api
from fake_server.errors import DatasetError
from fake_server.world.datasets.check import check
from fake_server.world.datasets.dataset import load, parse
from fake_server.world.image_inputs import ImageInputs
from fake_server.world.storage.store import Database, new_in_memory
from tests.intra42 import tables
from tests.intra42.conftest import Intra
from tests.support.client import CheckedClient

START = datetime(2026, 11, 21, tzinfo=UTC)
SMALL = """
  campus: {count: 3}
  cursus: {count: 3}
  projects: {count: 2}
  users: {count: 5}
"""

APPLICATIONS = """  credentials:
    applications:
      - {uid: us, secret: s, id: 7}
      - {uid: them, secret: s}
"""


def _filled(section: str, **changes: Any) -> Database:
    dataset = parse(f"intra42:{section}", name="test")
    check(dataset)
    inputs = ImageInputs(
        dataset.section("intra42"), changes.get("seed", 1), changes.get("start", START)
    )
    database = new_in_memory()
    with database.transaction() as connection:
        api.definition.tables().create_all(connection)
        api.definition.populate(connection, inputs)
    return database


def _rows(database: Database, table: Table) -> dict[int, Any]:
    return {row.id: tuple(row) for row in database.rows(select(table))}


def test_the_same_brief_gives_the_same_bytes() -> None:
    section = SMALL + "  slots: {count: 900}\n  projects_users: {count: 700}\n"
    assert _filled(section).dump() == _filled(section).dump()
    assert _filled(section).dump() != _filled(section, seed=2).dump()


def test_a_pinned_record_changes_no_other() -> None:
    made = _rows(_filled(SMALL + "  slots: {count: 20}\n"), tables.slots)
    pinned = "  slots: {count: 20, records: [{id: 7, begin_at: 2020-01-01T00:00:00Z}]}\n"
    with_pinned = _rows(_filled(SMALL + pinned), tables.slots)
    assert len(with_pinned) == 21
    assert {key: row for key, row in made.items() if key != 7} == {
        key: row for key, row in with_pinned.items() if key not in (7, 21)
    }


def test_counts_come_on_top_of_pinned_records() -> None:
    database = _filled(
        """
  campus: {count: 2, records: [{id: 2, name: Two}]}
  cursus: {count: 70}
  projects: {count: 40}
  users: {count: 3, records: [{id: 2, login: two}]}
"""
    )
    assert [*_rows(database, tables.campus)] == [1, 2, 5]
    cursus = [*_rows(database, tables.cursus)]
    assert len(cursus) == 70
    assert {2, 24, 77} <= {*cursus}
    assert len(_rows(database, tables.projects)) == 40
    assert [*_rows(database, tables.users)] == [1, 2, 3, 4]


def test_logins_are_unique() -> None:
    database = _filled("\n  campus: {count: 1}\n  cursus: {count: 1}\n  users: {count: 400}\n")
    logins = [row[1] for row in _rows(database, tables.users).values()]
    assert len({*logins}) == 400
    assert all(login.isascii() and 1 < len(login) <= 9 for login in logins)


def test_a_pinned_slug_is_not_invented_again() -> None:
    made = _rows(_filled("\n  projects: {count: 36}\n"), tables.projects)
    slug = made.pop(min(made))[2]
    record = f"{{id: 90001, name: Own, slug: {slug}}}"
    with_pinned = _rows(
        _filled(f"\n  projects: {{count: 36, records: [{record}]}}\n"), tables.projects
    )
    assert [row[2] for row in with_pinned.values()].count(slug) == 1
    assert with_pinned.pop(90001)[2] == slug
    assert made.items() < with_pinned.items()


@pytest.mark.parametrize(
    ("section", "message"),
    [
        (
            "\n  slots: {count: 3}\n",
            ":2: intra42.slots: these records need users: give intra42.users a count",
        ),
        (
            "\n  users: {count: 3}\n  projects_users: {count: 3}\n",
            ":3: intra42.projects_users: these records need projects:"
            " give intra42.projects a count",
        ),
        (
            SMALL + "  slots: {records: [{id: 1, begin_at: 2020-01-01T00:00:00Z, user_id: 99}]}\n",
            ":6: intra42.slots.records.0.user_id: there is no 99 in this dataset",
        ),
        (
            SMALL + "  projects_users:\n    records:\n      - {id: 1, project_id: 5, user_id: 1}\n",
            ":8: intra42.projects_users.records.0.project_id: there is no 5 in this dataset",
        ),
        (
            "\n  users: {records: [{id: 1, campus_ids: [4]}]}\n",
            ":2: intra42.users.records.0.campus_ids: there is no 4 in this dataset",
        ),
        (
            "\n  campus:\n    records:\n      - {id: 1, name: A}\n      - {id: 1, name: B}\n",
            ":5: intra42.campus.records.1.id: an earlier record has the id 1 too",
        ),
        (
            "\n  users:\n    records:\n      - {id: 1, login: a}\n      - {id: 2, login: a}\n",
            ":5: intra42.users.records.1.login: an earlier record has 'a' too",
        ),
        (
            "\n  projects:\n    records:\n"
            "      - {id: 1, name: A, slug: a}\n      - {id: 2, name: A, slug: a}\n",
            ":5: intra42.projects.records.1.slug: an earlier record has 'a' too",
        ),
        (
            "\n  campus: {records: [{id: 1, language: xx}]}\n",
            ":2: intra42.campus.records.0.language: expected one of fr, en, ro, es, it, pt, de, nl,"
            " fi, pl, cs, tr, ja, ko, ar, th, hy, found 'xx'",
        ),
        (
            "\n  campus: {records: [{id: 1, time_zone: Mars/Base}]}\n",
            ":2: intra42.campus.records.0.time_zone: Mars/Base is not a time zone;"
            " give a Rails name such as Paris, or an IANA name such as Europe/Paris",
        ),
        (
            f"\n{APPLICATIONS}    tokens:\n      - {{token: a, application: us}}\n"
            "      - {token: b, application: usx}\n",
            ":8: intra42.credentials.tokens.1.application: 'usx' is the uid of no application in"
            " this dataset; meant us?",
        ),
        (
            "\n  credentials: {tokens: [{token: a, application: us}]}\n",
            ":2: intra42.credentials.tokens.0.application: 'us' is the uid of no application in"
            " this dataset; expected one of none",
        ),
        (
            f"\n{APPLICATIONS}    tokens:\n      - {{token: a, application: us}}\n"
            "      - {token: a, application: them}\n",
            ":8: intra42.credentials.tokens.1.token: 'a' stands here twice",
        ),
        (
            f"\n{APPLICATIONS}      - {{uid: us, secret: s}}\n",
            ":6: intra42.credentials.applications.2.uid: 'us' stands here twice",
        ),
        (
            f"\n{APPLICATIONS}      - {{uid: new, secret: s, id: 7}}\n",
            ":6: intra42.credentials.applications.2.id: 7 stands here twice",
        ),
        (
            "\n  credentials:\n    applications:\n      - {id: 2, uid: us, secret: s}\n"
            "      - {uid: them, secret: s}\n",
            ":5: intra42.credentials.applications.1.id: an earlier application has the id 2",
        ),
        (
            SMALL + "  slots:\n    records:\n      - id: 1\n"
            "        begin_at: 2026-01-02T00:00:00Z\n        end_at: 2026-01-01T00:00:00Z\n",
            ":10: intra42.slots.records.0.end_at: 2026-01-01T00:00:00+00:00 is not after begin_at,"
            " 2026-01-02T00:00:00+00:00",
        ),
        (
            "\n  campus: {count: 1}\n  users: {records: [{id: 1, campus_ids: [1, 1]}]}\n",
            ":3: intra42.users.records.0.campus_ids.1: 1 stands here twice",
        ),
        (
            "\n  cursus: {count: 1}\n  users: {records: [{id: 1, cursus_ids: [1, 1]}]}\n",
            ":3: intra42.users.records.0.cursus_ids.1: 1 stands here twice",
        ),
        (
            "\n  projects: {records: [{id: 1, name: A, slug: a, parent_id: 4}]}\n",
            ":2: intra42.projects.records.0.parent_id: there is no other project 4",
        ),
        (
            "\n  projects: {records: [{id: 1, name: A, slug: a, parent_id: 1}]}\n",
            ":2: intra42.projects.records.0.parent_id: there is no other project 1",
        ),
        (
            "\n  projects: {records: [{id: 1, name: A, slug: a, cursus_ids: [4]}]}\n",
            ":2: intra42.projects.records.0.cursus_ids: there is no cursus 4",
        ),
    ],
)
def test_mistakes_that_the_schema_cannot_refuse(section: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(f"intra42:{section}", encoding="utf-8")
    with pytest.raises(DatasetError) as raised:
        create_app(str(path))
    assert str(raised.value) == f"{path}{message}"


@pytest.mark.parametrize(
    ("section", "line"),
    [
        ("\n  slots: {count: -1}", 2),
        ("\n  slots:\n    begin_on: {tomorrow: 3}", 3),
        ("\n  slots:\n    records:\n      - {id: 1}", 4),
        ("\n  credentials:\n    tokens:\n      - {token: a}", 4),
        ("\n  nonsense: 1", 2),
    ],
)
def test_mistakes_name_their_line(section: str, line: int) -> None:
    with pytest.raises(DatasetError, match=rf"test:{line}: "):
        check(parse(f"intra42:{section}", name="test"))


@pytest.mark.parametrize(
    ("section", "message"),
    [
        (
            "\n  slots:\n    records:\n      - {id: 1, begin_at: '2026-02-31T00:00:00Z'}",
            "test:4: intra42.slots.records.0.begin_at: '2026-02-31T00:00:00Z' is not a time that"
            " exists, from 1900 to 2999 (expected: When it begins. As 2017-11-22T13:41:00.750Z.)",
        ),
        (
            "\n  slots:\n    begin_on: {'2026-02-30': 1}",
            "test:3: intra42.slots.begin_on: '2026-02-30' is not a day that exists"
            " (expected: A day, as 2017-11-24.)",
        ),
        (
            "\n  slots:\n    begin_on: {'2017-13-20': 1}",
            "test:3: intra42.slots.begin_on: '2017-13-20' is not a day that exists"
            " (expected: A day, as 2017-11-24.)",
        ),
        (
            "\n  slots:\n    records: [{id: 1, begin_at: nope}]",
            "test:3: intra42.slots.records.0.begin_at: 'nope' is not a time that exists, from 1900"
            " to 2999 (expected: When it begins. As 2017-11-22T13:41:00.750Z.)",
        ),
        (
            "\n  users:\n    records: [{id: 99999999999999999999}]",
            "test:3: intra42.users.records.0.id: 99999999999999999999 is not a whole number of at"
            " most 64 bits (expected: The user's id.)",
        ),
    ],
)
def test_values_that_cannot_be(section: str, message: str) -> None:
    with pytest.raises(DatasetError) as raised:
        check(parse(f"intra42:{section}", name="test"))
    assert str(raised.value) == message


def test_times_without_an_offset_are_utc() -> None:
    users = "\n  users: {records: [{id: 1, anonymize_date: 2030-01-01T00:00:00}]}\n"
    slots = "  slots: {records: [{id: 1, begin_at: 2026-01-01T10:00:00, user_id: 1}]}\n"
    database = _filled(users + slots)
    begin_at = _rows(database, tables.slots)[1][1]
    assert datetime.fromtimestamp(begin_at / 1000, UTC) == datetime(2026, 1, 1, 10, tzinfo=UTC)
    profile = json.loads(_rows(database, tables.users)[1][3])
    assert profile["anonymize_date"] == "2030-01-01T00:00:00.000Z"


def test_many_records_are_made_in_batches_with_progress() -> None:
    told: list[tuple[str, int, int]] = []
    dataset = parse(f"intra42:{SMALL}  slots: {{count: 12000}}\n", name="test")
    database = new_in_memory()
    with database.transaction() as connection:
        api.definition.tables().create_all(connection)
        inputs = ImageInputs(
            dataset.section("intra42"), 1, START, lambda *progress: told.append(progress)
        )
        api.definition.populate(connection, inputs)
    slots = [("slots", done, 12000) for done in (5000, 10000, 12000)]
    assert [progress for progress in told if progress[0] == "slots"] == slots


def test_the_demo_is_alive(client_for: Callable[..., CheckedClient]) -> None:
    demo = Intra(client_for(dataset="demo", now=START), "YOUR_ACCESS_TOKEN")
    total = int(demo.get("/v2/slots").headers["X-Total"])
    coming = int(demo.get("/v2/slots?filter[future]=true").headers["X-Total"])
    assert total >= 2000
    assert 0 < coming < total
    used = [
        progress for progress in demo.json("/v2/campus?per_page=100") if progress["users_count"] > 5
    ]
    assert len(used) >= 6
    marks = demo.json("/v2/projects_users/graph/on/retriable_at/by/month")
    assert sum(marks.values()) > 50
    instant = int(START.timestamp()) * 1000
    assert all(row.created_at <= instant for row in demo.rows(tables.slots))
    assert all(row.updated_at <= instant for row in demo.rows(tables.projects_users))


def test_the_empty_dataset(client_for: Callable[..., CheckedClient]) -> None:
    empty = Intra(client_for(dataset="empty"), "YOUR_ACCESS_TOKEN")
    for name in ("slots", "projects_users", "campus", "cursus"):
        assert empty.json(f"/v2/{name}") == []
    assert empty.json("/v2/slots/graph/on/begin_at/by/day") == {}
    assert len(empty.json("/v2/projects_users/graph?filter[cursus]=21")) == 12


def test_the_large_dataset_is_a_dataset() -> None:
    dataset = load("large")
    check(dataset)
    assert dataset.on_disk
    section = dataset.section("intra42")
    assert section["slots"]["count"] == section["projects_users"]["count"] == 1_000_000


def _instants(profile: str, *names: str) -> list[datetime]:
    return [datetime.fromisoformat(json.loads(profile)[name]) for name in names]


def test_users_have_an_account_before_their_piscine_and_join_before_they_do_anything(
    client_for: Callable[..., CheckedClient],
) -> None:
    demo = Intra(client_for(dataset="demo", now=START), "YOUR_ACCESS_TOKEN")
    people = {row.id: row for row in demo.rows(tables.users)}
    for row in people.values():
        profile = json.loads(row.profile)
        begins = f"1 {profile['pool_month']} {profile['pool_year']} +0000"
        month = datetime.strptime(begins, "%d %B %Y %z")
        created, updated = _instants(row.profile, "created_at", "updated_at")
        assert 0 < (month - created).days <= 60
        assert created <= updated <= START
    late = [row.joined_at for row in people.values() if row.joined_at > _WEEKS_AGO]
    assert 0 < len(late) < len(people) / 2
    for slot in demo.rows(tables.slots):
        assert people[slot.user_id].joined_at <= slot.created_at
        assert slot.corrected_id is None or people[slot.corrected_id].joined_at <= slot.created_at
    for work in demo.rows(tables.projects_users):
        assert people[work.user_id].joined_at <= work.created_at


@pytest.mark.parametrize("dataset", ["demo", "documented"])
def test_nobody_is_in_two_evaluations_at_once(
    client_for: Callable[..., CheckedClient], dataset: str
) -> None:
    slots = Intra(client_for(dataset=dataset, now=START), "").rows(tables.slots)
    booked = [slot for slot in slots if slot.corrected_id is not None]
    assert len(booked) > len(slots) / 4
    busy = [(slot.user_id, slot.begin_at) for slot in slots]
    busy += [(slot.corrected_id, slot.begin_at) for slot in booked]
    assert len(set(busy)) == len(busy)


def test_more_slots_than_people_have_time_for(
    client_for: Callable[..., CheckedClient], tmp_path: Path
) -> None:
    dataset = tmp_path / "crowded.yaml"
    dataset.write_text(
        "intra42:\n  users: {count: 2}\n  projects: {count: 1}\n"
        "  slots: {count: 400, begin_on: {2020-03-04: 500}}\n"
    )
    slots = Intra(client_for(dataset=str(dataset), now=START), "").rows(tables.slots)
    assert len(slots) == 900
    assert all(slot.user_id != slot.corrected_id for slot in slots)
    that_day = [slot.begin_at for slot in slots if slot.id > 400]
    assert len(set(that_day)) == 96


_WEEKS_AGO = int((START - timedelta(days=119)).timestamp()) * 1000


def _tries(rows: Any) -> dict[tuple[int, int], list[int]]:
    tries: dict[tuple[int, int], list[int]] = {}
    for row in sorted(rows, key=lambda progress: (progress.created_at, progress.id)):
        tries.setdefault((row.user_id, row.project_id), []).append(row.occurrence)
    return tries


def test_occurrence_counts_a_users_earlier_tries_of_a_project(
    client_for: Callable[..., CheckedClient],
) -> None:
    demo = Intra(client_for(dataset="demo", now=START), "YOUR_ACCESS_TOKEN")
    tries = _tries(demo.rows(tables.projects_users))
    assert all(occurrences == [*range(len(occurrences))] for occurrences in tries.values())
    assert max(map(len, tries.values())) > 1


def test_tries_are_counted_over_all_that_a_dataset_asks_for() -> None:
    days = "{2026-11-20: 40, 2026-09-01: 40, 2020-02-02: 40}"
    pinned = (
        "[{id: 3, project_id: 1, user_id: 1, occurrence: 4}, {id: 9, project_id: 1, user_id: 2}]"
    )
    projects = "  projects: {records: [{id: 1, name: A, slug: a}, {id: 2, name: B, slug: b}]}\n"
    database = _filled(
        "\n  campus: {count: 1}\n  cursus: {count: 1}\n  users: {count: 9}\n"
        + projects
        + f"  projects_users: {{count: 60, created_on: {days}, records: {pinned}}}\n"
    )
    rows = database.rows(select(tables.projects_users))
    tries = _tries(rows)
    assert sum(map(len, tries.values())) == 182
    assert tries.pop((1, 1)) == [4]
    assert all(occurrences == [*range(len(occurrences))] for occurrences in tries.values())
    joined = {row.id: row.joined_at for row in database.rows(select(tables.users))}
    assert all(joined[row.user_id] <= row.created_at for row in rows if row.id not in (3, 9))


def test_work_where_everything_is_pinned_is_counted_on() -> None:
    database = _filled(
        "\n  users: {records: [{id: 1}]}\n  projects: {records: [{id: 1, name: A, slug: a}]}\n"
        "  projects_users:\n    count: 2\n"
        "    records: [{id: 1, project_id: 1, user_id: 1, occurrence: 4}]\n"
    )
    assert [*_tries(database.rows(select(tables.projects_users))).values()] == [[5, 6, 4]]


@pytest.mark.parametrize(
    ("record", "month", "year", "created"),
    [
        ("created_at: 2024-08-20T10:00:00Z", "september", "2024", "2024-08-20T10:00:00.000Z"),
        ("created_at: 2024-10-02T10:00:00Z", "february", "2025", "2024-10-02T10:00:00.000Z"),
        ("pool_month: march, pool_year: '2019'", "march", "2019", None),
        ("pool_month: null, pool_year: null", None, None, None),
        ("pool_month: brumaire, pool_year: '0000'", "brumaire", "0000", None),
    ],
)
def test_what_a_pinned_user_leaves_out_agrees_with_what_it_says(
    record: str, month: str | None, year: str | None, created: str | None
) -> None:
    rows = _rows(_filled(f"\n  users: {{records: [{{id: 1, {record}}}]}}\n"), tables.users)
    profile = json.loads(rows[1][3])
    assert (profile["pool_month"], profile["pool_year"]) == (month, year)
    assert created in (None, profile["created_at"])
    if month == "march":
        assert "2018-12-31" < profile["created_at"] < "2019-02-25"
