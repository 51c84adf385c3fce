"""The schema layer: Schemathesis over the operations of `schemas/<api>/openapi.yaml`.

It needs Schemathesis, so it is imported only where it runs.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import schemathesis

from fake_server.errors import VerificationError
from fake_server.verify.api_files.api_under_test import ApiUnderTest
from fake_server.verify.layers.credential_placeholders import Placeholders
from fake_server.verify.layers.hypothesis_settings import hypothesis_home, no_constants
from fake_server.verify.layers.narrowing import Document, each_input_once, read_only
from fake_server.verify.layers.outcomes import (
    NotShownReason,
    OperationFinding,
    SchemaFailure,
    Verdict,
)
from fake_server.verify.layers.schemathesis_parts import (
    Failure,
    FailureGroup,
    Ok,
    SchemathesisConfig,
    Status,
    events,
    from_schema,
)
from fake_server.verify.layers.schemathesis_transport import BudgetedTransport
from fake_server.verify.outcome_errors import brief
from fake_server.verify.server.credential_mask import CredentialMask
from fake_server.verify.target.target import Target

_CONFORMANCE = frozenset(
    {
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
        "response_headers_conformance",
    }
)
_INVENTED_CASES = 120
_THOROUGH_CASES = 100
_PHASES = frozenset({"examples", "coverage", "fuzzing", "stateful"})
_NARROWED_PHASES = frozenset({"coverage", "fuzzing"})
"""The phases that test each parameter in one operation only."""
_LIVE_EXCUSE = "the answer is one that the live profile declares"


def _label_of(operation: Any) -> str:
    """Return the label of an operation, which Schemathesis may have failed to read."""
    if isinstance(operation, Ok):
        return str(operation.ok().label)
    error = operation.err()
    return f"{str(error.method).upper()} {error.path}"


class SchemaLayer:
    """One run of Schemathesis against a target, within its rules and budget.

    `cache`: where Hypothesis keeps its tables of characters, which take a second to make.
    """

    def __init__(
        self,
        target: Target,
        documents: Mapping[str, Document],
        *,
        thorough: bool,
        progress: Callable[[int, int, str], None],
        cache: Path | None = None,
    ) -> None:
        self._target = target
        self._api: ApiUnderTest = target.api
        # Invented records bear no mark, and invented ids may be those of others: only a fake
        # gets them.
        self._writes = {"data", "writes"} <= target.capabilities
        methods = None if self._writes else frozenset({"GET", "HEAD"})
        self._placeholders = Placeholders(target.identity)
        self._transport = BudgetedTransport(target.sender, self._placeholders, methods)
        self._mask: CredentialMask = target.sender.mask
        self._cache = cache
        documented, live = (
            self._allowed_document(documents[profile]) for profile in ("documented", "live")
        )
        self._schemas = list(self._schemas_of(documented, thorough=thorough))
        self._labels = [_label_of(operation) for operation in self._schemas[0].get_all_operations()]
        self._live_schema = self._load(live, _PHASES, 1)
        self._progress = progress
        self._failures: dict[str, dict[tuple[str, str], SchemaFailure]] = {}
        self._case_counts: dict[str, int] = {}
        self._errors: dict[str, str] = {}
        self.interrupted = False

    def _allowed_document(self, document: Document) -> Document:
        return document if self._writes else read_only(document)

    def _schemas_of(self, document: Document, *, thorough: bool) -> Iterator[Any]:
        if thorough:
            yield self._load(document, _PHASES, _THOROUGH_CASES)
            return
        max_examples = min(20, max(3, _INVENTED_CASES // len(list(document["paths"]))))
        narrowed, uncovered = each_input_once(document)
        yield self._load(document, _PHASES - _NARROWED_PHASES, max_examples)
        yield self._load(narrowed, _NARROWED_PHASES, max_examples, uncovered=uncovered)

    def _load(
        self,
        document: Document,
        phases: frozenset[str],
        max_examples: int,
        uncovered: list[str] | None = None,
    ) -> Any:
        settings = self._settings(document, max_examples)
        for phase in _PHASES:
            settings["phases"].setdefault(phase, {})["enabled"] = phase in phases
        settings["operations"] += [
            {"include-operation-id": operation_id, "phases": {"coverage": {"enabled": False}}}
            for operation_id in uncovered or ()
        ]
        config = SchemathesisConfig.from_dict(settings)
        schema = schemathesis.openapi.from_dict(dict(document), config=config)
        # With an app, Schemathesis does not send requests to the document's servers itself.
        schema.app = self._transport
        return schema

    def _settings(self, document: Document, max_examples: int) -> dict[str, Any]:
        disabled = {check.check: {"enabled": False} for check in self._api.disabled}
        return {
            **self._placeholders.settings(document),
            "workers": 1,
            "continue-on-failure": True,
            "suppress-health-check": ["all"],
            "warnings": False,
            "cache": {"enabled": False},
            # A credential that is cut is no longer found: the layer hides it, then cuts.
            "output": {"truncation": {"enabled": False}},
            "checks": disabled,
            "operations": [
                {**adjusted.selector, **adjusted.settings} for adjusted in self._api.adjusted
            ],
            "phases": {"coverage": {"unexpected-methods": []}},
            "generation": {
                "mode": "all" if self._target.rules.allow_invalid else "positive",
                "max-examples": max_examples,
                "deterministic": True,
                "database": "none",
                "allow-extra-parameters": False,
                "no-shrink": True,
            },
        }

    def run(self) -> None:
        """Run all phases, or stop where no more request may be sent."""
        with hypothesis_home(self._cache), no_constants(), self._transport.installed():
            for schema in self._schemas:
                if not self._transport.ended:
                    self._execute(schema)
        self.interrupted = self._target.sender.interrupt.requested
        if self._transport.fatal is not None:
            raise self._transport.fatal
        self._require_known_errors()

    def _execute(self, schema: Any) -> None:
        stream = from_schema(schema).execute()
        phase, done = "", 0
        for event in stream:
            if isinstance(event, events.PhaseStarted):
                phase, done = event.phase.name.display, 0
            elif isinstance(event, events.ScenarioFinished):
                done += 1
                self._progress(done, 0, f"{phase}: {event.label or ''}")
                self._record_scenario(event)
                if self._transport.last in event.recorder.cases:
                    stream.stop()
            elif isinstance(event, events.NonFatalError):
                self._errors.setdefault(event.label, _error_text(event.value))
            elif isinstance(event, events.FatalError):
                raise VerificationError(f"the schema layer ended: {_error_text(event.exception)}")

    def _require_known_errors(self) -> None:
        """Raise `VerificationError` for an error that belongs to no operation."""
        for label, error in self._errors.items():
            if label not in self._labels:
                raise VerificationError(f"the schema layer could not check {label}: {error}")

    def _record_scenario(self, event: events.ScenarioFinished) -> None:
        recorder = event.recorder
        for case_id, checks in recorder.checks.items():
            if case_id not in recorder.cases:
                continue
            label = recorder.cases[case_id].value.operation.label
            if case_id in self._transport.unanswered:
                self._record_unanswered(label, case_id)
            if case_id in self._transport.cut_off:
                continue
            self._case_counts[label] = self._case_counts.get(label, 0) + 1
            for check in checks:
                if check.status == Status.FAILURE and check.failure_info is not None:
                    self._record_failure(recorder, case_id, label, check)

    def _record_unanswered(self, label: str, case_id: str) -> None:
        seen = self._mask.hide(self._transport.unanswered[case_id])
        failure = SchemaFailure("answer", "No answer", seen, self._curl(case_id), None)
        self._failures.setdefault(label, {}).setdefault(("answer", ""), failure)

    def _curl(self, case_id: str) -> str:
        request = self._transport.sent.get(case_id)
        base_url = self._target.sender.base_url
        return request.curl(base_url, self._mask) if request else ""

    def _record_failure(self, recorder: Any, case_id: str, label: str, check: Any) -> None:
        failure = check.failure_info.failure
        failed_case = failure.case_id or case_id
        if failed_case in self._transport.cut_off:
            return
        key = (check.name, failure.title)
        failures = self._failures.setdefault(label, {})
        excuse = self._excuse(check.name, recorder, case_id)
        if key in failures and (failures[key].excuse is None or excuse is not None):
            return
        failures[key] = SchemaFailure(
            check=check.name,
            title=self._mask.brief(failure.title, 300),
            message=self._mask.brief(failure.message, 600),
            curl=self._curl(failed_case),
            excuse=excuse,
        )

    def _excuse(self, check: str, recorder: Any, case_id: str) -> str | None:
        """Return why a failure is a known deviation: a behaviour's id, or the live document.

        None for any other failure.
        """
        if self._target.rules.documented:
            return None
        if check in self._api.tolerated:
            return self._api.tolerated[check]
        response = recorder.find_response(case_id=case_id)
        operation = recorder.cases[case_id].value.operation
        if check not in _CONFORMANCE or response is None:
            return None
        try:
            self._live_schema[operation.path][operation.method.upper()].validate_response(response)
        except (Failure, FailureGroup, KeyError):
            return None
        return _LIVE_EXCUSE

    def findings(self) -> list[OperationFinding]:
        """Return the verdict on each operation that the rules of the run allow."""
        return [self._finding(label) for label in self._labels]

    def _finding(self, label: str) -> OperationFinding:
        failures = tuple(self._failures.get(label, {}).values())
        checked = self._case_counts.get(label, 0)
        missing = self._missing(label, checked)
        if any(failure.excuse is None for failure in failures):
            verdict = Verdict.BROKEN
        elif missing is not None:
            verdict = Verdict.NOT_SHOWN
        else:
            verdict = Verdict.KNOWN if failures else Verdict.HELD
        reason = None if verdict is Verdict.BROKEN else missing
        return OperationFinding(label, verdict, checked, failures, reason)

    def _missing(self, label: str, checked: int) -> NotShownReason | None:
        """Return why an operation was not checked; None if it was."""
        if label in self._errors:
            return NotShownReason("untested", f"a run without this error: {self._errors[label]}")
        if checked:
            return None
        budget = self._target.sender.budget
        if budget.spent:
            return NotShownReason("budget", f"more than the {budget.limit} requests allowed")
        return NotShownReason("untested", "a run that reaches it")


def _error_text(error: Exception) -> str:
    return brief(f"{type(error).__name__}: {error}".partition("\n")[0], 200)
