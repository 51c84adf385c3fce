"""Invoices and refunds, and their PDFs."""

from collections.abc import Mapping, Sequence

from fake_server.api.declare import Json, Values
from fake_server.api.invent import milliseconds
from fake_server.api.records import (
    DatasetPath,
    PinnedRecord,
    RecordError,
    Row,
    Tables,
    instant_in,
)
from fake_server.apis.fabmanager.dialect.storied import StoriedResource
from fake_server.apis.fabmanager.moments import server_zone, timestamp
from fake_server.apis.fabmanager.resources.invoices.download import download

_PATH = "/open_api/v1/invoices/{}/download"
_USUAL_PREFIX = "FA"
_REFUND = "Avoir"


def download_path(number: int) -> str:
    """Return the path of the PDF of an invoice."""
    return _PATH.format(number)


class _Invoices(StoriedResource):
    name = "invoices"
    views = {"download": download}

    # JSON

    def payment_gateway_object(self, rows: Sequence[Row]) -> Mapping[int, Json | None]:
        """Return payments at a gateway, by invoice; None where no gateway was involved."""
        return {
            row.id: row.gateway_object_id
            and {"id": row.gateway_object_id, "type": row.gateway_object_type}
            for row in rows
        }

    def invoice_url(self, rows: Sequence[Row]) -> Mapping[int, str]:
        """Return the paths of the PDFs, by invoice."""
        return {row.id: download_path(row.id) for row in rows}

    def main_object(self, rows: Sequence[Row]) -> Mapping[int, Json]:
        """Return the objects that invoices are about, by invoice."""
        zone = server_zone()
        return {
            row.id: {
                "type": row.main_object_type,
                "id": row.main_object_id,
                "created_at": timestamp(row.main_object_created_at, zone),
            }
            for row in rows
        }

    # Records

    def most(self, tables: Tables) -> int:
        from fake_server.apis.fabmanager.invention.sales import invoiced

        return len(tables.story(invoiced))

    def invented(self, number: int, tables: Tables) -> Values:
        from fake_server.apis.fabmanager.invention.sales import invoice

        return invoice(number, tables)

    def usual(self, record: PinnedRecord, tables: Tables) -> Values:
        """See `StoriedResource`. It is about a reservation, and paid by card."""
        created = instant_in(record, "created_at", milliseconds(tables.inputs.start))
        return {
            "reference": str(record["id"]),
            "total": 0,
            "type": None,
            "description": None,
            "user_id": None,
            "created_at": created,
            "invoicing_profile_id": record.get("user_id") or 1,
            "recipient": None,
            "main_object_type": "Reservation",
            "main_object_id": record["id"],
            "main_object_created_at": created,
            "gateway_object_id": None,
            "gateway_object_type": None,
            "payment_method": "card",
            "wallet_amount": None,
            "wallet_transaction_id": None,
            "refunded_invoice_id": None,
            "prefix": _USUAL_PREFIX,
            "has_file": True,
        }

    def check(self, record: PinnedRecord, path: DatasetPath, tables: Tables) -> None:
        """Raise `RecordError` for half a payment at a gateway, and for a refund of nothing."""
        has_id = record.get("gateway_object_id") is not None
        if has_id != (record.get("gateway_object_type") is not None):
            missing = "gateway_object_type" if has_id else "gateway_object_id"
            raise RecordError((*path, missing), "is missing")
        if record.get("refunded_invoice_id") is not None and record.get("type") != _REFUND:
            raise RecordError((*path, "type"), f"is not {_REFUND}, though an invoice is refunded")


resource = _Invoices()
