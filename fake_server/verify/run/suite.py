"""One run of an API's suite against its target: behaviours first, then the schema layer."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from fake_server import data_files
from fake_server.data_files import registry
from fake_server.errors import VerificationError
from fake_server.verify.api_files.api_under_test import ApiUnderTest, api_under_test
from fake_server.verify.api_files.creations import owned_by
from fake_server.verify.api_files.declared_operations import DeclaredOperation
from fake_server.verify.api_files.ledger import Entry, entries, is_selected
from fake_server.verify.layers.estimate import estimate
from fake_server.verify.layers.fit import require_fit
from fake_server.verify.layers.plan import Plan, document_part, plan
from fake_server.verify.layers.shape_layer import ShapeRecorder
from fake_server.verify.outcome_errors import shortened_by
from fake_server.verify.run.probe import require_api
from fake_server.verify.run.run_options import Run, RunOptions
from fake_server.verify.run.run_report import Report, judge_report, printable_report
from fake_server.verify.server.created_records import CreatedRecords
from fake_server.verify.server.credential_headers import identify
from fake_server.verify.server.credential_mask import CredentialMask
from fake_server.verify.server.interrupts import Interrupt
from fake_server.verify.server.pace import Budget, Pace
from fake_server.verify.server.sender import Sender
from fake_server.verify.target.rotation import Rotation
from fake_server.verify.target.target import Target


def verify(run: Run, options: RunOptions) -> Report:
    """Run an API's suite; `failed` of the report says why it could not run."""
    api = api_under_test(run.api)
    report = Report(
        api=run.api,
        title=api.title,
        target=run.transport.name,
        profile="documented" if run.rules.documented else "live",
        began=datetime.now(UTC),
    )
    started = time.perf_counter()
    budget = Budget(None if run.max_requests == "planned" else run.max_requests)
    shapes = ShapeRecorder(run.api)
    with Interrupt().listening() as interrupt:
        sender = _sender(run, api, budget, shapes, interrupt)
        with shortened_by(sender.mask.brief):
            _run(run, options, report, sender)
    report.requests, report.max_requests = budget.used, budget.limit
    report.shapes = shapes.recording(run.transport.name)
    report.seconds = time.perf_counter() - started
    return printable_report(report, sender.mask.hide)


def _owned(api: ApiUnderTest, run: Run) -> ApiUnderTest:
    """Return the API under test with the creations that the credentials of a run allow."""
    return replace(api, creations=owned_by(api.creations, run.credentials))


def _run(run: Run, options: RunOptions, report: Report, sender: Sender) -> None:
    target = None
    try:
        target = _target(run, sender)
        _run_behaviours(run, target, options, report)
        if not report.interrupted and report.failed is None:
            _run_schema(target, options, report)
    except VerificationError as error:
        report.failed = str(error)
        if not any(finding.tests for finding in report.behaviours):
            report.behaviours = []
    except KeyboardInterrupt:
        report.interrupted = True
    if target is not None:
        report.remaining = [target.hide(record) for record in target.disable_created_records()]


def _sender(
    run: Run, api: ApiUnderTest, budget: Budget, shapes: ShapeRecorder, interrupt: Interrupt
) -> Sender:
    return Sender(
        run.transport,
        budget=budget,
        pace=None if run.rate is None else Pace(run.rate, sleep=interrupt.sleep),
        mask=CredentialMask(),
        listeners=(shapes,),
        created_records=None if run.control is not None else CreatedRecords(_owned(api, run)),
        interrupt=interrupt,
    )


def _target(run: Run, sender: Sender) -> Target:
    api = api_under_test(run.api)
    identity = identify(api, run.credentials, sender, sender.mask)
    target = Target(api, sender, identity, run.rules, run.control, run.clock)
    require_api(target, api)
    return target


def _run_behaviours(run: Run, target: Target, options: RunOptions, report: Report) -> None:
    is_fake = target.capabilities >= _FAKE_CAPABILITIES
    whole = options.thorough or (is_fake and not options.in_turns)
    rotation = Rotation(options.seed, whole, options.thorough)
    report.seed = None if rotation.whole else options.seed
    ledger, plan = _ledger_and_plan(target, options, rotation)
    report.labels = plan.labels(ledger, options.only)
    report.turns = None if rotation.whole else plan.turns
    try:
        _run_contract_tests(run, target, options, report, ledger, plan, rotation)
    finally:
        report.behaviours = judge_report(report, ledger, options.only)


_FAKE_CAPABILITIES = frozenset({"clock", "data"})
"""The capabilities of a fake's own world: a run asks everything of it."""


def _ledger_and_plan(
    target: Target, options: RunOptions, rotation: Rotation
) -> tuple[dict[str, Entry], Plan]:
    """Return the entries of the run, and the plan of the shared ones.

    Shared entries need documents, and an operation that they apply to.
    """
    api = target.api
    ledger = entries(api.name)
    shared = {id_ for id_, entry in ledger.items() if entry.applies_to is not None}
    if not any(is_selected(id_, options.only) for id_ in shared):
        return ledger, Plan()
    if options.documents is None:
        return {id_: entry for id_, entry in ledger.items() if id_ not in shared}, Plan()
    behaviour_plan = plan(
        ledger,
        options.documents(api.name),
        api.listing,
        only=options.only,
        rotation=rotation,
        documented=target.rules.documented,
        part=options.part,
    )
    _require_operations(behaviour_plan, options.only)
    applying = shared & behaviour_plan.by_entry.keys()
    return {
        id_: entry for id_, entry in ledger.items() if id_ not in shared or id_ in applying
    }, behaviour_plan


def _require_operations(plan: Plan, only: tuple[str, ...]) -> None:
    """Raise `VerificationError` for a glob whose operation no shared behaviour applies to."""
    pairs = [
        (id_, operation.id) for id_, operations in plan.by_entry.items() for operation in operations
    ]
    for glob in only:
        if ":" in glob and not any(is_selected(id_, (glob,), name) for id_, name in pairs):
            raise VerificationError(f"--only {glob}: no operation of that behaviour is called so")


def _set_budget(
    run: Run,
    target: Target,
    options: RunOptions,
    rotation: Rotation,
    cases: Sequence[tuple[Entry, DeclaredOperation | None]],
) -> None:
    """Limit the requests of a run to those of its plan, unless a limit is given, and announce it.

    A fake in this process has neither a limit nor a pace: nothing is announced.
    """
    if run.max_requests is None and run.rate is None:
        return
    documents = None if options.only else options.documents
    document = None if documents is None else documents(run.api)["documented"]
    run_estimate = estimate(cases, rotation, document)
    budget = target.sender.budget
    if run.max_requests == "planned":
        budget.limit = run_estimate.limit
    options.announce(f"{run.api}: {run_estimate.text(run.rate, budget.limit)}")


def _run_contract_tests(
    run: Run,
    target: Target,
    options: RunOptions,
    report: Report,
    ledger: Mapping[str, Entry],
    plan: Plan,
    rotation: Rotation,
) -> None:
    from fake_server.verify.layers.contract_plugin import ContractPlugin
    from fake_server.verify.layers.pytest_runner import run as run_tests

    own_folder = registry.package(report.api).contract_tests
    folders = [own_folder if options.suite is None else options.suite / report.api]
    if plan.operations:
        folders.append(data_files.contract_tests() / "collections")
    folders = [folder for folder in folders if folder.is_dir()]
    set_budget = partial(_set_budget, run, target, options, rotation)
    if not folders:
        require_fit([], ledger, options.only)
        set_budget([])
        return
    plugin = ContractPlugin(
        target,
        ledger,
        plan,
        rotation=rotation,
        only=options.only,
        part=options.part,
        stop_at_failure=options.stop_at_failure,
        progress=partial(options.progress, f"{report.api} behaviours"),
        on_plan=set_budget,
    )
    try:
        run_tests(plugin, folders)
    finally:
        report.outcomes = plugin.outcomes
        report.interrupted = plugin.interrupted
        report.failed = plugin.fatal


def _run_schema(target: Target, options: RunOptions, report: Report) -> None:
    if options.documents is None or options.only or (options.stop_at_failure and report.broken):
        return
    from fake_server.verify.layers.schema_layer import SchemaLayer

    documents = {
        profile: document_part(document, options.part)
        for profile, document in options.documents(report.api).items()
    }
    if not any(document["paths"] for document in documents.values()):
        # A process has nothing to ask where an API has fewer resources than the run has processes.
        return
    layer = SchemaLayer(
        target,
        documents,
        thorough=options.thorough,
        progress=partial(options.progress, f"{report.api} schema"),
        cache=options.cache,
    )
    try:
        layer.run()
    finally:
        report.operations = layer.findings()
        report.disabled = target.api.disabled
        report.interrupted = layer.interrupted
        target.restore()
