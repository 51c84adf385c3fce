"""The invented records of a fab lab tell one story, from the bookings to the journal."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest

from tests.fabmanager.conftest import DOCUMENTED_TOKEN, Lab
from tests.support.client import CheckedClient

BASE = "/open_api/v1"
Record = dict[str, Any]


@pytest.fixture
def demo(client_for: Callable[..., CheckedClient]) -> Callable[[str], list[Record]]:
    """Return a function that lists all records of a resource of `demo`."""
    lab = Lab(client_for(dataset="demo"), DOCUMENTED_TOKEN)

    def listed(name: str, key: str = "") -> list[Record]:
        response = lab.get("page=1&per_page=100000", f"{BASE}/{name}")
        assert response.status_code == 200
        records: list[Record] = response.json[key or name]
        return records

    return listed


def moment(text: str) -> datetime:
    """Return the instant of a time in an answer."""
    return datetime.fromisoformat(text)


def test_three_months_of_reservations_and_invoices(demo: Callable[..., list[Record]]) -> None:
    months = {record["created_at"][:7] for record in demo("reservations")}
    assert len(months) > 3
    assert len(demo("invoices")) > len(demo("reservations")) > 200


@pytest.mark.behaviour("fabmanager.reservations.slots", "fabmanager.reservations.availabilities")
def test_reservations_hold_slots_of_what_offers_the_thing(
    demo: Callable[..., list[Record]],
) -> None:
    offers = {offer["id"]: offer for offer in demo("availabilities")}
    for record in demo("reservations"):
        for slot in record["reserved_slots"]:
            offer = offers[slot["availability_id"]]
            assert offer["available_type"] == record["reservable_type"]
            assert record["reservable_id"] in offer["available_ids"]
            times = {(each["start_at"], each["end_at"]) for each in offer["slots"]}
            assert (slot["start_at"], slot["end_at"]) in times
            assert moment(record["created_at"]) <= moment(slot["start_at"])


def test_events_take_place_when_they_are_offered(demo: Callable[..., list[Record]]) -> None:
    offers = {
        number: offer
        for offer in demo("availabilities")
        if offer["available_type"] == "Event"
        for number in offer["available_ids"]
    }
    seats: dict[int, int] = defaultdict(int)
    for record in demo("reservations"):
        if record["reservable_type"] == "Event":
            seats[record["reservable_id"]] += any(
                slot["canceled_at"] is None for slot in record["reserved_slots"]
            )
    events = demo("events")
    assert len(events) == len(offers) > 40
    assert sum(seats.values()) > 20
    for event in events:
        offer = offers[event["id"]]
        assert (event["start_at"], event["end_at"]) == (offer["start_at"], offer["end_at"])
        assert event["nb_free_places"] == event["nb_total_places"] - seats[event["id"]] >= 0
        assert moment(event["created_at"]) <= moment(event["updated_at"])
        assert 8 <= moment(event["start_at"]).hour < moment(event["end_at"]).hour <= 22


@pytest.mark.behaviour("fabmanager.subscriptions.references")
def test_users_have_one_subscription_at_a_time(demo: Callable[..., list[Record]]) -> None:
    terms: dict[int, list[Record]] = defaultdict(list)
    for record in demo("subscriptions"):
        terms[record["user_id"]].append(record)
    groups = {user["id"]: user["group"]["id"] for user in demo("users")}
    plans = {plan["id"]: plan["group_id"] for plan in demo("plans")}
    for user, records in terms.items():
        for later, earlier in pairwise(records):
            assert moment(earlier["expiration_date"]) <= moment(later["created_at"])
        assert {plans[record["plan_id"]] for record in records} == {groups[user]}


@pytest.mark.behaviour("fabmanager.invoices.main_object", "fabmanager.prices.references")
def test_what_is_sold_has_one_invoice_at_its_price(demo: Callable[..., list[Record]]) -> None:
    reservations = {record["id"]: record for record in demo("reservations")}
    subscriptions = {record["id"]: record for record in demo("subscriptions")}
    plans = {plan["id"]: plan["amount"] for plan in demo("plans")}
    prices: dict[tuple[str, int], set[int]] = defaultdict(set)
    for price in demo("prices"):
        prices[price["priceable_type"], price["priceable_id"]].add(price["amount"])
    sold = [invoice for invoice in demo("invoices") if invoice["type"] is None]
    about = [(invoice["main_object"]["type"], invoice["main_object"]["id"]) for invoice in sold]
    assert len(set(about)) == len(about)
    assert len(about) == len(reservations) + len(subscriptions)
    for invoice in sold:
        kind, number = invoice["main_object"]["type"], invoice["main_object"]["id"]
        record = (reservations if kind == "Reservation" else subscriptions)[number]
        assert (invoice["user_id"], invoice["main_object"]["created_at"]) == (
            record["user_id"],
            record["created_at"],
        )
        if kind == "Subscription":
            assert invoice["total"] == plans[record["plan_id"]]
        elif record["reservable_type"] in {"Machine", "Space"}:
            hours = len(record["reserved_slots"])
            thing = (record["reservable_type"], record["reservable_id"])
            assert invoice["total"] in {hours * amount for amount in prices[thing]}


@pytest.mark.behaviour("fabmanager.accounting.balance")
def test_the_journal_balances(demo: Callable[..., list[Record]]) -> None:
    lines: dict[int, list[Record]] = defaultdict(list)
    for line in demo("accounting", "lines"):
        lines[line["invoice"]["id"]].append(line)
    invoices = {invoice["id"]: invoice for invoice in demo("invoices")}
    assert lines.keys() == invoices.keys()
    for number, own in lines.items():
        debit, credit = (round(100 * sum(line[key] for line in own)) for key in ("debit", "credit"))
        assert debit == credit == invoices[number]["total"]
        payments = [line for line in own if line["line_type"] == "payment"]
        side = "credit" if invoices[number]["type"] else "debit"
        assert round(100 * sum(line[side] for line in payments)) == invoices[number]["total"]


@pytest.mark.parametrize("seed", [2, 3])
def test_another_seed_has_another_story(
    seed: int, client_for: Callable[..., CheckedClient]
) -> None:
    lab = Lab(client_for(dataset="demo", seed=seed), DOCUMENTED_TOKEN)
    reservations = lab.get("per_page=1", f"{BASE}/reservations")
    assert 200 < int(reservations.headers["Total"]) < 1000
    journal = lab.get("per_page=1", f"{BASE}/accounting")
    assert int(journal.headers["Total"]) < 3600
