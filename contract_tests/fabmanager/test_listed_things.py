"""Machines, spaces, trainings and events, as a service has them."""

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from fake_server.contract import Target, behaviour, expect, expect_that, need

from .bookable_machines import SOME_USERS, bookable, deleted_machines, rows_of_user
from .events import EVENT_KEYS
from .helpers import NOBODY, Record, moment
from .lists import BASE, MANY, ask, expect_order, numbers, rows, some
from .machines import MACHINE_KEYS, MACHINES

_PAGED = {"page": 1, "per_page": MANY}

_FULL_PRICE = re.compile(r"Translation missing: [a-zA-Z-]+\.app\.public\.home\.full_price")


def _expect_whole_list(target: Target, name: str, keys: list[str]) -> list[Record]:
    """Assert that a list comes whole, the oldest first, whatever page is asked for."""
    listed = rows(target, name)
    need(len(listed) > 1, f"two {name}")
    expect_order(listed, "created_at", newest_first=False)
    for record in listed:
        expect(f"the keys of {record['id']}", keys, [key for key in record if key != "image"])
    paged = ask(target, name, {"page": 2, "per_page": 1})
    expect("page 2 of 1", numbers(listed), numbers(paged.json[name]))
    expect_that("Total", "Total" not in paged.headers, "no header", str(paged.headers))
    return listed


def _expect_shown(target: Target, name: str, listed: list[Record]) -> None:
    """Assert that a path names a record by its slug, or else by its number."""
    slugs = {record["slug"]: record["id"] for record in listed}
    numbered = [record for record in listed if str(record["id"]) in slugs]
    for record in [*numbered, *listed[:2], listed[-1]]:
        for text in (record["slug"], str(record["id"])):
            number = slugs.get(text, record["id"])
            shown = target.get(f"{BASE}/{name}/{text}").expect_status(200).json
            expected = next(record for record in listed if record["id"] == number)
            expect(f"{name} {text}", expected, {key: shown.get(key) for key in expected})


@behaviour("fabmanager.machines.list")
def test_all_machines_are_listed(fabmanager: Target) -> None:
    _expect_whole_list(fabmanager, "machines", [*MACHINE_KEYS, "description", "spec"])


@behaviour("fabmanager.machines.show")
def test_each_machine_is_shown(fabmanager: Target) -> None:
    machines = rows(fabmanager, "machines")
    need(machines, "a machine")
    _expect_shown(fabmanager, "machines", machines)
    unknown = fabmanager.get(f"{MACHINES}/{NOBODY}").expect_status(404)
    message = f"Couldn't find Machine with 'id'={NOBODY}"
    unknown.expect_json({"errors": ["Not found", message]})
    slug = next(
        (machine["slug"] for machine in machines if machine["slug"].upper() != machine["slug"]),
        None,
    )
    need(slug, "a machine with a letter in its slug")
    unknown = fabmanager.get(f"{MACHINES}/{str(slug).upper()}").expect_status(404)
    unknown.expect_json({"errors": ["Not found", "ActiveRecord::RecordNotFound"]})


def _deleted_machine(target: Target) -> int:
    machines = deleted_machines(target)
    need(machines, "a machine that is marked as deleted and needs no training")
    return machines[0]


@behaviour("fabmanager.machines.deleted")
def test_machine_that_is_reserved_no_more(fabmanager: Target) -> None:
    answer = fabmanager.get(f"{MACHINES}/{_deleted_machine(fabmanager)}").expect_status(404)
    expect("the error", "Not found", answer.json["errors"][0])


@behaviour("fabmanager.machines.deleted", live=True)
def test_machine_that_is_reserved_no_more_has_no_body(fabmanager: Target) -> None:
    answer = fabmanager.get(f"{MACHINES}/{_deleted_machine(fabmanager)}").expect_status(404)
    answer.expect_header("Content-Type", "application/json")
    expect("the body", "", answer.text)


@behaviour("fabmanager.bookable_machines.list")
def test_machines_that_users_may_reserve(fabmanager: Target) -> None:
    trained = {training["user_id"] for training in some(fabmanager, "user_trainings", 0)}
    users = some(fabmanager, "users")
    untrained = [user for user in users if user["id"] not in trained]
    need(untrained, "a user without a training")
    machines = {machine["id"]: machine for machine in rows(fabmanager, "machines")}
    # Administrators may reserve all machines, and are not told apart.
    open_to_all = min(
        (set(numbers(bookable(fabmanager, entry))) for entry in untrained[:3]), key=len
    )
    need(open_to_all, "a machine that needs no training")
    for user in [*untrained[:3], *(user for user in users if user["id"] in trained)][
        : 3 + SOME_USERS
    ]:
        open_to_user = bookable(fabmanager, user)
        lacking = open_to_all - set(numbers(open_to_user))
        expect(f"machines without a training that user {user['id']} lacks", set(), lacking)
        for listed_machine in open_to_user:
            keys = [key for key in listed_machine if key != "image"]
            expect("the keys", [*MACHINE_KEYS, "description", "spec", "hours_remaining"], keys)
            known = machines.get(listed_machine["id"], listed_machine)
            expect(
                f"machine {listed_machine['id']}",
                known,
                {key: listed_machine.get(key) for key in known},
            )
    expect_the_same_machine_alone(fabmanager, users)
    unknown = fabmanager.get(f"{BASE}/bookable_machines", params={"user_id": NOBODY})
    message = f"Couldn't find User with 'id'={NOBODY}"
    unknown.expect_status(404).expect_json({"errors": ["Not found", message]})


def expect_the_same_machine_alone(target: Target, users: list[Record]) -> None:
    """Assert that a machine asked for by number is as in the list, one with hours if there is."""
    subscribed = {entry["user_id"] for entry in some(target, "subscriptions", 0)}
    # Only a subscription gives hours; the first accounts are those of staff, who may reserve all.
    first = sorted(users, key=lambda user: (user["id"] not in subscribed, user["id"]))[:SOME_USERS]
    offers = [(user, machine) for user in first for machine in bookable(target, user)]
    user, machine = max(offers, key=lambda offer: offer[1]["hours_remaining"])
    seen = rows_of_user(target, user, machine_id=machine["id"])
    expect("the machine that is asked for", [machine], seen)


@behaviour("fabmanager.spaces.list")
def test_all_spaces_are_listed(fabmanager: Target) -> None:
    keys = [*MACHINE_KEYS, "description", "characteristics"]
    listed = _expect_whole_list(fabmanager, "spaces", keys)
    _expect_shown(fabmanager, "spaces", listed)
    reserved = rows(fabmanager, "reservations", {"reservable_type": "Space", "per_page": MANY})
    hidden = {reservation["reservable_id"] for reservation in reserved} - set(numbers(listed))
    for number in sorted(hidden)[:2]:
        shown = fabmanager.get(f"{BASE}/spaces/{number}").expect_status(200).json
        expect("a space that is marked as deleted", number, shown["id"])


@behaviour("fabmanager.trainings.list")
def test_all_trainings_are_listed(fabmanager: Target) -> None:
    keys = [*MACHINE_KEYS, "nb_total_places", "description"]
    _expect_whole_list(fabmanager, "trainings", keys)


@behaviour("fabmanager.events.list")
def test_events_are_listed_by_page(fabmanager: Target) -> None:
    events = some(fabmanager, "events", 3)
    expect_order(events, "created_at", newest_first=True)
    for event in events:
        keys = [key for key in EVENT_KEYS if key != "event_image" or key in event]
        expect(f"the keys of {event['id']}", keys, list(event))
    answer = ask(fabmanager, "events").expect_header("Per-Page", "20")
    times = [event["created_at"] for event in answer.json["events"]]
    expect("the times of the first page", [event["created_at"] for event in events[:20]], times)
    first, *_, last = events
    for params, chosen in (
        ({"id": first["id"]}, [first]),
        ({"id": f"[{last['id']},{first['id']}]"}, [first, last]),
        ({"id": NOBODY}, []),
    ):
        listed = ask(fabmanager, "events", params)
        listed.expect_header("Total", str(len(chosen)))
        expect(f"those with {params}", numbers(chosen), numbers(listed.json["events"]))


@behaviour("fabmanager.events.prices")
def test_prices_of_listed_events(fabmanager: Target) -> None:
    others = 0
    for event in some(fabmanager, "events"):
        normal, *categories = event["prices"]
        expect("the first price", "normal", normal)
        name = event["prices"][normal]["name"]
        expect_that("its name", _FULL_PRICE.fullmatch(name), "a text without a translation", name)
        for category in categories:
            others += 1
            expect_that("a category", category.isdigit(), "a number", category)
        for price in event["prices"].values():
            expect("the keys of a price", ["name", "amount"], list(price))
            cents = type(price["amount"]) is int and price["amount"] >= 0
            expect_that("an amount", cents, "cents", repr(price["amount"]))
    need(others, "an event with a price of a category")


@behaviour("fabmanager.events.upcoming")
def test_upcoming_events(fabmanager: Target) -> None:
    events, upcoming = _expect_upcoming(fabmanager, "true")
    every = rows(fabmanager, "events", {**_PAGED, "upcoming": "false"})
    expect("those with upcoming=false", numbers(events), numbers(every))
    chosen = f"[{upcoming[-1]['id']},{upcoming[0]['id']},{_past(fabmanager)}]"
    both = rows(fabmanager, "events", {"upcoming": "true", "id": chosen})
    expect("two of them", numbers([upcoming[0], upcoming[-1]]), numbers(both))


@behaviour("fabmanager.events.upcoming", live=True)
def test_upcoming_events_with_any_value(fabmanager: Target) -> None:
    for value in ("true", "false", "0", ""):
        _expect_upcoming(fabmanager, value)


def _over_or_not(target: Target) -> Iterator[tuple[Record, bool | None]]:
    """Go through events, and whether each is over; None within a minute of now."""
    now = target.now()
    for event in some(target, "events"):
        end = moment(event["end_at"])
        unclear = abs(end - now) < timedelta(minutes=1)
        yield event, None if unclear else end < now


def _past(target: Target) -> int:
    over = [event for event, is_over in _over_or_not(target) if is_over]
    need(over, "an event that is over")
    number: int = over[0]["id"]
    return number


def _expect_upcoming(target: Target, value: str) -> tuple[list[Record], list[Record]]:
    """Assert that a value of `upcoming` keeps events to come; return all and those."""
    _past(target)
    upcoming = rows(target, "events", {**_PAGED, "upcoming": value})
    need(len({entry["start_at"] for entry in upcoming}) > 1, "two events to come")
    expect_order(upcoming, "start_at", newest_first=False)
    known = set(numbers(upcoming))
    for event, is_over in _over_or_not(target):
        if is_over is not None:
            what = f"event {event['id']}, which ends at {event['end_at']}, with {value!r}"
            expect(what, not is_over, event["id"] in known)
    return some(target, "events"), upcoming


@behaviour("fabmanager.addresses.host")
def test_addresses_do_not_follow_the_request(fabmanager: Target) -> None:
    host, request_host = _hosts(fabmanager, {})
    forwarded_host_shown, forwarded = _hosts(fabmanager, {"X-Forwarded-Host": "other.example.com"})
    need(request_host != forwarded, "a server that takes the host of its links from the request")
    need(host != request_host or forwarded_host_shown == host, "a configured host")
    expect("the host of the page of an event", host, forwarded_host_shown)


def _hosts(target: Target, headers: dict[str, str]) -> tuple[str, str]:
    """Return the host of the page of an event, and that of the links of its list."""
    answer = target.get(f"{BASE}/events", params={"per_page": 1}, headers=headers)
    listed = target.records(answer.expect_status(200))
    need(listed and "next" in answer.links, "two events")
    return urlsplit(listed[0]["url"]).netloc, urlsplit(answer.links["next"]).netloc
