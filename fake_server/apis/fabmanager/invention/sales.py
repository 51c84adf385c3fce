"""The invoices of an invented fab lab: of its reservations and subscriptions, and refunds."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import select

from fake_server.api.invent import EPOCH, SECOND, SeededRandom
from fake_server.api.records import Row, Tables
from fake_server.apis.fabmanager.invention.offer import hourly_prices
from fake_server.apis.fabmanager.invention.subscribers import plan_at
from fake_server.apis.fabmanager.moments import zone_of
from fake_server.apis.fabmanager.resources import RESOURCES

Values = dict[str, Any]

REFUND = "Avoir"
"""The type of a refund."""

_TRAINING = 1500
_MEANS = ("card", "card", "card", "local", "check", "transfer", "wallet")
_LATER = 3 * SECOND


class Sale(NamedTuple):
    """The subject of an invoice.

    - `at`: when the invoice was made.
    - `kind`, `number`, `made_at`: the type and number of what was sold, and when that was made.
    - `total`: the price in cents.
    - `is_refund`: whether the invoice cancels the one of the same thing.
    """

    at: int
    kind: str
    number: int
    made_at: int
    user_id: int
    total: int
    is_refund: bool = False


def invoiced(tables: Tables) -> list[Values]:
    """Return the rows of all invoices, by their time."""
    users = {row.id: row for row in tables.rows(select(RESOURCES["users"].table))}
    sales = sorted([*_reservations(tables, users), *_subscriptions(tables)])
    numbers = {
        (sale.kind, sale.number): number
        for number, sale in enumerate(sales, 1)
        if not sale.is_refund
    }
    months: Counter[str] = Counter()
    zone = zone_of(tables.section)
    rows: list[Values] = []
    for number, sale in enumerate(sales, 1):
        month = (EPOCH + timedelta(milliseconds=sale.at)).astimezone(zone).strftime("%y%m")
        months[month] += 1
        refunded = numbers[sale.kind, sale.number] if sale.is_refund else None
        profile = users[sale.user_id].invoicing_profile_id
        sequence = f"{month}{months[month]:03}"
        rows.append(_row(tables, number, sale, profile, sequence, refunded))
    return rows


def invoice(number: int, tables: Tables) -> Values:
    """Return the row of an invented invoice."""
    return {**tables.story(invoiced)[number - 1], "id": number}


def _row(
    tables: Tables, number: int, sale: Sale, profile: int, sequence: str, refunded: int | None
) -> Values:
    random = SeededRandom(tables.inputs.seed, f"payment of a {sale.kind}", sale.number)
    means = random.choice(_MEANS) if sale.total else "local"
    has_gateway = means == "card" and not sale.is_refund
    has_wallet = means == "wallet" and not sale.is_refund
    return {
        "id": number,
        "reference": f"{sequence}/VL" if has_gateway else sequence,
        "total": sale.total,
        "type": REFUND if sale.is_refund else None,
        "description": None,
        "user_id": sale.user_id,
        "created_at": sale.at,
        "invoicing_profile_id": profile,
        "recipient": None,
        "main_object_type": sale.kind,
        "main_object_id": sale.number,
        "main_object_created_at": sale.made_at,
        "gateway_object_id": f"pi_{random.integer(0, 16**16 - 1):016x}" if has_gateway else None,
        "gateway_object_type": "Stripe::PaymentIntent" if has_gateway else None,
        "payment_method": means,
        "wallet_amount": sale.total if has_wallet else None,
        "wallet_transaction_id": number if has_wallet else None,
        "refunded_invoice_id": refunded,
        "prefix": "FA",
        "has_file": True,
    }


def _reservations(tables: Tables, users: Mapping[int, Row]) -> Iterator[Sale]:
    """Yield the sale of each reservation, and the refund of one that was canceled."""
    reserved_slots = RESOURCES["reservations"].tables.tables["reserved_slots"]
    slots = Counter[int]()
    canceled: dict[int, int] = {}
    for slot in tables.rows(select(reserved_slots)):
        slots[slot.reservation_id] += 1
        if slot.canceled_at is not None:
            canceled[slot.reservation_id] = slot.canceled_at
    events = {row.id: row.amount for row in tables.rows(select(RESOURCES["events"].table))}
    table = RESOURCES["reservations"].table
    for row in tables.rows(select(table).where(table.c.user_id.is_not(None))):
        if row.reservable_type == "Event":
            total = events.get(row.reservable_id, 0)
        elif row.reservable_type == "Training":
            total = _TRAINING
        else:
            total = _hour(tables, users[row.user_id], row) * slots[row.id]
        at, sold = row.created_at + _LATER, "Reservation"
        sale = Sale(at, sold, row.id, row.created_at, row.user_id, total)
        yield sale
        if row.id in canceled and total:
            yield sale._replace(at=max(at + _LATER, canceled[row.id]), is_refund=True)


def _hour(tables: Tables, user: Row, reservation: Row) -> int:
    """Return the price of an hour for a user: that of the plan, if the user has one then."""
    prices = tables.story(hourly_prices)
    reservable = (reservation.reservable_type, reservation.reservable_id)
    plan = plan_at(tables, user.id, reservation.created_at)
    general = prices.get((user.group_id, None, *reservable), 0)
    return prices.get((user.group_id, plan, *reservable), general)


def _subscriptions(tables: Tables) -> Iterator[Sale]:
    """Yield the sale of each subscription of a user to a plan."""
    plans = {row.id: row.amount for row in tables.rows(select(RESOURCES["plans"].table))}
    for row in tables.rows(select(RESOURCES["subscriptions"].table)):
        if row.user_id is not None and row.plan_id in plans:
            at, total = row.created_at + _LATER, plans[row.plan_id]
            yield Sale(at, "Subscription", row.id, row.created_at, row.user_id, total)
