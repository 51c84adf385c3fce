"""The records that a dataset describes, and its mistakes."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fake_server import create_app
from fake_server.apis.intra42 import api
from fake_server.errors import DatasetError
from fake_server.world.datasets.check import check
from fake_server.world.datasets.dataset import parse
from fake_server.world.image_inputs import ImageInputs
from fake_server.world.storage.store import new_in_memory
from tests.intra42 import tables
from tests.intra42.filled_stores import START, filled, rows_of

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


def test_the_same_brief_gives_the_same_bytes() -> None:
    section = SMALL + "  slots: {count: 900}\n  projects_users: {count: 700}\n"
    assert filled(section).dump() == filled(section).dump()
    assert filled(section).dump() != filled(section, seed=2).dump()


def test_a_pinned_record_changes_no_other() -> None:
    made = rows_of(filled(SMALL + "  slots: {count: 20}\n"), tables.slots)
    pinned = "  slots: {count: 20, records: [{id: 7, begin_at: 2020-01-01T00:00:00Z}]}\n"
    with_pinned = rows_of(filled(SMALL + pinned), tables.slots)
    assert len(with_pinned) == 21
    assert {key: row for key, row in made.items() if key != 7} == {
        key: row for key, row in with_pinned.items() if key not in (7, 21)
    }


def test_counts_come_on_top_of_pinned_records() -> None:
    database = filled(
        """
  campus: {count: 2, records: [{id: 2, name: Two}]}
  cursus: {count: 70}
  projects: {count: 40}
  users: {count: 3, records: [{id: 2, login: two}]}
"""
    )
    assert [*rows_of(database, tables.campus)] == [1, 2, 5]
    cursus = [*rows_of(database, tables.cursus)]
    assert len(cursus) == 70
    assert {2, 24, 77} <= {*cursus}
    assert len(rows_of(database, tables.projects)) == 40
    assert [*rows_of(database, tables.users)] == [1, 2, 3, 4]


def test_logins_are_unique() -> None:
    database = filled("\n  campus: {count: 1}\n  cursus: {count: 1}\n  users: {count: 400}\n")
    logins = [row[1] for row in rows_of(database, tables.users).values()]
    assert len({*logins}) == 400
    assert all(login.isascii() and 1 < len(login) <= 9 for login in logins)


def test_a_pinned_slug_is_not_invented_again() -> None:
    made = rows_of(filled("\n  projects: {count: 36}\n"), tables.projects)
    slug = made.pop(min(made))[2]
    record = f"{{id: 90001, name: Own, slug: {slug}}}"
    with_pinned = rows_of(
        filled(f"\n  projects: {{count: 36, records: [{record}]}}\n"), tables.projects
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
    database = filled(users + slots)
    begin_at = rows_of(database, tables.slots)[1][1]
    assert datetime.fromtimestamp(begin_at / 1000, UTC) == datetime(2026, 1, 1, 10, tzinfo=UTC)
    profile = json.loads(rows_of(database, tables.users)[1][3])
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
