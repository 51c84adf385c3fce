"""Loans: listed, lent and returned."""

from datetime import UTC, datetime, timedelta
from typing import Any

from fake_server.contract import Target, behaviour, expect, expect_ordered, expect_that, need

LOANS = "/library/v1/loans"


def _loans(library: Target, **params: Any) -> list[dict[str, Any]]:
    return library.records(
        library.get(LOANS, params={"per_page": 100, **params}).expect_status(200)
    )


def _lend(library: Target, **attributes: Any) -> Any:
    return library.post(
        LOANS, json={"member_id": 5, **library.marked(LOANS, "a book"), **attributes}
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def expect_now(what: str, text: str, library: Target) -> None:
    """Assert that a time is the target's, give or take a minute."""
    expect_that(what, abs(_moment(text) - library.now()) < timedelta(minutes=1), "now", text)


@behaviour("library.loans.order")
def test_loans_come_by_number(library: Target) -> None:
    loans = _loans(library)
    need(len(loans) > 1, "two loans")
    expect_ordered("the loans", loans, key=lambda loan: loan["id"])


@behaviour("library.loans.order", live=True)
def test_loans_come_newest_first(library: Target) -> None:
    loans = _loans(library)
    need(len(loans) > 1, "two loans")
    expect_ordered("the loans", loans, key=lambda loan: -_moment(loan["lent_at"]).timestamp())


@behaviour("library.loans.due_before")
def test_due_before_is_exclusive(library: Target) -> None:
    loans = _loans(library, sort="due_at")
    need(len(loans) > 2, "three loans")
    bound = loans[len(loans) // 2]["due_at"]
    expected = [loan["id"] for loan in loans if _moment(loan["due_at"]) < _moment(bound)]
    listed = [loan["id"] for loan in _loans(library, sort="due_at", due_before=bound)]
    expect(f"the loans due before {bound}", expected, listed)


@behaviour("library.loans.create", needs=["writes"])
def test_a_book_is_lent_for_three_weeks(library: Target) -> None:
    answer = _lend(library).expect_status(201)
    loan = answer.json
    expect("the status", "open", loan["status"])
    expect("the return", None, loan["returned_at"])
    expect_now("when it was lent", loan["lent_at"], library)
    term = _moment(loan["due_at"]) - _moment(loan["lent_at"])
    expect("the term", timedelta(weeks=3), term)
    expect("the loan at its Location", loan, library.follow(answer.headers["Location"]).json)


@behaviour("library.loans.create_refused", needs=["writes"], invalid=True)
def test_all_mistakes_of_a_loan_are_told(library: Target) -> None:
    answer = library.post(LOANS, json={"member_id": "me", "colour": "red"}).expect_status(422)
    expected = [
        {"field": "member_id", "message": "must be a whole number"},
        {"field": "title", "message": "is required"},
        {"field": "colour", "message": "is not known"},
    ]
    expect("the mistakes", expected, answer.json["errors"])


@behaviour("library.loans.due_in_future", needs=["writes"], invalid=True)
def test_a_loan_is_not_due_in_the_past(library: Target) -> None:
    past = datetime(2001, 1, 1, tzinfo=UTC).isoformat()
    answer = _lend(library, due_at=past).expect_status(422)
    expect("the field", ["due_at"], [error["field"] for error in answer.json["errors"]])


@behaviour("library.loans.return", needs=["writes"])
def test_a_book_is_returned_once(library: Target) -> None:
    loan = _lend(library).expect_status(201).json
    path = f"{LOANS}/{loan['id']}/return"
    returned = library.post(path).expect_status(200).json
    expect("the status", "returned", returned["status"])
    expect_now("the return", returned["returned_at"], library)
    conflict = library.post(path).expect_status(409)
    expect("the second time", {"error": "already returned"}, conflict.json)


@behaviour("library.errors.not_found")
def test_a_loan_that_does_not_exist(library: Target) -> None:
    answer = library.get(f"{LOANS}/999999999").expect_status(404)
    expect("the error", {"error": "Not Found"}, answer.json)


@behaviour("library.errors.parameters", invalid=True)
def test_a_parameter_that_does_not_fit(library: Target) -> None:
    answer = library.get(LOANS, params={"per_page": 101}).expect_status(400)
    expect("the error", {"error": "per_page must be at most 100"}, answer.json)


@behaviour("library.access.key", invalid=True)
def test_nobody_reads_without_a_key(library: Target) -> None:
    for auth in (False, "invalid"):
        answer = library.get(LOANS, auth=auth).expect_status(401)
        expect("the error", {"error": "Unauthorized"}, answer.json)
