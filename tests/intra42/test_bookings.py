"""Evaluations that people book and cancel."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.intra42.writers import NOW, Writer

BEGIN, END = "2026-05-06T08:00:00.000Z", "2026-05-06T08:30:00.000Z"
BOOKING = {"team_id": 7, "scale_id": 11, "begin_at": BEGIN, "user_id": 2}


@pytest.fixture
def booking_writer(writer: Writer) -> Writer:
    """A client of a school in which bob offers half an hour."""
    return _with_slots(writer)


def _with_slots(writer: Writer) -> Writer:
    offered = {"user_id": 2, "begin_at": BEGIN, "end_at": END}
    assert writer.ask("POST", "slots", "staff", json={"slot": offered}).status_code == 201
    return writer


def _points(writer: Writer, login: str = "ada") -> int:
    points: int = writer.json(f"/v2/users/{login}")["correction_point"]
    return points


@pytest.mark.behaviour("intra42.scale_teams.book", "intra42.scale_teams.points")
@pytest.mark.parametrize("left_out", [(), ("user_id",)])
def test_a_team_books_two_slots(booking_writer: Writer, left_out: tuple[str, ...]) -> None:
    writer, before = booking_writer, _points(booking_writer)
    sent = {name: value for name, value in BOOKING.items() if name not in left_out}
    record = writer.made("scale_teams", "ada", scale_team=sent)
    assert (record["begin_at"], record["scale_id"], record["team"]["id"]) == (BEGIN, 11, 7)
    assert (record["filled_at"], record["final_mark"]) == (None, None)
    shown = writer.json(f"/v2/scale_teams/{record['id']}", token="staff")
    assert shown["corrector"]["login"] == "bob"
    assert [user["login"] for user in shown["correcteds"]] == ["ada"]
    slots = writer.json(f"/v2/slots?filter[begin_at]={BEGIN}&sort=begin_at", token="staff")
    assert [slot["scale_team"]["id"] for slot in slots] == [record["id"]]
    assert writer.ids("/v2/me/scale_teams/as_corrected") == [record["id"]]
    assert _points(writer) == before - 1
    (line,) = writer.json("/v2/users/ada/correction_point_historics")[-1:]
    assert (line["reason"], line["sum"]) == ("Evaluation asked for", -1)
    again = writer.refusal("POST", "scale_teams", json={"scale_team": sent})
    assert again == {"begin_at": ["nobody offers slots then"]}


@pytest.mark.behaviour("intra42.scale_teams.cancel", "intra42.scale_teams.points")
@pytest.mark.parametrize("token", ["ada", "bob", "staff"])
def test_a_booking_is_cancelled(booking_writer: Writer, token: str) -> None:
    writer, before = booking_writer, _points(booking_writer)
    number = writer.made("scale_teams", "ada", scale_team=BOOKING)["id"]
    writer.change("DELETE", f"scale_teams/{number}", token)
    assert writer.get(f"/v2/scale_teams/{number}").status_code == 404
    assert _points(writer) == before
    assert writer.made("scale_teams", "ada", scale_team=BOOKING)["begin_at"] == BEGIN


@pytest.mark.behaviour("intra42.scale_teams.refused")
@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"team_id": 99}, {"team_id": ["must exist"]}),
        ({"scale_id": 12}, {"scale_id": ["is not a scale of the project"]}),
        ({"begin_at": "2026-05-06T08:15:00Z"}, {"begin_at": ["nobody offers slots then"]}),
        ({"begin_at": NOW}, {"begin_at": ["nobody offers slots then"]}),
        ({"user_id": 1}, {"begin_at": ["nobody offers slots then"]}),
        ({"begin_at": ""}, {"begin_at": ["can't be blank"]}),
        ({"comment": "x" * 2049}, {"comment": ["is too long (maximum is 2048 characters)"]}),
    ],
)
def test_bookings_that_are_refused(
    booking_writer: Writer, changes: dict[str, Any], errors: dict[str, list[str]]
) -> None:
    sent = {"scale_team": {**BOOKING, **changes}}
    assert booking_writer.refusal("POST", "scale_teams", json=sent) == errors


@pytest.mark.behaviour("intra42.scale_teams.refused", "intra42.scale_teams.cancel")
def test_people_book_for_their_own_team(booking_writer: Writer) -> None:
    writer, sent = booking_writer, {"scale_team": BOOKING}
    for token in ("bob", "app", "bare"):
        assert writer.ask("POST", "scale_teams", token, json=sent).status_code == 403
    number = writer.made("scale_teams", scale_team=BOOKING)["id"]
    for token in ("app", "bare"):
        assert writer.ask("DELETE", f"scale_teams/{number}", token).status_code == 403
    assert writer.ask("DELETE", "scale_teams/99", "staff").status_code == 404


@pytest.mark.behaviour("intra42.scale_teams.points")
def test_who_has_no_point_books_nothing(
    booking_writer: Writer, writer_with: Callable[..., Writer]
) -> None:
    def spend(writer: Writer) -> None:
        taken = {"reason": "x", "amount": 1000}
        answer = writer.ask("DELETE", "users/1/correction_points/remove", "staff", json=taken)
        assert answer.status_code == 200

    spend(booking_writer)
    refused = booking_writer.refusal("POST", "scale_teams", json={"scale_team": BOOKING})
    assert refused == {"team_id": ["has no correction point left"]}
    free = _with_slots(writer_with("bookings-without-points"))
    spend(free)
    assert free.made("scale_teams", "ada", scale_team=BOOKING)["begin_at"] == BEGIN
    assert _points(free) == 0


@pytest.mark.behaviour("intra42.scale_teams.fill", "intra42.scale_teams.earn")
@pytest.mark.parametrize("token", ["ada", "staff"])
def test_an_evaluation_is_filled_in_once_for_a_point(writer: Writer, token: str) -> None:
    writer.world.clock.advance(timedelta(days=4))
    before = _points(writer)
    for mark in (125, 84):
        writer.change("PATCH", "scale_teams/9", token, scale_team={"final_mark": mark})
        record = writer.json("/v2/scale_teams/9")
        assert (record["final_mark"], record["comment"]) == (mark, "")
        assert record["filled_at"] == record["updated_at"] > record["begin_at"]
        assert writer.ids("/v2/scale_teams?filter[filled]=true") == [9]
    assert _points(writer) == before + 1
    (line,) = writer.json("/v2/users/ada/correction_point_historics")[-1:]
    assert (line["reason"], line["scale_team_id"]) == ("Evaluation given", 9)
    writer.change("PUT", "scale_teams/9", token, scale_team={"comment": "x", "user_id": 2})
    assert writer.json("/v2/scale_teams/9")["comment"] == "x"
    assert writer.json("/v2/scale_teams/9")["corrector"]["login"] == "ada"


@pytest.mark.behaviour("intra42.scale_teams.unfilled")
def test_an_evaluation_that_is_not_filled_in(writer: Writer) -> None:
    body: dict[str, Any] = {"json": {"scale_team": {"final_mark": 80}}}
    assert writer.refusal("PATCH", "scale_teams/9", **body) == {"begin_at": ["has not passed"]}
    assert writer.ask("PATCH", "scale_teams/9", "bob", **body).status_code == 403
    wrong: dict[str, Any] = {"json": {"scale_team": {"final_mark": 126, "truant_id": 99}}}
    errors = writer.refusal("PATCH", "scale_teams/9", "staff", **wrong)
    assert sorted(errors) == ["final_mark", "truant_id"]
    assert writer.json("/v2/scale_teams/9")["filled_at"] is None


@pytest.mark.behaviour("intra42.scale_teams.several")
def test_of_several_bookings_none_is_kept_where_one_is_wrong(booking_writer: Writer) -> None:
    writer, path = booking_writer, "scale_teams/multiple_create"
    before = _points(writer), writer.ids("/v2/scale_teams")
    for bookings in ([BOOKING, BOOKING], [BOOKING, {"team_id": 7}], "none", [], [7], None):
        answer = writer.ask("POST", path, "able", json={"scale_teams": bookings})
        assert answer.status_code == 422, bookings
        assert (_points(writer), writer.ids("/v2/scale_teams")) == before
    (record,) = writer.made(path, "able", scale_teams=[BOOKING])
    assert record == writer.json(f"/v2/scale_teams/{record['id']}", token="able")
    assert writer.ask("POST", path, "staff", json={"scale_teams": [BOOKING]}).status_code == 403
