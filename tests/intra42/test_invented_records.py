"""Invented records tell one story: who was where, and when."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from fake_server.world.datasets.check import check
from fake_server.world.datasets.dataset import load
from tests.intra42 import tables
from tests.intra42.conftest import Intra
from tests.intra42.filled_stores import START, filled, rows_of
from tests.support.client import CheckedClient


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
    database = filled(
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
    database = filled(
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
    rows = rows_of(filled(f"\n  users: {{records: [{{id: 1, {record}}}]}}\n"), tables.users)
    profile = json.loads(rows[1][3])
    assert (profile["pool_month"], profile["pool_year"]) == (month, year)
    assert created in (None, profile["created_at"])
    if month == "march":
        assert "2018-12-31" < profile["created_at"] < "2019-02-25"
