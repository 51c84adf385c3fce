"""The subject of an invoice, a sentence in the language of the service."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select

from fake_server.api.invent import EPOCH, instant_of
from fake_server.api.records import Row
from fake_server.api.serve import store, world
from fake_server.apis.fabmanager.dialect.resource import rows_of
from fake_server.apis.fabmanager.invention.durations import minus_duration
from fake_server.apis.fabmanager.moments import server_zone
from fake_server.apis.fabmanager.resources import API, RESOURCES
from fake_server.apis.fabmanager.resources.availabilities.availability_tables import reserved_slots

_REFUND = "Avoir"
_CREDIT = "WalletTransaction"


class _InvoiceLanguage(NamedTuple):
    """The sentences and formats of a language.

    - `durations`: the words for one and for several, by interval.
    """

    reservation: str
    subscription: str
    extension: str
    refund: str
    wallet: str
    pack: str
    order: str
    date: str
    time: str
    durations: Mapping[str, tuple[str, str]]


_LANGUAGES = {
    "en": _InvoiceLanguage(
        reservation="Reservation of {name} on {date} at {time}",
        subscription="Subscription of {name} for {duration} starting from {date}",
        extension="Subscription of {name} extended (Free days) starting from {date} until {end}",
        refund="Cancellation of invoice {reference}",
        wallet="Wallet credit",
        pack="Prepaid hours",
        order="Order in the shop",
        date="%Y-%m-%d",
        time="%I:%M %p",
        durations={
            "week": ("one week", "{} weeks"),
            "month": ("one month", "{} months"),
            "year": ("one year", "{} years"),
        },
    ),
    "fr": _InvoiceLanguage(
        reservation="Réservation de {name} le {date} à {time}",
        subscription="Abonnement de {name} pour {duration} à compter du {date}",
        extension=(
            "Prolongement Abonnement (Jours gratuits) de {name} à compter du {date} jusqu'au {end}"
        ),
        refund="Annulation de la facture {reference}",
        wallet="Crédit du porte-monnaie",
        pack="Heures prépayées",
        order="Commande en boutique",
        date="%d/%m/%Y",
        time="%H:%M",
        durations={
            "week": ("une semaine", "{} semaines"),
            "month": ("un mois", "{} mois"),
            "year": ("un an", "{} ans"),
        },
    ),
}


def labels_of(invoices: Sequence[Row]) -> Mapping[int, str | None]:
    """Return the sentences about invoices, by invoice; None if the subject is unknown."""
    language = _LANGUAGES[world().section(API).get("locale", "en")]
    names = recipients_of(invoices)
    labels: dict[int, str | None] = {row.id: None for row in invoices}
    for kind, label in _KINDS.items():
        chosen = [row for row in invoices if _kind(row) == kind]
        if chosen:
            labels.update(label(language, chosen, names))
    return labels


def recipients_of(invoices: Sequence[Row]) -> Mapping[int, str]:
    """Return the names on invoices, by invoice."""
    users = RESOURCES["users"]
    profiles = {row.invoicing_profile_id for row in invoices if row.recipient is None}
    rows = rows_of(users.table.c.invoicing_profile_id, profiles)
    shown = dict(zip((row.invoicing_profile_id for row in rows), users.as_items(rows), strict=True))
    return {
        row.id: shown.get(row.invoicing_profile_id, {"full_name": " "})["full_name"]
        if row.recipient is None
        else row.recipient
        for row in invoices
    }


def _kind(row: Row) -> str:
    if row.type == _REFUND:
        return _CREDIT if row.main_object_type == _CREDIT else _REFUND
    return "" if row.main_object_type == _CREDIT else str(row.main_object_type)


_Names = Mapping[int, str]
_Labels = Mapping[int, str | None]


def _reservations(language: _InvoiceLanguage, invoices: Sequence[Row], names: _Names) -> _Labels:
    """Return the labels of reservations: by the slot that was made first."""
    slots = rows_of(reserved_slots.c.reservation_id, _objects(invoices))
    starts: dict[int, datetime] = {}
    for slot in sorted(slots, key=lambda slot: -slot.slot_id):
        starts[slot.reservation_id] = _moment(slot.start_at)
    return {
        row.id: language.reservation.format(
            name=names[row.id],
            date=starts[row.main_object_id].strftime(language.date),
            time=starts[row.main_object_id].strftime(language.time),
        )
        for row in invoices
        if row.main_object_id in starts
    }


def _subscriptions(language: _InvoiceLanguage, invoices: Sequence[Row], names: _Names) -> _Labels:
    """Return the labels of subscriptions. A subscription counts back from its end."""
    subscriptions = _by_id("subscriptions", _objects(invoices))
    plans = _by_id("plans", {row.plan_id for row in subscriptions.values()} - {None})
    labels: dict[int, str | None] = {}
    for row in invoices:
        subscription = subscriptions.get(row.main_object_id)
        plan = plans.get(subscription.plan_id) if subscription else None
        if subscription and plan:
            end, count = _moment(subscription.expiration_date), plan.interval_count
            start = minus_duration(end, plan.interval, count)
            singular, several = language.durations[plan.interval]
            labels[row.id] = language.subscription.format(
                name=names[row.id],
                duration=singular if count == 1 else several.format(count),
                date=start.strftime(language.date),
            )
    return labels


def _extensions(language: _InvoiceLanguage, invoices: Sequence[Row], names: _Names) -> _Labels:
    """Return the labels of days that were offered on top of a subscription."""
    subscriptions = RESOURCES["subscriptions"].table
    with_days = select(subscriptions).where(subscriptions.c.offer_days.is_not(None))
    offered = {days["id"]: days for row in store().rows(with_days) for days in row.offer_days}
    return {
        row.id: language.extension.format(
            name=names[row.id],
            date=_pinned(offered[row.main_object_id]["start_at"]).strftime(language.date),
            end=_pinned(offered[row.main_object_id]["end_at"]).strftime(language.date),
        )
        for row in invoices
        if row.main_object_id in offered
    }


def _refunds(language: _InvoiceLanguage, invoices: Sequence[Row], names: _Names) -> _Labels:
    refunded = _by_id("invoices", {row.refunded_invoice_id for row in invoices} - {None})
    return {
        row.id: language.refund.format(reference=refunded[row.refunded_invoice_id].reference)
        for row in invoices
        if row.refunded_invoice_id in refunded
    }


def _fixed(sentence: str) -> Callable[[_InvoiceLanguage, Sequence[Row], _Names], _Labels]:
    def label(language: _InvoiceLanguage, invoices: Sequence[Row], names: _Names) -> _Labels:
        return {row.id: getattr(language, sentence) for row in invoices}

    return label


_KINDS = {
    _REFUND: _refunds,
    "Reservation": _reservations,
    "Subscription": _subscriptions,
    "OfferDay": _extensions,
    _CREDIT: _fixed("wallet"),
    "StatisticProfilePrepaidPack": _fixed("pack"),
    "OrderItem": _fixed("order"),
}


def _objects(invoices: Sequence[Row]) -> set[int]:
    return {row.main_object_id for row in invoices}


def _by_id(resource: str, ids: set[Any]) -> Mapping[int, Row]:
    return {row.id: row for row in rows_of(RESOURCES[resource].table.c.id, ids)}


def _moment(instant: int) -> datetime:
    return (EPOCH + timedelta(milliseconds=instant)).astimezone(server_zone())


def _pinned(text: str) -> datetime:
    return _moment(instant_of(text))
