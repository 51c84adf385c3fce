"""Groups, titles, achievements, roles, languages, skills and expertises, and who has them."""

from collections.abc import Sequence
from typing import Any

from fake_server.contract import Target, behaviour, expect, need

from . import keys
from .helpers import Record, expect_keys_of_some, graph, ids, listed, page, school

_TIMES = {"created_at": "2026-01-05T08:00:00Z", "updated_at": "2026-01-05T08:00:00Z"}
_NAMED = [{"id": 5, "name": "First"}, {"id": 6, "name": "Second"}]


def _pinned(records: Sequence[Record], **more: Any) -> dict[str, Any]:
    return {"records": [{**record, **more} for record in records]}


def _expect_members(target: Target, expected: dict[str, list[int]], **sections: Any) -> None:
    """Check the ids of the lists at some paths."""
    with school(target, **sections) as own:
        for path, numbers in expected.items():
            expect(path, numbers, ids(listed(own, f"/v2/{path}")))


@behaviour("intra42.groups.shape")
def test_a_group_has_these_keys(intra42: Target) -> None:
    expect_keys_of_some(intra42, "/v2/groups", keys.GROUP)
    expect_keys_of_some(intra42, "/v2/groups_users", keys.GROUPS_USER)


@behaviour("intra42.groups.parents", needs=("data",))
def test_users_in_groups(intra42: Target) -> None:
    pairs = [{"id": 1, "user_id": 2, "group_id": 5}, {"id": 2, "user_id": 1, "group_id": 5}]
    pairs += [{"id": 3, "user_id": 1, "group_id": 6}]
    expected = {
        "users/ada/groups": [5, 6],
        "users/1/groups_users": [2, 3],
        "groups/5/groups_users": [1, 2],
        "groups/5/users": [2, 1],
        "users/dan/groups": [],
    }
    _expect_members(
        intra42, expected, groups=_pinned(_NAMED), groups_users=_pinned(pairs, **_TIMES)
    )


@behaviour("intra42.titles.shape")
def test_a_title_has_these_keys(intra42: Target) -> None:
    expect_keys_of_some(intra42, "/v2/titles", keys.TITLE)
    expect_keys_of_some(intra42, "/v2/titles_users", keys.TITLES_USER)


@behaviour("intra42.titles.parents", needs=("data",))
def test_users_with_titles(intra42: Target) -> None:
    pairs = [{"id": 1, "user_id": 2, "title_id": 6}, {"id": 2, "user_id": 1, "title_id": 6}]
    expected = {
        "users/bob/titles": [6],
        "users/2/titles_users": [1],
        "titles/6/titles_users": [1, 2],
        "titles/6/users": [2, 1],
        "titles/5/users": [],
    }
    records = _pinned(pairs, selected=True, **_TIMES)
    _expect_members(intra42, expected, titles=_pinned(_NAMED), titles_users=records)


@behaviour("intra42.groups.order", needs=("data",))
def test_they_come_by_id_whatever_is_asked(intra42: Target) -> None:
    with school(intra42, groups=_pinned(_NAMED), titles=_pinned(_NAMED)) as own:
        for path in ("/v2/groups", "/v2/titles"):
            for sort in ("id", "-id"):
                expect(f"{path} by {sort}", [5, 6], ids(listed(own, path, {"sort": sort})))
            for name in ("filter", "range"):
                own.get(path, params={f"{name}[id]": "5,6"}).expect_status(400)


@behaviour("intra42.achievements.shape")
def test_an_achievement_has_these_keys(intra42: Target) -> None:
    records = expect_keys_of_some(intra42, "/v2/achievements", keys.ACHIEVEMENT)
    by_id = {record["id"]: record for record in records}
    parents = [record for record in records if record["parent"] is not None]
    need(bool(parents), "an achievement of several steps")
    for record in parents:
        expect("the keys of the parent", keys.STEP, list(record["parent"]))
        first = by_id.get(record["parent"]["id"])
        if first is not None:
            own = {name: record[name] for name in keys.STEP}
            expect("the step of the parent", True, own in first["achievements"])


@behaviour("intra42.achievements.parents", needs=("data",))
def test_achievements_below_records(intra42: Target) -> None:
    whole = {"description": "One.", "tier": "easy", "kind": "social", "visible": True, **_TIMES}
    whole |= {"image": None, "nbr_of_success": None, "parent_id": None}
    records = [
        {"id": 1, "slug": "one", "title_id": 5, "campus_ids": [1, 2], "cursus_ids": [9]},
        {"id": 2, "slug": "two", "title_id": None, "campus_ids": [2], "cursus_ids": []},
    ]
    pairs = [{"id": 1, "user_id": 3, "achievement_id": 2, "nbr_of_success": None}]
    expected = {
        "campus/2/achievements": [1, 2],
        "campus/1/achievements": [1],
        "cursus/9/achievements": [1],
        "titles/5/achievements": [1],
        "titles/6/achievements": [],
        "achievements/2/users": [3],
        "achievements/two/achievements_users": [1],
    }
    sections = {
        "titles": _pinned(_NAMED),
        "achievements": _pinned(records, name="An achievement", **whole),
        "achievements_users": _pinned(pairs, **_TIMES),
    }
    _expect_members(intra42, expected, **sections)


@behaviour("intra42.achievements_users.shape")
def test_an_achievements_user_has_these_keys(intra42: Target) -> None:
    path = "/v2/achievements_users"
    for record in expect_keys_of_some(intra42, path, keys.ACHIEVEMENTS_USER)[:3]:
        user = page(intra42, f"/v2/users/{record['user_id']}").json
        expect("the user", [user["login"], user["url"]], [record["login"], record["url"]])


@behaviour("intra42.roles.shape")
def test_a_role_has_these_keys(intra42: Target) -> None:
    expect_keys_of_some(intra42, "/v2/roles", keys.ROLE)


@behaviour("intra42.roles.shape", needs=("data",))
def test_roles_of_users(intra42: Target) -> None:
    roles = [{"id": 1, "name": "Tutor", "user_ids": [1, 3]}, {"id": 2, "name": "Guest"}]
    records = _pinned([{"user_ids": [3], **role} for role in roles], description="A role", **_TIMES)
    expected = {"users/ada/roles": [1], "users/cleo/roles": [2, 1], "users/bob/roles": []}
    _expect_members(intra42, expected, roles=records)


@behaviour("intra42.languages.shape")
def test_a_language_has_these_keys(intra42: Target) -> None:
    expect_keys_of_some(intra42, "/v2/languages", keys.LANGUAGE)
    expect_keys_of_some(intra42, "/v2/languages_users", keys.LANGUAGES_USER)


@behaviour("intra42.languages.parents", needs=("data", "clock"))
def test_languages_of_a_user(intra42: Target) -> None:
    languages = [{"id": number, "name": f"L{number}", "identifier": "xx"} for number in (1, 2)]
    pairs = [(1, 1, 1, 1), (2, 2, 1, 2), (3, 1, 2, 1)]
    records = [
        {"id": number, "language_id": language, "user_id": user, "position": position}
        for number, language, user, position in pairs
    ]
    spoken = _pinned(records, created_at=_TIMES["created_at"])
    sections = {"languages": _pinned(languages, **_TIMES), "languages_users": spoken}
    with school(intra42, at="2026-01-06T08:00:00Z", **sections) as own:
        expect("the ids", [2, 1], ids(listed(own, "/v2/users/ada/languages_users")))
        days = graph(own, "/v2/users/ada/languages_users", "on/created_at/by/day")
        # Whether a graph goes on to today depends on the profile.
        expect("the days", {"2026-01-05": 2}, {day: count for day, count in days.items() if count})


@behaviour("intra42.skills.shape")
def test_a_skill_has_these_keys(intra42: Target) -> None:
    expect_keys_of_some(intra42, "/v2/skills", keys.SKILL)


@behaviour("intra42.skills.shape", needs=("data",))
def test_skills_of_a_cursus(intra42: Target) -> None:
    skills = [{"id": 1, "slug": "b", "name": "B", "cursus_ids": [9, 21]}]
    skills += [{"id": 2, "slug": "a", "name": "A", "cursus_ids": [21]}]
    expected = {"cursus/9/skills": [1], "cursus/21/skills": [2, 1], "cursus/77/skills": []}
    _expect_members(intra42, expected, skills=_pinned(skills, **_TIMES))


@behaviour("intra42.expertises.shape")
def test_an_expertise_has_these_keys(intra42: Target) -> None:
    for record in expect_keys_of_some(intra42, "/v2/expertises", keys.EXPERTISE):
        expect("the addresses", f"{record['url']}/expertises_users", record["expertises_users_url"])
        expect("the slug", record["slug"], record["url"].rpartition("/")[2])


@behaviour("intra42.expertises_users.shape")
def test_an_expertises_user_has_these_keys(intra42: Target) -> None:
    record = expect_keys_of_some(intra42, "/v2/expertises_users", keys.EXPERTISES_USER)[0]
    expect("the keys of the expertise", keys.EXPERTISE, list(record["expertise"]))
    expect("the user", record["user_id"], record["user"]["id"])
    own = page(intra42, f"/v2/users/{record['user_id']}").json["expertises_users"]
    expect("what the user shows", [record[name] for name in keys.KNOWLEDGE], list(own[0].values()))


@behaviour("intra42.expertises.parents", needs=("data",))
def test_users_with_expertises(intra42: Target) -> None:
    fields = [{"id": 5, "name": "Sound", "slug": "sound", "kind": "sector"}]
    pair = {"interested": True, "value": 3, "contact_me": False, **_TIMES}
    pairs = [{"id": 1, "expertise_id": 5, "user_id": 2}, {"id": 2, "expertise_id": 5, "user_id": 3}]
    expected = {
        "expertises/sound/expertises_users": [2, 1],
        "users/bob/expertises_users": [1],
        "expertises/5/users": [3, 2],
    }
    sections = {"expertises": _pinned(fields, **_TIMES), "expertises_users": _pinned(pairs, **pair)}
    _expect_members(intra42, expected, **sections)


@behaviour("intra42.correction_points.shape", needs=("data",))
def test_correction_points_of_a_user(intra42: Target) -> None:
    change = {"scale_team_id": None, "reason": "Gift", **_TIMES}
    records = [{"id": 1, "user_id": 1, "sum": 2, "total": 7}]
    records += [{"id": 2, "user_id": 2, "sum": 1, "total": 1}]
    records += [{"id": 3, "user_id": 1, "sum": -1, "total": 6}]
    with school(intra42, correction_point_historics=_pinned(records, **change)) as own:
        shown = listed(own, "/v2/users/ada/correction_point_historics")
        expect("the keys", keys.CORRECTION_POINT, list(shown[0]))
        expect("the totals", [7, 6], [record["total"] for record in shown])
        own.get("/v2/correction_point_historics").expect_status(404)


@behaviour("intra42.users.show.members", needs=("data",))
def test_a_user_alone_shows_what_the_lists_have(intra42: Target) -> None:
    titles = _pinned([{"id": 1, "user_id": 1, "title_id": 6}], selected=True, **_TIMES)
    groups = _pinned([{"id": 1, "user_id": 1, "group_id": 5}], **_TIMES)
    sections: dict[str, Any] = {"titles": _pinned(_NAMED), "titles_users": titles}
    sections |= {"groups": _pinned(_NAMED), "groups_users": groups}
    with school(intra42, **sections) as own:
        record = page(own, "/v2/users/ada").json
        for name in ("groups", "titles", "titles_users"):
            expect(name, listed(own, f"/v2/users/ada/{name}"), record[name])
            expect(f"how many {name}", 1, len(record[name]))
        expect("of another", [], page(own, "/v2/users/bob").json["titles"])
        for name in ("achievements", "languages_users", "expertises_users", "roles"):
            expect(name, [], record[name])


@behaviour("intra42.users.members")
def test_users_of_coalitions_and_events(intra42: Target) -> None:
    for name, link in (("coalitions", "coalitions_users"), ("events", "events_users")):
        members = listed(intra42, f"/v2/{link}", {"per_page": 1})
        need(bool(members), link)
        parent = members[0][f"{name.removesuffix('s')}_id"]
        everybody = listed(intra42, f"/v2/{name}/{parent}/{link}", {"per_page": 100})
        users = listed(intra42, f"/v2/{name}/{parent}/users", {"per_page": 100})
        own = {member["user_id"] for member in everybody}
        expect(f"the users of {name}", sorted(own, reverse=True), ids(users))
