"""The pytest plugin of a run: targets as fixtures, marks checked, outcomes collected.

Imported only where contract tests are run: it needs pytest.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from fake_server.verify.errors import BrokenError, CouldNotRunError, NotShownError, brief
from fake_server.verify.fit import require_fit
from fake_server.verify.ledger import Entry, wanted
from fake_server.verify.marks import Mark
from fake_server.verify.outcomes import Failure, Missing, Outcome
from fake_server.verify.target import Target


class ContractPlugin:
    """Runs the tests of some behaviours against some targets."""

    def __init__(
        self,
        targets: Mapping[str, Target],
        ledgers: Mapping[str, Mapping[str, Entry]],
        *,
        only: tuple[str, ...] = (),
        stop_at_failure: bool = False,
        progress: Callable[[int, int, str], None] = lambda done, total, name: None,
    ) -> None:
        self.outcomes: list[Outcome] = []
        self.mistake: CouldNotRunError | None = None
        self.fatal: str | None = None
        self.interrupted = False
        self._targets = targets
        self._ledgers = ledgers
        self._only = only
        self._stop_at_failure = stop_at_failure
        self._progress = progress
        self._done = 0

    def pytest_configure(self, config: pytest.Config) -> None:
        """Declare the mark and the fixtures."""
        config.addinivalue_line("markers", "behaviour(mark): the ledger entry that a test shows")
        config.pluginmanager.register(_fixtures(self._targets), "contract-fixtures")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note what cannot be collected."""
        if report.failed and self.mistake is None:
            reason = brief(str(report.longrepr).strip().splitlines()[-1])
            self.mistake = CouldNotRunError(f"tests and ledger do not fit: {reason}")

    def pytest_collection_modifyitems(
        self, session: pytest.Session, items: list[pytest.Item]
    ) -> None:
        """Hold tests and ledgers against each other, choose and order what is run."""
        if self.mistake is None:
            self.mistake = self._mistake(items)
        if self.mistake is not None:
            items.clear()
            return
        places = {id_: place for place, id_ in enumerate(self._ids())}
        chosen = [item for item in items if self._is_chosen(item)]
        chosen.sort(key=lambda item: _place(item, places))
        items[:] = chosen

    def _mistake(self, items: list[pytest.Item]) -> CouldNotRunError | None:
        known = {id_: entry for ledger in self._ledgers.values() for id_, entry in ledger.items()}
        try:
            require_fit(((_name(item), marks(item)) for item in items), known, self._only)
        except CouldNotRunError as mistake:
            return mistake
        return None

    def _ids(self) -> Iterator[str]:
        for ledger in self._ledgers.values():
            yield from ledger

    def _is_chosen(self, item: pytest.Item) -> bool:
        return any(
            not (mark.live and self._targets[mark.id.split(".")[0]].rules.documented)
            and wanted(mark.id, self._only)
            for mark in marks(item)
        )

    def pytest_runtest_logstart(self, nodeid: str, location: Any) -> None:
        """Tell how far the run is."""
        self._progress(self._done, self._total, nodeid.rpartition("/")[2])
        self._done += 1

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Note how many tests are run."""
        self._total = len(session.items)

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Refuse what this target cannot show, before a request is spent on it."""
        for mark in marks(item):
            target = self._targets[mark.id.split(".")[0]]
            lacking = [name for name in mark.needs if name not in target.capabilities]
            if lacking:
                raise NotShownError(f"the capability {' and '.join(lacking)}", "capability")
            if mark.invalid and not target.rules.allow_invalid:
                raise NotShownError(
                    "wrong parameters or credentials, which are not allowed here", "invalid"
                )
            target.require_budget()

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
        elif call.when == "call" or raised is not None:
            self._note(item, call.duration, raised)
        return report

    def _note(self, item: pytest.Item, seconds: float, raised: BaseException | None) -> None:
        for mark in marks(item):
            target = self._targets[mark.id.split(".")[0]]
            outcome = _outcome(mark, _name(item), seconds, raised, target)
            if not (mark.live and target.rules.documented):
                self.outcomes.append(outcome)
            if self._stop_at_failure and self._is_broken(mark.id, target):
                item.session.shouldstop = "a behaviour is broken"

    def _is_broken(self, id_: str, target: Target) -> bool:
        """Return whether a behaviour is broken whatever its remaining tests say."""
        failed = {
            one.live for one in self.outcomes if one.behaviour == id_ and one.state == "failed"
        }
        excusable = (
            not target.rules.documented and self._ledgers[id_.split(".")[0]][id_].live is not None
        )
        return failed == {False, True} if excusable else bool(failed)

    def pytest_keyboard_interrupt(self, excinfo: Any) -> None:
        """Note that the user stopped the run."""
        self.interrupted = True

    def pytest_internalerror(self, excrepr: Any, excinfo: pytest.ExceptionInfo[Any]) -> None:
        """Note a defect of the harness or of a test module."""
        self.fatal = f"a defect of the harness: {excinfo.exconly()}"


def marks(item: pytest.Item) -> list[Mark]:
    """Return what `behaviour` said of a test; the nearest decorator first."""
    found = [mark.args[0] for mark in item.iter_markers("behaviour") if mark.args]
    return [one for one in found if isinstance(one, Mark)]


def _fixtures(targets: Mapping[str, Target]) -> Any:
    def fixture_of(api: str) -> Any:
        @pytest.fixture(name=api)
        def fixture(self: Any, request: pytest.FixtureRequest) -> Iterator[Target]:
            target = targets[api]
            yield target
            if any(mark.needs for mark in marks(request.node)):
                target.restore()

        return fixture

    return type("ContractFixtures", (), {api: fixture_of(api) for api in targets})()


def _place(item: pytest.Item, places: Mapping[str, int]) -> tuple[int, bool]:
    first = min(marks(item), key=lambda mark: places[mark.id])
    return places[first.id], first.live


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
