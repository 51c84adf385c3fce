"""Which verdict follows from which server."""

from typing import Any, cast

import pytest

from fake_server.verify.api_files.ledger import entries
from fake_server.verify.layers.outcomes import NotShownReason, Outcome, Verdict, judge
from fake_server.verify.run.run_report import status_of
from tests.verify.conftest import LEDGER, TESTS, RunSuite, verdicts
from tests.verify.faulty import Lab

ORDER, TOTAL = LEDGER


def test_a_right_server_holds(run: RunSuite) -> None:
    report = run()
    assert verdicts(report) == {ORDER: "held", TOTAL: "held"}
    assert status_of([report]) == 0


def test_a_fault_is_told_with_expected_seen_and_curl(run: RunSuite) -> None:
    report = run(Lab("ascending"))
    assert verdicts(report) == {ORDER: "broken", TOTAL: "held"}
    failure = report.behaviours[0].failure
    assert failure is not None
    assert failure.expected == "descending order"
    assert "2026-01-01T00:00:00Z before 2026-01-02T00:00:00Z" in failure.seen
    assert failure.curl.startswith("curl -i -g --path-as-is")
    assert failure.curl.endswith(" http://127.0.0.1:8042/open_api/v1/availabilities")
    assert status_of([report]) == 1


@pytest.mark.parametrize(
    ("fault", "documented", "verdict"),
    [
        (None, True, "held"),
        (None, False, "deviation gone"),
        ("total-of-page", False, "known deviation"),
        ("total-of-page", True, "broken"),
        ("empty", False, "not shown"),
        ("next-loops", False, "broken"),
    ],
)
def test_known_deviations(run: RunSuite, fault: str | None, documented: bool, verdict: str) -> None:
    report = run(Lab(fault), documented=documented)
    assert verdicts(report)[TOTAL] == verdict


def test_failing_both_sentences_is_broken(run: RunSuite) -> None:
    tests = """
        from fake_server.verify import behaviour, expect

        @behaviour("fabmanager.total")
        def test_total(fabmanager):
            expect("the total", 1, 2)

        @behaviour("fabmanager.total", live=True)
        def test_live(fabmanager):
            expect("the live total", 1, 3)
    """
    report = run(tests=tests, only=(TOTAL,), documented=False)
    assert verdicts(report) == {TOTAL: "broken"}
    assert report.behaviours[0].note == "neither the documented nor the live sentence holds"


def test_a_server_that_shows_both_sentences_decides_nothing(run: RunSuite) -> None:
    tests = """
        from fake_server.verify import behaviour

        @behaviour("fabmanager.total")
        @behaviour("fabmanager.total", live=True)
        def test_total(fabmanager):
            fabmanager.get("/open_api/v1/availabilities").expect_status(200)
    """
    report = run(tests=tests, only=(TOTAL,), documented=False)
    assert verdicts(report) == {TOTAL: "not shown"}
    missing = report.behaviours[0].missing
    assert missing is not None
    assert missing.why == "undecided"


@pytest.mark.parametrize(
    ("own_records", "seen", "verdict"),
    [
        ((True,), "passed", "known deviation"),
        ((True, False), "passed", "not shown"),
        ((), "passed", "not shown"),
        ((True,), "failed", "deviation gone"),
    ],
)
def test_records_that_a_test_made_show_a_deviation_that_others_hide(
    own_records: tuple[bool, ...], seen: Any, verdict: str
) -> None:
    """`own_records`: the sentences whose tests made records, live ones true."""
    outcomes = [
        Outcome(TOTAL, is_live, "test", seen if is_live and own else "passed", 0.0, own_records=own)
        for is_live in (False, True)
        for own in {False, is_live in own_records}
    ]
    entry = entries("fabmanager")["fabmanager.availabilities.ties"]
    assert judge(entry, outcomes, documented=False).verdict.value == verdict


@pytest.mark.parametrize("total", [1, 2])
@pytest.mark.parametrize("why", ["data", "budget", "capability", "invalid"])
def test_a_deviation_that_could_not_be_shown(run: RunSuite, why: str, total: int) -> None:
    tests = f"""
        from fake_server.verify import NotShownError, behaviour, expect

        @behaviour("fabmanager.total")
        def test_total(fabmanager):
            expect("the total", 1, {total})

        @behaviour("fabmanager.total", live=True)
        def test_live(fabmanager):
            raise NotShownError("something else", "{why}")
    """
    report = run(tests=tests, only=(TOTAL,), documented=False)
    assert verdicts(report) == {TOTAL: "not shown"}
    assert report.behaviours[0].missing == NotShownReason(why, "something else")  # type: ignore[arg-type]


def test_an_empty_server_shows_nothing_and_breaks_nothing(run: RunSuite) -> None:
    report = run(Lab("empty"))
    assert verdicts(report) == {ORDER: "not shown", TOTAL: "not shown"}
    assert report.behaviours[0].missing is not None
    assert report.behaviours[0].missing.text == "two availabilities"
    assert status_of([report]) == 0


def test_a_list_that_changes_meanwhile_is_not_shown(run: RunSuite) -> None:
    report = run(Lab("moving"))
    missing = report.behaviours[0].missing
    assert missing is not None
    assert missing.why == "moved"


def test_a_list_of_more_than_ten_pages_is_not_walked(run: RunSuite) -> None:
    server = Lab(count=21)
    report = run(server)
    assert verdicts(report) == {ORDER: "not shown", TOTAL: "not shown"}
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    ("mark", "why"),
    [('needs=("clock",)', "capability"), ("invalid=True", "invalid")],
)
def test_what_is_not_allowed_is_not_sent(run: RunSuite, mark: str, why: str) -> None:
    tests = f"""
        from fake_server.verify import behaviour

        @behaviour("fabmanager.order", {mark})
        def test_order(fabmanager):
            fabmanager.get("/open_api/v1/availabilities")
    """
    server = Lab()
    report = run(server, tests=tests, only=(ORDER,), allow_invalid=False)
    missing = report.behaviours[0].missing
    assert missing is not None
    assert (missing.why, server.asked[1:]) == (why, [])


def test_writes_are_not_sent_unless_allowed(run: RunSuite) -> None:
    tests = """
        from fake_server.verify import behaviour

        @behaviour("fabmanager.order")
        def test_order(fabmanager):
            fabmanager.post("/open_api/v1/availabilities", json={})
    """
    server = Lab()
    report = run(server, tests=tests, only=(ORDER,), allow_writes=False)
    assert verdicts(report) == {ORDER: "not shown"}
    assert all(environ["REQUEST_METHOD"] == "GET" for environ in server.asked)


def test_an_answer_of_another_shape_is_broken(run: RunSuite) -> None:
    tests = """
        from fake_server.verify import behaviour

        @behaviour("fabmanager.order")
        def test_order(fabmanager):
            fabmanager.get("/open_api/v1/availabilities").json["nothing"]
    """
    report = run(tests=tests, only=(ORDER,))
    failure = report.behaviours[0].failure
    assert failure is not None
    assert failure.seen == "KeyError: 'nothing' at test_small.py:6"


def test_without_outcomes_nothing_is_shown() -> None:
    from fake_server.verify.api_files.ledger import entry

    finding = judge(
        entry({"id": ORDER, **cast(dict[str, Any], LEDGER[ORDER])}), [], documented=True
    )
    assert finding.verdict is Verdict.NOT_SHOWN


def test_an_interrupted_run_reports_what_was_done(run: RunSuite) -> None:
    tests = """
        from fake_server.verify import behaviour

        @behaviour("fabmanager.order")
        def test_order(fabmanager):
            fabmanager.get("/open_api/v1/availabilities").expect_status(200)

        @behaviour("fabmanager.total")
        def test_total(fabmanager):
            raise KeyboardInterrupt

        @behaviour("fabmanager.total", live=True)
        def test_live(fabmanager):
            pass
    """
    report = run(tests=tests)
    assert report.interrupted
    assert verdicts(report) == {ORDER: "held", TOTAL: "not shown"}


def test_only_some_behaviours(run: RunSuite) -> None:
    assert verdicts(run(only=("*.total",))) == {TOTAL: "held"}


def test_the_run_ends_at_the_first_broken_if_asked(run: RunSuite) -> None:
    report = run(Lab("ascending"), stop_at_failure=True)
    assert verdicts(report) == {ORDER: "broken", TOTAL: "not shown"}


def test_a_known_deviation_does_not_end_the_run(run: RunSuite) -> None:
    entries = dict(reversed(LEDGER.items()))
    report = run(Lab("total-of-page"), entries=entries, stop_at_failure=True, documented=False)
    assert verdicts(report) == {TOTAL: "known deviation", ORDER: "held"}
    tests = TESTS.replace("len(paged_list.pages[0]", "-len(paged_list.pages[0]")
    report = run(
        Lab("total-of-page"),
        entries=entries,
        tests=tests,
        stop_at_failure=True,
        documented=False,
    )
    assert verdicts(report) == {TOTAL: "broken", ORDER: "not shown"}
