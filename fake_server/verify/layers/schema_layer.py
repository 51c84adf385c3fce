"""The schema layer: Schemathesis over the operations of `schemas/<api>/openapi.yaml`.

Imported only where it runs: it needs Schemathesis, whose engine it drives.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import schemathesis
from hypothesis.configuration import set_hypothesis_home_dir

from fake_server.verify.api.description import Description
from fake_server.verify.errors import CouldNotRunError, brief
from fake_server.verify.layers.narrowing import Document, each_input_once, read_only
from fake_server.verify.layers.outcomes import Missing, OperationFinding, SchemaFailure, Verdict
from fake_server.verify.layers.schemathesis_parts import (
    Failure,
    FailureGroup,
    Ok,
    SchemathesisConfig,
    Status,
    events,
    from_schema,
)
from fake_server.verify.layers.schemathesis_transport import PLACEHOLDER, Gate
from fake_server.verify.server.secrets import Secrets
from fake_server.verify.target.target import Target

_CONFORMANCE = frozenset(
    {
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
        "response_headers_conformance",
    }
)
_INVENTED = 120
_THOROUGH = 100
_PHASES = frozenset({"examples", "coverage", "fuzzing", "stateful"})
_ONCE = frozenset({"coverage", "fuzzing"})
"""The phases that need each parameter in one operation only."""
_LIVE = "the answer is one that the live profile declares"


def _label(operation: Any) -> str:
    """Return the label of an operation, or of one that Schemathesis cannot read."""
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
        self._known: Description = target.description
        # What is invented bears no name, and takes the records of others: for a fake alone.
        self._writes = {"data", "writes"} <= target.capabilities
        methods = None if self._writes else frozenset({"GET", "HEAD"})
        self._gate = Gate(target.sender, target.identity.right, methods)
        self._secrets: Secrets = target.sender.secrets
        self._cache = cache
        documented, live = (self._permitted(documents[entry]) for entry in ("documented", "live"))
        self._plans = list(self._planned(documented, thorough=thorough))
        self._labels = [_label(entry) for entry in self._plans[0].get_all_operations()]
        self._live = self._load(live, _PHASES, 1)
        self._progress = progress
        self._failures: dict[str, dict[tuple[str, str], SchemaFailure]] = {}
        self._checked: dict[str, int] = {}
        self._errors: dict[str, str] = {}
        self.interrupted = False

    def _permitted(self, document: Document) -> Document:
        return document if self._writes else read_only(document)

    def _planned(self, document: Document, *, thorough: bool) -> Iterator[Any]:
        if thorough:
            yield self._load(document, _PHASES, _THOROUGH)
            return
        share = min(20, max(3, _INVENTED // len(list(document["paths"]))))
        narrowed, without = each_input_once(document)
        yield self._load(document, _PHASES - _ONCE, share)
        yield self._load(narrowed, _ONCE, share, uncovered=without)

    def _load(
        self,
        document: Document,
        phases: frozenset[str],
        max_examples: int,
        uncovered: list[str] | None = None,
    ) -> Any:
        settings = self._settings(max_examples)
        for phase in _PHASES:
            settings["phases"].setdefault(phase, {})["enabled"] = phase in phases
        settings["operations"] += [
            {"include-operation-id": entry, "phases": {"coverage": {"enabled": False}}}
            for entry in uncovered or ()
        ]
        config = SchemathesisConfig.from_dict(settings)
        schema = schemathesis.openapi.from_dict(dict(document), config=config)
        # Whatever stands here keeps Schemathesis from asking the document's servers itself.
        schema.app = self._gate
        return schema

    def _settings(self, max_examples: int) -> dict[str, Any]:
        disabled = {entry.check: {"enabled": False} for entry in self._known.disabled}
        return {
            "headers": {name: PLACEHOLDER for name, _ in self._target.identity.right},
            "workers": 1,
            "continue-on-failure": True,
            "suppress-health-check": ["all"],
            "warnings": False,
            "cache": {"enabled": False},
            "checks": disabled,
            "operations": [{**entry.selector, **entry.settings} for entry in self._known.adjusted],
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
        """Send requests until all phases are done or nothing more may be sent."""
        with _hypothesis_at_home(self._cache), self._gate.installed():
            for schema in self._plans:
                if not self._gate.ended:
                    self._execute(schema)
        self.interrupted = self._target.sender.interrupt.heard
        if self._gate.fatal is not None:
            raise self._gate.fatal
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
                self._note(event)
                if self._gate.last in event.recorder.cases:
                    stream.stop()
            elif isinstance(event, events.NonFatalError):
                self._errors.setdefault(event.label, _told(event.value))
            elif isinstance(event, events.FatalError):
                raise CouldNotRunError(f"the schema layer ended: {_told(event.exception)}")

    def _require_known_errors(self) -> None:
        """Raise `CouldNotRunError` for an error that no operation's verdict would tell."""
        for label, error in self._errors.items():
            if label not in self._labels:
                raise CouldNotRunError(f"the schema layer could not check {label}: {error}")

    def _note(self, event: events.ScenarioFinished) -> None:
        recorder = event.recorder
        for case_id, checks in recorder.checks.items():
            if case_id not in recorder.cases:
                continue
            label = recorder.cases[case_id].value.operation.label
            if case_id in self._gate.unanswered:
                self._note_unanswered(label, case_id)
            if case_id in self._gate.cut_off:
                continue
            self._checked[label] = self._checked.get(label, 0) + 1
            for check in checks:
                if check.status == Status.FAILURE and check.failure_info is not None:
                    self._fail(recorder, case_id, label, check)

    def _note_unanswered(self, label: str, case_id: str) -> None:
        seen = self._secrets.hide(self._gate.unanswered[case_id])
        failure = SchemaFailure("answer", "No answer", seen, self._curl(case_id), None)
        self._failures.setdefault(label, {}).setdefault(("answer", ""), failure)

    def _curl(self, case_id: str) -> str:
        request = self._gate.sent.get(case_id)
        base_url = self._target.sender.base_url
        return request.curl(base_url, self._secrets) if request else ""

    def _fail(self, recorder: Any, case_id: str, label: str, check: Any) -> None:
        failure = check.failure_info.failure
        asked = failure.case_id or case_id
        if asked in self._gate.cut_off:
            return
        key = (check.name, failure.title)
        noted = self._failures.setdefault(label, {})
        excuse = self._excuse(check.name, recorder, case_id)
        if key in noted and (noted[key].excuse is None or excuse is not None):
            return
        noted[key] = SchemaFailure(
            check=check.name,
            title=failure.title,
            message=self._secrets.hide(brief(failure.message, 600)),
            curl=self._curl(asked),
            excuse=excuse,
        )

    def _excuse(self, check: str, recorder: Any, case_id: str) -> str | None:
        """Return why a failure is a known deviation: a behaviour's id, or the live document."""
        if self._target.rules.documented:
            return None
        if check in self._known.tolerated:
            return self._known.tolerated[check]
        response = recorder.find_response(case_id=case_id)
        operation = recorder.cases[case_id].value.operation
        if check not in _CONFORMANCE or response is None:
            return None
        try:
            self._live[operation.path][operation.method.upper()].validate_response(response)
        except (Failure, FailureGroup, KeyError):
            return None
        return _LIVE

    def findings(self) -> list[OperationFinding]:
        """Return the verdict on each operation that may be asked at all."""
        return [self._finding(label) for label in self._labels]

    def _finding(self, label: str) -> OperationFinding:
        failures = tuple(self._failures.get(label, {}).values())
        checked = self._checked.get(label, 0)
        missing = self._missing(label, checked)
        if any(entry.excuse is None for entry in failures):
            verdict = Verdict.BROKEN
        elif missing is not None:
            verdict = Verdict.NOT_SHOWN
        else:
            verdict = Verdict.KNOWN if failures else Verdict.HELD
        shown = None if verdict is Verdict.BROKEN else missing
        return OperationFinding(label, verdict, checked, failures, shown)

    def _missing(self, label: str, checked: int) -> Missing | None:
        """Return the reason why an operation was not checked; None if it was."""
        if label in self._errors:
            return Missing("untested", f"a run without this error: {self._errors[label]}")
        if checked:
            return None
        budget = self._target.sender.budget
        if budget.spent:
            return Missing("budget", f"more than the {budget.limit} requests allowed")
        return Missing("untested", "a run that reaches it")


def _told(error: Exception) -> str:
    return brief(f"{type(error).__name__}: {error}".splitlines()[0], 200)


@contextmanager
def _hypothesis_at_home(cache: Path | None) -> Iterator[None]:
    """Keep Hypothesis out of the working directory, to which it would write."""
    with TemporaryDirectory(prefix="understudy-") as folder:
        set_hypothesis_home_dir(folder if cache is None else cache / "hypothesis")
        try:
            yield
        finally:
            set_hypothesis_home_dir(None)
