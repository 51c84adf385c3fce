"""What a live service gets by default: GET, HEAD and the token request, with valid data only.

The run says before it begins how many requests it needs.
"""

from functools import cache
from typing import NamedTuple

import pytest

from fake_server import create_app
from fake_server.cli.verify.runs import documents
from fake_server.data_files import registry
from fake_server.data_files.api_document import api_document
from fake_server.verify.api_files.api_under_test import api_under_test
from fake_server.verify.api_files.declared_operations import declared_operations
from fake_server.verify.api_files.operations_by_path import operation_of
from fake_server.verify.run.run_options import Run, RunOptions
from fake_server.verify.run.run_report import Report
from fake_server.verify.run.suite import verify
from fake_server.verify.server.client import Rules
from fake_server.verify.server.raw_messages import ApiRequest
from fake_server.verify.server.transport import RawAnswer
from fake_server.verify.server.wsgi_transport import WsgiTransport


class Listening(WsgiTransport):
    """Notes what is sent, and the status of the answer."""

    def __init__(self) -> None:
        super().__init__(create_app("demo"))
        self.on_answer: list[tuple[ApiRequest, int]] = []

    def send(self, request: ApiRequest) -> RawAnswer:
        """Note it and send it."""
        reply = super().send(request)
        self.on_answer.append((request, reply.status))
        return reply


class ReadOnlyRun(NamedTuple):
    """What a run sent that may send valid GETs alone, what it announced and what it reports."""

    exchanges: list[tuple[ApiRequest, int]]
    announced: list[str]
    report: Report


@cache
def read_only_run(api: str) -> ReadOnlyRun:
    """Run the contract tests as against a live service: this takes seconds for each API."""
    service = Listening()
    rules = Rules(documented=True, allow_invalid=False, allow_writes=False)
    suite_run = Run(api, service, api_under_test(api).credentials[0].fake, rules, rate=0)
    announced: list[str] = []
    options = RunOptions(only=(f"{api}.*",), documents=documents, seed=1, announce=announced.append)
    return ReadOnlyRun(service.on_answer, announced, verify(suite_run, options))


_APIS = [
    # The API with the most operations takes minutes.
    pytest.param(api, marks=pytest.mark.slow if api == "intra42" else ())
    for api in registry.names()
]


@pytest.mark.parametrize("api", _APIS)
def test_nothing_wrong_is_sent_unless_allowed(api: str) -> None:
    exchanges, _, report = read_only_run(api)
    assert any(finding.verdict == "held" for finding in report.behaviours)
    signed = [(sent, status) for sent, status in exchanges if _authorization(sent)]
    assert len(signed) > 20
    refused = [sent for sent, status in signed if status in {400, 401, 403, 422}]
    operations = declared_operations(api_document(api), api_under_test(api).listing)
    for_roles = {each.label for each in operations if each.roles}
    labels = [operation_of(api, sent.method, sent.target) or sent.target for sent in refused]
    assert {*labels} <= for_roles
    # Each kind of test asks once what a role is missing for.
    assert len(labels) <= 2 * len(for_roles)
    others = [sent.target for sent, _ in exchanges if sent.method not in {"GET", "HEAD"}]
    assert {target.partition("?")[0] for target in others} <= {"/oauth/token", "/v2/oauth/token"}


@pytest.mark.parametrize("api", _APIS)
def test_the_default_budget_is_what_the_plan_needs(api: str) -> None:
    _, announced, report = read_only_run(api)
    (line,) = announced
    estimated = int(line.removeprefix(f"{api}: about ").partition(" ")[0].replace(",", ""))
    assert report.requests * 0.8 < estimated < report.requests * 1.5
    assert report.max_requests is not None
    assert report.requests < report.max_requests
    assert all(
        finding.missing is None or finding.missing.why != "budget" for finding in report.behaviours
    )


def _authorization(request: ApiRequest) -> str | None:
    return dict(request.headers).get("Authorization")
