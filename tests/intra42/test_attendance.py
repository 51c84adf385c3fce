"""Who sat at which computer when: the story of a school, told for many locations."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from sqlalchemy import func, select, text

from fake_server.errors import UserError
from fake_server.world.instants import HOUR, MINUTE
from tests.intra42 import tables
from tests.intra42.conftest import Intra
from tests.support.client import CheckedClient

START = datetime(2026, 4, 20, tzinfo=UTC)
NOW = int(START.timestamp() * 1000)
LOCATIONS = 6_000
SCHOOL: Mapping[str, Any] = {
    "campus": {"count": 72},
    "cursus": {"count": 21},
    "projects": {"count": 36},
    "users": {"count": 80},
    "projects_users": {"count": 800},
    "locations": {"count": LOCATIONS},
    "spread_days": 700,
}
PARIS = {"campus": {"records": [{"id": 1}]}}
ZONE = ZoneInfo("Europe/Paris")


@pytest.fixture
def school_of(client_for: Callable[..., CheckedClient], tmp_path: Any) -> Callable[..., Intra]:
    """Make clients of a school on disk, as `large` is: `school_of(users={"count": 3})`."""

    def make(**sections: Any) -> Intra:
        file = tmp_path / "school.yaml"
        settings = {"start": START.date(), "seed": 42, "frozen": True, "storage": "disk"}
        file.write_text(yaml.safe_dump({**settings, "intra42": {**SCHOOL, **sections}}))
        return Intra(client_for(dataset=str(file), auth="any"), "any")

    return make


def _grouped(rows: Iterable[Any], *names: str) -> Mapping[Any, list[Any]]:
    groups = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.begin_at):
        groups[tuple(getattr(row, name) for name in names)].append(row)
    return groups


def _local(row: Any, name: str = "begin_at") -> datetime:
    return datetime.fromtimestamp(getattr(row, name) / 1000, ZONE)


def _stays(intra: Intra) -> Mapping[int, list[tuple[int, int]]]:
    """Return when each user is in a cursus, by the user's id."""
    stays: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for row in sorted(intra.rows(tables.cursus_users), key=lambda row: row.begin_at):
        stay = row.begin_at, row.end_at or 2**62
        own = stays[row.user_id]
        if own and stay[0] <= own[-1][1]:
            stay = own[-1][0], max(own.pop()[1], stay[1])
        own.append(stay)
    return stays


def test_there_are_as_many_as_the_dataset_asks_for(school_of: Callable[..., Intra]) -> None:
    rows = school_of().rows(tables.locations)
    assert sorted(row.id for row in rows) == [*range(1, LOCATIONS + 1)]


@pytest.mark.parametrize("names", [("user_id",), ("campus_id", "host")])
def test_nobody_sits_at_two_computers_and_no_two_at_one(
    school_of: Callable[..., Intra], names: tuple[str, ...]
) -> None:
    for rows in _grouped(school_of().rows(tables.locations), *names).values():
        for earlier, later in itertools.pairwise(rows):
            assert earlier.end_at is not None
            assert earlier.end_at <= later.begin_at


def test_people_sit_at_their_campus_while_they_are_in_a_cursus(
    school_of: Callable[..., Intra],
) -> None:
    intra = school_of()
    campus = {
        row.user_id: row.campus_id for row in intra.rows(tables.campus_users) if row.is_primary
    }
    joined = {row.id: row.joined_at for row in intra.rows(tables.users)}
    stays = _stays(intra)
    ended = {user_id for user_id, own in stays.items() if own[-1][1] < NOW}
    rows = intra.rows(tables.locations)
    for row in rows:
        end = row.end_at or NOW
        assert row.campus_id == campus[row.user_id]
        assert joined[row.user_id] <= row.begin_at < end <= NOW
        assert any(first <= row.begin_at and end <= last for first, last in stays[row.user_id])
    assert {row.user_id for row in rows} & ended


def test_people_come_by_day_and_on_weekdays_rather(school_of: Callable[..., Intra]) -> None:
    rows = school_of(**PARIS).rows(tables.locations)
    past = [row for row in rows if row.end_at is not None]
    weekdays = Counter(_local(row).weekday() for row in past)
    assert min(weekdays[day] for day in range(5)) > 1.5 * max(weekdays[5], weekdays[6])
    assert weekdays[6] > 0
    hours = Counter(_local(row).hour for row in past)
    assert hours[5] == 0
    assert sum(hours[hour] for hour in range(8)) < len(past) / 20
    assert sum(hours[hour] for hour in range(8, 18)) > 2 * sum(hours[hour] for hour in (19, 21, 23))
    nights = [row for row in past if _local(row).date() != _local(row, "end_at").date()]
    assert nights
    assert all(_local(row, "end_at").time().hour <= 5 for row in nights)
    lengths = [row.end_at - row.begin_at for row in past]
    assert min(lengths) > 5 * MINUTE
    assert 2 * HOUR < sum(lengths) / len(lengths) < max(lengths) < 11 * HOUR


@pytest.mark.parametrize("change", [date(2025, 10, 26), date(2026, 3, 29)])
def test_days_keep_their_hours_across_changes_of_the_clock(
    school_of: Callable[..., Intra], change: date
) -> None:
    rows = school_of(**PARIS).rows(tables.locations)
    around = range(-14, 15)
    days = Counter(_local(row).date() for row in rows)
    assert all(days[change + timedelta(days=offset)] for offset in around)
    for offset in around:
        day = change + timedelta(days=offset)
        own = [row for row in rows if _local(row).date() == day and _local(row).hour >= 6]
        begins = sorted(_local(row).time().hour for row in own)
        assert 6 <= begins[0] <= 10, day
        closing = datetime(day.year, day.month, day.day, 5, tzinfo=ZONE) + timedelta(days=1)
        assert all(_local(row, "end_at") <= closing for row in own), day


@pytest.mark.behaviour("intra42.stats.midnight", "intra42.stats.days")
def test_the_time_of_each_day_adds_up_from_the_locations(school_of: Callable[..., Intra]) -> None:
    intra = school_of(**PARIS)
    groups = _grouped(intra.rows(tables.locations), "user_id")
    ((user_id,), rows) = max(groups.items(), key=lambda item: len(item[1]))
    expected: Counter[str] = Counter()
    for row in rows:
        for day, length in _split(row.begin_at, row.end_at or NOW):
            expected[day] += length
    stats = intra.json(f"/v2/users/{user_id}/locations_stats")
    assert list(stats) == sorted(expected, reverse=True)
    for day, shown in stats.items():
        hours, minutes, seconds = shown.split(":")
        length = (int(hours) * 60 + int(minutes)) * 60_000 + round(float(seconds) * 1000)
        assert length == expected[day], day


def _split(begin: int, end: int) -> Iterator[tuple[str, int]]:
    """Yield the days in Paris that a span of instants touches, and how long it lasts on each."""
    while begin < end:
        day = datetime.fromtimestamp(begin / 1000, ZONE).date()
        following = day + timedelta(days=1)
        midnight = datetime(following.year, following.month, following.day, tzinfo=ZONE)
        until = min(end, int(midnight.timestamp() * 1000))
        yield day.isoformat(), until - begin
        begin = until


def test_a_profile_shows_the_computer_at_which_its_user_sits(
    school_of: Callable[..., Intra],
) -> None:
    intra = school_of(users={"count": 400}, locations={"count": 2000}, **PARIS)
    open_rows = {row.user_id: row for row in intra.rows(tables.locations) if row.end_at is None}
    shown = {user["id"]: user["location"] for user in _everybody(intra) if user["location"]}
    assert len(shown) > 40
    assert shown == {user_id: row.host for user_id, row in open_rows.items()}
    assert all(NOW - 90 * MINUTE <= row.begin_at < NOW for row in open_rows.values())


def _everybody(intra: Intra) -> Iterator[Any]:
    total = int(intra.get("/v2/users").headers["X-Total"])
    for number in range(1, total // 100 + 2):
        yield from intra.json(f"/v2/users?per_page=100&page={number}")


def test_who_says_so_in_a_dataset_sits_there_now(school_of: Callable[..., Intra]) -> None:
    pinned = {"id": 1, "login": "ada", "location": "c9r9s9", "cursus_ids": [21], "campus_ids": [1]}
    user = {**pinned, "created_at": "2025-09-01T08:00:00Z"}
    intra = school_of(users={"count": 20, "records": [user]}, locations={"count": 400}, **PARIS)
    (location,) = intra.json("/v2/users/ada/locations?filter[active]=true")
    assert location["host"] == location["user"]["location"] == "c9r9s9"


def test_a_campus_has_more_computers_than_people_who_come(school_of: Callable[..., Intra]) -> None:
    people, locations = {"count": 600}, {"count": 3000}
    rows = school_of(users=people, locations=locations, **PARIS).rows(tables.locations)
    assert len({row.host for row in rows}) > 288
    for at_one in _grouped(rows, "host").values():
        for earlier, later in itertools.pairwise(at_one):
            assert earlier.end_at is not None
            assert earlier.end_at <= later.begin_at


def test_pinned_locations_stand_beside_invented_ones(school_of: Callable[..., Intra]) -> None:
    open_one = {"user_id": 1, "campus_id": 1, "host": "c1r1s1", "begin_at": "2026-04-19T22:00:00Z"}
    records = [{"id": 3, **open_one, "end_at": None}, {"id": 5}]
    intra = school_of(locations={"count": 300, "records": records}, **PARIS)
    rows = {row.id: row for row in intra.rows(tables.locations)}
    assert sorted(rows) == [*range(1, 303)]
    assert rows[3].host == "c1r1s1"
    assert rows[5].begin_at < rows[5].end_at
    open_rows = [row for row in rows.values() if row.end_at is None]
    assert [row.id for row in open_rows if row.user_id == 1 or row.host == "c1r1s1"] == [3]


def test_more_than_the_days_hold_lie_before_anybody_joined(
    school_of: Callable[..., Intra],
) -> None:
    intra = school_of(users={"count": 2}, locations={"count": 3000}, **PARIS)
    rows = intra.rows(tables.locations)
    assert len(rows) == 3000
    for own in _grouped(rows, "user_id").values():
        pairs = itertools.pairwise(own)
        assert all(earlier.end_at <= later.begin_at for earlier, later in pairs)


def test_more_than_can_be_made_are_refused(school_of: Callable[..., Intra]) -> None:
    with pytest.raises(UserError, match=r"locations\.count: these are more than the people can"):
        school_of(users={"count": 2}, locations={"count": 50_000}, **PARIS)


@pytest.mark.parametrize("field", ["user_id", "campus_id"])
def test_the_locations_of_a_group_come_by_an_index(
    school_of: Callable[..., Intra], field: str
) -> None:
    own = tables.locations.c
    query = f"SELECT id FROM locations WHERE {field} = 1 AND end_at IS NULL ORDER BY begin_at DESC"
    steps = school_of().world.store("intra42").rows(text(f"EXPLAIN QUERY PLAN {query}"))
    assert [f"ix_locations_{field}_begin_at_end_at" in step.detail for step in steps] == [True]
    assert own[field].type


@pytest.mark.slow
def test_a_million_locations_agree_with_each_other(
    client_for: Callable[..., CheckedClient],
) -> None:
    store = client_for(dataset="large", auth="any").world.store("intra42")
    own = tables.locations.c
    assert store.value(select(func.count()).select_from(tables.locations)) == 1_000_000
    for group in ("user_id", "campus_id, host"):
        overlaps = store.rows(
            text(
                "SELECT count(*) FROM (SELECT begin_at, max(coalesce(end_at, 1 << 62)) OVER"
                f" (PARTITION BY {group} ORDER BY begin_at ROWS BETWEEN UNBOUNDED PRECEDING"
                " AND 1 PRECEDING) AS earlier FROM locations) WHERE earlier > begin_at"
            )
        )
        assert overlaps[0][0] == 0, group
    people, members = tables.users.c, tables.campus_users.c
    joined = select(func.count()).where(own.user_id == people.id, own.begin_at < people.joined_at)
    assert store.value(joined) == 0
    at_campus = select(func.count()).where(
        own.user_id == members.user_id, own.campus_id == members.campus_id, members.is_primary
    )
    assert store.value(at_campus) == 1_000_000
