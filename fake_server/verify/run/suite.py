"""One run of the suite: each API's layers against its target, in the order that spends best."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from fake_server import data_files
from fake_server.data_files import registry
from fake_server.verify.api.description import Description, DisabledCheck, description
from fake_server.verify.api.ledger import Entry, entries, wanted
from fake_server.verify.api.operations import is_list
from fake_server.verify.errors import BrokenError, CouldNotRunError, NoAnswerError
from fake_server.verify.layers.fit import require_fit
from fake_server.verify.layers.judging import judge_all
from fake_server.verify.layers.outcomes import Finding, OperationFinding, Outcome, Verdict
from fake_server.verify.layers.plan import Plan, document_part, plan
from fake_server.verify.layers.shapes import ShapeRecorder
from fake_server.verify.server.client import Rules
from fake_server.verify.server.control import Control
from fake_server.verify.server.credentials import identify
from fake_server.verify.server.interrupts import Interrupt
from fake_server.verify.server.pace import Budget, Pace
from fake_server.verify.server.secrets import Secrets
from fake_server.verify.server.sender import Sender
from fake_server.verify.server.transport import Transport
from fake_server.verify.server.writings import Writings
from fake_server.verify.target.rotation import Rotation
from fake_server.verify.target.target import Target

MAX_REQUESTS = 500
"""How many requests each API's target gets at most, unless another number is given."""


@dataclass(frozen=True, slots=True)
class Aim:
    """What one API's suite is pointed at, and what it may do there.

    - `control`: the levers of a fake; None for any other server.
    - `clock`: tells the target's time where no lever does; None: its `Date`.
    - `max_requests`: None is no limit. `rate`: requests a second, 0 as fast as they go; None: no
      pace, and no Retry-After waited out (a fake in this process).
    """

    api: str
    transport: Transport
    credentials: Mapping[str, str]
    rules: Rules
    control: Control | None = None
    clock: Callable[[], datetime] | None = None
    max_requests: int | None = MAX_REQUESTS
    rate: float | None = None


Documents = Mapping[str, Mapping[str, Any]]
"""The OpenAPI document of an API by profile: `documented` and `live`."""


class Progress(Protocol):
    """Hears how many steps of a layer are done, of how many, and which comes next."""

    def __call__(self, layer: str, done: int, total: int, what: str) -> None:
        """Say it."""


def silent(layer: str, done: int, total: int, what: str) -> None:
    """Say nothing."""


@dataclass(slots=True)
class Report:
    """What a run of one API's suite found.

    - `left`: what it made and could not put away.
    - `seed`: what the turns of shared behaviours go by, where not everything is asked.
    - `outcomes`, `asked`, `turns`: what the verdicts on behaviours are made of; see `judge_all`.
    """

    api: str
    title: str
    target: str
    profile: str
    began: datetime
    seconds: float = 0.0
    requests: int = 0
    max_requests: int | None = None
    behaviours: list[Finding] = field(default_factory=list)
    operations: list[OperationFinding] = field(default_factory=list)
    disabled: tuple[DisabledCheck, ...] = ()
    shapes: dict[str, Any] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    seed: int | None = None
    outcomes: list[Outcome] = field(default_factory=list)
    asked: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    turns: frozenset[tuple[str, str]] | None = None
    interrupted: bool = False
    failed: str | None = None

    @property
    def broken(self) -> bool:
        """Whether anything is broken, in any layer."""
        both: list[Finding | OperationFinding] = [*self.behaviours, *self.operations]
        return any(one.verdict is Verdict.BROKEN for one in both)


@dataclass(frozen=True, slots=True)
class Options:
    """What is run, and who hears of it.

    - `only`: globs of behaviours; with any, the schema layer is left out.
    - `suite`: the folder with a folder of contract tests for each API, instead of its own one.
    - `documents`: the OpenAPI document of each API by profile; without it no schema layer.
    - `thorough`: many invented requests, and every one of the coverage phase; of a server without
      levers, each operation and field of shared behaviours.
    - `seed`: whose turn it is otherwise.
    - `part`: which of so many parts of the suite is run.
    - `cache`: a folder for what is costly to make and holds nothing of any target.
    """

    only: tuple[str, ...] = ()
    stop_at_failure: bool = False
    suite: Path | None = None
    documents: Callable[[str], Documents] | None = None
    thorough: bool = False
    seed: int = 0
    part: tuple[int, int] = (0, 1)
    cache: Path | None = None
    progress: Progress = silent


def verify(aim: Aim, options: Options) -> Report:
    """Run an API's suite. What keeps it from running at all stands in the report as `failed`."""
    known = description(aim.api)
    report = Report(
        api=aim.api,
        title=known.title,
        target=aim.transport.base_url,
        profile="documented" if aim.rules.documented else "live",
        began=datetime.now(UTC),
        max_requests=aim.max_requests,
    )
    started = time.perf_counter()
    budget = Budget(aim.max_requests)
    shapes = ShapeRecorder(aim.api)
    with Interrupt().listening() as interrupt:
        _run(aim, options, report, _sender(aim, known, budget, shapes, interrupt))
    report.requests = budget.used
    report.shapes = shapes.recording(aim.transport.base_url)
    report.seconds = time.perf_counter() - started
    return report


def _run(aim: Aim, options: Options, report: Report, sender: Sender) -> None:
    target = None
    try:
        target = _target(aim, sender)
        _run_behaviours(target, options, report)
        if not report.interrupted and report.failed is None:
            _run_schema(target, options, report)
    except CouldNotRunError as error:
        report.failed = str(error)
        if not any(one.tests for one in report.behaviours):
            report.behaviours = []
    except KeyboardInterrupt:
        report.interrupted = True
    if target is not None:
        report.left = [target.hide(one) for one in target.put_to_rest()]


def status_of(reports: Sequence[Report]) -> int:
    """Return the exit status: 0 nothing broken, 1 something broken, 2 could not run."""
    if any(report.broken for report in reports):
        return 1
    return 2 if any(report.failed is not None for report in reports) else 0


def _sender(
    aim: Aim, known: Description, budget: Budget, shapes: ShapeRecorder, interrupt: Interrupt
) -> Sender:
    return Sender(
        aim.transport,
        budget=budget,
        pace=None if aim.rate is None else Pace(aim.rate, sleep=interrupt.sleep),
        secrets=Secrets(),
        listeners=(shapes,),
        writings=Writings(known) if aim.control is None else None,
        interrupt=interrupt,
    )


def _target(aim: Aim, sender: Sender) -> Target:
    known = description(aim.api)
    identity = identify(known, aim.credentials, sender, sender.secrets)
    target = Target(known, sender, identity, aim.rules, aim.control, aim.clock)
    _probe(target, known)
    return target


def _probe(target: Target, known: Description) -> None:
    """Ask one simple question that any server of the API answers, before all others.

    Where the API has none, the first test shows whether its server is there.
    """
    if known.probe is None:
        return
    where = f"{target.base_url}{known.probe}"
    try:
        answer = target.get(known.probe)
    except NoAnswerError as error:
        raise CouldNotRunError(f"{target.base_url} cannot be reached: {error.seen}") from None
    if answer.status in {401, 403}:
        raise CouldNotRunError(f"{where} answers {answer.status}: check the credentials")
    if 300 <= answer.status < 400:
        elsewhere = target.hide(answer.headers.get("Location", "elsewhere"))
        raise CouldNotRunError(f"{where} redirects to {elsewhere}: give that server as the target")
    if answer.status != 200 or "json" not in answer.headers.get("Content-Type", ""):
        kind = answer.headers.get("Content-Type", "no Content-Type")
        raise CouldNotRunError(
            f"{where} answers {answer.status}, {kind}: no server of the {known.title} is there"
        )
    if not is_list(known.api, known.probe):
        return
    try:
        target.records(answer)
    except BrokenError as error:
        raise CouldNotRunError(
            f"{where} answers {error.seen}, not {error.expected}:"
            f" no server of the {known.title} is there"
        ) from None


def _run_behaviours(target: Target, options: Options, report: Report) -> None:
    rotation = Rotation(options.seed, options.thorough or target.capabilities >= _LEVERS)
    report.seed = None if rotation.whole else options.seed
    ledger, asked = _ledger_of(target, options, rotation)
    report.asked = asked.labels(ledger, options.only)
    report.turns = None if rotation.whole else asked.turns
    try:
        _collect(target, options, report, ledger, asked, rotation)
    finally:
        report.behaviours = judged(report, ledger, options.only)


def judged(report: Report, ledger: Mapping[str, Entry], only: tuple[str, ...]) -> list[Finding]:
    """Return the verdicts that follow from the outcomes of a report."""
    return judge_all(
        (entry for entry in ledger.values() if wanted(entry.id, only)),
        report.asked,
        report.outcomes,
        documented=report.profile == "documented",
        turns=report.turns,
    )


_LEVERS = frozenset({"clock", "data"})
"""A target that can do this is a fake's own world, of which everything is asked."""


def _ledger_of(
    target: Target, options: Options, rotation: Rotation
) -> tuple[dict[str, Entry], Plan]:
    """Return the entries to be shown, and the operations that shared ones are shown for.

    Without documents there are no shared ones, nor are those that speak of no operation.
    """
    known = target.description
    ledger = entries(known.api)
    shared = {id_ for id_, one in ledger.items() if one.applies_to is not None}
    if not any(wanted(id_, options.only) for id_ in shared):
        return ledger, Plan()
    if options.documents is None:
        return {id_: one for id_, one in ledger.items() if id_ not in shared}, Plan()
    asked = plan(
        ledger,
        options.documents(known.api),
        known.listing,
        only=options.only,
        rotation=rotation,
        documented=target.rules.documented,
        part=options.part,
    )
    _require_operations(asked, options.only)
    applying = shared & asked.by_entry.keys()
    return {id_: one for id_, one in ledger.items() if id_ not in shared or id_ in applying}, asked


def _require_operations(asked: Plan, only: tuple[str, ...]) -> None:
    """Raise `CouldNotRunError` for a glob that names an operation of no shared behaviour."""
    pairs = [(id_, one.id) for id_, those in asked.by_entry.items() for one in those]
    for glob in only:
        if ":" in glob and not any(wanted(id_, (glob,), name) for id_, name in pairs):
            raise CouldNotRunError(f"--only {glob}: no operation of that behaviour is called so")


def _collect(
    target: Target,
    options: Options,
    report: Report,
    ledger: Mapping[str, Entry],
    asked: Plan,
    rotation: Rotation,
) -> None:
    from fake_server.verify.layers.plugin import ContractPlugin
    from fake_server.verify.layers.runner import run

    own = registry.package(report.api).contract_tests
    folders = [own if options.suite is None else options.suite / report.api]
    if asked.operations:
        folders.append(data_files.contract_tests() / "collections")
    folders = [folder for folder in folders if folder.is_dir()]
    if not folders:
        require_fit([], ledger, options.only)
        return
    plugin = ContractPlugin(
        target,
        ledger,
        asked,
        rotation=rotation,
        only=options.only,
        part=options.part,
        stop_at_failure=options.stop_at_failure,
        progress=partial(options.progress, f"{report.api} behaviours"),
    )
    try:
        run(plugin, folders)
    finally:
        report.outcomes = plugin.outcomes
        report.interrupted = plugin.interrupted
        report.failed = plugin.fatal


def _run_schema(target: Target, options: Options, report: Report) -> None:
    if options.documents is None or options.only or (options.stop_at_failure and report.broken):
        return
    from fake_server.verify.layers.schema_layer import SchemaLayer

    documents = options.documents(report.api)
    layer = SchemaLayer(
        target,
        {profile: document_part(one, options.part) for profile, one in documents.items()},
        thorough=options.thorough,
        progress=partial(options.progress, f"{report.api} schema"),
        cache=options.cache,
    )
    try:
        layer.run()
    finally:
        report.operations = layer.findings()
        report.disabled = target.description.disabled
        report.interrupted = layer.interrupted
        target.restore()
