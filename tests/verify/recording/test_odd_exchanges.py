"""Odd exchanges: whatever a recording holds, a check says held or broken, or nothing."""

import json
from dataclasses import replace
from typing import Any

import pytest

from fake_server.verify.layers.outcomes import Verdict
from fake_server.verify.recording.exchange import Exchange
from fake_server.verify.recording.passive_checks import PassiveChecks
from fake_server.verify.server.credential_mask import CredentialMask
from tests.verify.recording.sessions import SESSIONS

VALUES: list[Any] = [
    None,
    True,
    -1,
    10**400,
    "",
    "²",
    "9999-12-31T23:59:59.000+14:00",
    "2026-02-30",
    [1],
    {},
]
HEADERS = ["", "-1", "²", "9" * 5000, '<http://[>; rel="next"', '</a?page=²>; rel="prev"']
QUERIES = [
    "page=²",
    f"page={'9' * 5000}",
    "per_page=-1&page[number]=2&page=3",
    "sort=,&filter[id]=,&range[id]=²,٣",
    f"range[id]=1,{'9' * 400}&filter[id]=²",
    "after=2026-02-30&id=[&before=9999-12-31T23:59:59Z",
    "created_at=>=2026-02-30T00:00:00Z<=9999-12-31T23:59:59-14:00&id=>=²&disabled=²",
    "%ff=%ff&%",
]
TARGETS = [
    "*",
    "",
    "//",
    "/w/",
    "/v1/calendars/²",
    f"/v1/calendars/{'9' * 5000}",
    "/v2/users/٣/slots",
]


def expect_verdicts(checks: PassiveChecks, exchange: Exchange) -> None:
    """Check an exchange twice, and ask for the outcomes."""
    findings = [*checks.on_exchange(exchange), *checks.on_exchange(exchange)]
    assert {each.verdict for each in findings} <= {Verdict.HELD, Verdict.BROKEN, Verdict.KNOWN}
    assert len(checks.outcomes()) >= len(checks.ledger)


def with_value(body: Any, value: Any) -> Any:
    """Return a body in which a value stands for each member of its rows."""
    if isinstance(body, list):
        return [with_value(each, value) for each in body]
    if isinstance(body, dict):
        is_envelope = any(isinstance(each, list) for each in body.values()) and len(body) == 1
        return {
            key: with_value(each, value) if is_envelope else value for key, each in body.items()
        }
    return value


@pytest.mark.parametrize("api", SESSIONS)
def test_odd_parts(api: str) -> None:
    session = SESSIONS[api]()
    checks = PassiveChecks(api, "live", CredentialMask())
    listed = next(each for each in session if "page=2" in each.answer.request.target)
    for value in VALUES:
        body = with_value(json.loads(listed.answer.body), value)
        answer = replace(listed.answer, body=json.dumps(body).encode())
        expect_verdicts(checks, listed._replace(answer=answer))
    for text in HEADERS:
        headers = listed.answer.headers.copy()
        for name in dict(headers):
            headers[name] = text
        expect_verdicts(checks, listed._replace(answer=replace(listed.answer, headers=headers)))
    path = listed.answer.request.target.partition("?")[0]
    for target in [*(f"{path}?{query}" for query in QUERIES), *TARGETS]:
        request = replace(listed.answer.request, target=target)
        expect_verdicts(checks, listed._replace(answer=replace(listed.answer, request=request)))
