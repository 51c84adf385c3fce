"""Evaluations: who gives them, who gets them, and what slots and teams show of them."""

from typing import Any

from fake_server.contract import Target, behaviour, expect, need

from . import keys
from .helpers import (
    SLOTS,
    Record,
    expect_future,
    expect_keys_of_some,
    first_ones,
    graph_of_window,
    ids,
    listed,
    page,
    school,
    slot,
    within,
    work_on,
)

EVALUATIONS = "/v2/scale_teams"
AT = "2026-05-10T12:00:00Z"
UID = "Your application uid"
CREDENTIALS = {
    "applications": [
        {"uid": UID, "secret": "Your application secret"},
        {"uid": "tutor", "secret": "tutor", "roles": ["Tutor"]},
    ],
    "tokens": [
        {"token": "app", "application": UID},
        {"token": "tutor", "application": "tutor"},
        {"token": "ada", "application": UID, "user_id": 1},
        {"token": "cleo", "application": UID, "user_id": 3},
    ],
}
PROJECTS = [
    {"id": 11, "name": "Libft", "slug": "libft", "session_id": 70, "cursus_ids": [21]},
    {"id": 12, "name": "Printf", "slug": "printf", "session_id": 71, "cursus_ids": [9]},
]
WORK = (
    work_on(1, user_id=2, current_team_id=7, status="finished"),
    work_on(2, user_id=3, current_team_id=7, status="finished"),
    work_on(3, user_id=2, current_team_id=8, created_at="2026-05-12T08:00:00Z"),
)
# One of an hour's half, one to come, one without a team, one of another project.
BOOKED = (
    slot(1, "2026-05-05T08:15:00Z", scale_team_id=50, project_id=11, corrected_id=2),
    slot(2, "2026-05-05T08:00:00Z", scale_team_id=50, project_id=11, corrected_id=2),
    slot(3, "2026-05-11T08:00:00Z", scale_team_id=51, project_id=11, corrected_id=3),
    slot(4, "2026-05-05T08:00:00Z", user_id=3, scale_team_id=52, project_id=11, corrected_id=4),
    slot(5, "2026-05-06T08:00:00Z", user_id=4, scale_team_id=53, project_id=12, corrected_id=1),
    slot(6, "2026-05-07T08:00:00Z"),
)


def _evaluated(target: Target) -> Any:
    sections: dict[str, Any] = {"projects": {"records": PROJECTS}, "credentials": CREDENTIALS}
    return school(target, at=AT, slots=BOOKED, work=WORK, **sections)


_TRIED_PEOPLE = 8
"""How many people are tried until one has evaluations on both sides."""


def _by(token: str) -> dict[str, Any]:
    """Return the options of a request with a token."""
    return {"headers": {"Authorization": f"Bearer {token}"}, "auth": False}


def _people(record: Record) -> tuple[object, object]:
    """Return the ids of the two sides of an evaluation; of a side that is invisible, that word."""
    corrector, correcteds = record["corrector"], record["correcteds"]
    return (
        corrector if isinstance(corrector, str) else corrector["id"],
        correcteds if isinstance(correcteds, str) else ids(correcteds),
    )


@behaviour("intra42.scale_teams.shape")
def test_an_evaluation_has_these_keys(intra42: Target) -> None:
    for record in expect_keys_of_some(intra42, EVALUATIONS, keys.SCALE_TEAM)[:3]:
        expect("the keys of the flag", keys.FLAG, list(record["flag"]))
        expect("the keys of the scale", keys.SCALE, list(record["scale"]))
        expect("the scale", record["scale_id"], record["scale"]["id"])
        if record["team"] is not None:
            expect("the keys of the team", keys.TEAM, list(record["team"]))
        expect("the evaluation", record, page(intra42, f"{EVALUATIONS}/{record['id']}").json)


@behaviour("intra42.scale_teams.booked")
def test_an_evaluation_is_what_a_slot_is_booked_for(intra42: Target) -> None:
    booked = [record["scale_team"] for record in first_ones(intra42, SLOTS) if record["scale_team"]]
    need(bool(booked), "a booked slot")
    for shown in booked[:4]:
        record = page(intra42, f"{EVALUATIONS}/{shown['id']}").json
        for key in ("id", "scale_id", "comment", "feedback", "final_mark", "filled_at"):
            expect(f"{key} of {shown['id']}", shown[key], record[key])


@behaviour("intra42.scale_teams.booked", needs=("data",))
@behaviour("intra42.scale_teams.order", needs=("data",))
def test_two_slots_are_one_evaluation(intra42: Target) -> None:
    with _evaluated(intra42) as own:
        expect("the evaluations", [51, 53, 52, 50], ids(listed(own, EVALUATIONS)))
        begin = page(own, f"{EVALUATIONS}/50").json["begin_at"]
        expect("its beginning", "2026-05-05T08:00:00.000Z", begin)
        own.get(f"{EVALUATIONS}/6").expect_status(404).expect_json({})


@behaviour("intra42.scale_teams.parents", needs=("data",))
@behaviour("intra42.scale_teams.sides", needs=("data",))
def test_evaluations_of_others_are_left_out(intra42: Target) -> None:
    with _evaluated(intra42) as own:
        for path, expected in (
            ("users/ada/scale_teams", [51, 53, 50]),
            ("users/ada/scale_teams/as_corrector", [51, 50]),
            ("users/1/scale_teams/as_corrected", [53]),
            ("users/cleo/scale_teams", [51, 52, 50]),
            ("users/cleo/scale_teams/as_corrected", [51, 50]),
            ("users/bob/scale_teams/as_corrector", []),
            ("projects/libft/scale_teams", [51, 52, 50]),
            ("project_sessions/71/scale_teams", [53]),
        ):
            expect(path, expected, ids(listed(own, f"/v2/{path}")))
        own.get("/v2/users/nobody/scale_teams/as_corrector").expect_status(404).expect_json({})


@behaviour("intra42.scale_teams.sides")
def test_the_sides_of_a_user_part_the_evaluations(intra42: Target) -> None:
    people = [record["corrector"] for record in first_ones(intra42, EVALUATIONS)]
    seen = [person["id"] for person in people if isinstance(person, dict) and "id" in person]
    for number in dict.fromkeys(seen[:_TRIED_PEOPLE]):
        path = f"/v2/users/{number}/scale_teams"
        whole, as_corrector, as_corrected = (
            page(intra42, f"{path}{side}", {"per_page": 100})
            for side in ("", "/as_corrector", "/as_corrected")
        )
        sides = [intra42.total(as_corrector), intra42.total(as_corrected)]
        expect(f"how many evaluations {path} has", intra42.total(whole), sum(sides))
        for record in intra42.records(as_corrector):
            corrector = record["corrector"]
            shown = corrector.get("id") if isinstance(corrector, dict) else None
            expect(f"who gives {record['id']}", number, number if shown is None else shown)
        if all(sides):
            return
    need(False, "a user who gives evaluations and gets others")


@behaviour("intra42.scale_teams.below", needs=("data",))
def test_an_evaluation_is_shown_below_its_session(intra42: Target) -> None:
    with _evaluated(intra42) as own:
        for session, number in ((70, 50), (71, 53)):
            evaluation = page(own, f"{EVALUATIONS}/{number}").json
            shown = page(own, f"/v2/project_sessions/{session}/scale_teams/{number}")
            expect(f"the evaluation below {session}", evaluation, shown.json)
        for session in (71, 99):
            own.get(f"/v2/project_sessions/{session}/scale_teams/50").expect_status(404)


@behaviour("intra42.scale_teams.mine", needs=("data",))
def test_evaluations_of_the_token_s_person(intra42: Target) -> None:
    with _evaluated(intra42) as own:
        for side, expected in (
            ("", [51, 53, 50]),
            ("/as_corrector", [51, 50]),
            ("/as_corrected", [53]),
        ):
            path = f"/v2/me/scale_teams{side}"
            expect(path, expected, ids(listed(own, path, **_by("ada"))))
            own.get(path, **_by("app")).expect_status(404).expect_json({})


@behaviour("intra42.scale_teams.visible", needs=("data", "clock"))
def test_who_sees_the_people_of_an_evaluation(intra42: Target) -> None:
    with _evaluated(intra42) as own:
        for token, number, expected in (
            ("app", 50, (1, [2, 3])),
            ("app", 51, ("invisible", "invisible")),
            ("tutor", 51, (1, [2, 3])),
            ("ada", 51, (1, "invisible")),
            ("cleo", 51, ("invisible", [2, 3])),
        ):
            record = page(own, f"{EVALUATIONS}/{number}", **_by(token)).json
            expect(f"{number} for {token}", expected, _people(record))


@behaviour("intra42.scale_teams.team", needs=("data",))
@behaviour("intra42.scale_teams.of_teams", needs=("data",))
def test_the_team_of_an_evaluation(intra42: Target) -> None:
    with _evaluated(intra42) as own:
        shown = {evaluation["id"]: evaluation for evaluation in listed(own, EVALUATIONS)}
        of_teams = {
            number: evaluation["team"] and evaluation["team"]["id"]
            for number, evaluation in shown.items()
        }
        expect("the teams", {50: 7, 51: 7, 52: None, 53: None}, of_teams)
        expect("who is alone", [4], ids(shown[52]["correcteds"]))
        nested = [{key: shown[entry][key] for key in keys.SCALE_TEAM[:-3]} for entry in (50, 51)]
        expect("those of the team", nested, page(own, "/v2/teams/7").json["scale_teams"])
        expect("those of the later team", [], page(own, "/v2/teams/8").json["scale_teams"])


@behaviour("intra42.scale_teams.scale")
def test_evaluations_of_a_scale_show_it_alike(intra42: Target) -> None:
    scales: dict[int, Record] = {}
    for record in expect_keys_of_some(intra42, EVALUATIONS, keys.SCALE_TEAM):
        scale = scales.setdefault(record["scale_id"], record["scale"])
        expect(f"the scale of {record['id']}", scale, record["scale"])


@behaviour("intra42.scale_teams.scale", needs=("data",))
def test_the_scale_is_that_of_the_session(intra42: Target) -> None:
    with _evaluated(intra42) as own:
        session = page(own, "/v2/project_sessions/70").json
        for record in listed(own, "/v2/projects/libft/scale_teams"):
            expect("the scales", [record["scale_id"]], ids(session["scales"]))
            part_of = record["scale"]["evaluation_id"]
            expect("the evaluations", [part_of], ids(session["evaluations"]))


@behaviour("intra42.scale_teams.states")
def test_evaluations_are_found_by_their_state(intra42: Target) -> None:
    expect_future(intra42, EVALUATIONS)
    for value, is_filled in (("true", True), ("false", False)):
        kept = ids(within(intra42, EVALUATIONS, **{"filter[filled]": value}))
        expected = [
            evaluation["id"]
            for evaluation in within(intra42, EVALUATIONS)
            if (evaluation["filled_at"] is not None) is is_filled
        ]
        expect(f"filled {value}", expected, kept)


@behaviour("intra42.scale_teams.booked")
def test_graphs_count_evaluations(intra42: Target) -> None:
    counts = graph_of_window(intra42, EVALUATIONS, "on/begin_at/by/day")
    days: dict[str, int] = {}
    for record in within(intra42, EVALUATIONS):
        day = record["begin_at"][:10]
        days[day] = days.get(day, 0) + 1
    expect("the counts", days, {day: count for day, count in counts.items() if count})
