"""Invoices, their PDFs, and the accounting lines that follow from them."""

import re
from collections import defaultdict

from fake_server.contract import Target, behaviour, expect, expect_that, need

from .helpers import NOBODY, Record
from .lists import BASE, ask, count, expect_dates, expect_filter, expect_order, numbers, rows, some

KEYS = ["id", "reference", "total", "type", "description", "user_id"]
LAST_KEYS = ["invoice_url", "main_object"]
LINE_KEYS = [
    *("id", "line_type", "journal_code", "date", "account_code", "account_label"),
    *("analytical_code", "currency", "summary", "debit", "credit", "invoice", "user"),
]
MEANS = ("card", "check", "other", "transfer", "wallet")
MADE = {
    "users": {
        "records": [{"id": 4, "invoicing_profile_id": 4, "first_name": "Ada", "last_name": "Byron"}]
    },
    "invoices": {
        "records": [
            {"id": 1, "total": 500, "payment_method": "card", "main_object_type": "OrderItem"},
            {"id": 2, "total": 500, "payment_method": "wallet", "wallet_transaction_id": 7},
            {"id": 3, "total": 500, "payment_method": "card", "wallet_amount": 200},
            {"id": 4, "total": 500, "payment_method": "cash", "wallet_amount": 500},
            {
                "id": 5,
                "type": "Avoir",
                "payment_method": "cheque",
                "refunded_invoice_id": 1,
                "user_id": 4,
            },
            {"id": 6, "has_file": False, "created_at": "2026-05-01T22:30:00Z", "prefix": "XY"},
        ]
    },
    "accounting": {
        "records": [
            {"id": 1, "line_type": "payment", "account_code": "51210", "invoice_id": 1},
            {"id": 2, "line_type": "payment", "account_code": "41910", "invoice_id": 2},
            {"id": 3, "line_type": "payment", "account_code": "41910", "invoice_id": 3},
            {"id": 4, "line_type": "payment", "account_code": "41910", "invoice_id": 4},
            {"id": 5, "line_type": "payment", "account_code": "58010", "invoice_id": 5},
            {"id": 6, "line_type": "item", "account_code": "70610", "invoice_id": 1, "debit": 1167},
        ]
    },
    "time_zone": "Europe/Paris",
}
METHODS = {1: "card", 2: "wallet", 3: "card", 4: "wallet", 5: "other", 6: "card"}
CARD = {"payment_mean": "card", "gateway_object_id": None, "gateway_object_type": None}
DETAILS = {
    1: CARD,
    2: {"payment_mean": "wallet", "wallet_transaction_id": 7},
    3: {"payment_mean": None},
    4: None,
    5: {"payment_mean": "other"},
}


@behaviour("fabmanager.invoices.list")
def test_invoices_are_listed(fabmanager: Target) -> None:
    records = some(fabmanager, "invoices")
    for record in records:
        keys = [key for key in record if key != "payment_gateway_object"]
        expect(f"the keys of {record['id']}", [*KEYS, *LAST_KEYS], keys)
        expect_that("its type", record["type"] in (None, "Avoir"), "null or Avoir", record["type"])
        expect("its PDF", f"{BASE}/invoices/{record['id']}/download", record["invoice_url"])
        if "payment_gateway_object" in record:
            expect("its payment", ["id", "type"], list(record["payment_gateway_object"]))
    ask(fabmanager, "invoices").expect_header("Per-Page", "20")
    about = {record["main_object"]["type"]: record for record in records}
    need("Reservation" in about, "an invoice of a reservation")


@behaviour("fabmanager.invoices.user_id")
def test_invoices_of_users(fabmanager: Target) -> None:
    expect_filter(fabmanager, "invoices", "user_id", "user_id")
    whole = count(fabmanager, "invoices", {})
    for params in ({"id": NOBODY}, {"type": "Avoir"}):
        expect(f"how many with {params}", whole, count(fabmanager, "invoices", params))


@behaviour("fabmanager.invoices.main_object")
def test_invoices_are_about_what_is_there(fabmanager: Target) -> None:
    invoices = some(fabmanager, "invoices")[:50]
    for kind, name in (("Reservation", "reservations"), ("Subscription", "subscriptions")):
        sold = [invoice for invoice in invoices if invoice["main_object"]["type"] == kind]
        users = sorted({invoice["user_id"] for invoice in sold if invoice["user_id"] is not None})
        if users:
            listed = rows(fabmanager, name, {"user_id[]": users, "per_page": 1000})
            there = {record["id"]: record for record in listed}
            for invoice in sold:
                record = there.get(invoice["main_object"]["id"], {})
                if invoice["user_id"] is not None and invoice["type"] is None:
                    facts = (record.get("user_id"), record.get("created_at"))
                    expected = (invoice["user_id"], invoice["main_object"]["created_at"])
                    expect(f"what invoice {invoice['id']} is about", expected, facts)


def _with_file(target: Target) -> Record:
    for record in some(target, "invoices")[:10]:
        if target.get(record["invoice_url"]).status == 200:
            return record
    need(None, "an invoice whose PDF is there")
    raise AssertionError


@behaviour("fabmanager.invoices.download")
def test_the_pdf_of_an_invoice(fabmanager: Target) -> None:
    record = _with_file(fabmanager)
    for accept in ("application/pdf", "application/json", "text/html, */*"):
        answer = fabmanager.get(record["invoice_url"], headers={"Accept": accept})
        answer.expect_status(200).expect_header("Content-Type", "application/pdf")
        disposition = answer.headers.get("Content-Disposition", "")
        name = f"[^/]*-{record['id']}_[0-9]{{8}}\\.pdf"
        pattern = f"inline; filename=\"{name}\"; filename\\*=UTF-8''{name}"
        fits = re.fullmatch(pattern, disposition) is not None
        expect_that("Content-Disposition", fits, pattern, disposition)
        expect_that("ETag", "ETag" not in answer.headers, "no header", str(answer.headers))
        expect_that("Vary", "Vary" not in answer.headers, "no header", str(answer.headers))
        is_pdf = answer.body.startswith(b"%PDF-")
        expect_that("the body", is_pdf, "a PDF", repr(answer.body[:20]))


@behaviour("fabmanager.invoices.pdf", needs=("data",))
def test_every_pdf_is_there(fabmanager: Target) -> None:
    with fabmanager.fresh(MADE) as own:
        answer = own.get(f"{BASE}/invoices/6/download").expect_status(200)
        name = "XY-6_02052026.pdf"
        expected = f"inline; filename=\"{name}\"; filename*=UTF-8''{name}"
        answer.expect_header("Content-Disposition", expected)


@behaviour("fabmanager.invoices.pdf", live=True, needs=("data",))
def test_a_pdf_is_made_later(fabmanager: Target) -> None:
    with fabmanager.fresh(MADE) as own:
        answer = own.get(f"{BASE}/invoices/6/download").expect_status(500)
        answer.expect_json({"status": 500, "error": "Internal Server Error"})
        own.get(f"{BASE}/invoices/1/download").expect_status(200)


@behaviour("fabmanager.invoices.unknown")
def test_unknown_invoices(fabmanager: Target) -> None:
    for number in (NOBODY, 0):
        answer = fabmanager.get(f"{BASE}/invoices/{number}/download").expect_status(404)
        message = f"Couldn't find Invoice with 'id'={number}"
        answer.expect_json({"errors": ["Not found", message]})


@behaviour("fabmanager.invoices.number", invalid=True)
def test_an_invoice_has_a_number(fabmanager: Target) -> None:
    record = _with_file(fabmanager)
    for text in ("abc", f"{record['id']}abc"):
        answer = fabmanager.get(f"{BASE}/invoices/{text}/download").expect_status(404)
        message = f"Couldn't find Invoice with 'id'={text}"
        answer.expect_json({"errors": ["Not found", message]})


@behaviour("fabmanager.invoices.number", live=True, invalid=True)
def test_an_invoice_by_a_leading_number(fabmanager: Target) -> None:
    record = _with_file(fabmanager)
    fabmanager.get(f"{BASE}/invoices/{record['id']}abc/download").expect_status(200)
    fabmanager.get(f"{BASE}/invoices/abc/download").expect_status(404)


@behaviour("fabmanager.accounting.list")
def test_accounting_lines_are_listed(fabmanager: Target) -> None:
    answer = ask(fabmanager, "accounting")
    expect("the keys", ["lines", "status"], list(answer.json))
    status = answer.json["status"]
    expect_that("the status", status in {"building", "built"}, "building or built", status)
    records = some(fabmanager, "accounting")
    expect_order(records, "date", newest_first=True)
    for record in records:
        expect(f"the keys of {record['id']}", LINE_KEYS, list(record))
        expect("its user", ["invoicing_profile_id", "external_id"], list(record["user"]))
    nothing = ask(fabmanager, "accounting", {"invoice_id": NOBODY}).json
    expect("an empty list", {"lines": [], "status": status}, nothing)


@behaviour("fabmanager.accounting.list", needs=("data",))
def test_accounting_lines_are_being_made(fabmanager: Target) -> None:
    with fabmanager.fresh({**MADE, "accounting_status": "building"}) as own:
        expect("the status", "building", ask(own, "accounting").json["status"])


@behaviour("fabmanager.accounting.filters")
def test_accounting_lines_of_a_time_and_of_invoices(fabmanager: Target) -> None:
    expect_dates(fabmanager, "accounting", "date")
    invoice = some(fabmanager, "accounting")[0]["invoice"]["id"]
    listed = rows(fabmanager, "accounting", {"invoice_id": invoice})
    expect("their invoices", {invoice}, {record["invoice"]["id"] for record in listed})
    expect("how many of none", 0, count(fabmanager, "accounting", {"invoice_id": NOBODY}))


@behaviour("fabmanager.accounting.type", invalid=True)
def test_types_of_lines(fabmanager: Target) -> None:
    _expect_types(fabmanager, {"client": "payment", "vat": "vat", "item": "item"})
    fabmanager.get(f"{BASE}/accounting", params={"type": "payment"}).expect_status(400)


@behaviour("fabmanager.accounting.type", live=True, invalid=True)
def test_stored_types_of_lines(fabmanager: Target) -> None:
    _expect_types(fabmanager, {"payment": "payment", "vat": "vat", "item": "item"})
    expect("how many for client", 0, count(fabmanager, "accounting", {"type": "client"}))


def _expect_types(target: Target, words: dict[str, str]) -> None:
    need(some(target, "accounting"), "a line")
    for word, line_type in words.items():
        listed = rows(target, "accounting", {"type": word})
        others = {record["line_type"] for record in listed} - {line_type}
        expect(f"other types with {word}", set(), others)
    parts = sum(count(target, "accounting", {"type": word}) for word in words)
    expect("the sum over the types", count(target, "accounting", {}), parts)


@behaviour("fabmanager.accounting.types", invalid=True)
def test_several_types_are_refused(fabmanager: Target) -> None:
    for params in ({"type[]": ["vat", "item"]}, {"type": "[vat,item]"}):
        fabmanager.get(f"{BASE}/accounting", params=params).expect_status(400)


@behaviour("fabmanager.accounting.types", live=True, invalid=True)
def test_several_types_of_lines(fabmanager: Target) -> None:
    need(some(fabmanager, "accounting"), "a line")
    vat, item = (count(fabmanager, "accounting", {"type": word}) for word in ("vat", "item"))
    for params in ({"type[]": ["vat", "item"]}, {"type": "[vat,item]"}):
        expect(f"how many with {params}", vat + item, count(fabmanager, "accounting", params))
    expect("without the space", vat, count(fabmanager, "accounting", {"type": "[vat, item]"}))


def _by_invoice(target: Target) -> dict[int, list[Record]]:
    """Return the lines of some invoices, whole, by invoice."""
    listed = some(target, "invoices")
    refunds = [invoice for invoice in listed if invoice["type"] == "Avoir"]
    invoices = numbers([*listed[:40], *refunds[:20]])
    lines: dict[int, list[Record]] = defaultdict(list)
    for line in rows(target, "accounting", {"invoice_id[]": invoices, "per_page": 1000}):
        lines[line["invoice"]["id"]].append(line)
    need(lines, "a line of an invoice")
    return lines


@behaviour("fabmanager.accounting.money")
def test_money_of_lines(fabmanager: Target) -> None:
    need(some(fabmanager, "accounting"), "a line")
    for line in some(fabmanager, "accounting"):
        for key in ("debit", "credit"):
            is_float = isinstance(line[key], float) and line[key] >= 0
            expect_that(f"{key} of {line['id']}", is_float, "a decimal", repr(line[key]))


@behaviour("fabmanager.accounting.money", needs=("data",))
def test_cents_of_lines(fabmanager: Target) -> None:
    with fabmanager.fresh(MADE) as own:
        lines = {line["id"]: line for line in rows(own, "accounting")}
        expect("what is debited", 11.67, lines[6]["debit"])


@behaviour("fabmanager.accounting.balance")
def test_lines_of_an_invoice_balance(fabmanager: Target) -> None:
    totals = {invoice["id"]: invoice["total"] for invoice in some(fabmanager, "invoices")}
    for invoice, lines in _by_invoice(fabmanager).items():
        debit, credit = (
            round(100 * sum(line[key] for line in lines)) for key in ("debit", "credit")
        )
        expect(f"what invoice {invoice} credits", debit, credit)
        paid = sum(
            line["debit"] + line["credit"] for line in lines if line["line_type"] == "payment"
        )
        expect(f"what was paid of {invoice}", totals[invoice], round(100 * paid))


@behaviour("fabmanager.accounting.payment_method")
def test_how_invoices_were_paid(fabmanager: Target) -> None:
    for line in some(fabmanager, "accounting"):
        method = line["invoice"]["payment_method"]
        expect_that(f"line {line['id']}", method in MEANS, str(MEANS), method)


@behaviour("fabmanager.accounting.payment_method", needs=("data",))
def test_what_counts_as_paid_how(fabmanager: Target) -> None:
    with fabmanager.fresh(MADE) as own:
        for line in rows(own, "accounting"):
            invoice = line["invoice"]
            expect(f"invoice {invoice['id']}", METHODS[invoice["id"]], invoice["payment_method"])


@behaviour("fabmanager.accounting.payment_details")
def test_details_of_payments(fabmanager: Target) -> None:
    for line in some(fabmanager, "accounting"):
        if line["line_type"] != "payment":
            absent = "payment_details" not in line["invoice"]
            expect_that(f"line {line['id']}", absent, "no payment_details", str(line["invoice"]))


@behaviour("fabmanager.accounting.payment_details", needs=("data",))
def test_what_is_known_of_payments(fabmanager: Target) -> None:
    with fabmanager.fresh(MADE) as own:
        lines = {line["id"]: line["invoice"] for line in rows(own, "accounting")}
        for number, details in DETAILS.items():
            expect(f"of line {number}", details, lines[number]["payment_details"])
        expect("of what was sold", None, lines[6].get("payment_details"))


@behaviour("fabmanager.accounting.label", needs=("data",))
def test_labels_follow_the_language(fabmanager: Target) -> None:
    for language, label in (
        ("en", "Cancellation of invoice 1"),
        ("fr", "Annulation de la facture 1"),
    ):
        with fabmanager.fresh({**MADE, "locale": language}) as own:
            (line,) = rows(own, "accounting", {"invoice_id": 5})
            expect("the label of a refund", label, line["invoice"]["label"])
