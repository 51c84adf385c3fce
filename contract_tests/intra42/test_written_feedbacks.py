"""What people write of evaluations and of events."""

from typing import Any

from fake_server.contract import Target, behaviour, expect

from .helpers import ids, listed, page, school, slot
from .writers import AT, CREDENTIALS, DENIED, expect_refused, write

EVALUATION = "scale_teams/53/feedbacks"
BOOKED = (slot(1, "2026-05-01T08:00:00Z", scale_team_id=53, project_id=11, corrected_id=1),)


def _evaluated(target: Target) -> Any:
    return school(target, at=AT, slots=BOOKED, credentials=CREDENTIALS)


@behaviour("intra42.feedbacks.create", needs=("data", "clock"))
def test_a_person_says_something_of_an_evaluation(intra42: Target) -> None:
    details = [{"rate": 4, "kind": "nice"}, {"rate": 0, "kind": "quality"}]
    said = {"comment": "Calm.", "rating": 4, "feedback_details_attributes": details}
    with _evaluated(intra42) as own:
        record = write(own, "POST", EVALUATION, "ada", feedback=said).json
        expect("what was said", ["Calm.", 4], [record["comment"], record["rating"]])
        about = [record["feedbackable_type"], record["feedbackable_id"]]
        expect("what it is about", ["ScaleTeam", 53], about)
        expect("who said it", "ada", record["user"]["login"])
        (shown,) = listed(own, f"/v2/{EVALUATION}")
        rates = [{key: each[key] for key in ("rate", "kind")} for each in shown["feedback_details"]]
        expect("the details", details, rates)
        evaluation = page(own, "/v2/scale_teams/53").json
        expect("what the evaluation shows", "Calm.", evaluation["feedback"])
        expect("the feedbacks of the evaluation", [record], evaluation["feedbacks"])


@behaviour("intra42.feedbacks.refused", needs=("data", "clock"))
def test_a_feedback_needs_a_comment_and_known_respects(intra42: Target) -> None:
    details = [{"rate": 6, "kind": "kind"}]
    wrong = {"rating": 6, "feedback_details_attributes": details}
    with _evaluated(intra42) as own:
        errors = expect_refused(own, "POST", EVALUATION, feedback=wrong)
        named = ["comment", "feedback_details.kind", "feedback_details.rate", "rating"]
        expect("what is wrong", named, sorted(errors))
        long = expect_refused(own, "POST", EVALUATION, feedback={"comment": "x" * 1025})
        expect("what is too long", ["comment"], list(long))


@behaviour("intra42.feedbacks.of_people", needs=("data", "clock"))
def test_people_speak_of_their_own_evaluations(intra42: Target) -> None:
    other = slot(2, "2026-05-01T09:00:00Z", scale_team_id=54, project_id=11, corrected_id=2)
    said = {"comment": "Calm."}
    with school(intra42, at=AT, slots=[*BOOKED, other], credentials=CREDENTIALS) as own:
        path = "scale_teams/54/feedbacks"
        write(own, "POST", path, "ada", 403, feedback=said).expect_json(DENIED)
        expect("the feedbacks", [], listed(own, f"/v2/{path}"))
        write(own, "POST", path, feedback=said)
        write(own, "POST", EVALUATION, "ada", feedback=said)


@behaviour("intra42.feedbacks.flat", needs=("data", "clock"))
def test_a_feedback_names_what_it_is_about(intra42: Target) -> None:
    said = {"comment": "Calm.", "feedbackable_type": "ScaleTeam"}
    with _evaluated(intra42) as own:
        for attributes in (said, {**said, "feedbackable_id": 99}, {"comment": "Calm."}):
            errors = expect_refused(own, "POST", "feedbacks", feedback=attributes)
            expect("what is wrong", ["feedbackable"], list(errors))
        about = {**said, "feedbackable_id": 53}
        record = write(own, "POST", "feedbacks", "ada", feedback=about).json
        expect("what it is about", 53, record["feedbackable_id"])
        expect("below the evaluation", [record["id"]], ids(listed(own, f"/v2/{EVALUATION}")))


@behaviour("intra42.feedbacks.change", needs=("data", "clock"))
def test_a_feedback_is_changed_and_taken_back(intra42: Target) -> None:
    def shown(own: Target) -> Any:
        return page(own, "/v2/scale_teams/53").json["feedback"]

    with _evaluated(intra42) as own:
        paths = []
        for token, comment in (("ada", "Calm."), ("staff", "Noted.")):
            record = write(own, "POST", EVALUATION, token, feedback={"comment": comment}).json
            paths.append(f"feedbacks/{record['id']}")
        hers, others = paths
        write(own, "PATCH", others, "ada", 403, feedback={"comment": "Mine."}).expect_json(DENIED)
        write(own, "DELETE", others, "ada", 403).expect_json(DENIED)
        write(own, "PUT", hers, "ada", feedback={"comment": "Loud.", "rating": 1})
        record = page(own, f"/v2/{hers}").json
        expect("what was said", ["Loud.", 1], [record["comment"], record["rating"]])
        expect("what the evaluation shows", "Noted.", shown(own))
        write(own, "DELETE", others)
        expect("what the evaluation shows", "Loud.", shown(own))
        write(own, "DELETE", f"scale_teams/53/{hers}", "ada")
        expect("what the evaluation shows", None, shown(own))
        own.get(f"/v2/{hers}").expect_status(404)
