"""The story of invented evaluations: bookings, marks, feedbacks and points agree."""

import pytest

from fake_server.world.records.data import add, change, remove
from tests.intra42 import tables
from tests.intra42.conftest import Intra

_START = 1_795_780_800_000
_DAY = 86_400_000


@pytest.mark.behaviour("intra42.scale_teams.filled", "intra42.scale_teams.truant")
def test_evaluations_of_the_past_are_filled_in(demo: Intra) -> None:
    rows = demo.rows(tables.of("scale_teams"))
    past = [row for row in rows if row.begin_at < _START - 2 * _DAY]
    unfilled = [row for row in past if row.filled_at is None]
    assert len(past) > 1000
    assert 0 < len(unfilled) < len(past) // 20
    assert all(row.truant_id in {row.user_id, row.corrected_id} for row in unfilled)
    assert all(row.final_mark is row.comment is None for row in unfilled)
    assert all(row.filled_at is None for row in rows if row.begin_at >= _START)
    for row in past:
        assert row.filled_at is None or row.begin_at < row.filled_at <= _START
    record = demo.json(f"/v2/scale_teams/{unfilled[0].id}")
    assert record["truant"]["id"] == unfilled[0].truant_id


@pytest.mark.behaviour("intra42.scale_teams.team", "intra42.scale_teams.filled")
def test_a_booking_names_a_work_that_is_there(demo: Intra) -> None:
    rows = demo.rows(tables.of("scale_teams"))
    assert all(row.team_id is not None for row in rows)
    works = {row.current_team_id: row for row in demo.rows(tables.projects_users)}
    for row in rows:
        work = works[row.team_id]
        assert work.created_at <= row.begin_at
        is_marked_later = work.marked_at is not None and work.marked_at >= (row.filled_at or 0)
        if row.filled_at is not None and is_marked_later:
            assert row.final_mark == max(0, work.final_mark)


@pytest.mark.behaviour("intra42.scale_teams.flag")
def test_flags_tell_of_marks(demo: Intra) -> None:
    flags = {row.id: row.positive for row in demo.rows(tables.of("flags"))}
    filled = [row for row in demo.rows(tables.of("scale_teams")) if row.final_mark is not None]
    assert {row.flag_id for row in filled} == {1, 2, 3, 4}
    assert all(flags[row.flag_id] is (row.final_mark >= 80) for row in filled)


@pytest.mark.behaviour("intra42.feedbacks.details")
def test_a_feedback_of_an_evaluation_has_details(demo: Intra) -> None:
    rows = [row for row in demo.rows(tables.of("feedbacks")) if row.feedbackable_type != "Event"]
    details = []
    for row in rows[:5]:
        (feedback,) = demo.json(f"/v2/scale_teams/{row.feedbackable_id}/feedbacks")
        details += feedback["feedback_details"]
        assert all(abs(each["rate"] - row.rating) <= 1 for each in feedback["feedback_details"])
    assert len({detail["id"] for detail in details}) == len(details) == 20
    (feedback,) = demo.json(f"/v2/scale_teams/{rows[0].feedbackable_id}/feedbacks")
    details = feedback.pop("feedback_details")
    assert [detail["kind"] for detail in details] == [
        "punctuality",
        "interested",
        "rigorous",
        "nice",
    ]
    assert feedback == demo.json(f"/v2/feedbacks/{rows[0].id}")
    evaluation = demo.json(f"/v2/scale_teams/{rows[0].feedbackable_id}")
    assert evaluation["feedbacks"] == [feedback]


def test_details_of_a_feedback_are_changed(demo: Intra) -> None:
    row = demo.rows(tables.of("feedbacks"))[0]
    details = [{"id": 1, "rate": 0, "kind": "nice"}]
    change(demo.world, "intra42", "feedbacks", str(row.id), {"feedback_details": details})
    below = f"/v2/scale_teams/{row.feedbackable_id}/feedbacks"
    assert demo.json(below)[0]["feedback_details"] == details
    change(demo.world, "intra42", "feedbacks", str(row.id), {"feedback_details": []})
    assert demo.json(below)[0]["feedback_details"] == []


@pytest.mark.behaviour("intra42.feedbacks.below")
def test_a_feedback_is_shown_below_what_it_is_about(demo: Intra) -> None:
    rows = {row.feedbackable_type: row for row in demo.rows(tables.of("feedbacks"))}
    evaluation, event = (rows[kind].feedbackable_id for kind in ("ScaleTeam", "Event"))
    for parent, number in (
        (f"scale_teams/{evaluation}", rows["ScaleTeam"].id),
        (f"events/{event}", rows["Event"].id),
    ):
        shown = demo.json(f"/v2/{parent}/feedbacks/{number}")
        assert shown == demo.json(f"/v2/feedbacks/{number}")
    for parent, number in (
        (f"scale_teams/{evaluation}", rows["Event"].id),
        (f"events/{event}", rows["ScaleTeam"].id),
        ("events/0", rows["Event"].id),
    ):
        assert demo.get(f"/v2/{parent}/feedbacks/{number}").status_code == 404


@pytest.mark.behaviour("intra42.feedbacks.shape", "intra42.feedbacks.parents")
def test_an_evaluation_shows_its_feedback(demo: Intra) -> None:
    rows = demo.rows(tables.of("feedbacks"))
    by_evaluation = {
        row.feedbackable_id: row for row in rows if row.feedbackable_type == "ScaleTeam"
    }
    evaluations = [row for row in demo.rows(tables.of("scale_teams")) if row.feedback is not None]
    assert {row.id for row in evaluations} == by_evaluation.keys()
    for row in evaluations:
        said = by_evaluation[row.id]
        assert (row.feedback, row.corrected_id) == (said.comment, said.user_id)
        assert row.filled_at == said.created_at
    record = demo.json(f"/v2/scale_teams/{evaluations[0].id}")
    shown = demo.json(f"/v2/feedbacks/{by_evaluation[evaluations[0].id].id}")
    assert record["feedbacks"] == [shown]
    assert demo.ids(f"/v2/scale_teams/{evaluations[0].id}/feedbacks") == [shown["id"]]
    events = {row.id: row.end_at for row in demo.rows(tables.of("events"))}
    of_events = [row for row in rows if row.feedbackable_type == "Event"]
    assert len(of_events) > 20
    assert all(events[row.feedbackable_id] < row.created_at for row in of_events)


@pytest.mark.behaviour("intra42.correction_points.given")
def test_each_evaluation_that_was_given_brought_a_point(demo: Intra) -> None:
    lines = {
        row.scale_team_id: row
        for row in demo.rows(tables.of("correction_point_historics"))
        if row.scale_team_id is not None
    }
    filled = [row for row in demo.rows(tables.of("scale_teams")) if row.filled_at is not None]
    assert {row.id for row in filled} == lines.keys()
    for row in filled:
        line = lines[row.id]
        assert (line.user_id, line.sum, line.created_at) == (row.user_id, 1, row.filled_at)


@pytest.mark.behaviour("intra42.scale_teams.truant", "intra42.scale_teams.filled")
def test_what_came_of_an_evaluation_is_pinned_with_its_slot(demo: Intra) -> None:
    booking = {"begin_at": "2026-11-20T10:00:00Z", "user_id": 1, "scale_team_id": 42}
    filled = {"final_mark": 95, "comment": "Fine.", "filled_at": "2026-11-20T10:14:00Z"}
    add(demo.world, "intra42", "slots", [{"id": 90001, **booking, **filled, "truant_id": 2}])
    record = demo.json("/v2/scale_teams/42")
    assert (record["final_mark"], record["truant"]["id"]) == (95, 2)
    remove(demo.world, "intra42", "users", "2")
    assert demo.json("/v2/scale_teams/42")["truant"] == {}
    change(demo.world, "intra42", "slots", "90001", {"final_mark": None})
    assert demo.json("/v2/scale_teams/42")["final_mark"] is None
