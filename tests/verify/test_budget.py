"""The budget of a run: what its plan needs, said before it begins, in an order that shows most."""

import pytest

from fake_server.cli.verify.runs import documents
from fake_server.verify.api_files.api_under_test import api_under_test
from fake_server.verify.api_files.ledger import entries
from fake_server.verify.layers.estimate import Estimate
from fake_server.verify.layers.plan import plan
from fake_server.verify.target.rotation import Rotation


def test_what_a_run_needs_is_said_with_its_time() -> None:
    estimate = Estimate(572, 100)
    assert estimate.limit == 850
    assert estimate.text(2, 850) == (
        "about 680 requests, 6 minutes at 2 a second; --max-requests to limit"
    )
    assert estimate.text(1, 60) == (
        "60 of about 680 requests, 1 minute at 1 a second; --max-requests to limit"
    )
    assert estimate.text(0, None) == "about 680 requests; --max-requests to limit"


@pytest.mark.parametrize("seed", range(3))
def test_few_operations_show_every_shared_entry_first(seed: int) -> None:
    listing = api_under_test("intra42").listing
    run_plan = plan(
        entries("intra42"), documents("intra42"), listing, rotation=Rotation(seed, whole=False)
    )
    beginning = run_plan.order[: len(run_plan.first)]
    assert set(beginning) == run_plan.first
    shown = {entry for entry, operation in run_plan.turns if operation in run_plan.first}
    assert shown == {entry for entry, _ in run_plan.turns}
    assert len(run_plan.first) < len(run_plan.order) / 2
    assert sorted(run_plan.order) == sorted(operation.id for operation in run_plan.operations)


def test_pairs_take_turns() -> None:
    letters, numbers = "abc", [1, 2, 3, 4]
    everything = Rotation(thorough=True).pairs("x", letters, numbers, lambda letter, number: True)
    assert len(everything) == 12
    matched = Rotation().pairs("x", letters, numbers, lambda letter, number: True)
    assert matched == [("a", 1), ("b", 2), ("c", 3)]
    days = [
        Rotation(seed, whole=False).pairs("x", letters, numbers, lambda letter, number: True)[0]
        for seed in range(12)
    ]
    assert set(days) == set(everything)
