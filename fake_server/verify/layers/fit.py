"""Compares tests and ledger: each sentence needs a test, each test shows a sentence."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from fake_server.errors import UntestedError, VerificationError
from fake_server.verify.api_files.ledger import Entry, is_selected
from fake_server.verify.marks import BehaviourMark

MarkedTest = tuple[str, Sequence[BehaviourMark], bool]
"""The name of a test, its marks, and whether it runs for each operation."""


def require_fit(
    tests: Iterable[MarkedTest], ledger: Mapping[str, Entry], only: tuple[str, ...] = ()
) -> None:
    """Raise an error unless each test shows a sentence of the ledger, and each sentence has a test.

    `only`: globs of the behaviours that need a test; without any all do. Raises `UntestedError` for
    sentences without a test, `VerificationError` for a test that shows nothing.
    """
    marked = list(tests)
    mistakes = list(_mistakes(marked, ledger))
    if mistakes:
        others = f" (and {len(mistakes) - 1} more)" if len(mistakes) > 1 else ""
        raise VerificationError(f"tests and ledger do not fit: {mistakes[0]}{others}")
    untested = list(_untested(marked, ledger, only))
    if untested:
        raise UntestedError(f"no contract test shows {', '.join(untested)}", sentences=untested)


def _mistakes(tests: Sequence[MarkedTest], ledger: Mapping[str, Entry]) -> Iterator[str]:
    for name, marks, by_operation in tests:
        if not marks:
            yield f"{name}: marked with no behaviour"
        for mark in marks:
            if mark.id not in ledger:
                yield f"{name}: {mark.id} is in no ledger"
            elif mark.live and ledger[mark.id].live is None:
                yield f"{name}: {mark.id} has no live sentence"
            elif not mark.live and (ledger[mark.id].applies_to is not None) != by_operation:
                way = "once" if by_operation else "for each operation"
                yield f"{name}: {mark.id} is to be shown {way}"


def _untested(
    tests: Sequence[MarkedTest], ledger: Mapping[str, Entry], only: tuple[str, ...]
) -> Iterator[str]:
    shown_sentences = {(mark.id, mark.live) for _, marks, _ in tests for mark in marks}
    for id_, entry in ledger.items():
        if not is_selected(id_, only):
            continue
        if (id_, False) not in shown_sentences:
            yield id_
        if entry.live is not None and (id_, True) not in shown_sentences:
            yield f"{id_} (live)"
