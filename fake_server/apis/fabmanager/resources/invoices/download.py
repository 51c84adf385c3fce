"""The download of an invoice: a PDF, whatever format the request asks for."""

from datetime import datetime, timedelta
from urllib.parse import quote

from flask import Response
from sqlalchemy import select

from fake_server.api.declare import Call
from fake_server.api.invent import EPOCH
from fake_server.api.records import Row
from fake_server.api.serve import current_request, has_quirk, store
from fake_server.apis.fabmanager.dialect.errors import (
    ENDPOINT_HEADERS,
    FrameworkError,
    NoSuchRecordError,
)
from fake_server.apis.fabmanager.dialect.negotiation import page_kind
from fake_server.apis.fabmanager.dialect.parameters import number
from fake_server.apis.fabmanager.dialect.request_checks import authorized_parameters
from fake_server.apis.fabmanager.dialect.resource import LabResource
from fake_server.apis.fabmanager.moments import server_zone
from fake_server.apis.fabmanager.resources.invoices.labels import labels_of, recipients_of
from fake_server.apis.fabmanager.resources.invoices.pdf import pdf_of
from fake_server.apis.fabmanager.ruby.conversions import as_id

_MEDIA = "application/pdf"


def download(invoices: LabResource, call: Call) -> Response:
    """Answer the PDF of an invoice.

    Raises `NoSuchRecordError`. The real service makes the file after the invoice: until then it
    answers with the framework's error.
    """
    authorized_parameters(call)
    row = _invoice(invoices, call.record)
    if not row.has_file and has_quirk("pdf-made-later"):
        raise FrameworkError(500, page_kind(current_request()))
    zone = server_zone()
    moment = (EPOCH + timedelta(milliseconds=row.created_at)).astimezone(zone)
    name = f"{row.prefix}-{row.id}_{moment:%d%m%Y}.pdf"
    headers = {**ENDPOINT_HEADERS, "Content-Disposition": _inline(name)}
    return Response(pdf_of(_lines(row, moment)), 200, headers, content_type=_MEDIA)


def _invoice(invoices: LabResource, text: str) -> Row:
    identifier = as_id(text) if has_quirk("validation-off") else number(text)
    if identifier is not None and abs(identifier) < 2**31:
        row = store().row(select(invoices.table).where(invoices.table.c.id == identifier))
        if row is not None:
            return row
    raise NoSuchRecordError(invoices.declaration.type_name, text)


def _inline(name: str) -> str:
    plain = name.encode("ascii", "replace").decode().replace('"', "?")
    return f"inline; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _lines(row: Row, moment: datetime) -> list[str]:
    kind = "Invoice" if row.type is None else "Refund"
    return [
        f"{kind} {row.reference}",
        f"{moment:%Y-%m-%d}",
        recipients_of([row])[row.id],
        labels_of([row])[row.id] or "",
        f"Total: {row.total / 100:.2f}",
        row.description or "",
    ]
