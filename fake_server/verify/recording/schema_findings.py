"""The schema layer's findings of a recording, by operation."""

from collections import Counter
from collections.abc import Callable

from fake_server.data_files.api_document import Profile
from fake_server.verify.api_files.api_under_test import ApiUnderTest
from fake_server.verify.layers.outcomes import (
    NotShownReason,
    OperationFinding,
    SchemaFailure,
    Verdict,
)
from fake_server.verify.recording.exchange import Exchange
from fake_server.verify.recording.finding import SCHEMA, Finding
from fake_server.verify.recording.operation_matching import RouteMatch, Routes
from fake_server.verify.recording.schema_check import SchemaViolation, mistakes_of

_MOST_FAILURES = 3
"""How many failures of each operation a report names, for each check."""

_DOCUMENTED_LIVE = "the live profile's document declares it"


class SchemaFindings:
    """Checks exchanges by the document, and collects the differences."""

    def __init__(
        self, api: ApiUnderTest, profile: Profile, routes: Routes, live_routes: Routes
    ) -> None:
        self._api = api
        self._profile = profile
        self._routes = routes
        self._live_routes = live_routes
        self._cases: Counter[str] = Counter()
        self._failures: dict[str, list[SchemaFailure]] = {}

    def of_exchange(
        self, exchange: Exchange, match: RouteMatch, finding: Callable[..., Finding]
    ) -> list[Finding]:
        """Return a finding for each mistake of an exchange, or one that it held."""
        answer, label = exchange.answer, match.route.label
        self._cases[label] += 1
        mistakes = list(mistakes_of(answer, match, self._routes.document))
        if not mistakes:
            return [Finding(SCHEMA, Verdict.HELD, exchange.position, operation=label)]
        findings = []
        for mistake in mistakes:
            excuse = self._excuse(exchange, mistake)
            verdict = Verdict.BROKEN if excuse is None else Verdict.KNOWN
            schema_finding = finding(
                SCHEMA,
                exchange,
                mistake.check,
                mistake.expected,
                mistake.seen,
                label,
                verdict=verdict,
            )
            findings.append(schema_finding)
            self._add(label, mistake.check, schema_finding, excuse)
        return findings

    def _excuse(self, exchange: Exchange, mistake: SchemaViolation) -> str | None:
        if self._profile == "documented":
            return None
        if mistake.check in self._api.tolerated:
            return self._api.tolerated[mistake.check]
        request = exchange.answer.request
        match = self._live_routes.match(request.method, request.target)
        if match is None:
            return None
        live = mistakes_of(exchange.answer, match, self._live_routes.document)
        return (
            None
            if any(live_mistake.check == mistake.check for live_mistake in live)
            else _DOCUMENTED_LIVE
        )

    def _add(self, label: str, check: str, finding: Finding, excuse: str | None) -> None:
        failures = self._failures.setdefault(label, [])
        alike = [
            failure for failure in failures if (failure.check, failure.excuse) == (check, excuse)
        ]
        if len(alike) < _MOST_FAILURES:
            title = f"{finding.position}: expected {finding.expected}"
            failures.append(
                SchemaFailure(check, title, f"seen: {finding.seen}", finding.curl, excuse)
            )

    def operations(self) -> list[OperationFinding]:
        """Return the verdict on every operation of the document."""
        return [self._verdict(route.label) for route in self._routes.by_id.values()]

    def _verdict(self, label: str) -> OperationFinding:
        failures = tuple(self._failures.get(label, ()))
        cases = self._cases[label]
        if any(failure.excuse is None for failure in failures):
            return OperationFinding(label, Verdict.BROKEN, cases, failures)
        if failures:
            return OperationFinding(label, Verdict.KNOWN, cases, failures)
        if cases:
            return OperationFinding(label, Verdict.HELD, cases, ())
        reason = NotShownReason("data", "an exchange of the recording that reached it")
        return OperationFinding(label, Verdict.NOT_SHOWN, 0, (), reason)
