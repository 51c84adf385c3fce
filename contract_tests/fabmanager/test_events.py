"""Events, and the addresses in answers."""

from datetime import UTC, datetime
from typing import Any

from fake_server.contract import Target, behaviour, expect, expect_that

from .events import EVENT_KEYS, event
from .helpers import API, answered, holding, keys_of, numbers

NOW = datetime(2024, 6, 15, 12, tzinfo=UTC)

EVENTS = f"{API}/events"


@behaviour("fabmanager.events.list", needs=("data",))
def test_events(fabmanager: Target) -> None:
    picture = "/uploads/event_image/9/event_image.jpg"
    events = [
        event(1, 1),
        event(2, 2, picture=picture),
        event(3, 3, deleted_at="2024-05-01T00:00:00Z"),
    ]
    with holding(fabmanager, events=events) as lab:
        body = answered(lab, "events")
        expect("those that are left, the newest first", [2, 1], numbers(body, "events"))
        expect(
            "the keys",
            EVENT_KEYS,
            keys_of(body, "events"),
        )
        expect_that("a picture", "event_image" not in body["events"][1], "none", body)
        large = body["events"][0]["event_image"]["large_url"]
        ends = large.endswith("/uploads/event_image/9/large_event_image.jpg")
        expect_that("large_url", ends, "the address of that size", large)
        lab.get(EVENTS).expect_header("Total", "2").expect_header("Per-Page", "20")
        expect("one by its number", [1], numbers(answered(lab, "events", {"id": 1}), "events"))


@behaviour("fabmanager.events.prices", needs=("data",))
def test_prices_of_events(fabmanager: Target) -> None:
    others = [{"price_category_id": 4, "name": "Reduced", "amount": 500}]
    with holding(fabmanager, events=[event(1, 1, amount=1000, other_prices=others)]) as lab:
        (shown,) = answered(lab, "events")["events"]
    missing = "Translation missing: en.app.public.home.full_price"
    normal = {"name": missing, "amount": 1000}
    expect("prices", {"normal": normal, "4": {"name": "Reduced", "amount": 500}}, shown["prices"])


def _to_come() -> dict[str, Any]:
    days = {1: 20, 2: 14, 3: 15, 4: 18}
    return {"events": {"records": [event(number, day) for number, day in days.items()]}}


@behaviour("fabmanager.events.upcoming", needs=("data",))
def test_events_to_come(fabmanager: Target) -> None:
    with fabmanager.fresh(_to_come(), now=NOW) as lab:
        upcoming = answered(lab, "events", {"upcoming": "true"})
        expect("those to come, by their start", [3, 4, 1], numbers(upcoming, "events"))
        some = answered(lab, "events", {"upcoming": "true", "id": "[1,2]"})
        expect("those of them that are asked for", [1], numbers(some, "events"))
        every = answered(lab, "events", {"upcoming": "false"})
        expect("all", [4, 3, 2, 1], numbers(every, "events"))


@behaviour("fabmanager.events.upcoming", live=True, needs=("data",))
def test_any_value_means_upcoming(fabmanager: Target) -> None:
    with fabmanager.fresh(_to_come(), now=NOW) as lab:
        for value in ("true", "false", "0", ""):
            upcoming = answered(lab, "events", {"upcoming": value})
            expect(f"with {value!r}", [3, 4, 1], numbers(upcoming, "events"))


@behaviour("fabmanager.addresses.host", needs=("data",))
def test_addresses_have_the_public_host(fabmanager: Target) -> None:
    picture = "/uploads/event_image/9/event_image.jpg"
    section = {
        "public_host": "lab.example.net",
        "events": {"records": [event(1, 1, picture=picture)]},
    }
    with fabmanager.fresh(section) as lab:
        forwarded = {"X-Forwarded-Host": "other.example.com"}
        (shown,) = lab.get(EVENTS, headers=forwarded).expect_status(200).json["events"]
    expect("the page", "https://lab.example.net/#!/events/1", shown["url"])
    large = "https://lab.example.net/uploads/event_image/9/large_event_image.jpg"
    expect("the picture", large, shown["event_image"]["large_url"])
