"""What came of evaluations: marks, flags, who did not come, feedbacks and points."""

from typing import Any

from fake_server.contract import Target, behaviour, expect, need

from . import keys
from .helpers import Record, expect_keys_of_some, ids, listed, page, school, slot, work_on

FEEDBACKS, EVALUATIONS = "/v2/feedbacks", "/v2/scale_teams"
AT = "2026-05-10T12:00:00Z"
FILLED = "2026-05-05T08:12:00Z"
BOOKING = {"project_id": 11, "corrected_id": 2}


def _graded(number: int, mark: int | None, **more: Any) -> Record:
    begin = f"2026-05-05T{number:02}:00:00Z"
    return slot(number, begin, scale_team_id=50 + number, final_mark=mark, **BOOKING, **more)


def _said(number: int, kind: str, about: int, day: int) -> Record:
    times = dict.fromkeys(("created_at", "updated_at"), f"2026-05-{day:02}T08:00:00Z")
    subject = {"feedbackable_type": kind, "feedbackable_id": about}
    return {"id": number, "user_id": 2, "comment": "Calm.", "rating": 4, **subject, **times}


SLOTS = (
    _graded(1, 0),
    _graded(2, 60),
    _graded(3, 100, comment="Works.", feedback="Calm.", filled_at=FILLED),
    _graded(4, 110),
    _graded(5, None, truant_id=2),
)
EVENT = {
    "id": 53,
    "name": "Talk",
    "description": "A talk.",
    "location": "Hall",
    "kind": "conference",
    "begin_at": "2026-05-04T17:00:00Z",
    "end_at": "2026-05-04T19:00:00Z",
    "campus_ids": [1],
    "cursus_ids": [21],
    "created_at": "2026-04-01T08:00:00Z",
    "updated_at": "2026-04-01T08:00:00Z",
}
DETAILS = [{"id": 7, "rate": 4, "kind": "nice"}, {"id": 8, "rate": 0, "kind": "rigorous"}]
SAID = [
    {**_said(1, "ScaleTeam", 53, 8), "feedback_details": DETAILS},
    _said(2, "Event", 53, 6),
    {**_said(3, "ScaleTeam", 54, 7), "feedback_details": []},
]


def _evaluated(target: Target) -> Any:
    sections = {"feedbacks": {"records": SAID}, "events": {"records": [EVENT]}}
    work = [work_on(1, user_id=2, current_team_id=7)]
    return school(target, at=AT, slots=SLOTS, work=work, **sections)


@behaviour("intra42.scale_teams.filled", needs=("data",))
def test_what_the_evaluator_filled_in_is_shown(intra42: Target) -> None:
    with _evaluated(intra42) as own:
        record = page(own, f"{EVALUATIONS}/53").json
        shown = {key: record[key] for key in ("final_mark", "comment", "feedback", "filled_at")}
        filled_at = "2026-05-05T08:12:00.000Z"
        said = {"final_mark": 100, "comment": "Works.", "feedback": "Calm."}
        expect("what was filled in", {**said, "filled_at": filled_at}, shown)
        expect("the last change", filled_at, record["updated_at"])
        (booked,) = listed(own, "/v2/slots", {"filter[id]": 3})
        of_slot = booked["scale_team"]
        expect(
            "what the slot shows",
            {**shown, "updated_at": filled_at},
            {key: of_slot[key] for key in (*shown, "updated_at")},
        )
        open_ones = ids(listed(own, EVALUATIONS, {"filter[filled]": "false"}))
        expect("those that are not filled in", [55, 54, 52, 51], open_ones)


@behaviour("intra42.scale_teams.flag", needs=("data",))
@behaviour("intra42.scale_teams.truant", needs=("data",))
def test_the_flag_follows_from_the_mark(intra42: Target) -> None:
    with _evaluated(intra42) as own:
        records = {record["id"]: record for record in listed(own, EVALUATIONS)}
        names = {number: record["flag"]["name"] for number, record in records.items()}
        low = {51: "Empty work", 52: "Incomplete work"}
        high = {53: "Ok", 54: "Outstanding project", 55: "Ok"}
        expect("the flags", {**low, **high}, names)
        truants = {number: record["truant"].get("login") for number, record in records.items()}
        expect("who did not come", dict.fromkeys((51, 52, 53, 54)) | {55: "bob"}, truants)
        expect("the keys of who did not come", ["id", "login", "url"], list(records[55]["truant"]))


@behaviour("intra42.feedbacks.shape")
def test_a_feedback_has_these_keys(intra42: Target) -> None:
    for record in expect_keys_of_some(intra42, FEEDBACKS, keys.FEEDBACK)[:3]:
        expect("the feedback", record, page(intra42, f"{FEEDBACKS}/{record['id']}").json)
        expect("the keys of the user", ["login", "id", "url"], list(record["user"]))


@behaviour("intra42.feedbacks.shape", needs=("data",))
@behaviour("intra42.feedbacks.parents", needs=("data",))
def test_feedbacks_of_others_are_left_out(intra42: Target) -> None:
    with _evaluated(intra42) as own:
        for path, expected in (
            ("feedbacks", [2, 3, 1]),
            ("scale_teams/53/feedbacks", [1]),
            ("events/53/feedbacks", [2]),
            ("scale_teams/51/feedbacks", []),
        ):
            expect(path, expected, ids(listed(own, f"/v2/{path}")))
        shown = page(own, f"{EVALUATIONS}/53").json["feedbacks"]
        expect("what the evaluation shows", [page(own, f"{FEEDBACKS}/1").json], shown)


@behaviour("intra42.feedbacks.details", needs=("data",))
def test_a_feedback_of_an_evaluation_has_details(intra42: Target) -> None:
    with _evaluated(intra42) as own:
        for number, details in ((53, DETAILS), (54, [])):
            (feedback,) = listed(own, f"{EVALUATIONS}/{number}/feedbacks")
            plain = page(own, f"{EVALUATIONS}/{number}/feedbacks/{feedback['id']}").json
            expect("the keys", [*keys.FEEDBACK, "feedback_details"], list(feedback))
            expect("the feedback", {**plain, "feedback_details": details}, feedback)
        for detail in listed(own, f"{EVALUATIONS}/53/feedbacks")[0]["feedback_details"]:
            expect("the keys of a detail", ["id", "rate", "kind"], list(detail))
        for path in ("feedbacks", "events/53/feedbacks"):
            for feedback in listed(own, f"/v2/{path}"):
                expect(f"the keys in {path}", keys.FEEDBACK, list(feedback))


@behaviour("intra42.feedbacks.below", needs=("data",))
def test_a_feedback_is_shown_below_what_it_is_about(intra42: Target) -> None:
    with _evaluated(intra42) as own:
        for number, parent in ((1, "scale_teams/53"), (2, "events/53"), (3, "scale_teams/54")):
            feedback = page(own, f"{FEEDBACKS}/{number}").json
            expect(parent, feedback, page(own, f"/v2/{parent}/feedbacks/{number}").json)
        for parent in ("scale_teams/54", "events/53", "scale_teams/99"):
            own.get(f"/v2/{parent}/feedbacks/1").expect_status(404)


@behaviour("intra42.correction_points.given")
def test_who_gives_an_evaluation_gets_a_point(intra42: Target) -> None:
    filled = listed(intra42, EVALUATIONS, {"filter[filled]": "true"})
    seen = [record for record in filled if isinstance(record["corrector"], dict)]
    need(bool(seen), "an evaluation that is filled in")
    lines = 0
    for record in seen[:3]:
        path = f"/v2/users/{record['corrector']['id']}/correction_point_historics"
        need(intra42.total(page(intra42, path, {"per_page": 1})), "points that are recorded")
        points = listed(intra42, path, {"filter[scale_team_id]": record["id"]})
        lines += len(points)
        for line in points:
            expect("the point", (1, record["filled_at"]), (line["sum"], line["created_at"]))
    expect("how many points the evaluations bring", len(seen[:3]), lines)
