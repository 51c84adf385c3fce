"""The fake answers and documents itself as it did before its resources moved, byte for byte.

What it is held to was written by `python -m tests.frozen.make`; what differs on purpose stands in
`tests/frozen/differences.yaml`.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import unified_diff
from functools import cache
from typing import NamedTuple

import pytest

from fake_server import create_app
from tests.frozen import answers, documents
from tests.frozen.answers import Answer, Fake, Group, Question
from tests.frozen.documents import APIS, DIFFERENCES
from tests.support import listed

_SHOWN = 5
_LONGEST_DIFF = 40


class Other(NamedTuple):
    """An answer that is not the frozen one; `where` tells group and request."""

    where: str
    what: str
    question: Question
    frozen: Answer
    present: Answer

    def __str__(self) -> str:
        """Return the request, and how its answers differ, line by line."""
        frozen, present = _lines(self.frozen), _lines(self.present)
        if frozen == present:
            frozen, present = [self.frozen.body], [self.present.body]
        lines = list(unified_diff(frozen, present, "frozen", "present", n=2))
        asked = [f"{self.where}: {self.what} differs", f"    headers: {self.question.headers}"]
        if self.question.body is not None:
            asked.append(f"    body: {self.question.body[:500]}")
        return "\n".join([*asked, *(f"    {line.rstrip()}" for line in lines[:_LONGEST_DIFF])])


def _lines(answer: Answer) -> list[str]:
    try:
        body = json.dumps(json.loads(answer.body), indent=1, ensure_ascii=False)
    except ValueError:
        body = answer.body
    headers = [f"{name}: {value}" for name, value in answer.headers]
    return [str(answer.status), *headers, "", *body.splitlines()]


@cache
def _groups() -> Mapping[str, list[Group]]:
    groups: dict[str, list[Group]] = {api: [] for api in APIS}
    for group in answers.read():
        groups[group.name.split()[0]].append(group)
    return groups


def _others(fake: Fake, groups: Iterable[Group]) -> Iterator[Other]:
    """Yield the answers that are not the frozen ones."""
    for group in groups:
        fake.make_world(group.world)
        for question, frozen in group.exchanges:
            present = fake.ask(question)
            if present != frozen:
                parts = zip(Answer._fields, frozen, present, strict=True)
                what = next(name for name, left, right in parts if left != right)
                where = f"{group.name}: {question.method} {question.target}"
                yield Other(where, what, question, frozen, present)


def _first_of_each_group(others: Iterable[Other]) -> list[Other]:
    first: dict[str, Other] = {}
    for other in others:
        first.setdefault(other.where.partition(":")[0], other)
    return list(first.values())


def _report(what: str, rest: Sequence[object], shown: Sequence[object]) -> str:
    return "\n".join([f"{len(rest)} {what} differ, such as", *map(str, shown)])


def _require_needed(stale: Iterable[listed.Listed]) -> None:
    assert not [entry.where for entry in stale], "entries of differences.yaml cover no difference"


@pytest.mark.slow
@pytest.mark.parametrize("api", APIS)
def test_answers_are_the_frozen_ones(api: str) -> None:
    entries = [
        entry for entry in listed.entries(DIFFERENCES, "answers") if entry.where.startswith(api)
    ]
    others = _others(Fake(create_app("documented")), _groups()[api])
    rest, stale = listed.unlisted(others, entries)
    assert not rest, _report("answers", rest, _first_of_each_group(rest)[:_SHOWN])
    _require_needed(stale)


def test_documents_are_the_frozen_ones() -> None:
    present = documents.present_documents()
    differing = documents.differences(documents.frozen_documents(), present)
    rest, stale = listed.unlisted(differing, listed.entries(DIFFERENCES, "documents"))
    assert not rest, _report("parts of documents", rest, rest[: _SHOWN * 6])
    _require_needed(stale)


def test_another_answer_is_seen() -> None:
    walk = next(group for group in _groups()["intra42"] if group.name.endswith("graph_slots"))
    quirked = walk._replace(world={**walk.world, "quirks": ["intra42.graph-x-total"]})
    others = list(_others(Fake(create_app("documented")), [quirked]))
    assert {other.what for other in others} == {"headers"}
    assert "+X-Total: " in str(others[0])
    rest, stale = listed.unlisted(others, [listed.Listed("intra42 *", "body", "another part")])
    assert len(rest) == len(others)
    assert len(stale) == 1


def test_another_document_is_seen() -> None:
    frozen, present = documents.frozen_documents(), documents.frozen_documents()
    operations = present["intra42 live"]["operations"]
    sort = operations["GET /v2/slots"]["parameters"]["query:sort"]
    del sort["schema"]["items"]["enum"][0]
    operations["GET /v2/more"] = operations.pop("GET /v2/campus")
    differing = list(documents.differences(frozen, present))
    assert [(difference.where, difference.what) for difference in differing] == [
        ("intra42 live GET /v2/campus", "removed"),
        ("intra42 live GET /v2/more", "added"),
        ("intra42 live GET /v2/slots: parameters.query:sort.schema.items.enum", "changed"),
    ]
    entry = listed.Listed("intra42 * GET /v2/slots: *.enum", "*", "a field less")
    assert listed.unlisted(differing, [entry]) == (differing[:2], [])


def test_listed_differences_have_a_place_and_a_reason() -> None:
    for entry in [
        *listed.entries(DIFFERENCES, "answers"),
        *listed.entries(DIFFERENCES, "documents"),
    ]:
        assert len(entry.reason) > 20, entry
        assert entry.where.split()[0] in {*APIS, "*"}, entry
    assert all(entry.where.split()[0] in APIS for entry in listed.entries(DIFFERENCES, "answers"))
