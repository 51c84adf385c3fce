"""What a POST makes on a live service: marked, put away, or not sent at all."""

import json
from dataclasses import replace
from typing import Any

import pytest
from werkzeug.datastructures import Headers

from fake_server.verify.api_files.api_under_test import api_under_test
from fake_server.verify.api_files.creations import MARK_TEXT, creation, creation_at, owned_by
from fake_server.verify.outcome_errors import NotShownError
from fake_server.verify.server.created_records import CreatedRecords
from fake_server.verify.server.credential_mask import CredentialMask
from fake_server.verify.server.raw_messages import Answer, ApiRequest

LOANS = "/loans"
RETURN = {"method": "POST", "path": "return"}


def created_records(**kind: Any) -> CreatedRecords:
    """Return the writings of a run against a service whose POST /loans is described so."""
    return CreatedRecords(
        replace(api_under_test("xurrent"), creations=(creation({"path": LOANS, **kind}),))
    )


def post(path: str = LOANS, body: bytes | None = None, **attributes: Any) -> ApiRequest:
    headers = (("Content-Type", "application/json"),)
    return ApiRequest("POST", path, headers, body or json.dumps(attributes).encode())


def answer(request: ApiRequest, status: int = 201, **shown: Any) -> Answer:
    body = json.dumps(shown).encode()
    return Answer(status, Headers(), body, request, "http://127.0.0.1", CredentialMask())


class Service:
    """Answers each request with a status, and notes it."""

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.asked: list[tuple[str, str, Any]] = []

    def __call__(self, method: str, path: str, values: Any) -> Answer:
        """Answer a request."""
        self.asked.append((method, path, values))
        return answer(ApiRequest(method, path), self.status)


def made(records: CreatedRecords, **shown: Any) -> None:
    """Make a loan, as a test does."""
    request = post(note=f"{MARK_TEXT} loan")
    records.check_request(request)
    records.on_answer(answer(request, **{"id": 7, "note": f"{MARK_TEXT} loan", **shown}))


@pytest.mark.parametrize(
    ("away", "request_"),
    [
        (RETURN, ("POST", "/loans/7/return", None)),
        ({**RETURN, "json": {"by": "us"}}, ("POST", "/loans/7/return", {"by": "us"})),
        ({"method": "DELETE"}, ("DELETE", "/loans/7", None)),
        ({"method": "PATCH", "json": {"open": False}}, ("PATCH", "/loans/7", {"open": False})),
    ],
)
def test_a_record_is_put_away_as_the_target_says(away: Any, request_: Any) -> None:
    records, service = created_records(mark={"field": "note"}, away=away), Service()
    made(records)
    assert records.disable(service) == []
    assert service.asked == [request_]


def test_what_a_test_put_away_is_not_asked_again() -> None:
    records, service = created_records(mark={"field": "note"}, away=RETURN), Service()
    made(records)
    records.on_answer(answer(post("/loans/7/return"), 200, id=7))
    assert records.disable(service) == []
    assert service.asked == []


def test_what_a_delete_does_not_find_is_gone() -> None:
    records = created_records(mark={"field": "note"}, away={"method": "DELETE"})
    made(records)
    assert records.disable(Service(404)) == []


def test_what_cannot_be_put_away_is_told_by_its_mark() -> None:
    records = created_records(mark={"field": "note"}, away=RETURN)
    made(records)
    (left,) = records.disable(Service(500))
    assert left.startswith(f"/loans/7 ({MARK_TEXT} loan): 500")


def test_the_record_may_stand_elsewhere_under_another_id() -> None:
    records = created_records(
        mark={"field": "loan.note"}, away={"method": "DELETE"}, record="/books/{id}", id="number"
    )
    request = post(loan={"note": f"{MARK_TEXT} loan"})
    records.check_request(request)
    records.on_answer(answer(request, number=9))
    service = Service()
    records.disable(service)
    assert service.asked == [("DELETE", "/books/9", None)]


@pytest.mark.parametrize(
    "sent",
    [
        {"loan": {"note": f"{MARK_TEXT} loan"}},
        {"note": f"{MARK_TEXT} loan"},
        {"note": f"{MARK_TEXT} loan".upper()},
    ],
)
def test_the_attributes_may_stand_in_a_member_of_the_body(sent: dict[str, Any]) -> None:
    away = {"method": "DELETE"}
    records = created_records(mark={"field": "note", "within": "loan"}, away=away)
    request = post(**sent)
    records.check_request(request)
    records.on_answer(answer(request, id=7, note=sent.get("note", sent.get("loan"))))
    service = Service()
    assert records.disable(service) == []
    assert service.asked == [("DELETE", "/loans/7", None)]
    for declaration in ({"loan": {"note": "x"}}, {"loan": "x"}, {"loan": {}, "note": MARK_TEXT}):
        with pytest.raises(NotShownError):
            records.check_request(post(**declaration))


def test_a_mark_goes_where_the_attributes_stand() -> None:
    mark = creation({"path": LOANS, "mark": {"field": "note", "within": "loan"}}).mark
    assert mark is not None
    assert mark.attributes("ours") == {"loan": {"note": "ours"}}


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ({"away": RETURN}, "what POST /loans makes cannot be marked"),
        ({"mark": {"field": "note"}}, "what POST /loans makes cannot be put away"),
    ],
)
def test_what_cannot_be_marked_or_put_away_is_not_sent(kind: Any, said: str) -> None:
    with pytest.raises(NotShownError, match=said):
        created_records(**kind).check_request(post(note=f"{MARK_TEXT} loan"))


def test_what_may_stay_is_sent_and_told() -> None:
    records, service = (
        created_records(mark={"field": "note"}, stays="nothing ends a loan"),
        Service(),
    )
    made(records)
    assert records.disable(service) == [f"/loans/7 ({MARK_TEXT} loan): nothing ends a loan"]
    assert service.asked == []


@pytest.mark.parametrize(
    "request_",
    [
        post(note="Nightly"),
        post(title="No note"),
        post(note=""),
        post(body=b"[]"),
        post("/loans/", note="Nightly"),
        post("//loans.json", note="Nightly"),
        ApiRequest("POST", LOANS, (("Content-Type", "text/plain"),), b"note=Nightly"),
    ],
)
def test_an_unmarked_record_is_not_sent(request_: ApiRequest) -> None:
    records = created_records(mark={"field": "note"}, away=RETURN)
    with pytest.raises(NotShownError, match="a world of its own: a record with"):
        records.check_request(request_)


@pytest.mark.parametrize("attributes", [{}, {"note": ""}, {"note": 5}])
def test_what_the_service_refuses_without_a_mark_may_be_sent(attributes: Any) -> None:
    records = created_records(mark={"field": "note", "required": True}, away=RETURN)
    records.check_request(post(**attributes))


def test_a_marked_form_may_be_sent() -> None:
    body = f"note={MARK_TEXT.replace(' ', '+')}+loan".encode()
    form = (("Content-Type", "application/x-www-form-urlencoded"),)
    records = created_records(mark={"field": "note"}, away=RETURN)
    records.check_request(ApiRequest("POST", LOANS, form, body))


def test_another_text_may_be_the_mark() -> None:
    records = created_records(mark={"field": "note", "text": "UCT"}, away=RETURN)
    records.check_request(post(note="UCT 12"))
    with pytest.raises(NotShownError):
        records.check_request(post(note=MARK_TEXT))


def test_below_an_owner_that_a_credential_names_no_mark_is_needed() -> None:
    raw = {"path": "/users/{me}/loans", "owner": "me", "away": {"method": "DELETE"}}
    own = owned_by((creation(raw),), {"me": "ada"})
    records = CreatedRecords(replace(api_under_test("xurrent"), creations=own))
    records.check_request(post("/users/ada/loans", book=3))
    records.on_answer(answer(post("/users/ada/loans", book=3), id=9))
    service = Service(204)
    assert records.disable(service) == []
    assert service.asked == [("DELETE", "/users/ada/loans/9", None)]
    assert creation_at(own, "/users/bob/loans") is None
    assert owned_by((creation(raw),), {}) == ()


def test_a_post_that_nothing_is_said_of_is_not_sent() -> None:
    records = created_records(mark={"field": "note"}, away=RETURN)
    with pytest.raises(NotShownError, match=r"target\.yaml does not say what POST /v1/holidays"):
        records.check_request(post("/v1/holidays", name=f"{MARK_TEXT} day"))


def test_what_stands_below_a_record_of_the_run_goes_with_it() -> None:
    records = CreatedRecords(api_under_test("xurrent"))
    hours = post("/v1/calendars/7/calendar_hours", weekday="mon")
    with pytest.raises(NotShownError):
        records.check_request(hours)
    request = post("/v1/calendars", name=f"{MARK_TEXT} calendar")
    records.on_answer(answer(request, id=7, name=f"{MARK_TEXT} calendar"))
    records.check_request(hours)
    records.on_answer(answer(hours, id=3))
    service = Service()
    records.disable(service)
    assert [path for _, path, _ in service.asked] == [
        "/v1/calendars/7/holidays",
        "/v1/calendars/7",
    ]


def test_a_test_asks_for_the_attributes_that_mark_a_record() -> None:
    kind = creation({"path": "/members/{id}/loans", "mark": {"field": "loan.note", "text": "UCT"}})
    assert kind.mark is not None
    assert kind.mark.attributes("UCT 1") == {"loan": {"note": "UCT 1"}}
    assert creation_at((kind,), "/members/4/loans") is kind
    assert creation_at((kind,), "/members/4/5/loans") is None
