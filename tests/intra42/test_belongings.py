"""What users have besides, and how long they sat at computers, against the rows behind it."""

import json
from collections import defaultdict
from collections.abc import Callable
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from fake_server.apis.intra42.graphs.logtime import logtime
from fake_server.world.records.data import add, change, remove
from tests.intra42 import tables
from tests.intra42.conftest import Intra

_HOUR = 3_600_000
_PARIS = ZoneInfo("Europe/Paris")
LINKS = ("groups", "titles", "achievements", "expertises", "languages")


@pytest.mark.behaviour("intra42.groups.shape", "intra42.titles.shape", "intra42.languages.shape")
@pytest.mark.parametrize("name", LINKS)
def test_a_user_has_each_thing_once(demo: Intra, name: str) -> None:
    rows = demo.rows(tables.of(f"{name}_users"))
    pairs = [(row.user_id, getattr(row, f"{name.removesuffix('s')}_id")) for row in rows]
    assert len(set(pairs)) == len(pairs) > 20
    users = {row.id: row for row in demo.rows(tables.users)}
    assert {user for user, _ in pairs} <= users.keys()
    assert all(users[row.user_id].joined_at <= row.created_at for row in rows)


@pytest.mark.behaviour("intra42.titles.parents", "intra42.users.show.members")
def test_a_user_bears_one_title_at_most(demo: Intra) -> None:
    borne = [row.user_id for row in demo.rows(tables.of("titles_users")) if row.selected]
    assert len(borne) == len(set(borne)) > 20
    record = demo.json(f"/v2/users/{borne[0]}")
    assert [entry["selected"] for entry in record["titles_users"]].count(True) == 1
    assert [entry["id"] for entry in record["titles"]] == sorted(
        entry["title_id"] for entry in record["titles_users"]
    )
    remove(demo.world, "intra42", "titles", str(record["titles"][0]["id"]))
    assert demo.json(f"/v2/users/{borne[0]}")["titles"] == record["titles"][1:]


@pytest.mark.behaviour("intra42.languages.shape", "intra42.languages.parents")
def test_the_first_language_is_that_of_the_campus(demo: Intra) -> None:
    languages = {row.id: row.language_id for row in demo.rows(tables.campus)}
    campus = {
        row.user_id: languages[row.campus_id]
        for row in demo.rows(tables.campus_users)
        if row.position == 0
    }
    rows = demo.rows(tables.of("languages_users"))
    assert all(campus[row.user_id] == row.language_id for row in rows if row.position == 1)
    assert {row.position for row in rows} == {1, 2}


@pytest.mark.behaviour("intra42.correction_points.shape")
def test_the_last_total_is_that_of_the_profile(demo: Intra) -> None:
    by_user = defaultdict(list)
    for row in demo.rows(tables.of("correction_point_historics")):
        by_user[row.user_id].append(row)
    assert len(by_user) > 100
    for user in demo.rows(tables.users):
        rows = sorted(by_user[user.id], key=lambda row: row.created_at)
        for before, after in pairwise(rows):
            assert before.id < after.id
            assert before.total + after.sum == after.total
        if rows:
            assert rows[-1].total == json.loads(user.profile)["correction_point"]
            assert min(row.total for row in rows) >= 0
    assert demo.get("/v2/correction_point_historics").status_code == 404


@pytest.mark.behaviour("intra42.achievements.shape", "intra42.achievements.parents")
def test_steps_of_achievements_have_their_first_one(demo: Intra) -> None:
    third = demo.json("/v2/achievements/3")
    first = demo.json(f"/v2/achievements/{third['parent']['id']}")
    assert [step["id"] for step in first["achievements"]] == [2, 3]
    assert third["title"] == demo.json(f"/v2/titles/{third['title']['id']}")
    assert demo.ids(f"/v2/titles/{third['title']['id']}/achievements")[0] == 3
    assert "Paris" in first["campus"]


@pytest.mark.behaviour("intra42.roles.shape", "intra42.skills.shape", "intra42.expertises.shape")
def test_references_end_with_what_they_refer_to(demo: Intra) -> None:
    (tutors,) = [row for row in demo.rows(tables.of("roles")) if row.name == "Tutor"]
    user_id = tutors.user_ids[0]
    assert demo.json(f"/v2/users/{user_id}")["roles"] == [{"id": tutors.id, "name": "Tutor"}]
    remove(demo.world, "intra42", "users", str(user_id))
    (after,) = [row for row in demo.rows(tables.of("roles")) if row.name == "Tutor"]
    assert after.user_ids == tutors.user_ids[1:]
    remove(demo.world, "intra42", "cursus", "9")
    assert demo.get("/v2/cursus/9/skills").status_code == 404
    assert all(row.cursus_ids == [21] for row in demo.rows(tables.of("skills")))


def test_logtime_crosses_the_changes_of_the_clocks() -> None:
    # 2026-03-29 has 23 hours in Paris, and 2026-10-25 has 25.
    spring, autumn = 1_774_738_800_000, 1_792_879_200_000
    assert logtime([(spring, spring + 24 * _HOUR)], _PARIS) == {
        "2026-03-30": "01:00:00",
        "2026-03-29": "23:00:00",
    }
    assert logtime([(autumn, autumn + 25 * _HOUR + 500)], _PARIS) == {
        "2026-10-26": "00:00:00.5",
        "2026-10-25": "25:00:00",
    }
    assert logtime([], _PARIS) == {}


@pytest.mark.behaviour(
    "intra42.stats.days", "intra42.stats.open", "intra42.stats.span", "intra42.stats.unreadable"
)
def test_stats_add_up_to_the_locations_of_a_user(demo: Intra) -> None:
    user_id = demo.rows(tables.locations)[-1].user_id
    rows = [row for row in demo.rows(tables.locations) if row.user_id == user_id]
    closed = sum(row.end_at - row.begin_at for row in rows if row.end_at is not None)
    add(demo.world, "intra42", "users", [{"id": 999, "login": "nobody", "campus_ids": []}])
    for row in rows:
        if row.end_at is None:
            change(demo.world, "intra42", "locations", str(row.id), {"user_id": 999})
    days = demo.json(f"/v2/users/{user_id}/locations_stats")
    seconds = 0.0
    for text in days.values():
        hours, minutes, rest = text.split(":")
        seconds += int(hours) * 3600 + int(minutes) * 60 + float(rest)
    assert round(seconds * 1000) == closed > 0
    assert demo.json("/v2/users/nobody/locations_stats?end_at=2020-01-01") == {}
    assert demo.get("/v2/users/nobody/locations_stats?begin_at=x").status_code == 400
    everything = "begin_at=0001-01-01&end_at=9999-12-31"
    for zone in ("Europe/Paris", "America/New_York", "Pacific/Kiritimati"):
        path = f"/v2/users/{user_id}/locations_stats?time_zone={zone}"
        assert demo.json(f"{path}&{everything}") == demo.json(path) != {}
        assert demo.json(f"{path}&begin_at=9999-12-31") == {}


@pytest.mark.behaviour("intra42.stats.open")
def test_open_locations_may_count_for_nothing(intra_with: Callable[..., Intra]) -> None:
    options = {"token": "YOUR_ACCESS_TOKEN", "dataset": "demo", "now": "2026-11-27T12:00:00Z"}
    demo = intra_with("open-locations-uncounted", **options)
    user_id = next(row.user_id for row in demo.rows(tables.locations) if row.end_at is None)
    assert demo.json(f"/v2/users/{user_id}/locations?filter[active]=true")
    assert demo.json(f"/v2/users/{user_id}/locations_stats?begin_at=2026-11-27") == {}


@pytest.mark.behaviour(
    "intra42.groups.parents", "intra42.expertises.parents", "intra42.users.members"
)
@pytest.mark.parametrize(
    ("parent", "link"),
    [
        ("groups", "groups_users"),
        ("expertises", "expertises_users"),
        ("coalitions", "coalitions_users"),
        ("events", "events_users"),
    ],
)
def test_users_are_listed_where_a_link_has_them(demo: Intra, parent: str, link: str) -> None:
    rows = demo.rows(tables.of(link))
    key = f"{parent.removesuffix('s')}_id"
    parent_id = getattr(rows[0], key)
    own = [row for row in rows if getattr(row, key) == parent_id]
    under_parent = f"/v2/{parent}/{parent_id}"
    assert set(demo.ids(f"{under_parent}/users?page[size]=100")) == {row.user_id for row in own}
    assert set(demo.ids(f"{under_parent}/{link}?page[size]=100")) == {row.id for row in own}
    user_id = own[0].user_id
    of_user = {row.id for row in rows if row.user_id == user_id}
    assert set(demo.ids(f"/v2/users/{user_id}/{link}?page[size]=100")) == of_user


@pytest.mark.behaviour("intra42.groups.order")
@pytest.mark.parametrize("name", ["groups", "groups_users", "titles", "titles_users"])
def test_lists_without_fields_come_by_id(demo: Intra, name: str) -> None:
    numbers = demo.ids(f"/v2/{name}?sort=-id")
    assert numbers == sorted(numbers)
    assert len(numbers) > 1
    for parameter in ("filter[id]=1", "range[id]=1,2"):
        assert demo.get(f"/v2/{name}?{parameter}").status_code == 400


@pytest.mark.behaviour("intra42.achievements_users.shape", "intra42.expertises_users.shape")
def test_links_show_their_keys_in_order(demo: Intra) -> None:
    own = ["id", "expertise_id", "interested", "value", "contact_me", "created_at", "user_id"]
    (known, *_) = demo.json("/v2/expertises_users")
    assert list(known) == [*own, "expertise", "user"]
    assert list(known["user"]) == ["id", "login", "url"]
    assert list(demo.json(f"/v2/users/{known['user_id']}")["expertises_users"][0]) == own
    (earned, *_) = demo.json("/v2/achievements_users")
    assert list(earned) == [
        "id",
        "achievement_id",
        "user_id",
        "login",
        "nbr_of_success",
        "url",
        "created_at",
        "updated_at",
    ]


@pytest.mark.behaviour("intra42.stats.midnight")
def test_time_is_split_at_midnights(demo: Intra) -> None:
    add(demo.world, "intra42", "users", [{"id": 999, "login": "nobody", "campus_ids": [1]}])
    night = {"begin_at": "2026-03-10T22:30:00Z", "end_at": "2026-03-11T01:00:00Z"}
    add(
        demo.world,
        "intra42",
        "locations",
        [{"id": 999_999, "user_id": 999, "campus_id": 1, **night}],
    )
    path = "/v2/users/nobody/locations_stats?begin_at=2026-03-01&end_at=2026-03-31"
    assert demo.json(path) == {"2026-03-11": "02:00:00", "2026-03-10": "00:30:00"}
    assert demo.json(f"{path}&time_zone=UTC") == {
        "2026-03-11": "01:00:00",
        "2026-03-10": "01:30:00",
    }
