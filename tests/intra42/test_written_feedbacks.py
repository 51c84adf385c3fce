"""What people write of evaluations and of events."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.intra42.writers import NOW, Writer

EVALUATION, EVENT = "scale_teams/9/feedbacks", "events/1/feedbacks"
DETAILS = [{"rate": 4, "kind": "nice"}, {"rate": 0, "kind": "punctuality"}]


@pytest.mark.behaviour("intra42.feedbacks.create", "intra42.feedbacks.details")
def test_a_person_says_something_of_an_evaluation(writer: Writer) -> None:
    said: dict[str, Any] = {"comment": "Calm.", "rating": 4, "feedback_details_attributes": DETAILS}
    record = writer.made(EVALUATION, "bob", feedback=said)
    assert record == {
        "id": 1,
        "user": {"login": "bob", "id": 2, "url": "http://localhost/v2/users/bob"},
        "feedbackable_type": "ScaleTeam",
        "feedbackable_id": 9,
        "comment": "Calm.",
        "rating": 4,
        "created_at": NOW.replace("Z", ".000Z"),
    }
    (listed,) = writer.json(f"/v2/{EVALUATION}")
    details = listed.pop("feedback_details")
    assert listed == record == writer.json("/v2/feedbacks/1")
    assert [{"rate": each["rate"], "kind": each["kind"]} for each in details] == DETAILS
    assert len({each["id"] for each in details}) == 2
    evaluation = writer.json("/v2/scale_teams/9")
    assert (evaluation["feedback"], evaluation["feedbacks"]) == ("Calm.", [record])
    assert writer.made(EVALUATION, "bob", feedback={"comment": "Later."})["id"] == 2


@pytest.mark.behaviour("intra42.feedbacks.create")
def test_all_may_stand_in_the_query(writer: Writer) -> None:
    query = (
        "?feedback[comment]=Calm&feedback[rating]=5"
        "&feedback[feedback_details_attributes][][rate]=3"
        "&feedback[feedback_details_attributes][][kind]=rigorous"
    )
    assert writer.ask("POST", f"{EVALUATION}{query}", "bob").status_code == 201
    (listed,) = writer.json(f"/v2/{EVALUATION}")
    (detail,) = listed["feedback_details"]
    assert (listed["rating"], detail["rate"], detail["kind"]) == (5, 3, "rigorous")


@pytest.mark.behaviour("intra42.feedbacks.create")
def test_staff_say_something_of_an_event_in_nobody_s_name(writer: Writer) -> None:
    numbered = {"0": DETAILS[0], "1": DETAILS[1]}
    record = writer.made(
        EVENT, feedback={"comment": "Long.", "feedback_details_attributes": numbered}
    )
    assert (record["user"], record["rating"]) == (None, None)
    assert (record["feedbackable_type"], record["feedbackable_id"]) == ("Event", 1)
    assert writer.json(f"/v2/{EVENT}") == [record]
    assert writer.json("/v2/scale_teams/9")["feedback"] is None


@pytest.mark.behaviour("intra42.feedbacks.refused")
def test_feedbacks_that_are_refused(writer: Writer) -> None:
    details = [{"rate": 6, "kind": "kind"}, {"rate": "x"}]
    body = {"comment": "x" * 1025, "rating": -1, "feedback_details_attributes": details}
    assert writer.refusal("POST", EVALUATION, json={"feedback": body}) == {
        "comment": ["is too long (maximum is 1024 characters)"],
        "rating": ["must be greater than or equal to 0"],
        "feedback_details.rate": ["is not a number"],
        "feedback_details.kind": ["can't be blank"],
    }
    for wrong in ("x", ["x"], {"0": "x"}, 1):
        body = {"comment": "x", "feedback_details_attributes": wrong}
        errors = writer.refusal("POST", EVENT, json={"feedback": body})
        assert errors == {"feedback_details_attributes": ["is invalid"]}
    assert writer.refusal("POST", EVENT, json={}) == {"comment": ["can't be blank"]}
    good = {"feedback": {"comment": "x"}}
    for token in ("app", "bare"):
        assert writer.ask("POST", EVALUATION, token, json=good).status_code == 403
    assert writer.ask("POST", "events/99/feedbacks", json=good).status_code == 404
    assert writer.ids("/v2/feedbacks") == []


@pytest.mark.behaviour("intra42.feedbacks.of_people")
def test_people_speak_of_what_they_took_part_in(writer: Writer) -> None:
    good = {"feedback": {"comment": "x"}}
    for path, token, status in (
        (EVALUATION, "ada", 403),
        (EVALUATION, "bob", 201),
        (EVALUATION, "staff", 201),
        (EVENT, "bob", 403),
        ("events/3/feedbacks", "bob", 201),
        ("events/3/feedbacks", "ada", 403),
    ):
        assert writer.ask("POST", path, token, json=good).status_code == status, (path, token)


@pytest.mark.behaviour("intra42.feedbacks.of_people")
def test_anybody_may_speak(writer_with: Callable[..., Writer]) -> None:
    writer = writer_with("feedbacks-by-anybody")
    for path in (EVALUATION, EVENT):
        assert writer.ask("POST", path, json={"feedback": {"comment": "x"}}).status_code == 201


@pytest.mark.behaviour("intra42.feedbacks.flat", "intra42.feedbacks.of_people")
def test_the_plain_path_needs_what_is_spoken_of(writer: Writer) -> None:
    said: dict[str, Any] = {"comment": "Calm."}
    for kind, number in (("ScaleTeam", 99), ("Event", 9), ("Event", None), (None, 9)):
        about = {"feedbackable_type": kind, "feedbackable_id": number}
        errors = writer.refusal("POST", "feedbacks", "bob", json={"feedback": {**said, **about}})
        assert errors == {"feedbackable": ["must exist"]}
    about = {"feedbackable_type": "ScaleTeam", "feedbackable_id": 9}
    strange = writer.ask("POST", "feedbacks", "ada", json={"feedback": {**said, **about}})
    assert strange.status_code == 403
    record = writer.made("feedbacks", "bob", feedback={**said, **about})
    assert (record["feedbackable_type"], record["feedbackable_id"]) == ("ScaleTeam", 9)
    event = {"feedbackable_type": "Event", "feedbackable_id": 1}
    assert writer.made("feedbacks", "staff", feedback={**said, **event})["user"] is None
    below = writer.made(EVALUATION, "bob", feedback={**said, **event})
    assert below["feedbackable_type"] == "ScaleTeam"


@pytest.mark.behaviour("intra42.feedbacks.change")
def test_feedbacks_change_and_go(writer: Writer) -> None:
    for comment in ("First.", "Second."):
        writer.made(EVALUATION, "bob", feedback={"comment": comment})
    details = {"feedback_details_attributes": DETAILS, "rating": None}
    writer.change("PATCH", "feedbacks/1", "bob", feedback={"comment": "Other.", **details})
    (_, first) = writer.json(f"/v2/{EVALUATION}")
    assert (first["comment"], first["rating"]) == ("Other.", None)
    assert [each["kind"] for each in first["feedback_details"]] == ["nice", "punctuality"]
    assert writer.json("/v2/scale_teams/9")["feedback"] == "Second."
    for path in ("events/1/feedbacks/2", "scale_teams/1/feedbacks/2"):
        assert writer.ask("DELETE", path, "bob").status_code == 404
    for path, shown in (("feedbacks/2", "Other."), (f"{EVALUATION}/1", None)):
        assert writer.ask("DELETE", path, "ada").status_code == 403
        writer.change("DELETE", path, "bob")
        assert writer.json("/v2/scale_teams/9")["feedback"] == shown
