"""What reservations, invoices and accounting lines of a service say of each other."""

from fake_server.contract import Target, behaviour, expect, expect_that, need

from .helpers import Record, moment, total
from .lists import BASE, MANY, rows, some
from .reservations import RESERVATION_KEYS

_NEWEST = 5
"""How many of the newest invoices are asked for their PDFs."""

_WORDS = {
    "en": {
        "Reservation": "Reservation of ",
        "Subscription": "Subscription of ",
        "Avoir": "Cancellation of invoice ",
    },
    "fr": {
        "Reservation": "Réservation de ",
        "Subscription": "Abonnement de ",
        "Avoir": "Annulation de la facture ",
    },
}
"""What labels of invoices begin with, by language and what they are about."""


@behaviour("fabmanager.reservations.deleted_user")
def test_reservations_of_deleted_accounts(fabmanager: Target) -> None:
    left = [
        reservation
        for reservation in some(fabmanager, "reservations")
        if reservation["user_id"] is None
    ]
    need(left, "a reservation of a deleted account among the newest")
    for orphan in left:
        expect("the keys", [key for key in RESERVATION_KEYS if key != "user"], list(orphan))


def _held_by_a_user(target: Target) -> tuple[int, set[int]]:
    """Return a user and the listed availabilities whose slots the user's reservations hold."""
    for reservation in some(target, "reservations"):
        if reservation["user_id"] is not None:
            listed = rows(
                target, "reservations", {"user_id": reservation["user_id"], "per_page": MANY}
            )
            need(len(listed) < MANY, f"a user with fewer than {MANY} reservations")
            slots = [slot for each in listed for slot in each["reserved_slots"]]
            held = {slot["availability_id"] for slot in slots if slot["canceled_at"] is None}
            params = {"id[]": sorted(held), "per_page": MANY}
            listed = rows(target, "availabilities", params) if held else []
            if listed:
                return reservation["user_id"], {each["id"] for each in listed}
    need(None, "a reservation that was not canceled")
    raise AssertionError


@behaviour("fabmanager.reservations.slots", live=True)
def test_some_slots_are_out_of_order(fabmanager: Target) -> None:
    held = [record["reserved_slots"] for record in some(fabmanager, "reservations")]
    starts = [[moment(slot["start_at"]) for slot in slots] for slots in held]
    need(any(each != sorted(each) for each in starts), "a reservation with slots out of order")


@behaviour("fabmanager.reservations.availabilities")
def test_availabilities_of_a_user_with_reservations(fabmanager: Target) -> None:
    user, held = _held_by_a_user(fabmanager)
    listed = rows(fabmanager, "availabilities", {"user_id": user, "per_page": MANY})
    expect(f"the availabilities of user {user}", held, {entry["id"] for entry in listed})
    expect("how many there are", len(held), total(fabmanager, {"user_id": user}))


@behaviour("fabmanager.reservations.availabilities", live=True)
def test_availabilities_of_whatever_user(fabmanager: Target) -> None:
    user, held = _held_by_a_user(fabmanager)
    whole = total(fabmanager)
    need(whole > len(held), "an availability without that user")
    expect(f"how many there are of user {user}", whole, total(fabmanager, {"user_id": user}))


def _downloads(target: Target) -> list[tuple[int, int]]:
    """Return the newest invoices, each with the status of its PDF."""

    def get() -> list[tuple[int, int]]:
        invoices = some(target, "invoices")[:_NEWEST]
        return [(entry["id"], target.get(entry["invoice_url"]).status) for entry in invoices]

    downloads: list[tuple[int, int]] = target.remember("downloads", get)
    return downloads


@behaviour("fabmanager.invoices.pdf")
def test_newest_invoices_have_their_pdf(fabmanager: Target) -> None:
    for number, status in _downloads(fabmanager):
        expect(f"the status of the PDF of invoice {number}", 200, status)


@behaviour("fabmanager.invoices.pdf", live=True)
def test_newest_invoice_has_no_pdf_yet(fabmanager: Target) -> None:
    missing = [number for number, status in _downloads(fabmanager) if status != 200]
    need(missing, "an invoice whose PDF is not made yet")
    answer = fabmanager.get(f"{BASE}/invoices/{missing[0]}/download").expect_status(500)
    answer.expect_json({"status": 500, "error": "Internal Server Error"})


@behaviour("fabmanager.accounting.label")
def test_labels_name_whom_and_what_for(fabmanager: Target) -> None:
    invoices = {invoice["id"]: invoice for invoice in some(fabmanager, "invoices")}
    people = {user["id"]: user for user in some(fabmanager, "users")}
    languages, named = set(_WORDS), 0
    for line in some(fabmanager, "accounting"):
        label, invoice = line["invoice"]["label"], invoices.get(line["invoice"]["id"])
        kind = _kind_of(invoice) if invoice else ""
        if invoice is None or label is None or kind not in _WORDS["en"]:
            continue
        languages &= {
            language for language, words in _WORDS.items() if label.startswith(words[kind])
        }
        what = f"the label of invoice {invoice['id']}"
        expect_that(what, languages, "what it is for, in the language of the others", label)
        user = people.get(invoice["user_id"])
        if kind != "Avoir" and user and not user["organization"]:
            named += 1
            expect_that(what, user["full_name"] in label, user["full_name"], label)
    need(named, "an accounting line of a known user's invoice")


def _kind_of(invoice: Record) -> str:
    about: str = invoice["main_object"]["type"]
    return "Avoir" if invoice["type"] and about != "WalletTransaction" else about
