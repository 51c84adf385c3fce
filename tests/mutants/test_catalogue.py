"""The catalogue of mutants: whole, up to date with the product, and seen."""

from fnmatch import fnmatchcase
from functools import cache

import pytest

from fake_server.cli.mutation.catalogue import apis, mutants_of
from fake_server.cli.mutation.mutant_runner import Task, compare_shapes, run, runner
from fake_server.data_files import registry
from fake_server.data_files.api_document import api_document
from fake_server.mutation.edits import ConstantEdit, SourceEdit, StaleEditError
from fake_server.mutation.mutant import Mutant
from fake_server.verify.api_files.api_under_test import api_under_test
from fake_server.verify.api_files.declared_operations import declared_operations
from fake_server.verify.api_files.ledger import entries, is_selected

MUTANTS = {name: mutant for api in registry.names() for name, mutant in mutants_of(api).items()}
ALL = list(MUTANTS.values())
QUICKLY_SEEN = ("fabmanager.after-exclusive", "intra42.total-of-page", "xurrent.name-of-81")


def test_there_are_enough_of_each_api() -> None:
    assert len(ALL) >= 90
    assert apis() == registry.names()
    for api in apis():
        assert sum(mutant.api == api for mutant in ALL) >= 25
        assert any(mutant.api == api and mutant.profile == "live" for mutant in ALL)
        assert sum(mutant.api == api and mutant.layer == "schema" for mutant in ALL) >= 2
        assert any(mutant.api == api and mutant.layer == "shape" for mutant in ALL)


def test_names_are_unique_and_told() -> None:
    assert len({(mutant.api, mutant.profile, mutant.says) for mutant in ALL}) == len(ALL)
    assert all(mutant.says.endswith(".") and "\n" not in mutant.says for mutant in ALL)


@cache
def _operations(api: str) -> frozenset[str]:
    return frozenset(
        operation.id
        for operation in declared_operations(api_document(api), api_under_test(api).listing)
    )


@pytest.mark.parametrize("mutant", ALL, ids=lambda mutant: mutant.full_name)
def test_a_mutant_fits_the_product(mutant: Mutant) -> None:
    mutant.edit.check()
    known = entries(mutant.api)
    for glob in mutant.first_globs:
        # A shared behaviour's glob may name the operation that must fail.
        behaviour, _, operation = glob.partition(":")
        assert any(fnmatchcase(id_, behaviour) for id_ in known), glob
        assert not operation or operation in _operations(mutant.api), glob
    assert bool(mutant.first_globs) == (mutant.layer == "behaviour")


def test_a_slip_that_does_not_fit_says_so() -> None:
    for edit in (
        SourceEdit("fake_server.rest.links:gone", "a", "b"),
        SourceEdit("fake_server.rest.links:link_header", "not there", "b"),
        ConstantEdit("fake_server.rest.answers:JSON", lambda value: value),
    ):
        with pytest.raises(StaleEditError):
            edit.check()


def test_a_mutant_of_each_api_is_seen() -> None:
    tasks = [Task(MUTANTS[name].api, MUTANTS[name].profile, name) for name in QUICKLY_SEEN]
    with runner(2) as processes:
        seen = {done.task.mutant: done for done in processes.run(tasks)}
    for name in QUICKLY_SEEN:
        assert seen[name].failed is None
        assert any(
            is_selected(seen[name].broken or "", (glob,)) for glob in MUTANTS[name].first_globs
        )


@pytest.mark.slow
def test_what_no_behaviour_asks_is_seen_by_the_other_layers() -> None:
    names = ("fabmanager.bad-request-repeats-status", "fabmanager.server-named")
    sound = run(Task("fabmanager", "documented"))
    assert (sound.broken, sound.failed) == (None, None)
    seen = [
        compare_shapes(run(Task("fabmanager", "documented", name)), sound).layer for name in names
    ]
    assert seen == [MUTANTS[name].layer for name in names]
    assert compare_shapes(run(Task("fabmanager", "documented")), sound).layer is None


def test_a_mutant_is_gone_when_its_run_is_done() -> None:
    mutant = MUTANTS[QUICKLY_SEEN[0]]
    with mutant.applied(), pytest.raises(StaleEditError):
        mutant.edit.check()
    mutant.edit.check()


@pytest.mark.parametrize(
    ("target", "old", "new", "mistake"),
    [
        ("fake_server.rest.links:link_header", "no such text", "", "has 'no such text' 0 times"),
        ("fake_server.rest.links:link_header", "in links", "in pages", "has no pages"),
        ("fake_server.rest.links:linked", "for", "", "there is no fake_server.rest.links:linked"),
    ],
)
def test_an_edit_that_does_not_fit_is_told(target: str, old: str, new: str, mistake: str) -> None:
    edit = SourceEdit(target, old, new)
    with pytest.raises(StaleEditError, match=mistake):
        edit.check()
