"""Checks exchanges in a thread of its own, after their answers were sent."""

import queue
import threading
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Protocol

from werkzeug.datastructures import Headers

from fake_server.cli.watch.captured import CapturedExchange, decoded_body, decoded_headers
from fake_server.data_files.api_document import Profile
from fake_server.verify.api_files.api_under_test import api_under_test
from fake_server.verify.layers.judging import judge_all
from fake_server.verify.layers.shape_layer import ShapeRecorder
from fake_server.verify.recording.exchange import Exchange
from fake_server.verify.recording.finding import Finding
from fake_server.verify.recording.passive_checks import PassiveChecks
from fake_server.verify.run.run_report import Report
from fake_server.verify.server.credential_mask import CredentialMask
from fake_server.verify.server.raw_messages import Answer, ApiRequest

MOST_WAITING = 64 * 1024 * 1024
"""The most bytes of bodies that wait for their checks: what comes then is not checked."""

MOST_KEPT = 256 * 1024 * 1024
"""The most bytes of bodies that a recording keeps: what comes then is not kept."""

_SIZE_OF_HEADS = 4096

UNANSWERED = "the target gave no whole answer"
TOO_LARGE = "a body is too large to check"
TOO_MANY = "too many exchanges waited for their checks"
ENCODED = "the body has a Content-Encoding that cannot be undone"


class Observer(Protocol):
    """Sees each exchange with what it shows; called in the thread of the checks."""

    def on_checked(
        self, exchange: CapturedExchange, findings: Sequence[Finding], unchecked: str | None
    ) -> None:
        """Handle an exchange. `unchecked`: why it was not checked; None: it was."""


class Checker:
    """Checks exchanges in the order of their ends.

    `unchecked` counts why exchanges were not checked. `exchanges` are those kept, with all their
    values, in memory alone; `not_kept` counts the others.
    """

    def __init__(
        self, api: str, profile: Profile, target: str, observer: Observer, *, keeps: bool
    ) -> None:
        self.exchanges: list[Exchange] = []
        self.not_kept = 0
        self.unchecked: Counter[str] = Counter()
        self.api = api
        self._profile = profile
        self._target = target
        self._observer = observer
        self._keeps = keeps
        self._kept_bytes = 0
        self._mask = CredentialMask()
        self._checks = PassiveChecks(api, profile, self._mask)
        self._shapes = ShapeRecorder(api)
        self._began = datetime.now(UTC)
        self._requests = 0
        self._waiting_bytes = 0
        self._lock = threading.Lock()
        self._queue: queue.SimpleQueue[CapturedExchange | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="watch-checks", daemon=True)
        self._thread.start()

    def submit(self, exchange: CapturedExchange) -> None:
        """Take an exchange; this never waits."""
        with self._lock:
            is_full = self._waiting_bytes + exchange.size > MOST_WAITING
            if not is_full:
                self._waiting_bytes += exchange.size + _SIZE_OF_HEADS
        if is_full:
            exchange.is_dropped = True
            exchange.drop_bodies()
        self._queue.put(exchange)

    def finish(self) -> None:
        """Wait until all exchanges are checked."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (exchange := self._queue.get()) is not None:
            size = 0 if exchange.is_dropped else exchange.size + _SIZE_OF_HEADS
            self._requests += 1
            unchecked, findings = self._check(exchange)
            if unchecked is not None:
                self.unchecked[unchecked] += 1
            # A closed terminal must not end the checks.
            with suppress(OSError):
                self._observer.on_checked(exchange, findings, unchecked)
            with self._lock:
                self._waiting_bytes -= size

    def _check(self, captured: CapturedExchange) -> tuple[str | None, list[Finding]]:
        if captured.reason is not None:
            return UNANSWERED, []
        if captured.is_dropped:
            return TOO_MANY, []
        if captured.request_body.is_too_large or captured.body.is_too_large:
            return TOO_LARGE, []
        headers = Headers(decoded_headers(captured.headers))
        body = decoded_body(bytes(captured.body.data), headers)
        if body is None:
            return ENCODED, []
        exchange = self._exchange(captured, headers, body)
        try:
            findings = self._checks.on_exchange(exchange)
            self._shapes.on_answer(exchange.answer)
        except Exception as error:  # noqa: BLE001  # one exchange must not end the watch
            # The text of the error may quote the answer.
            return f"a defect of the checks: {type(error).__name__}", []
        self._keep(exchange)
        return None, findings

    def _exchange(self, captured: CapturedExchange, headers: Headers, body: bytes) -> Exchange:
        sent = tuple(decoded_headers(captured.request_headers))
        has_body = bool(captured.request_body.data)
        request = ApiRequest(
            captured.method,
            captured.target,
            sent,
            bytes(captured.request_body.data) if has_body else None,
        )
        answer = Answer(captured.status, headers, body, request, self._target, self._mask)
        return Exchange(f"watch: exchange {captured.number}", answer, captured.at)

    def _keep(self, exchange: Exchange) -> None:
        if not self._keeps:
            return
        size = len(exchange.answer.body) + len(exchange.answer.request.body or b"")
        if self._kept_bytes + size > MOST_KEPT:
            self.not_kept += 1
            return
        self._kept_bytes += size + _SIZE_OF_HEADS
        self.exchanges.append(exchange)

    def report(self) -> Report:
        """Return the report, as a run of the suite has it."""
        checks = self._checks
        shared = {id_ for id_, entry in checks.ledger.items() if entry.applies_to is not None}
        ledger = {
            id_: entry
            for id_, entry in checks.ledger.items()
            if id_ not in shared or id_ in checks.plan.by_entry
        }
        documented = self._profile == "documented"
        labels = checks.plan.labels(ledger, ())
        outcomes = checks.outcomes()
        return Report(
            api=self.api,
            title=api_under_test(self.api).title,
            target=self._target,
            profile=self._profile,
            began=self._began,
            seconds=(datetime.now(UTC) - self._began).total_seconds(),
            requests=self._requests,
            behaviours=judge_all(ledger.values(), labels, outcomes, documented=documented),
            operations=checks.schema.operations(),
            shapes=self._shapes.recording(self._target),
            outcomes=outcomes,
            labels=labels,
        )
