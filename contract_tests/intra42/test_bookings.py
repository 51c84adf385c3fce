"""Evaluations that people book and cancel."""

from typing import Any

from fake_server.contract import Target, behaviour, expect

from .helpers import ids, listed, page, school, slot, work_on
from .writers import AT, CREDENTIALS, DENIED, write

BEGIN = "2026-05-04T08:00:00.000Z"
OFFERED = (
    slot(1, BEGIN, user_id=2),
    slot(2, "2026-05-04T08:15:00Z", user_id=2),
    slot(3, "2026-05-04T10:00:00Z", user_id=2),
)
TEAMS = (work_on(1, current_team_id=7), work_on(2, user_id=3, current_team_id=8))
BOOKING = {"team_id": 7, "scale_id": 11, "begin_at": BEGIN}
PEOPLE = [
    {"id": 1, "login": "ada", "campus_ids": [1], "cursus_ids": [21], "correction_point": 1},
    *({"id": number, "login": f"user{number}", "correction_point": 0} for number in (2, 3)),
]


def _school(target: Target) -> Any:
    people = {"records": PEOPLE}
    return school(target, at=AT, slots=OFFERED, work=TEAMS, users=people, credentials=CREDENTIALS)


def _points(own: Target) -> int:
    points: int = page(own, "/v2/users/ada").json["correction_point"]
    return points


@behaviour("intra42.scale_teams.book", needs=("data", "clock"))
def test_a_team_books_an_evaluation(intra42: Target) -> None:
    with _school(intra42) as own:
        record = write(own, "POST", "scale_teams", "ada", scale_team=BOOKING).json
        expect("when", BEGIN, record["begin_at"])
        expect("whose", [7, 11], [record["team"]["id"], record["scale_id"]])
        expect("that of the user", [record["id"]], ids(listed(own, "/v2/users/2/scale_teams")))
        booked = {item["id"] for item in listed(own, "/v2/slots") if item["scale_team"]}
        expect("the slots that it takes", {1, 2}, booked)


@behaviour("intra42.scale_teams.refused", needs=("data", "clock"))
def test_a_booking_that_is_refused(intra42: Target) -> None:
    with _school(intra42) as own:
        for changes, field in (
            ({"begin_at": "2026-05-04T10:00:00Z"}, "begin_at"),
            ({"user_id": 3}, "begin_at"),
            ({"scale_id": 12}, "scale_id"),
        ):
            sent = {**BOOKING, **changes}
            answer = write(own, "POST", "scale_teams", "ada", 422, scale_team=sent)
            expect(f"what is wrong with {changes}", [field], list(answer.json["errors"]))
        others = {**BOOKING, "team_id": 8}
        write(own, "POST", "scale_teams", "ada", 403, scale_team=others).expect_json(DENIED)
        expect("what is booked", [], ids(listed(own, "/v2/scale_teams")))


@behaviour("intra42.scale_teams.cancel", needs=("data", "clock"))
def test_a_booking_is_cancelled(intra42: Target) -> None:
    with _school(intra42) as own:
        record = write(own, "POST", "scale_teams", "ada", scale_team=BOOKING).json
        write(own, "DELETE", f"scale_teams/{record['id']}", "ada")
        own.get(f"/v2/scale_teams/{record['id']}").expect_status(404)
        expect(
            "what its slots show", {None}, {item["scale_team"] for item in listed(own, "/v2/slots")}
        )


@behaviour("intra42.scale_teams.points", needs=("data", "clock"))
def test_a_booking_costs_a_point(intra42: Target) -> None:
    with _school(intra42) as own:
        expect("before", 1, _points(own))
        record = write(own, "POST", "scale_teams", "ada", scale_team=BOOKING).json
        expect("after it is booked", 0, _points(own))
        write(own, "DELETE", f"scale_teams/{record['id']}", "ada")
        expect("after it is cancelled", 1, _points(own))
        poor = {**BOOKING, "team_id": 8}
        answer = write(own, "POST", "scale_teams", status=422, scale_team=poor)
        expect("what is wrong without a point", ["team_id"], list(answer.json["errors"]))
