"""The pytest plugin of a run: it gives tests the target, checks marks and collects outcomes.

It needs pytest, so it is imported only where contract tests run.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from fake_server.errors import VerificationError
from fake_server.verify.api_files.declared_operations import DeclaredOperation
from fake_server.verify.api_files.ledger import SHARED, Entry, is_selected, shared_ids
from fake_server.verify.layers.fit import require_fit
from fake_server.verify.layers.outcome_making import outcome_of
from fake_server.verify.layers.outcomes import Outcome
from fake_server.verify.layers.plan import BehaviourCase, Plan
from fake_server.verify.layers.pytest_items import (
    OPERATION,
    case_of,
    marks_of_node,
    name_of_test,
    takes_operation,
)
from fake_server.verify.marks import BehaviourMark
from fake_server.verify.outcome_errors import NotShownError, brief
from fake_server.verify.target.operation_under_test import OperationUnderTest
from fake_server.verify.target.paths import Paths
from fake_server.verify.target.rotation import Rotation
from fake_server.verify.target.target import Target

PlannedCase = tuple[Entry, DeclaredOperation | None]
"""An entry and the operation of one of its tests; None for an entry that is shown once."""


class _NothingToDecideError(Exception):
    """A case has nothing to decide, so it has no outcome."""


class ContractPlugin:
    """Runs the tests of some behaviours against a target.

    `part`: the number of a part of the ledger, and how many there are; `plan` has the operations
    of shared entries. `on_plan` receives the cases that the target can show, before the first one.
    """

    def __init__(
        self,
        target: Target,
        ledger: Mapping[str, Entry],
        plan: Plan,
        *,
        rotation: Rotation,
        only: tuple[str, ...] = (),
        part: tuple[int, int] = (0, 1),
        stop_at_failure: bool = False,
        progress: Callable[[int, int, str], None] = lambda done, total, name: None,
        on_plan: Callable[[list[PlannedCase]], None] = lambda cases: None,
    ) -> None:
        self.outcomes: list[Outcome] = []
        self.mistake: VerificationError | None = None
        self.fatal: str | None = None
        self.interrupted = False
        self._target = target
        self._api = target.api.name
        self._ledger = ledger
        self._plan = plan
        self._rotation = rotation
        self._paths = Paths(target, plan.operations)
        self._current_operation: OperationUnderTest | None = None
        self._only = only
        self._part = part
        self._stop_at_failure = stop_at_failure
        self._progress = progress
        self._on_plan = on_plan
        self._started = 0

    def pytest_configure(self, config: pytest.Config) -> None:
        """Declare the mark and the fixtures."""
        # The outcome has the exception of a test. The traceback of pytest would take 50 ms.
        config.option.tbstyle = "native"
        config.addinivalue_line("markers", "behaviour(mark): the ledger entry that a test shows")
        config.pluginmanager.register(self._fixtures(), "contract-fixtures")

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Run a test with the fixture `operation` for each operation that its entries apply to."""
        if OPERATION not in metafunc.fixturenames:
            return
        ids = [mark.id for mark in self._marks_of(metafunc.definition)]
        cases = self._plan.cases(ids)
        metafunc.parametrize(OPERATION, cases, ids=[case.name for case in cases], indirect=True)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a module that cannot be collected."""
        if report.failed and self.mistake is None:
            reason = brief(str(report.longrepr).strip().splitlines()[-1])
            self.mistake = VerificationError(f"tests and ledger do not fit: {reason}")

    def pytest_collection_modifyitems(
        self, session: pytest.Session, items: list[pytest.Item]
    ) -> None:
        """Compare tests and ledger, select the tests and sort them."""
        if self.mistake is None:
            self.mistake = self._mistake(items)
        if self.mistake is not None:
            items.clear()
            return
        selected = [item for item in items if self._is_selected(item)]
        selected.sort(key=self._sort_key)
        items[:] = selected

    def _mistake(self, items: list[pytest.Item]) -> VerificationError | None:
        tests = [
            (name_of_test(item), self._marks_of(item), takes_operation(item))
            for item in items
            if self._marks_of(item) or not marks_of_node(item)
        ]
        try:
            require_fit(tests, self._ledger, self._only)
        except VerificationError as mistake:
            return mistake
        return None

    def _marks_of(self, node: Any) -> list[BehaviourMark]:
        """Return the `behaviour` marks of a test, with the API's name in shared ids.

        Shared entries that apply to no operation of this API are left out.
        """
        applicable = []
        for mark in marks_of_node(node):
            topic = mark.id.partition(".")[2]
            api_mark = replace(mark, id=f"{self._api}.{topic}")
            if api_mark.id in self._ledger or f"{SHARED}{topic}" not in shared_ids():
                applicable.append(api_mark if mark.id.startswith(SHARED) else mark)
        return applicable

    def _marks(self, item: pytest.Item) -> list[BehaviourMark]:
        """Return the marks of a test in its case: a shared entry must apply to its operation."""
        marks_of_test, case = self._marks_of(item), case_of(item)
        if case is None:
            return marks_of_test
        return [
            replace(mark, live=case.live)
            for mark in marks_of_test
            if (mark.id, case.operation.id) in self._plan.turns
            and is_selected(mark.id, self._only, case.operation.id)
            and not (case.live and self._ledger[mark.id].live is not None)
        ]

    def _is_selected(self, item: pytest.Item) -> bool:
        if not self._marks_of(item):
            return False
        if takes_operation(item):
            return case_of(item) is not None and bool(self._marks(item))
        position = self._positions[self._marks_of(item)[0].id]
        part_number, parts = self._part
        return position % parts == part_number and any(
            not (mark.live and self._target.rules.documented) and is_selected(mark.id, self._only)
            for mark in self._marks(item)
        )

    @property
    def _positions(self) -> dict[str, int]:
        return {id_: position for position, id_ in enumerate(self._ledger)}

    def _sort_key(self, item: pytest.Item) -> tuple[int, int, int, bool]:
        """Return the sort key of a test, so that any beginning of a run shows most.

        First come the operations that show each shared entry once, then the API's own entries,
        then the other operations. Tests of one operation are together, to share answers.
        """
        first_mark = min(self._marks(item), key=lambda mark: self._positions[mark.id])
        case, position = case_of(item), self._positions[first_mark.id]
        if case is None:
            return 1, 0, position, first_mark.live
        group = 0 if case.operation.id in self._plan.first else 2
        return group, self._plan.order.index(case.operation.id), position, first_mark.live

    def pytest_assertrepr_compare(self, op: str, left: object, right: object) -> list[str]:
        """Return the explanation of a failed comparison, without credentials.

        That of pytest leaves out what both sides begin with: it may cut a credential.
        """
        return [f"{brief(repr(left))} {op} {brief(repr(right))}"]

    def pytest_runtest_logstart(self, nodeid: str, location: Any) -> None:
        """Report progress."""
        self._progress(self._started, self._total, nodeid.rpartition("/")[2])
        self._started += 1

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Note the number of tests, and say which of them the target can show."""
        self._total = len(session.items)
        if self.mistake is None:
            self._on_plan([case for item in session.items for case in self._planned(item)])

    def _planned(self, item: pytest.Item) -> list[PlannedCase]:
        """Return the entry and the operation of a test, if its first mark allows it here."""
        case, marks = case_of(item), self._marks(item)
        mark = marks[0]
        is_runnable = {*mark.needs} <= self._target.capabilities and (
            self._target.rules.allow_invalid or not mark.invalid
        )
        # A live case runs only where the documented one failed.
        if not is_runnable or (case is not None and case.live):
            return []
        return [(self._ledger[mark.id], None if case is None else case.operation)]

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Raise `NotShownError`, before any request, for a test that this target cannot run."""
        case = case_of(item)
        if case is not None and case.live and not self._has_documented_failure(item, case):
            raise _NothingToDecideError
        for mark in self._marks(item):
            missing = [name for name in mark.needs if name not in self._target.capabilities]
            if missing:
                raise NotShownError(f"the capability {' and '.join(missing)}", "capability")
            if mark.invalid and not self._target.rules.allow_invalid:
                raise NotShownError(
                    "wrong parameters or credentials, which are not allowed here", "invalid"
                )
            self._target.require_budget()

    def _has_documented_failure(self, item: pytest.Item, case: BehaviourCase) -> bool:
        ids = {mark.id for mark in self._marks(item)}
        return any(
            outcome.behaviour in ids
            and outcome.operation == case.operation.id
            and outcome.state == "failed"
            for outcome in self.outcomes
        )

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> "Iterator[Any]":
        """Record the outcome of a test."""
        report = yield
        exception = call.excinfo.value if call.excinfo else None
        if isinstance(exception, VerificationError):
            self.fatal = str(exception)
            item.session.shouldstop = self.fatal
        elif (call.when == "call" or exception is not None) and not isinstance(
            exception, _NothingToDecideError
        ):
            self._record_outcome(item, call.duration, exception)
        return report

    def _record_outcome(
        self, item: pytest.Item, seconds: float, exception: BaseException | None
    ) -> None:
        case = case_of(item)
        for mark in self._marks(item):
            if mark.live and self._target.rules.documented:
                continue
            outcome = outcome_of(mark, name_of_test(item), seconds, exception, self._target)
            if "data" in mark.needs:
                outcome = replace(outcome, own_records=True)
            if case is not None:
                notes = self._current_operation.notes if self._current_operation else []
                outcome = replace(outcome, operation=case.operation.id, note="; ".join(notes))
            self.outcomes.append(outcome)
            if self._stop_at_failure and self._is_decided_broken(outcome):
                item.session.shouldstop = "a behaviour is broken"

    def _is_decided_broken(self, last: Outcome) -> bool:
        """Return whether a behaviour is broken, whatever the outcome of its other tests."""
        failed = {
            outcome.live
            for outcome in self.outcomes
            if (outcome.behaviour, outcome.operation) == (last.behaviour, last.operation)
            and outcome.state == "failed"
        }
        excusable = not self._target.rules.documented and (
            self._ledger[last.behaviour].live is not None
            or last.operation in self._plan.live_operations
        )
        return failed == {False, True} if excusable else bool(failed)

    def pytest_keyboard_interrupt(self, excinfo: Any) -> None:
        """Note that the user interrupted the run."""
        self.interrupted = True

    def pytest_internalerror(self, excrepr: Any, excinfo: pytest.ExceptionInfo[Any]) -> None:
        """Note a defect of the harness or of a test module."""
        self.fatal = f"a defect of the harness: {excinfo.exconly()}"

    def _operation_under_test(self, operation: Any) -> OperationUnderTest:
        """Return an operation under test; consecutive tests of it get the same object."""
        if self._current_operation is None or self._current_operation.declared is not operation:
            self._current_operation = OperationUnderTest(
                self._target, operation, self._paths, self._rotation
            )
        self._current_operation.notes.clear()
        return self._current_operation

    def _fixtures(self) -> Any:
        plugin, target = self, self._target

        @pytest.fixture(name=self._api)
        def target_fixture(self: Any, request: pytest.FixtureRequest) -> Iterator[Target]:
            yield target
            if any(mark.needs for mark in marks_of_node(request.node)):
                target.restore()

        @pytest.fixture(name=OPERATION)
        def operation(self: Any, request: pytest.FixtureRequest) -> Iterator[OperationUnderTest]:
            yield plugin._operation_under_test(request.param.operation)
            if any("writes" in mark.needs for mark in marks_of_node(request.node)):
                plugin._current_operation = None
                target.restore()

        return type("ContractFixtures", (), {self._api: target_fixture, OPERATION: operation})()
