"""What requests write, and the lists of the person whose token they have."""

from typing import Any
from urllib.parse import urlencode

from fake_server.contract import Answer, Target, behaviour, expect

from .events import EVENT_SECTIONS, OF_EVENTS
from .helpers import ids, listed, page, school, slot
from .standing import expect_shown
from .writers import AT, CREDENTIALS, DENIED, by, write

SLOTS = [
    slot(1, "2026-05-05T08:00:00Z", scale_team_id=9, project_id=11, corrected_id=2),
    slot(2, "2026-05-05T09:00:00Z", user_id=2, scale_team_id=8, project_id=11, corrected_id=1),
]


def _offer(own: Target, begin: str, end: str, token: str = "ada", **more: Any) -> Answer:
    """Send a request for slots of a day in May; what it makes must stand in the lists."""
    attributes = {"begin_at": f"2026-05-{begin}Z", "end_at": f"2026-05-{end}Z", **more}
    answer = own.request("POST", "/v2/slots", json={"slot": attributes}, **by(token))
    for record in answer.json if answer.status == 201 else ():
        expect_shown(own, "slots", record["id"], **by("staff"))
    return answer


@behaviour("intra42.slots.create", needs=("data", "clock"))
def test_slots_of_a_quarter_are_made(intra42: Target) -> None:
    with school(intra42, at=AT, slots=SLOTS, credentials=CREDENTIALS) as own:
        answer = _offer(own, "03T09:17:00", "03T09:50:00").expect_status(201)
        begins = [record["begin_at"][11:16] for record in answer.json]
        expect("the beginnings", ["09:15", "09:30"], begins)


@behaviour("intra42.writes.forms", needs=("data", "clock"))
def test_what_is_written_stands_in_a_form_or_a_query(intra42: Target) -> None:
    flat = {"slot[begin_at]": "2026-05-03 09:00:00", "slot[end_at]": "2026-05-03 09:30:00"}
    with school(intra42, at=AT, slots=SLOTS, credentials=CREDENTIALS) as own:
        person = by("ada")
        form = {**person["headers"], "Content-Type": "application/x-www-form-urlencoded"}
        for options in (
            {**person, "params": flat},
            {**person, "headers": form, "body": urlencode(flat).encode()},
        ):
            answer = own.post("/v2/slots", **options).expect_status(201)
            for record in answer.json:
                path = f"/v2/slots/{record['id']}"
                own.request("DELETE", path, **by("ada")).expect_status(204)


@behaviour("intra42.slots.times", needs=("data", "clock"))
@behaviour("intra42.slots.overlap", needs=("data", "clock"))
@behaviour("intra42.writes.invalid", needs=("data", "clock"))
def test_slots_at_a_wrong_time_are_refused(intra42: Target) -> None:
    with school(intra42, at=AT, slots=SLOTS, credentials=CREDENTIALS) as own:
        for begin, end, field in (
            ("03T09:00:00", "03T09:15:00", "end_at"),
            ("02T12:15:00", "02T13:00:00", "begin_at"),
            ("16T11:30:00", "16T12:15:00", "end_at"),
            ("05T07:45:00", "05T08:15:00", "begin_at"),
        ):
            answer = _offer(own, begin, end).expect_status(422)
            expect(f"what is wrong at {begin}", [field], list(answer.json["errors"]))


@behaviour("intra42.writes.access", needs=("data", "clock"))
def test_a_write_needs_person_and_scope(intra42: Target) -> None:
    with school(intra42, at=AT, slots=SLOTS, credentials=CREDENTIALS) as own:
        refused = _offer(own, "03T09:00:00", "03T10:00:00", "bare").expect_status(403)
        expect("the scope", True, "[projects]" in refused.headers.get("WWW-Authenticate", ""))
        for token, more in (("app", {}), ("ada", {"user_id": 2})):
            answer = _offer(own, "03T09:00:00", "03T10:00:00", token, **more)
            answer.expect_status(403).expect_json(DENIED)
        own.request("DELETE", "/v2/slots/2", **by("ada")).expect_status(403).expect_json(DENIED)


@behaviour("intra42.slots.change", needs=("data", "clock"))
@behaviour("intra42.slots.mine", needs=("data", "clock"))
@behaviour("intra42.me.lists_of_nobody", needs=("data", "clock"))
def test_a_slot_is_moved_and_withdrawn(intra42: Target) -> None:
    with school(intra42, at=AT, slots=SLOTS, credentials=CREDENTIALS) as own:
        slot_ids = ids(_offer(own, "03T09:00:00", "03T09:30:00").expect_status(201).json)
        path = f"slots/{slot_ids[0]}"
        times = {"begin_at": "2026-05-06T09:00:00Z", "end_at": "2026-05-06T09:15:00Z"}
        write(own, "PATCH", path, "ada", slot=times)
        mine = listed(own, "/v2/me/slots", **by("ada"))
        expect("the slots", sorted([1, *slot_ids]), sorted(ids(mine)))
        moved = {record["id"]: record["begin_at"] for record in mine}[slot_ids[0]]
        expect("the beginning", "2026-05-06T09:00:00.000Z", moved)
        write(own, "DELETE", path, "ada")
        own.request("DELETE", "/v2/slots/1", **by("ada")).expect_status(403)
        own.get("/v2/me/slots", **by("bare")).expect_status(403)
        own.get("/v2/me/slots", **by("app")).expect_status(404).expect_json({})


@behaviour("intra42.events_users.create", needs=("data", "clock"))
@behaviour("intra42.events_users.refused", needs=("data", "clock"))
@behaviour("intra42.events_users.delete", needs=("data", "clock"))
def test_a_user_takes_part_in_an_event(intra42: Target) -> None:
    soon = {"id": 9, "begin_at": "2026-05-03T08:00:00Z", "prohibition_of_cancellation": 24}
    events = [
        *EVENT_SECTIONS["events"]["records"],
        {**EVENT_SECTIONS["events"]["records"][2], **soon},
    ]
    sections: dict[str, Any] = {"events": {"records": events}, "credentials": CREDENTIALS}
    takers = {"records": [{"id": 1, "event_id": 9, "user_id": 1, **OF_EVENTS}]}
    with school(intra42, at=AT, events_users=takers, **sections) as own:
        body = {"event_id": 3, "user_id": 1}
        count = page(own, "/v2/events/3").json["nbr_subscribers"]
        record = write(own, "POST", "events_users", "ada", events_user=body).json
        expect("the event", 3, record["event"]["id"])
        subscribed = page(own, "/v2/events/3").json["nbr_subscribers"]
        expect("how many take part", count + 1, subscribed)
        again = write(own, "POST", "events/3/events_users", "ada", 422, events_user=body)
        expect("what is wrong", ["user_id"], list(again.json["errors"]))
        write(own, "DELETE", f"events_users/{record['id']}", "ada")
        expect("how many take part", count, page(own, "/v2/events/3").json["nbr_subscribers"])
        own.request("DELETE", "/v2/events_users/1", **by("ada")).expect_status(422)
