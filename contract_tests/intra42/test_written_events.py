"""What applications write of events."""

from typing import Any

from fake_server.contract import Target, behaviour, expect

from .helpers import ids, listed, page, school
from .writers import AT, CREDENTIALS, expect_refused, write

TALK: dict[str, Any] = {
    "name": "Wire",
    "description": "An evening.",
    "kind": "conference",
    "begin_at": "2026-05-04T17:00:00.000Z",
    "end_at": "2026-05-04T19:00:00.000Z",
    "campus_ids": [1, "2"],
    "cursus_ids": [21],
}


@behaviour("intra42.events.create", needs=("data", "clock"))
def test_an_event_is_made(intra42: Target) -> None:
    with school(intra42, at=AT, credentials=CREDENTIALS) as own:
        sent = {**TALK, "max_people": 2, "activate_waitlist": True}
        record = write(own, "POST", "events", event=sent).json
        expect("the campus", [1, 2], record["campus_ids"])
        for name in TALK.keys() - {"campus_ids"}:
            expect(name, TALK[name], record[name])
        counts = [record[name] for name in ("max_people", "nbr_subscribers", "waitlist", "themes")]
        expect("what else it shows", [2, 0, None, []], counts)
        expect("the record", record, page(own, f"/v2/events/{record['id']}").json)
        for below in ("campus/2", "cursus/21", "campus/1/cursus/21"):
            events = ids(listed(own, f"/v2/{below}/events"))
            expect(f"the events of {below}", [record["id"]], events)
        taking = {"event_id": record["id"], "user_id": 1}
        write(own, "POST", "events_users", events_user=taking)
        shown = page(own, f"/v2/events/{record['id']}").json
        expect("who takes part", 1, shown["nbr_subscribers"])


@behaviour("intra42.events.refused", needs=("data", "clock"))
def test_an_event_that_is_refused(intra42: Target) -> None:
    required = ["begin_at", "description", "end_at", "kind", "name"]
    with school(intra42, at=AT, credentials=CREDENTIALS) as own:
        errors = expect_refused(own, "POST", "events", event={"location": "Here"})
        expect("what is missing", required, sorted(errors))
        for changes, field in (
            ({"end_at": "2026-05-04T16:00:00Z"}, "end_at"),
            ({"kind": "party"}, "kind"),
            ({"campus_ids": [1, 99]}, "campus_ids"),
            ({"cursus_ids": "21"}, "cursus_ids"),
        ):
            errors = expect_refused(own, "POST", "events", event={**TALK, **changes})
            expect(f"what is wrong with {changes}", [field], list(errors))
        expect("the events", [], ids(listed(own, "/v2/events")))
