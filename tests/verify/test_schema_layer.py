"""The schema layer against servers that break their document, and within its rules."""

import json
import signal
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pytest
from schemathesis.engine import events

from fake_server.verify.layers.outcomes import OperationFinding
from fake_server.verify.layers.schemathesis_transport import BudgetedTransport
from fake_server.verify.run.run_options import Run, RunOptions
from fake_server.verify.run.run_report import Report
from fake_server.verify.run.suite import verify
from fake_server.verify.server.client import Rules
from fake_server.verify.server.wsgi_transport import WsgiTransport
from tests.verify.faulty import TOKEN, Start

PARAMETER = {"name": "per_page", "in": "query", "schema": {"type": "integer", "minimum": 1}}
BODY = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string"}, "availabilities": {"type": "array"}},
    "additionalProperties": False,
}


def answer(api_under_test: str, schema: Any = None) -> dict[str, Any]:
    content = {"content": {"application/json": {"schema": schema}}} if schema else {}
    return {"description": api_under_test, **content}


def document(**more: Any) -> dict[str, Any]:
    responses = {"200": answer("A thing.", BODY), "400": answer("Bad."), "401": answer("Who?")}
    operation = {"operationId": "show", "parameters": [PARAMETER], "security": [{"token": []}]}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1"},
        "paths": {
            "/open_api/v1/availabilities": {
                "get": {**operation, "responses": {**responses, **more}},
                "post": {"operationId": "make", "responses": {"201": answer("Made.")}},
            }
        },
        "components": {
            "securitySchemes": {
                "token": {"type": "apiKey", "in": "header", "name": "Authorization"}
            }
        },
    }


class Things:
    """A server of one thing, right or with one fault."""

    def __init__(self, fault: str | None = None) -> None:
        self.fault = fault
        self.methods: set[str] = set()
        self.hosts: set[str] = set()

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """Answer a request."""
        self.methods.add(environ["REQUEST_METHOD"])
        self.hosts.add(environ["HTTP_HOST"])
        size = environ["QUERY_STRING"].removeprefix("per_page=")
        if self.fault == "elsewhere" and size != "1":
            start("302 Found", [("Location", "http://127.0.0.2/login")])
            return [b""]
        if self.fault == "silent" and size == "2":
            raise RuntimeError("out of order")
        if environ["REQUEST_METHOD"] != "GET":
            start("201 Created", [])
            return [b""]
        known = environ.get("HTTP_AUTHORIZATION") == f"Token token={TOKEN}"
        if not known and self.fault != "open":
            start("401 Unauthorized", [])
            return [b""]
        query = environ["QUERY_STRING"]
        wrong = query and not (size.isdigit() and int(size) > 0)
        if wrong and self.fault != "lenient":
            start("400 Bad Request", [])
            return [b""]
        if self.fault == "teapot" and size != "1":
            start("418 Teapot", [])
            return [b""]
        name = None if self.fault == "null" else "thing"
        body: dict[str, Any] = {"name": name, "availabilities": []}
        start("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(body).encode()]


def run(app: Things, *, live: dict[str, Any] | None = None, **rules: bool) -> Report:
    documents = {"documented": document(), "live": live or document()}
    max_requests = 12 if rules.pop("short", False) else None
    suite_run = Run(
        "fabmanager",
        WsgiTransport(app),
        {"token": TOKEN},
        Rules(**rules),
        max_requests=max_requests,
    )
    return verify(suite_run, RunOptions(documents=lambda api: documents, suite=_Nowhere.path))


class _Nowhere:
    path: Any = None


@pytest.fixture(autouse=True)
def no_behaviours(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fake_server.verify.run.suite.entries", lambda api: {})
    monkeypatch.setattr(_Nowhere, "path", tmp_path)


def finding(report: Report) -> OperationFinding:
    assert report.failed is None
    return next(
        operation for operation in report.operations if operation.operation.startswith("GET")
    )


def test_a_right_server_holds() -> None:
    report = run(Things())
    assert finding(report).verdict == "held", finding(report).failures
    assert finding(report).cases > 5


@pytest.mark.parametrize(
    ("fault", "check"),
    [
        ("null", "response_schema_conformance"),
        ("teapot", "status_code_conformance"),
        ("lenient", "negative_data_rejection"),
        ("open", "ignored_auth"),
    ],
)
def test_each_fault_is_found(fault: str, check: str) -> None:
    first = finding(run(Things(fault)))
    assert first.verdict == "broken"
    assert check in {failure.check for failure in first.failures}
    curls = [failure.curl for failure in first.failures]
    assert all(curl.startswith("curl ") and TOKEN not in curl for curl in curls)


def test_what_the_live_document_declares_is_known() -> None:
    live = document(**{"418": answer("A teapot.")})
    first = finding(run(Things("teapot"), live=live, documented=False, allow_invalid=False))
    conformance = [each for each in first.failures if each.check == "status_code_conformance"]
    assert [each.excuse for each in conformance] == [
        "the answer is one that the live profile declares"
    ]


def test_only_valid_gets_are_sent_unless_allowed() -> None:
    app = Things("lenient")
    report = run(app, allow_invalid=False, allow_writes=False)
    assert app.methods == {"GET"}
    assert [operation.operation for operation in report.operations] == [
        "GET /open_api/v1/availabilities"
    ]
    assert finding(report).verdict == "held", finding(report)


def test_the_budget_ends_it() -> None:
    report = run(Things(), short=True)
    assert report.requests == 12
    assert finding(report).verdict == "held", finding(report)


def test_an_error_of_its_own_is_told_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: BudgetedTransport, case: Any, **options: Any) -> Any:
        raise TypeError("a defect of the harness")

    monkeypatch.setattr(BudgetedTransport, "send", fail)
    first = finding(run(Things()))
    assert first.verdict == "not shown"
    assert first.missing is not None
    assert first.missing.text == "a run without this error: TypeError: a defect of the harness"


def test_an_error_of_no_operation_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    error = events.NonFatalError(
        error=ValueError("bad"), phase=None, label="schema", related_to_operation=False
    )
    engine = SimpleNamespace(execute=lambda: iter([error]))
    monkeypatch.setattr("fake_server.verify.layers.schema_layer.from_schema", lambda schema: engine)
    report = run(Things())
    assert report.failed == "the schema layer could not check schema: ValueError: bad"


def test_what_was_checked_before_an_interrupt_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    send = BudgetedTransport.send

    def interrupted(self: BudgetedTransport, case: Any, **options: Any) -> Any:
        if len(self.sent) == 9:
            signal.raise_signal(signal.SIGINT)
        return send(self, case, **options)

    monkeypatch.setattr(BudgetedTransport, "send", interrupted)
    report = run(Things("null"))
    assert report.interrupted
    assert 10 <= report.requests < 30
    assert finding(report).verdict == "broken"


def test_no_answer_is_told_as_such() -> None:
    failures = finding(run(Things("silent"))).failures
    assert [failure.check for failure in failures] == ["answer"]
    assert failures[0].curl.startswith("curl ")


def test_redirects_are_answers() -> None:
    app = Things("elsewhere")
    failures = finding(run(app)).failures
    assert "status_code_conformance" in {failure.check for failure in failures}
    assert app.hosts == {"127.0.0.1:8042"}
