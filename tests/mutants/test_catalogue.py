"""The catalogue of mutants: whole, up to date with the product, and seen."""

from fnmatch import fnmatchcase

import pytest

from fake_server.verify.ledger import entries
from mutants.catalogue import ALL, MUTANTS
from mutants.mutant import Mutant
from mutants.runner import Task, run
from mutants.slips import Constant, Edit, StaleError

APIS = ("fabmanager", "intra42", "xurrent")
QUICKLY_SEEN = ("fabmanager.after-exclusive", "intra42.total-of-page", "xurrent.name-of-81")


def test_there_are_enough_of_each_api() -> None:
    assert len(ALL) >= 90
    for api in APIS:
        assert sum(one.api == api for one in ALL) >= 25
        assert any(one.api == api and one.profile == "live" for one in ALL)


def test_names_are_unique_and_told() -> None:
    assert len(MUTANTS) == len(ALL)
    assert len({(one.api, one.profile, one.says) for one in ALL}) == len(ALL)
    assert all(one.says.endswith(".") and "\n" not in one.says for one in ALL)


@pytest.mark.parametrize("mutant", ALL, ids=lambda one: one.full_name)
def test_a_mutant_fits_the_product(mutant: Mutant) -> None:
    mutant.slip.check()
    known = entries(mutant.api)
    for glob in mutant.first:
        assert any(fnmatchcase(id_, glob) for id_ in known), glob
    assert mutant.first


def test_a_slip_that_does_not_fit_says_so() -> None:
    for slip in (
        Edit("rest.links:gone", "a", "b"),
        Edit("rest.links:link_header", "not there", "b"),
        Constant("rest.answers:JSON", lambda value: value),
    ):
        with pytest.raises(StaleError):
            slip.check()


@pytest.mark.parametrize("name", QUICKLY_SEEN)
def test_a_mutant_is_seen_and_gone_afterwards(name: str) -> None:
    mutant = MUTANTS[name]
    likely = run(Task(mutant.api, mutant.profile, name))
    assert likely.failed is None
    assert any(fnmatchcase(likely.broken or "", glob) for glob in mutant.first)
    mutant.slip.check()
