"""The catalogue of mutants: whole, up to date with the product, and seen."""

from fnmatch import fnmatchcase
from functools import cache

import pytest

from fake_server.cli.mutation.catalogue import apis, mutants_of
from fake_server.cli.mutation.runner import Task, compared, run, runner
from fake_server.data_files import registry
from fake_server.mutation.mutant import Mutant
from fake_server.mutation.slips import Constant, Edit, StaleError
from fake_server.rest.schema.bundle import bundled
from fake_server.verify.api.declared import declared
from fake_server.verify.api.description import description
from fake_server.verify.api.ledger import entries, wanted

MUTANTS = {name: one for api in registry.names() for name, one in mutants_of(api).items()}
ALL = list(MUTANTS.values())
QUICKLY_SEEN = ("fabmanager.after-exclusive", "intra42.total-of-page", "xurrent.name-of-81")


def test_there_are_enough_of_each_api() -> None:
    assert len(ALL) >= 90
    assert apis() == registry.names()
    for api in apis():
        assert sum(one.api == api for one in ALL) >= 25
        assert any(one.api == api and one.profile == "live" for one in ALL)
        assert sum(one.api == api and one.layer == "schema" for one in ALL) >= 2
        assert any(one.api == api and one.layer == "shape" for one in ALL)


def test_names_are_unique_and_told() -> None:
    assert len({(one.api, one.profile, one.says) for one in ALL}) == len(ALL)
    assert all(one.says.endswith(".") and "\n" not in one.says for one in ALL)


@cache
def _operations(api: str) -> frozenset[str]:
    return frozenset(one.id for one in declared(bundled(api), description(api).listing))


@pytest.mark.parametrize("mutant", ALL, ids=lambda one: one.full_name)
def test_a_mutant_fits_the_product(mutant: Mutant) -> None:
    mutant.slip.check()
    known = entries(mutant.api)
    for glob in mutant.first:
        # A shared behaviour's glob may name the operation that must fail.
        behaviour, _, operation = glob.partition(":")
        assert any(fnmatchcase(id_, behaviour) for id_ in known), glob
        assert not operation or operation in _operations(mutant.api), glob
    assert bool(mutant.first) == (mutant.layer == "behaviour")


def test_a_slip_that_does_not_fit_says_so() -> None:
    for slip in (
        Edit("fake_server.rest.links:gone", "a", "b"),
        Edit("fake_server.rest.links:link_header", "not there", "b"),
        Constant("fake_server.rest.answers:JSON", lambda value: value),
    ):
        with pytest.raises(StaleError):
            slip.check()


def test_a_mutant_of_each_api_is_seen() -> None:
    tasks = [Task(MUTANTS[name].api, MUTANTS[name].profile, name) for name in QUICKLY_SEEN]
    with runner(2) as processes:
        seen = {done.task.mutant: done for done in processes.run(tasks)}
    for name in QUICKLY_SEEN:
        assert seen[name].failed is None
        assert any(wanted(seen[name].broken or "", (glob,)) for glob in MUTANTS[name].first)


def test_what_no_behaviour_asks_is_seen_by_the_other_layers() -> None:
    names = ("fabmanager.bad-request-repeats-status", "fabmanager.server-named")
    sound = run(Task("fabmanager", "documented"))
    assert (sound.broken, sound.failed) == (None, None)
    seen = [compared(run(Task("fabmanager", "documented", name)), sound).layer for name in names]
    assert seen == [MUTANTS[name].layer for name in names]
    assert compared(run(Task("fabmanager", "documented")), sound).layer is None


def test_a_mutant_is_gone_when_its_run_is_done() -> None:
    mutant = MUTANTS[QUICKLY_SEEN[0]]
    with mutant.made(), pytest.raises(StaleError):
        mutant.slip.check()
    mutant.slip.check()
