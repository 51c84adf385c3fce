"""What requests write: slots, and who takes part in events."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.intra42.writers import Writer


def _slot(begin: str, end: str, **more: Any) -> dict[str, Any]:
    return {"slot": {"begin_at": f"2026-05-{begin}", "end_at": f"2026-05-{end}", **more}}


@pytest.mark.behaviour("intra42.slots.create", "intra42.writes.forms")
@pytest.mark.parametrize("form", ["json", "data", "query_string"])
def test_slots_are_made_in_quarters(writer: Writer, form: str) -> None:
    body = _slot("03T09:17:00.000Z", "03 10:03:00 UTC", user_id="1")
    flat = {f"slot[{name}]": value for name, value in body["slot"].items()}
    options: dict[str, Any] = {form: body if form == "json" else flat}
    answer = writer.ask("POST", "slots", **options)
    assert answer.status_code == 201, answer.text
    begins = ["09:15", "09:30", "09:45"]
    assert [slot["begin_at"][11:16] for slot in answer.json] == begins
    assert [slot["end_at"][11:16] for slot in answer.json] == [*begins[1:], "10:00"]
    assert {slot["user"]["login"] for slot in answer.json} == {"ada"}
    assert writer.json(f"/v2/slots/{answer.json[0]['id']}") == answer.json[0]


@pytest.mark.behaviour("intra42.slots.times", "intra42.slots.overlap", "intra42.writes.invalid")
def test_slots_that_are_refused(writer: Writer) -> None:
    for begin, end, field in (
        ("03T09:00:00Z", "03T09:29:00Z", "end_at"),
        ("02T12:31:00Z", "02T13:30:00Z", "begin_at"),
        ("16T11:30:00Z", "16T12:15:00Z", "end_at"),
        ("05T07:45:00Z", "05T08:15:00Z", "begin_at"),
        ("never", "03T10:00:00Z", "begin_at"),
    ):
        assert list(writer.refusal("POST", "slots", json=_slot(begin, end))) == [field], begin
    blank = {"begin_at": ["can't be blank"], "end_at": ["can't be blank"]}
    assert writer.refusal("POST", "slots") == blank
    for begin, end in (("02T12:45:00Z", "02T13:15:00Z"), ("16T11:30:00Z", "16T12:00:00Z")):
        assert writer.ask("POST", "slots", json=_slot(begin, end)).status_code == 201, begin
    assert "user_id" in writer.refusal("POST", "slots", "staff", json=_slot("04", "05"))
    unknown = _slot("04", "05", user_id=99)
    assert writer.refusal("POST", "slots", "staff", json=unknown) == {"user_id": ["must exist"]}


@pytest.mark.behaviour("intra42.slots.overlap", "intra42.slots.create", "intra42.writes.invalid")
def test_what_is_not_known_is_switched(writer_with: Callable[..., Writer]) -> None:
    lenient = writer_with("slots-may-overlap", "invalid-records-in-one-message")
    overlapping = _slot("05T07:45:00Z", "05T08:15:00Z")
    assert lenient.ask("POST", "slots", json=overlapping).status_code == 201
    refused = lenient.ask("POST", "slots")
    assert refused.status_code == 422
    message = "begin_at can't be blank, end_at can't be blank"
    assert refused.json == {"error": "Unprocessable Entity", "message": message}


@pytest.mark.behaviour("intra42.writes.access")
def test_who_may_write(writer: Writer) -> None:
    body = _slot("04", "04 01:00:00", user_id=1)
    assert writer.ask("POST", "slots", "app", json=body).status_code == 403
    bare = writer.ask("POST", "slots", "bare", json=body)
    assert bare.status_code == 403
    assert "[projects]" in bare.headers["WWW-Authenticate"]
    for others in ({"user_id": 2}, {"scale_team_id": 7}):
        refused = writer.ask("POST", "slots", json={"slot": {**body["slot"], **others}})
        assert refused.json["error"] == "Access Denied"
    assert writer.ask("DELETE", "slots/2").status_code == 403
    assert writer.ask("DELETE", "events_users/1").status_code == 403
    assert writer.ask("POST", "slots", "staff", json=body).status_code == 201


@pytest.mark.behaviour("intra42.slots.change", "intra42.slots.mine")
def test_a_slot_is_moved_and_withdrawn(writer: Writer) -> None:
    records = writer.ask("POST", "slots", json=_slot("03T09:00:00Z", "03T09:30:00Z")).json
    first, second = (f"slots/{slot['id']}" for slot in records)
    moved = _slot("06T09:05:00Z", "06T09:20:00Z")
    for method in ("PATCH", "PUT"):
        answer = writer.ask(method, first, json=moved)
        assert (answer.status_code, answer.data) == (204, b"")
    assert writer.json(f"/v2/{first}")["begin_at"] == "2026-05-06T09:00:00.000Z"
    assert writer.refusal("PATCH", second, json=moved)
    assert writer.ids("/v2/me/slots") == [records[0]["id"], 1, records[1]["id"]]
    answer = writer.ask("DELETE", second)
    assert (answer.status_code, answer.data) == (204, b"")
    assert writer.ask("DELETE", second).status_code == 404
    for method in ("PATCH", "DELETE"):
        assert writer.ask(method, "slots/1", json=moved).status_code == 403
    assert writer.ask("DELETE", "slots/1", "staff").status_code == 204
    assert writer.ids("/v2/me/slots") == [records[0]["id"]]


@pytest.mark.behaviour("intra42.slots.mine", "intra42.me.lists_of_nobody")
def test_my_slots_ask_for_a_person_and_a_scope(writer: Writer) -> None:
    assert writer.ask("GET", "me/slots", "bare").status_code == 403
    nobody = writer.ask("GET", "me/slots", "app")
    assert (nobody.status_code, nobody.json) == (404, {})
    assert writer.ids("/v2/me/slots?filter[future]=true") == [1]


@pytest.mark.behaviour("intra42.events_users.create", "intra42.events_users.refused")
def test_a_user_takes_part_in_an_event(writer: Writer) -> None:
    for path, values in (
        ("events_users", {"event_id": 1, "user_id": 1}),
        ("events/2/events_users", {"user_id": "1"}),
        ("users/ada/events_users", {"event_id": "3"}),
    ):
        answer = writer.ask("POST", path, json={"events_user": values})
        assert answer.status_code == 201, answer.text
        assert answer.json == writer.json(f"/v2/events_users/{answer.json['id']}")
    assert writer.ids("/v2/users/ada/events") == [3, 2, 1]
    again = {"events_user": {"event_id": 2}}
    assert "user_id" in writer.refusal("POST", "events_users", json=again)
    full = {"events_user": {"event_id": 1, "user_id": 2}}
    assert "event_id" in writer.refusal("POST", "events_users", "staff", json=full)
    for unknown in ({}, {"events_user": {"event_id": 99}}, {"events_user": "x"}):
        assert "event_id" in writer.refusal("POST", "events_users", json=unknown)
    assert writer.ask("POST", "events/99/events_users").status_code == 404


@pytest.mark.behaviour("intra42.events_users.delete")
def test_a_user_takes_part_no_longer(writer: Writer) -> None:
    records = writer.ask("POST", "events/2/events_users").json
    path = f"events_users/{records['id']}"
    writer.client.world.clock.set(datetime(2026, 5, 3, 8, tzinfo=UTC))
    assert "event_id" in writer.refusal("DELETE", path)
    writer.client.world.clock.set(datetime(2026, 5, 3, 7, 59, tzinfo=UTC))
    answer = writer.ask("DELETE", path)
    assert (answer.status_code, answer.data) == (204, b"")
    assert writer.ids("/v2/users/ada/events_users") == []
