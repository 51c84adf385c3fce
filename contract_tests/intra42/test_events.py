"""Events, and who takes part."""

from fake_server.contract import Target, behaviour, expect, need

from . import keys
from .events import EVENT_SECTIONS, EVENTS, SUBSCRIBERS
from .helpers import expect_future, expect_keys_of_some, ids, listed, page, school


@behaviour("intra42.events.shape")
def test_an_event_has_these_keys(intra42: Target) -> None:
    for record in expect_keys_of_some(intra42, EVENTS, keys.EVENT)[:3]:
        expect("the event", record, page(intra42, f"{EVENTS}/{record['id']}").json)


@behaviour("intra42.events.parents")
def test_events_are_listed_under_their_campus_and_cursus(intra42: Target) -> None:
    events = expect_keys_of_some(intra42, EVENTS, keys.EVENT)
    there = [event for event in events if event["campus_ids"] and event["cursus_ids"]]
    need(bool(there), "an event at a campus for a cursus")
    event = there[0]
    campus, cursus = event["campus_ids"][0], event["cursus_ids"][0]
    params = {"filter[id]": event["id"]}
    for parent in (f"campus/{campus}", f"cursus/{cursus}", f"campus/{campus}/cursus/{cursus}"):
        expect(parent, [event], listed(intra42, f"/v2/{parent}/events", params))
        for nested in listed(intra42, f"/v2/{parent}/events"):
            expect(parent, True, "campus" not in parent or campus in nested["campus_ids"])
            expect(parent, True, "cursus" not in parent or cursus in nested["cursus_ids"])


@behaviour("intra42.events.parents", needs=("data",))
def test_events_of_others_are_left_out(intra42: Target) -> None:
    with school(intra42, **EVENT_SECTIONS) as own:
        for parent, expected in (
            ("campus/1", [2, 1]),
            ("cursus/21", [3, 1]),
            ("campus/2/cursus/21", [3]),
            ("users/cleo", [3, 2]),
            ("users/dan", []),
        ):
            expect(parent, expected, ids(listed(own, f"/v2/{parent}/events")))


@behaviour("intra42.events.future")
def test_events_to_come_and_others(intra42: Target) -> None:
    expect_future(intra42, EVENTS)


@behaviour("intra42.events.future", needs=("data",))
def test_future_events_begin_after_now(intra42: Target) -> None:
    with school(intra42, at="2026-05-02T12:00:00Z", **EVENT_SECTIONS) as own:
        for value, expected in (("true", [3]), ("false", [2, 1])):
            expect(value, expected, ids(listed(own, EVENTS, {"filter[future]": value})))


@behaviour("intra42.events_users.shape")
def test_who_takes_part_is_shown_with_the_event(intra42: Target) -> None:
    for record in expect_keys_of_some(intra42, SUBSCRIBERS, keys.EVENTS_USER)[:3]:
        expect("the record", record, page(intra42, f"{SUBSCRIBERS}/{record['id']}").json)
        expect("the keys of the user", keys.USER, list(record["user"]))
        expect("the keys of the event", keys.EVENT[:-1], list(record["event"]))
        pair = [record["event"]["id"], record["user"]["id"]]
        expect("the ids", [record["event_id"], record["user_id"]], pair)


@behaviour("intra42.events_users.parents")
def test_who_takes_part_is_listed_under_event_and_user(intra42: Target) -> None:
    for record in expect_keys_of_some(intra42, SUBSCRIBERS, keys.EVENTS_USER)[:2]:
        for name in ("event", "user"):
            path = f"/v2/{name}s/{record[f'{name}_id']}/events_users"
            expect(path, [record], listed(intra42, path, {"filter[id]": record["id"]}))
            for nested in listed(intra42, path):
                expect(name, record[f"{name}_id"], nested[f"{name}_id"])
