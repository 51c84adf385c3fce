"""Accounting lines: the lines of the journal of sales that follow from invoices."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from fake_server.api.declare import Field, Json, Values
from fake_server.api.records import PinnedRecord, Row, Tables, instant_in
from fake_server.api.serve import Parameters, world
from fake_server.apis.fabmanager.dialect.filters import KINDS, Condition
from fake_server.apis.fabmanager.dialect.list_query import LabListQuery
from fake_server.apis.fabmanager.dialect.resource import rows_of
from fake_server.apis.fabmanager.dialect.storied import StoriedResource
from fake_server.apis.fabmanager.dialect.word_filters import read_listed_words
from fake_server.apis.fabmanager.resources import API
from fake_server.apis.fabmanager.resources.accounting.payment import (
    ACCOUNTS,
    details_of,
    has_details,
    method_of,
)
from fake_server.apis.fabmanager.resources.invoices import download_path
from fake_server.apis.fabmanager.resources.invoices.labels import labels_of

_CENTS = 100
_STORED_WORDS = {"client": "payment"}
_TYPES = {"payment": "other", "item": "sales", "vat": "vat"}


def read_type(query: LabListQuery, parameters: Parameters, name: str, field: Field) -> None:
    """Read the type of lines. The document has another word for one than the lines."""
    stored = {} if "payment" in field.options else _STORED_WORDS
    read_listed_words(query, parameters, name, field, stored)


class _Accounting(StoriedResource):
    name = "accounting"
    own_filters = {"type": read_type}

    def condition(self, name: str) -> Condition:
        """See `LabResource`. The type is one of several words."""
        if name == "type":
            return KINDS["Integers"].condition(self.compared(name), name)
        return super().condition(name)

    # JSON

    def beside(self) -> Json:
        """Return the status: whether the service is making more lines."""
        return {"status": world().section(API).get("accounting_status", "built")}

    def debit(self, rows: Sequence[Row]) -> Mapping[int, float]:
        """Return the debited amounts in units of the currency, by line."""
        return {row.id: row.debit / _CENTS for row in rows}

    def credit(self, rows: Sequence[Row]) -> Mapping[int, float]:
        """Return the credited amounts in units of the currency, by line."""
        return {row.id: row.credit / _CENTS for row in rows}

    def invoice(self, rows: Sequence[Row]) -> Mapping[int, Json]:
        """Return the invoices of lines, by line."""
        column = self.resources["invoices"].table.c.id
        invoices = {row.id: row for row in rows_of(column, {row.invoice_id for row in rows})}
        labels = labels_of(list(invoices.values()))
        codes = {**ACCOUNTS, **world().section(API).get("accounting_codes", {})}
        return {row.id: _invoice(row, invoices[row.invoice_id], labels, codes) for row in rows}

    def user(self, rows: Sequence[Row]) -> Mapping[int, Json]:
        """Return the invoicing profiles of lines, by line."""
        profile = self.resources["users"].table.c.invoicing_profile_id
        users = rows_of(profile, {row.invoicing_profile_id for row in rows})
        external = {row.invoicing_profile_id: row.external_id for row in users}
        return {
            row.id: {
                "invoicing_profile_id": row.invoicing_profile_id,
                "external_id": external.get(row.invoicing_profile_id),
            }
            for row in rows
        }

    # Records

    def most(self, tables: Tables) -> int:
        from fake_server.apis.fabmanager.invention.sales_journal import journal

        return len(tables.story(journal))

    def invented(self, number: int, tables: Tables) -> Values:
        from fake_server.apis.fabmanager.invention.sales_journal import journal

        return {"id": number, **tables.story(journal)[number - 1]}

    def usual(self, record: PinnedRecord, tables: Tables) -> Values:
        """See `StoriedResource`. The date is that of the invoice."""
        invoices = self.resources["invoices"].table
        rows = tables.rows(select(invoices).where(invoices.c.id == record.get("invoice_id")))
        line_type = record.get("line_type", "item")
        return {
            "line_type": line_type,
            "journal_code": None,
            "date": instant_in(record, "date", rows[0].created_at if rows else 0),
            "account_code": ACCOUNTS[_TYPES[line_type]],
            "account_label": None,
            "analytical_code": None,
            "currency": "EUR",
            "summary": rows[0].reference if rows else None,
            "debit": 0,
            "credit": 0,
            "invoice_id": record.get("invoice_id"),
            "invoicing_profile_id": rows[0].invoicing_profile_id if rows else 1,
        }


def _invoice(
    line: Row, invoice: Row, labels: Mapping[int, str | None], codes: Mapping[str, str]
) -> Json:
    shown: dict[str, Any] = {
        "reference": invoice.reference,
        "id": invoice.id,
        "label": labels[invoice.id],
        "url": download_path(invoice.id),
        "payment_method": method_of(invoice),
    }
    if has_details(line, codes):
        shown["payment_details"] = details_of(line, invoice, codes)
    return shown


resource = _Accounting()
