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
PEOPLE: list[dict[str, Any]] = [
    {"id": 1, "login": "ada", "campus_ids": [1], "cursus_ids": [21], "correction_point": 1},
    *({"id": number, "login": f"user{number}", "correction_point": 0} for number in (2, 3)),
]
ABLE = {"token": "able", "application": "staff", "scopes": ["public", "projects"]}
SEVERAL: dict[str, Any] = {**CREDENTIALS, "tokens": [*CREDENTIALS["tokens"], ABLE]}


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


@behaviour("intra42.scale_teams.several", needs=("data", "clock"))
def test_several_evaluations_are_booked_or_none(intra42: Target) -> None:
    more = [slot(number, f"2026-05-05T08:{number}:00Z", user_id=2) for number in (15, 30)]
    path = "scale_teams/multiple_create"
    bookings = [BOOKING, {**BOOKING, "begin_at": "2026-05-05T08:15:00Z"}]
    sections = {"users": {"records": [{**PEOPLE[0], "correction_point": 2}, *PEOPLE[1:]]}}
    offered = [*OFFERED, *more]
    with school(intra42, at=AT, slots=offered, work=TEAMS, credentials=SEVERAL, **sections) as own:
        wrong = [BOOKING, BOOKING]
        errors = write(own, "POST", path, "able", 422, scale_teams=wrong).json["errors"]
        expect("what is wrong with the second", ["begin_at"], list(errors))
        errors = write(own, "POST", path, "able", 422, scale_teams=[]).json["errors"]
        expect("what is wrong with none", ["scale_teams"], list(errors))
        expect("what is booked", [], ids(listed(own, "/v2/scale_teams")))
        expect("the points", 2, _points(own))
        records = write(own, "POST", path, "able", scale_teams=bookings).json
        expect("what is booked", ids(records), sorted(ids(listed(own, "/v2/scale_teams"))))
        expect("how many there are", 2, len(records))
        for token in ("ada", "app"):
            write(own, "POST", path, token, 403, scale_teams=bookings).expect_json(DENIED)
        refused = write(own, "POST", path, "staff", 403, scale_teams=bookings)
        expect("the scope", True, "[projects]" in refused.headers.get("WWW-Authenticate", ""))


@behaviour("intra42.scale_teams.fill", needs=("data", "clock"))
@behaviour("intra42.scale_teams.unfilled", needs=("data", "clock"))
@behaviour("intra42.scale_teams.earn", needs=("data", "clock"))
def test_an_evaluation_is_filled_in(intra42: Target) -> None:
    past = slot(1, "2026-05-02T08:00:00Z", scale_team_id=9, project_id=11, corrected_id=3)
    coming = slot(2, "2026-05-03T08:00:00Z", scale_team_id=8, project_id=11, corrected_id=3)
    other = slot(3, "2026-05-02T08:00:00Z", user_id=2, scale_team_id=7, corrected_id=3)
    mark = {"scale_team": {"final_mark": 0, "comment": "Nothing there.", "flag_id": 1}}
    offered = [past, coming, other]
    people = {"records": PEOPLE}
    with school(
        intra42, at=AT, slots=offered, work=TEAMS, users=people, credentials=CREDENTIALS
    ) as own:
        for number, status, method in ((7, 403, "PATCH"), (8, 422, "PUT"), (9, 204, "PATCH")):
            write(own, method, f"scale_teams/{number}", "ada", status, **mark)
        record = page(own, "/v2/scale_teams/9").json
        shown = [record["final_mark"], record["comment"], record["flag"]["id"]]
        expect("what it shows", [0, "Nothing there.", 3], shown)
        expect("when it was filled in", AT[:10], str(record["filled_at"])[:10])
        write(own, "PATCH", "scale_teams/9", "ada", scale_team={"comment": "Little."})
        record = page(own, "/v2/scale_teams/9").json
        expect("what it shows", [0, "Little."], [record["final_mark"], record["comment"]])
        expect("the points", 2, _points(own))
        (line,) = listed(own, "/v2/users/ada/correction_point_historics")
        expect("the line", [9, 1, 2], [line["scale_team_id"], line["sum"], line["total"]])
        write(own, "PUT", "scale_teams/8", scale_team={"truant_id": 3})
        truant = page(own, "/v2/scale_teams/8").json["truant"]
        expect("who did not come", 3, truant.get("id"))
