"""The pytest plugin of a run: the target as a fixture, marks checked, outcomes collected.

Imported only where contract tests are run: it needs pytest.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fake_server.verify.api.ledger import SHARED, Entry, shared_ids, wanted
from fake_server.verify.errors import BrokenError, CouldNotRunError, NotShownError, brief
from fake_server.verify.layers.fit import require_fit
from fake_server.verify.layers.outcomes import Failure, Missing, Outcome
from fake_server.verify.layers.plan import Case, Plan
from fake_server.verify.marks import Mark
from fake_server.verify.target.paths import Paths
from fake_server.verify.target.rotation import Rotation
from fake_server.verify.target.target import Target
from fake_server.verify.target.under_test import OperationUnderTest

OPERATION = "operation"
"""The fixture by which a test is run for each operation that its entry speaks of."""


class _NotAskedError(Exception):
    """A case has nothing to decide, so that nothing is said of it."""


class ContractPlugin:
    """Runs the tests of some behaviours against a target.

    `part`: which of so many parts of the ledger is run; shared entries go by `plan`.
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
    ) -> None:
        self.outcomes: list[Outcome] = []
        self.mistake: CouldNotRunError | None = None
        self.fatal: str | None = None
        self.interrupted = False
        self._target = target
        self._api = target.description.api
        self._ledger = ledger
        self._plan = plan
        self._rotation = rotation
        self._paths = Paths(target, plan.operations)
        self._asked: OperationUnderTest | None = None
        self._only = only
        self._part = part
        self._stop_at_failure = stop_at_failure
        self._progress = progress
        self._done = 0

    def pytest_configure(self, config: pytest.Config) -> None:
        """Declare the mark and the fixtures."""
        # The outcome has a test's exception: pytest's own account of it takes 50 ms.
        config.option.tbstyle = "native"
        config.addinivalue_line("markers", "behaviour(mark): the ledger entry that a test shows")
        config.pluginmanager.register(self._fixtures(), "contract-fixtures")

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Run a test that asks for an operation once for each of those its entries speak of."""
        if OPERATION not in metafunc.fixturenames:
            return
        ids = [mark.id for mark in self._said_of(metafunc.definition)]
        cases = self._plan.cases(ids)
        metafunc.parametrize(OPERATION, cases, ids=[one.name for one in cases], indirect=True)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note what cannot be collected."""
        if report.failed and self.mistake is None:
            reason = brief(str(report.longrepr).strip().splitlines()[-1])
            self.mistake = CouldNotRunError(f"tests and ledger do not fit: {reason}")

    def pytest_collection_modifyitems(
        self, session: pytest.Session, items: list[pytest.Item]
    ) -> None:
        """Hold tests and ledger against each other, choose and order what is run."""
        if self.mistake is None:
            self.mistake = self._mistake(items)
        if self.mistake is not None:
            items.clear()
            return
        chosen = [item for item in items if self._is_chosen(item)]
        chosen.sort(key=self._place)
        items[:] = chosen

    def _mistake(self, items: list[pytest.Item]) -> CouldNotRunError | None:
        tests = [
            (_name(item), self._said_of(item), _asks(item))
            for item in items
            if self._said_of(item) or not marks(item)
        ]
        try:
            require_fit(tests, self._ledger, self._only)
        except CouldNotRunError as mistake:
            return mistake
        return None

    def _said_of(self, node: Any) -> list[Mark]:
        """Return the `behaviour` mark of a test, with the API's name in shared ids.

        Shared entries that speak of no operation of this API are left out.
        """
        said = []
        for mark in marks(node):
            topic = mark.id.partition(".")[2]
            own = replace(mark, id=f"{self._api}.{topic}")
            if own.id in self._ledger or f"{SHARED}{topic}" not in shared_ids():
                said.append(own if mark.id.startswith(SHARED) else mark)
        return said

    def _marks(self, item: pytest.Item) -> list[Mark]:
        """Return the behaviours that a test shows in this case: of shared ones, those about it."""
        said, case = self._said_of(item), _case(item)
        if case is None:
            return said
        return [
            replace(mark, live=case.live)
            for mark in said
            if (mark.id, case.operation.id) in self._plan.turns
            and wanted(mark.id, self._only, case.operation.id)
            and not (case.live and self._ledger[mark.id].live is not None)
        ]

    def _is_chosen(self, item: pytest.Item) -> bool:
        if not self._said_of(item):
            return False
        if _asks(item):
            return _case(item) is not None and bool(self._marks(item))
        place = self._places[self._said_of(item)[0].id]
        place_of_part, parts = self._part
        return place % parts == place_of_part and any(
            not (mark.live and self._target.rules.documented) and wanted(mark.id, self._only)
            for mark in self._marks(item)
        )

    @property
    def _places(self) -> dict[str, int]:
        return {id_: place for place, id_ in enumerate(self._ledger)}

    def _place(self, item: pytest.Item) -> tuple[int, int, bool]:
        """Return where a test stands: shared ones by their operation, whose answers they share."""
        first = min(self._marks(item), key=lambda mark: self._places[mark.id])
        case, place = _case(item), self._places[first.id]
        if case is None:
            return len(self._plan.operations), place, first.live
        ids = [one.id for one in self._plan.operations]
        return ids.index(case.operation.id), place, first.live

    def pytest_runtest_logstart(self, nodeid: str, location: Any) -> None:
        """Tell how far the run is."""
        self._progress(self._done, self._total, nodeid.rpartition("/")[2])
        self._done += 1

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Note how many tests are run."""
        self._total = len(session.items)

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Refuse what this target cannot show, before a request is spent on it."""
        case = _case(item)
        if case is not None and case.live and not self._has_failed(item, case):
            raise _NotAskedError
        for mark in self._marks(item):
            lacking = [name for name in mark.needs if name not in self._target.capabilities]
            if lacking:
                raise NotShownError(f"the capability {' and '.join(lacking)}", "capability")
            if mark.invalid and not self._target.rules.allow_invalid:
                raise NotShownError(
                    "wrong parameters or credentials, which are not allowed here", "invalid"
                )
            self._target.require_budget()

    def _has_failed(self, item: pytest.Item, case: Case) -> bool:
        ids = {mark.id for mark in self._marks(item)}
        return any(
            one.behaviour in ids and one.operation == case.operation.id and one.state == "failed"
            for one in self.outcomes
        )

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> "Iterator[Any]":
        """Note what became of a test."""
        report = yield
        raised = call.excinfo.value if call.excinfo else None
        if isinstance(raised, CouldNotRunError):
            self.fatal = str(raised)
            item.session.shouldstop = self.fatal
        elif (call.when == "call" or raised is not None) and not isinstance(raised, _NotAskedError):
            self._note(item, call.duration, raised)
        return report

    def _note(self, item: pytest.Item, seconds: float, raised: BaseException | None) -> None:
        case = _case(item)
        for mark in self._marks(item):
            if mark.live and self._target.rules.documented:
                continue
            outcome = _outcome(mark, _name(item), seconds, raised, self._target)
            if case is not None:
                notes = self._asked.notes if self._asked else []
                outcome = replace(outcome, operation=case.operation.id, note="; ".join(notes))
            self.outcomes.append(outcome)
            if self._stop_at_failure and self._is_broken(outcome):
                item.session.shouldstop = "a behaviour is broken"

    def _is_broken(self, last: Outcome) -> bool:
        """Return whether a behaviour is broken whatever its remaining tests say."""
        failed = {
            one.live
            for one in self.outcomes
            if (one.behaviour, one.operation) == (last.behaviour, last.operation)
            and one.state == "failed"
        }
        excusable = not self._target.rules.documented and (
            self._ledger[last.behaviour].live is not None or last.operation in self._plan.twins
        )
        return failed == {False, True} if excusable else bool(failed)

    def pytest_keyboard_interrupt(self, excinfo: Any) -> None:
        """Note that the user stopped the run."""
        self.interrupted = True

    def pytest_internalerror(self, excrepr: Any, excinfo: pytest.ExceptionInfo[Any]) -> None:
        """Note a defect of the harness or of a test module."""
        self.fatal = f"a defect of the harness: {excinfo.exconly()}"

    def _under_test(self, operation: Any) -> OperationUnderTest:
        """Return an operation as its tests see it; the same to all of them, one after another."""
        if self._asked is None or self._asked.declared is not operation:
            self._asked = OperationUnderTest(self._target, operation, self._paths, self._rotation)
        self._asked.notes.clear()
        return self._asked

    def _fixtures(self) -> Any:
        plugin, target = self, self._target

        @pytest.fixture(name=self._api)
        def own(self: Any, request: pytest.FixtureRequest) -> Iterator[Target]:
            yield target
            if any(mark.needs for mark in marks(request.node)):
                target.restore()

        @pytest.fixture(name=OPERATION)
        def operation(self: Any, request: pytest.FixtureRequest) -> OperationUnderTest:
            return plugin._under_test(request.param.operation)

        return type("ContractFixtures", (), {self._api: own, OPERATION: operation})()


def marks(node: Any) -> list[Mark]:
    """Return the `behaviour` marks of a test; the nearest decorator first."""
    found = [mark.args[0] for mark in node.iter_markers("behaviour") if mark.args]
    return [one for one in found if isinstance(one, Mark)]


def _asks(item: pytest.Item) -> bool:
    return OPERATION in getattr(item, "fixturenames", ())


def _case(item: pytest.Item) -> Case | None:
    """Return the cases of a test; None if it is run once, or for no operation at all."""
    called = getattr(item, "callspec", None)
    found = called.params.get(OPERATION) if called is not None else None
    return found if isinstance(found, Case) else None


def _name(item: pytest.Item) -> str:
    return f"{Path(item.path).name}::{item.name}"


def _outcome(
    mark: Mark, test: str, seconds: float, raised: BaseException | None, target: Target
) -> Outcome:
    if raised is None:
        return Outcome(mark.id, mark.live, test, "passed", seconds)
    if isinstance(raised, NotShownError):
        missing = Missing(raised.why, target.hide(raised.missing))
        return Outcome(mark.id, mark.live, test, "not shown", seconds, missing=missing)
    failure = _failure(raised, target)
    return Outcome(mark.id, mark.live, test, "failed", seconds, failure=failure)


def _failure(raised: BaseException, target: Target) -> Failure:
    curl = target.last_curl()
    if isinstance(raised, BrokenError):
        what, expected, seen = raised.what, raised.expected, raised.seen
        curl = raised.curl or curl
    elif isinstance(raised, AssertionError):
        what, expected, seen = "", "", brief(str(raised) or "something else", 800)
    else:
        what, expected = "the answer", "what the test can read"
        seen = brief(f"{type(raised).__name__}: {raised} at {_line(raised)}")
    return Failure(target.hide(what), target.hide(expected), target.hide(seen), target.hide(curl))


def _line(raised: BaseException) -> str:
    trace = raised.__traceback__
    place = "?"
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        if path.name.startswith(("test_", "helpers")):
            place = f"{path.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
