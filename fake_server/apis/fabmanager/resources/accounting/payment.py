"""The means of payment of an invoice, as its accounting lines show it."""

from collections.abc import Mapping

from fake_server.api.declare import Json
from fake_server.api.records import Row

MEANS = ("card", "wallet", "transfer", "check", "other")
"""The means of payment that have an account of their own."""

ACCOUNTS = {
    "card": "51210",
    "wallet": "41910",
    "transfer": "51240",
    "check": "51120",
    "other": "58010",
    "sales": "70610",
    "subscriptions": "70630",
    "vat": "44571",
}
"""The codes of the accounts of a fab lab that does not say otherwise."""

_NAMED = ("card", "transfer", "check")


def method_of(invoice: Row) -> str:
    """Return how an invoice was paid: by the wallet if that paid all of it."""
    if invoice.payment_method == "wallet" or invoice.wallet_amount == invoice.total:
        return "wallet"
    return invoice.payment_method if invoice.payment_method in _NAMED else "other"


def has_details(line: Row, codes: Mapping[str, str]) -> bool:
    """Return whether a line is on one of the accounts of payments."""
    return line.account_code in {codes[means] for means in MEANS}


def details_of(line: Row, invoice: Row, codes: Mapping[str, str]) -> Json | None:
    """Return how the part of an invoice that a line is about was paid.

    A line whose means is not that of the invoice has no means. A payment by a wallet that has no
    transaction is unknown.
    """
    means = next(means for means in MEANS if codes[means] == line.account_code)
    if means != method_of(invoice):
        return {"payment_mean": None}
    if means == "card":
        return {
            "payment_mean": means,
            "gateway_object_id": invoice.gateway_object_id,
            "gateway_object_type": invoice.gateway_object_type,
        }
    if means != "wallet":
        return {"payment_mean": means}
    if invoice.wallet_transaction_id is None and invoice.payment_method != "wallet":
        return None
    return {"payment_mean": means, "wallet_transaction_id": invoice.wallet_transaction_id}
