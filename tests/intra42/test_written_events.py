"""What applications write of events."""

from typing import Any

import pytest

from tests.intra42.writers import NOW, Writer

TALK: dict[str, Any] = {
    "name": "Wire",
    "description": "An evening.",
    "kind": "meet_up",
    "begin_at": "2026-05-04T17:00:00.000Z",
    "end_at": "2026-05-04T19:00:00.000Z",
}


@pytest.mark.behaviour("intra42.events.create")
def test_an_event_of_every_campus(writer: Writer) -> None:
    record = writer.made("events", event=TALK)
    assert {name: record[name] for name in TALK} == TALK
    assert record["created_at"] == record["updated_at"] == NOW.replace("Z", ".000Z")
    assert (record["campus_ids"], record["cursus_ids"], record["location"]) == ([], [], "")
    assert (record["max_people"], record["prohibition_of_cancellation"]) == (None, None)
    query = "&".join(
        [f"event[{name}]={value}" for name, value in TALK.items()]
        + [f"event[campus_ids][]={number}" for number in (1, 2)]
    )
    answer = writer.ask("POST", f"events?{query}", "staff")
    assert answer.status_code == 201, answer.text
    assert answer.json["campus_ids"] == [1, 2]
    assert answer.json["id"] in writer.ids("/v2/campus/2/events")


@pytest.mark.behaviour("intra42.events.refused")
@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"name": ""}, {"name": ["can't be blank"]}),
        ({"end_at": "2026-05-04T16:00:00Z"}, {"end_at": ["must be after begin_at"]}),
        ({"campus_ids": [1, 9]}, {"campus_ids": ["must exist"]}),
        ({"campus_ids": {"a": 1}}, {"campus_ids": ["is invalid"]}),
        ({"cursus_ids": ["x"]}, {"cursus_ids": ["is not a number"]}),
        ({"location": "x" * 256}, {"location": ["is too long (maximum is 255 characters)"]}),
        ({"kind": "party"}, {"kind": ["is not included in the list"]}),
    ],
)
def test_an_event_that_is_refused(
    writer: Writer, changes: dict[str, Any], errors: dict[str, Any]
) -> None:
    sent = {"event": {**TALK, **changes}}
    assert writer.refusal("POST", "events", "staff", json=sent) == errors
    assert writer.ask("POST", "events", "ada", json={"event": TALK}).status_code == 403
