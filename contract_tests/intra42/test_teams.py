"""Teams, their users, and the marks that programs gave to them."""

from fake_server.contract import Target, behaviour, expect, expect_that, need

from . import keys
from .helpers import (
    WORK,
    Record,
    expect_keys_of_some,
    first_ones,
    ids,
    listed,
    moment,
    page,
    school,
    work_on,
)

TEAMS, USERS, UPLOADS = "/v2/teams", "/v2/teams_users", "/v2/teams_uploads"
MARKED = "2026-05-09T08:00:00Z"
PAIR = (
    work_on(
        1, current_team_id=7, status="finished", final_mark=90, marked_at="2026-05-09T08:00:00Z"
    ),
    work_on(2, current_team_id=7, user_id=3, status="finished"),
    work_on(3, current_team_id=8, user_id=2, project_id=12, status="creating_group"),
    work_on(4, current_team_id=None, user_id=4),
)


def _base(team: Record) -> Record:
    return {key: team[key] for key in keys.TEAM}


@behaviour("intra42.teams.shape")
def test_a_team_has_these_keys(intra42: Target) -> None:
    for record in expect_keys_of_some(intra42, TEAMS, keys.TEAM_RECORD)[:3]:
        expect("the team", record, page(intra42, f"{TEAMS}/{record['id']}").json)


@behaviour("intra42.teams.same")
def test_a_team_is_that_of_its_projects_users(intra42: Target) -> None:
    works = [work for work in first_ones(intra42, WORK) if work["current_team_id"]]
    need(bool(works), "a projects user with a team")
    for work in works[:4]:
        team = page(intra42, f"{TEAMS}/{work['current_team_id']}").json
        shown = {team["id"]: team for team in work["teams"]}
        expect("the team", _base(team), shown.get(team["id"]))
        members = [entry["projects_user_id"] for entry in team["users"]]
        expect_that("the users", work["id"] in members, f"one with {work['id']}", members)


@behaviour("intra42.teams.same", needs=("data",))
def test_two_users_are_one_team(intra42: Target) -> None:
    with school(intra42, work=PAIR) as own:
        expect("the teams", [7, 8], ids(listed(own, TEAMS)))
        team = page(own, f"{TEAMS}/7").json
        users = [
            (entry["id"], entry["leader"], entry["projects_user_id"]) for entry in team["users"]
        ]
        expect("the users", [(1, True, 1), (3, False, 2)], users)
        shown = {work["id"]: work["teams"] for work in listed(own, WORK)}
        expect("of both", [[_base(team)], [_base(team)], []], [shown[key] for key in (1, 2, 4)])
        pairs = [(entry["id"], entry["team_id"], entry["leader"]) for entry in listed(own, USERS)]
        expect("their records", [(3, 8, True), (2, 7, False), (1, 7, True)], pairs)


@behaviour("intra42.teams.parents", needs=("data",))
def test_teams_of_others_are_left_out(intra42: Target) -> None:
    projects = [
        {"id": 11, "name": "Libft", "slug": "libft", "session_id": 70, "cursus_ids": [21]},
        {"id": 12, "name": "Printf", "slug": "printf", "session_id": 71, "cursus_ids": [9]},
    ]
    with school(intra42, work=PAIR, projects={"records": projects}) as own:
        for parent, expected in (
            ("users/cleo", [7]),
            ("users/dan", []),
            ("projects/printf", [8]),
            ("users/cleo/projects/libft", [7]),
            ("users/cleo/projects/printf", []),
            ("project_sessions/71", [8]),
            ("cursus/21", [7]),
            ("cursus/77", []),
        ):
            expect(parent, expected, ids(listed(own, f"/v2/{parent}/teams")))


@behaviour("intra42.teams.members", needs=("data",))
def test_teams_are_found_by_where_their_users_are(intra42: Target) -> None:
    with school(intra42, work=PAIR) as own:
        for name, value, expected in (
            ("cursus", 21, [7]),
            ("cursus", 9, [7, 8]),
            ("campus", 2, [7, 8]),
            ("primary_campus", 2, [8]),
            ("primary_campus", 1, [7]),
        ):
            kept = ids(listed(own, TEAMS, {f"filter[{name}]": value}))
            expect(f"{name} {value}", expected, kept)


@behaviour("intra42.teams.states")
def test_teams_are_found_by_their_state(intra42: Target) -> None:
    teams = expect_keys_of_some(intra42, TEAMS, keys.TEAM_RECORD)
    params = {"range[id]": f"{teams[0]['id']},{teams[-1]['id']}", "per_page": 100}
    states = {"locked": "locked_at", "closed": "closed_at", "with_mark": "final_mark"}
    for name, field in states.items():
        for value, is_set in (("true", True), ("false", False)):
            kept = listed(intra42, TEAMS, {**params, f"filter[{name}]": value})
            expected = [team["id"] for team in teams if (team[field] is not None) is is_set]
            expect(f"{name} {value}", expected, sorted(ids(kept)))


@behaviour("intra42.teams.handed_in")
def test_a_team_is_closed_before_it_is_marked(intra42: Target) -> None:
    marked = [work for work in first_ones(intra42, WORK) if work["marked_at"] and work["teams"]]
    need(bool(marked), "a marked projects user with a team")
    for work in marked:
        team = {team["id"]: team for team in work["teams"]}.get(work["current_team_id"])
        if team is not None and team["closed_at"] is not None:
            times = [team["created_at"], team["closed_at"], work["marked_at"]]
            expect("the order of times", sorted(times, key=moment), times)
            expect_that("closed_at", times[1] != times[2], "before marked_at", times[1])


@behaviour("intra42.teams_users.shape")
def test_a_user_of_a_team_has_these_keys(intra42: Target) -> None:
    for record in expect_keys_of_some(intra42, USERS, keys.TEAMS_USER)[:3]:
        expect("the record", record, page(intra42, f"{USERS}/{record['id']}").json)
        expect(
            "the team", record["team"], _base(page(intra42, f"{TEAMS}/{record['team_id']}").json)
        )
        expect("the keys of the user", keys.USER, list(record["user"]))
        expect("the user", record["user_id"], record["user"]["id"])


@behaviour("intra42.teams_users.parents")
def test_users_of_teams_are_listed_under_both(intra42: Target) -> None:
    for record in expect_keys_of_some(intra42, USERS, keys.TEAMS_USER)[:2]:
        for name in ("team", "user"):
            path = f"/v2/{name}s/{record[f'{name}_id']}/teams_users"
            expect(path, [record], listed(intra42, path, {"filter[id]": record["id"]}))


@behaviour("intra42.teams_uploads.shape")
@behaviour("intra42.teams_uploads.parents")
def test_a_mark_of_a_program_has_these_keys(intra42: Target) -> None:
    marked = [record for record in first_ones(intra42, TEAMS) if record["teams_uploads"]]
    need(bool(marked), "a team that a program marked")
    for team in marked[:2]:
        nested = listed(intra42, f"{TEAMS}/{team['id']}/teams_uploads")
        expect("the ids", sorted(ids(team["teams_uploads"])), sorted(ids(nested)))
        for record in nested:
            expect("the keys", keys.TEAMS_UPLOAD, list(record))
            expect("the mark", record, page(intra42, f"{UPLOADS}/{record['id']}").json)
            expect("its program", record["upload_id"], record["upload"]["id"])
