"""Shared behaviours: one entry, one test, a verdict for every operation."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest
from rich.console import Console

from fake_server.errors import VerificationError
from fake_server.verify.api_files import ledger
from fake_server.verify.api_files.api_under_test import api_under_test
from fake_server.verify.api_files.ledger import entries, entry, is_selected, shared_entries
from fake_server.verify.api_files.listing import Listing
from fake_server.verify.layers.judging import judge_shared
from fake_server.verify.layers.outcomes import NotShownReason, Outcome, Verdict
from fake_server.verify.report.page import as_html
from fake_server.verify.report.report_files import as_json, as_junit
from fake_server.verify.report.table import print_reports
from fake_server.verify.run.merging import merge_reports
from fake_server.verify.run.run_options import Run, RunOptions
from fake_server.verify.run.run_report import Report
from fake_server.verify.run.suite import verify
from fake_server.verify.server.client import Rules
from fake_server.verify.server.world_control import WorldControl
from fake_server.verify.server.wsgi_transport import WsgiTransport
from tests.verify.faulty import TOKEN
from tests.verify.library import Library, document, document_with_fines, document_with_returns

SHARED = {
    id_: ledger.entry({**raw, "id": id_})
    for raw in shared_entries()
    for id_ in [f"fabmanager.{raw['id'].removeprefix('*.')}"]
}
LISTING = Listing(
    items=None,
    total="X-Total",
    range="range",
    several="{values}",
    repeated="{name}[]",
    names=("title",),
    other_pages=("page[number]", "page[size]"),
    fields="fields",
    roles="X-Roles",
    spellings=("{path}/",),
)
COLLECTIONS = "fabmanager.collections"
RunSuite = Callable[..., Report]


class Levers:
    """Those of a fake that has nothing to pull: a run asks everything of it."""

    capabilities = frozenset({"clock", "data"})
    prefix = ""

    def reset(self) -> None:
        """Do nothing."""


@pytest.fixture
def run(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> RunSuite:
    """Run the shared tests against a library: `run(Library("row-keys"), levers=False)`."""
    known = replace(
        api_under_test("fabmanager"), listing=LISTING, probe="/members?per_page=1", creations=()
    )
    monkeypatch.setattr("fake_server.verify.run.suite.api_under_test", lambda api: known)
    monkeypatch.setattr("fake_server.verify.run.suite.entries", lambda api: SHARED)
    monkeypatch.setattr("fake_server.verify.run.merging.entries", lambda api: SHARED)

    def go(
        app: Library | None = None,
        *,
        levers: bool = True,
        documents: Mapping[str, Any] | None = None,
        only: tuple[str, ...] = ("fabmanager.*",),
        profile: str = "documented",
        **options: Any,
    ) -> Report:
        control: WorldControl | None = Levers() if levers else None  # type: ignore[assignment]  # few of them
        suite_run = Run(
            "fabmanager",
            WsgiTransport(app or Library()),
            {"token": TOKEN},
            Rules(documented=profile == "documented"),
            control=control,
            max_requests=options.pop("max_requests", None),
        )
        both = documents or {"documented": document(), "live": document()}
        chosen = RunOptions(only, suite=tmp_path, documents=lambda api: both, **options)
        return verify(suite_run, chosen)

    return go


def verdicts(report: Report) -> dict[str, str]:
    """Return the verdict on each behaviour, without the API's name."""
    assert report.failed is None
    return {behaviour.id.partition(".")[2]: behaviour.summary for behaviour in report.behaviours}


def test_a_right_server_holds_for_every_operation(run: RunSuite) -> None:
    report = run()
    seen = verdicts(report)
    assert set(seen) == {
        id_.partition(".")[2]
        for id_ in SHARED
        if not id_.startswith("fabmanager.graphs") and not id_.endswith((".roles", ".embedded"))
    }
    assert seen["collections.pages"] == "held for 3 of 3"
    nesting = next(behaviour for behaviour in report.behaviours if behaviour.id.endswith("nesting"))
    assert nesting.failure is None
    assert seen["collections.nesting"] == "held for 1 of 1"
    assert seen["collections.combined_sort"] == "held for 3 of 3"
    assert seen["records.written"] == "held for 1 of 1"
    assert seen["records.found"] == "held for 1 of 1"
    assert seen["collections.largest_size"] == "held for 2 of 3"
    assert {summary.partition(" for")[0] for summary in seen.values()} == {"held"}


@pytest.mark.parametrize(
    ("fault", "behaviour"),
    [
        ("pages-overlap", "collections.pages"),
        ("beyond-is-last", "collections.pages"),
        ("total-of-page", "collections.total"),
        ("last-is-next", "collections.links"),
        ("default-size", "collections.default_size"),
        ("largest-size", "collections.largest_size"),
        ("default-order", "collections.order"),
        ("sort-ignored", "collections.sort"),
        ("any-order", "collections.unknown_fields"),
        ("title-ignored", "collections.filters"),
        ("member_id-ignored", "collections.filters"),
        ("title-loses", "collections.filters"),
        ("before-inclusive", "collections.filters"),
        ("range-exclusive", "collections.ranges"),
        ("nested-all", "collections.nesting"),
        ("second-condition-lost", "collections.combined_conditions"),
        ("sort-lost-in-range", "collections.combined_sort"),
        ("page-2-unfiltered", "collections.combined_pages"),
        ("next-unfiltered", "collections.combined_links"),
        ("filter-forgets-parent", "collections.combined_nesting"),
        ("middle-lost", "collections.combined_parts"),
        ("leading-filter-lost", "collections.spelling"),
        ("title-lost-beside-others", "collections.all_conditions"),
        ("offset-ignored", "collections.instants"),
        ("rows-differ", "collections.same_rows"),
        ("days-alone", "collections.moments"),
        ("total-of-page", "collections.page_total"),
        ("two-zones", "collections.zone"),
        ("slash-loses-query", "collections.paths"),
        ("fractions", "collections.shape"),
        ("patch-resets", "records.written"),
        ("patch-ignored", "records.written"),
        ("list-stays", "records.written"),
        ("etag-stays", "records.written"),
        ("unknown-parent", "collections.unknown_parent"),
        ("zero-refused", "collections.odd_pages"),
        ("other-size-ignored", "collections.other_pages"),
        ("fields-ignored", "collections.fields"),
        ("last-value-alone", "collections.repeated"),
        ("titles-unknown", "collections.names"),
        ("days-begin-early", "collections.midnights"),
        ("head-without-etag", "collections.head"),
        ("etag-ignored", "collections.etag"),
        ("row-shape", "collections.shape"),
        ("row-keys", "collections.keys"),
        ("record-differs", "records.found"),
        ("unknown-record", "records.unknown"),
        ("etag-ignored", "records.etag"),
        ("head-without-etag", "records.head"),
        ("record-shape", "records.shape"),
        ("record-keys", "records.keys"),
    ],
)
def test_each_fault_breaks_its_behaviour(run: RunSuite, fault: str, behaviour: str) -> None:
    report = run(Library(fault), only=(f"fabmanager.{behaviour}",))
    assert verdicts(report)[behaviour].startswith("broken for "), verdicts(report)
    (finding,) = report.behaviours
    assert finding.failure is not None
    assert finding.failure.curl.startswith("curl ")


@pytest.mark.parametrize(
    ("app", "verdict"),
    [
        (Library(), "held for 1 of 1"),
        (Library("fines-for-all"), "broken for 1 of 1"),
        (Library("fines-for-all", roles="Reader, Librarian"), "not shown"),
    ],
)
def test_a_list_for_a_role_is_refused_to_who_has_none(
    run: RunSuite, app: Library, verdict: str
) -> None:
    both = {"documented": document_with_fines(), "live": document_with_fines()}
    report = run(app, only=(f"{COLLECTIONS}.roles",), documents=both)
    assert verdicts(report) == {"collections.roles": verdict}


@pytest.mark.parametrize(
    ("fault", "verdict"), [(None, "held for 1 of 1"), ("returns-differ", "broken for 1 of 1")]
)
def test_a_record_within_a_row_is_that_of_its_list(
    run: RunSuite, fault: str | None, verdict: str
) -> None:
    both = {"documented": document_with_returns(), "live": document_with_returns()}
    report = run(Library(fault), only=(f"{COLLECTIONS}.embedded",), documents=both)
    assert verdicts(report) == {"collections.embedded": verdict}


def test_the_operation_that_breaks_it_is_named(run: RunSuite) -> None:
    report = run(Library("nested-all"), only=(f"{COLLECTIONS}.nesting",))
    (finding,) = report.behaviours
    (outcome,) = finding.by_operation
    assert (outcome.operation, outcome.label) == (
        "list_members_loans",
        "GET /members/{member_id}/loans",
    )
    console = Console(width=120, record=True, file=open("/dev/null", "w"))  # noqa: SIM115 - never read
    print_reports([report], console)
    told = console.export_text()
    assert "broken for 1 of 1" in told
    assert "GET /members/{member_id}/loans (list_members_loans)" in told


def test_nothing_is_held_of_an_empty_list(run: RunSuite) -> None:
    report = run(Library(count=0))
    assert set(verdicts(report).values()) == {"not shown"}


def test_one_operation_may_be_asked_for(run: RunSuite) -> None:
    report = run(only=(f"{COLLECTIONS}.pages:list_loans",))
    (finding,) = report.behaviours
    assert [outcome.operation for outcome in finding.by_operation] == ["list_loans"]


def test_an_operation_that_is_none_is_a_mistake(run: RunSuite) -> None:
    report = run(only=(f"{COLLECTIONS}.pages:list_nothing",))
    assert report.failed is not None
    assert "no operation of that behaviour is called so" in report.failed


def test_a_choice_of_an_operation_chooses_its_behaviour() -> None:
    assert is_selected("a.collections.pages", ("a.collections.pages:list_x",))
    assert is_selected("a.collections.pages", ("a.collections.*:list_x",), "list_x")
    assert not is_selected("a.collections.pages", ("a.collections.pages:list_x",), "list_y")
    assert is_selected("a.collections.pages", ("a.*",), "list_y")


def test_a_live_service_is_asked_of_one_operation_of_each_resource(run: RunSuite) -> None:
    everything, service = Library(), Library()
    run(everything)
    report = run(service, levers=False, seed=3)
    pages = next(
        behaviour for behaviour in report.behaviours if behaviour.id == f"{COLLECTIONS}.pages"
    )
    waiting = [outcome for outcome in pages.by_operation if outcome.missing]
    assert [outcome.missing and outcome.missing.why for outcome in waiting] == ["rotation"]
    assert pages.summary == "held for 2 of 3"
    shape = next(
        behaviour for behaviour in report.behaviours if behaviour.id == f"{COLLECTIONS}.shape"
    )
    assert shape.summary == "held for 3 of 3"
    assert len(service.asked) < len(everything.asked)
    assert report.seed == 3
    turns = {run(levers=False, seed=seed).turns for seed in range(3)}
    assert len(turns) > 1


def test_a_fake_may_be_asked_in_turns_as_well(run: RunSuite) -> None:
    report = run(seed=3, in_turns=True)
    assert verdicts(report)["collections.pages"] == "held for 2 of 3"
    assert report.seed == 3
    assert run(in_turns=True, thorough=True).seed is None


def test_thorough_asks_a_live_service_everything(run: RunSuite) -> None:
    report = run(levers=False, thorough=True)
    assert report.seed is None
    assert verdicts(report)["collections.pages"] == "held for 3 of 3"


def test_the_budget_holds_for_shared_behaviours(run: RunSuite) -> None:
    service = Library()
    report = run(service, levers=False, max_requests=9)
    assert len(service.asked) == 9
    whys = {behaviour.missing.why for behaviour in report.behaviours if behaviour.missing}
    assert "budget" in whys


def test_what_the_live_document_declares_is_a_known_deviation(run: RunSuite) -> None:
    live = document()
    live["paths"]["/loans"]["get"]["x-order"] = ["-id"]
    report = run(
        Library("default-order"),
        documents={"documented": document(), "live": live},
        only=(f"{COLLECTIONS}.order:list_loans",),
        profile="live",
    )
    assert verdicts(report) == {"collections.order": "known deviation for 1 of 1"}
    report = run(
        documents={"documented": document(), "live": live},
        only=(f"{COLLECTIONS}.order:list_loans",),
        profile="live",
    )
    assert verdicts(report) == {"collections.order": "held for 1 of 1"}


def test_the_reports_open_a_shared_behaviour(run: RunSuite) -> None:
    report = run(Library("row-keys"), only=(f"{COLLECTIONS}.keys",))
    told = json.loads(as_json([report]))["apis"]["fabmanager"]["behaviours"][0]
    assert (told["summary"], told["verdict"]) == ("broken for 3 of 3", "broken")
    assert {outcome["operation"] for outcome in told["by_operation"]} == {
        "list_members",
        "list_loans",
        "list_members_loans",
    }
    suite = ElementTree.fromstring(as_junit([report]))[0]
    assert (suite.get("tests"), suite.get("failures")) == ("3", "3")
    names = {case.get("name") for case in suite}
    assert f"{COLLECTIONS}.keys:list_loans" in names
    page = as_html([report])
    assert "broken for 3 of 3" in page
    assert "GET /members/{member_id}/loans" in page


def test_parts_say_what_the_whole_says(run: RunSuite) -> None:
    documents = {"documented": document(4), "live": document(4)}
    whole = run(documents=documents)
    parts = [run(documents=documents, part=(number, 3)) for number in range(3)]
    together = merge_reports(parts, ("fabmanager.*",))
    assert verdicts(together) == verdicts(whole)
    assert all(len(part.outcomes) < len(whole.outcomes) for part in parts)
    assert sum(len(part.outcomes) for part in parts) == len(whole.outcomes)


def test_exempt_operations_are_not_asked(run: RunSuite, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = next(
        raw_entry for raw_entry in shared_entries() if raw_entry["id"] == "*.collections.nesting"
    )
    because = {"says": "It is not.", "evidence": "observed", "source": "seen"}
    exempt = {"operations": ["list_members_loans"], **because}
    id_ = f"{COLLECTIONS}.nesting"
    changed = {**SHARED, id_: entry({**raw, "id": id_, "except": [exempt]})}
    monkeypatch.setattr("fake_server.verify.run.suite.entries", lambda api: changed)
    assert "collections.nesting" not in verdicts(run(Library("nested-all")))


@pytest.mark.parametrize(
    ("states", "summary"),
    [
        (("passed", "passed"), "held for 2 of 2"),
        (("passed", "not shown"), "held for 1 of 2"),
        (("passed", "failed"), "broken for 1 of 2"),
        (("not shown", "failed"), "broken for 1 of 2"),
        (("not shown", "not shown"), "not shown"),
    ],
)
def test_the_verdict_of_several_operations(states: Any, summary: str) -> None:
    pages = SHARED[f"{COLLECTIONS}.pages"]
    missing = NotShownReason("data", "two rows")
    outcomes = [
        Outcome(
            pages.id,
            False,
            "test",
            state,
            0.0,
            missing=missing if state == "not shown" else None,
            operation=name,
        )
        for name, state in zip("ab", states, strict=True)
    ]
    finding = judge_shared(pages, {"a": "GET /a", "b": "GET /b"}, outcomes, True, None)
    assert finding.summary == summary
    assert (finding.missing is not None) == ("not shown" in states and "failed" not in states)
    assert finding.verdict in Verdict


@pytest.mark.parametrize(
    ("on_the_targets", "on_made", "summary"),
    [
        ("passed", "passed", "known deviation"),
        ("passed", "failed", "deviation gone"),
        ("failed", "passed", "known deviation for 2 of 2"),
        ("failed", "failed", "broken"),
    ],
)
def test_records_made_for_a_test_decide_no_operation(
    on_the_targets: Any, on_made: Any, summary: str
) -> None:
    behaviour = entries("fabmanager")["fabmanager.collections.pages"]
    outcomes = [
        Outcome(behaviour.id, False, "each", on_the_targets, 0.0, operation="a"),
        Outcome(behaviour.id, False, "each", on_the_targets, 0.0, operation="b"),
        Outcome(behaviour.id, True, "ties", "passed", 0.0),
        Outcome(behaviour.id, True, "made ties", on_made, 0.0, own_records=True),
    ]
    finding = judge_shared(behaviour, {"a": "GET /a", "b": "GET /b"}, outcomes, False, None)
    assert finding.summary == summary
    expected = Verdict.NOT_SHOWN if on_the_targets == "passed" else Verdict.KNOWN
    assert {verdict.verdict for verdict in finding.by_operation} == {expected}


def test_a_shared_entry_is_shown_for_each_operation_and_no_other_way() -> None:
    from fake_server.verify.layers.fit import require_fit
    from fake_server.verify.marks import BehaviourMark

    marked = [("test_x", [BehaviourMark(f"{COLLECTIONS}.pages")], False)]
    with pytest.raises(VerificationError, match="is to be shown for each operation"):
        require_fit(marked, SHARED, (f"{COLLECTIONS}.pages",))
