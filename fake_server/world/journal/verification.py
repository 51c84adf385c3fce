"""Verification of a journal: whether the expected requests came, and the near misses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from fake_server.errors import ExpectationError
from fake_server.world.journal.entry import JournalEntry
from fake_server.world.journal.matching import CRITERIA, Criteria, Mismatch, require_known

_TIMES = ("count", "at_least", "at_most", "never")
_MOST_NEAR = 3
_MOST_NAMED = 10
_NEAR = 0.75


@dataclass(frozen=True, slots=True)
class Expectation:
    """The expected number of requests that meet criteria: `least` to `most` (None: no limit)."""

    criteria: Criteria
    least: int = 1
    most: int | None = None

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """Return the expectation that JSON values describe; raises `UserError`."""
        require_known("part of an expectation", values, (*CRITERIA, *_TIMES))
        criteria = {name: value for name, value in values.items() if name not in _TIMES}
        return cls(Criteria.of(criteria), *_bounds(values))

    def __str__(self) -> str:
        """Return the expectation as a phrase."""
        return f"{self.times}: {self.criteria}"

    @property
    def times(self) -> str:
        """The expected number of requests, as a phrase."""
        if self.most == 0:
            return "never"
        if self.most is None:
            return f"at least {self.least}"
        if self.least == self.most:
            return f"exactly {self.least}"
        return f"{self.least} to {self.most}" if self.least else f"at most {self.most}"


def _bounds(values: Mapping[str, Any]) -> tuple[int, int | None]:
    named = {name: _number(name, values[name]) for name in _TIMES if name in values}
    if len(named) > 1 and named.keys() != {"at_least", "at_most"}:
        raise ExpectationError(f"expected one of {', '.join(_TIMES)}, found {' and '.join(named)}")
    if "never" in named:
        return 0, 0
    if "count" in named:
        return named["count"], named["count"]
    most = named.get("at_most")
    least = named.get("at_least", 1 if most is None else 0)
    if most is not None and least > most:
        raise ExpectationError(
            f"at_least: expected at most {most}, which at_most is, found {least}"
        )
    return least, most


def _number(name: str, value: Any) -> int:
    if name == "never":
        if value is not True:
            raise ExpectationError(f"never: expected true, found {value!r}")
        return 0
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ExpectationError(f"{name}: expected a whole number from 0, found {value!r}")
    return value


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A request that nearly meets the criteria, and its mismatches."""

    entry: JournalEntry
    mismatches: Sequence[Mismatch]


@dataclass(slots=True)
class ExpectationVerdict:
    """The verdict on one expectation; `reason` is one line, empty if the expectation holds."""

    expectation: Expectation
    matched: Sequence[JournalEntry]
    reason: str = ""
    near_misses: Sequence[NearMiss] = ()

    @property
    def verified(self) -> bool:
        """Whether the expectation holds."""
        return not self.reason


@dataclass(frozen=True, slots=True)
class Verification:
    """The verdict on each expectation; `forgotten` is the number of requests no longer kept."""

    verdicts: Sequence[ExpectationVerdict]
    forgotten: int

    @property
    def verified(self) -> bool:
        """Whether every expectation holds."""
        return all(verdict.verified for verdict in self.verdicts)

    def lines(self) -> list[str]:
        """Return the verification as lines of text."""
        return [line for verdict in self.verdicts for line in _lines(verdict)]

    def __str__(self) -> str:
        """Return the verification as text."""
        return "\n".join(self.lines())


def _lines(verdict: ExpectationVerdict) -> list[str]:
    lines = [f"{'ok    ' if verdict.verified else 'FAILED'} {verdict.expectation}"]
    if not verdict.verified:
        lines.append(f"       {verdict.reason}")
    for near in verdict.near_misses:
        lines.append(f"       near miss: {near.entry.number} {near.entry}")
        lines += [f"         {mismatch}" for mismatch in near.mismatches]
    return lines


def verified(
    entries: Sequence[JournalEntry],
    expectations: Sequence[Expectation],
    forgotten: int,
    *,
    in_order: bool,
) -> Verification:
    """Return the verdict on each expectation.

    - `entries`: the remembered requests, oldest first.
    - `forgotten`: the number of older requests, which the journal no longer remembers.
    - `in_order`: the requests of each expectation must come after those of the one before.
    """
    verdicts = [
        ExpectationVerdict(
            expectation, [entry for entry in entries if expectation.criteria.met_by(entry)]
        )
        for expectation in expectations
    ]
    for verdict in verdicts:
        verdict.reason = _reason(verdict, forgotten, any_requests=bool(entries))
    if in_order:
        _require_order(verdicts)
    for verdict in verdicts:
        if len(verdict.matched) < verdict.expectation.least:
            verdict.near_misses = _near_misses(verdict.expectation.criteria, entries)
    return Verification(verdicts, forgotten)


def _reason(verdict: ExpectationVerdict, forgotten: int, *, any_requests: bool) -> str:
    expected, count = verdict.expectation, len(verdict.matched)
    summary = f"expected {expected.times}, found {count}"
    if count < expected.least:
        if forgotten:
            return f"{summary}; {_forgotten(forgotten)}"
        return summary if any_requests else f"{summary}: no request came"
    if expected.most is None:
        return ""
    if count > expected.most:
        numbers = ", ".join(str(entry.number) for entry in verdict.matched[:_MOST_NAMED])
        return f"{summary}: requests {numbers}{' ...' if count > _MOST_NAMED else ''}"
    return f"found {count}, but {_forgotten(forgotten)}" if forgotten else ""


def _forgotten(number: int) -> str:
    what = "request is" if number == 1 else "requests are"
    return f"{number} older {what} forgotten: clear the journal first, or say since when"


def _require_order(verdicts: Sequence[ExpectationVerdict]) -> None:
    """Give a reason to each verdict whose requests do not follow those of the verdict before."""
    position = 0
    for verdict in verdicts:
        least = verdict.expectation.least
        later = [entry.number for entry in verdict.matched if entry.number > position]
        if least == 0 or verdict.reason:
            continue
        if len(later) < least:
            verdict.reason = (
                f"expected {verdict.expectation.times} after request {position},"
                f" found {len(later)} there and {len(verdict.matched)} in all"
            )
        else:
            position = later[least - 1]


def _near_misses(criteria: Criteria, entries: Sequence[JournalEntry]) -> list[NearMiss]:
    ranked = []
    for entry in entries:
        mismatches = list(criteria.mismatches(entry))
        distance = sum(mismatch.distance for mismatch in mismatches)
        if mismatches and distance < _NEAR * criteria.farthest:
            ranked.append((distance, -entry.number, NearMiss(entry, mismatches)))
    ranked.sort(key=lambda item: item[:2])
    return [near for _, _, near in ranked[:_MOST_NEAR]]
