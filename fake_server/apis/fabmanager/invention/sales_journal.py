"""The journal of sales of an invented fab lab: the accounting lines that follow from invoices.

The debits of an invoice equal its credits.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from fake_server.api.records import Row, Tables
from fake_server.apis.fabmanager.invention.sales import REFUND
from fake_server.apis.fabmanager.resources import RESOURCES

Values = dict[str, Any]

_VAT = 0.2
_JOURNAL = "VT01"
_ACCOUNTS = {
    "card": ("51210", "Card payments"),
    "wallet": ("41910", "Wallets"),
    "transfer": ("51240", "Transfers"),
    "check": ("51120", "Checks"),
    "other": ("58010", "Other payments"),
}
_SOLD = {
    "Reservation": ("70610", "Reservations"),
    "Subscription": ("70630", "Subscriptions"),
}
_TAX = ("44571", "Collected VAT")


def journal(tables: Tables) -> list[Values]:
    """Return the rows of all accounting lines, in the order of their invoices."""
    table = RESOURCES["invoices"].table
    invoices = tables.rows(select(table).order_by(table.c.created_at, table.c.id))
    codes = tables.section.get("accounting_codes", {})
    accounts = {
        means: (codes.get(means, code), label) for means, (code, label) in _ACCOUNTS.items()
    }
    return [line for invoice in invoices for line in _lines(invoice, accounts)]


def _lines(invoice: Row, accounts: dict[str, tuple[str, str]]) -> Iterator[Values]:
    means = invoice.payment_method if invoice.payment_method in _ACCOUNTS else "other"
    wallet = invoice.wallet_amount or 0
    tax = invoice.total - round(invoice.total / (1 + _VAT))
    if wallet:
        yield _line(invoice, "payment", accounts["wallet"], wallet)
    if wallet < invoice.total or not invoice.total:
        yield _line(invoice, "payment", accounts[means], invoice.total - wallet)
    sold = _SOLD.get(invoice.main_object_type, _SOLD["Reservation"])
    yield _line(invoice, "item", sold, invoice.total - tax)
    if tax:
        yield _line(invoice, "vat", _TAX, tax)


def _line(invoice: Row, line_type: str, account: tuple[str, str], amount: int) -> Values:
    code, label = account
    is_debit = (line_type == "payment") != (invoice.type == REFUND)
    return {
        "line_type": line_type,
        "journal_code": _JOURNAL,
        "date": invoice.created_at,
        "account_code": code,
        "account_label": label,
        "analytical_code": "",
        "currency": "EUR",
        "summary": f"{invoice.reference}, {invoice.main_object_type.lower()}",
        "debit": amount if is_debit else 0,
        "credit": 0 if is_debit else amount,
        "invoice_id": invoice.id,
        "invoicing_profile_id": invoice.invoicing_profile_id,
    }
