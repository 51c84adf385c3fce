"""The faults of a world, and which of them applies to a request."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from fake_server.errors import TooManyFaultsError, UnknownFaultError, UserError
from fake_server.world.fault import Fault
from fake_server.world.seeded_random import SeededRandom

MOST_FAULTS = 100
"""The greatest number of faults that a world may have at a time."""


class Strike(NamedTuple):
    """One application of a fault to a request; `wait` is the latency of the answer, in seconds."""

    id: str
    fault: Fault
    wait: float


@dataclass(slots=True)
class ActiveFault:
    """A fault of a world: it `matched` so many requests, and `fired` for so many of them."""

    id: str
    fault: Fault
    matched: int = 0
    fired: int = 0

    def strike(self, seed: int) -> Strike | None:
        """Count a matching request; return a strike if the fault applies to it."""
        self.matched += 1
        fault, position = self.fault, self.matched - self.fault.after
        if position < 1 or position % fault.every or self.fired == fault.times:
            return None
        random = SeededRandom(seed, "faults", f"{self.id} {self.matched}")
        if not random.chance(fault.probability):
            return None
        self.fired += 1
        return Strike(self.id, fault, _wait(fault.latency, random))


def _wait(latency: float | tuple[float, float] | None, random: SeededRandom) -> float:
    if isinstance(latency, tuple):
        return random.number(*latency)
    return float(latency or 0)


def faults_of(faults: Iterable[Mapping[str, Any]]) -> tuple[Fault, ...]:
    """Return the faults with these attributes; raises `UserError` with the index of a wrong one."""
    return tuple(_fault_at(index, attributes) for index, attributes in enumerate(faults))


def _fault_at(index: int, attributes: Mapping[str, Any]) -> Fault:
    with _indexed(index):
        return Fault.of(attributes)


@contextmanager
def _indexed(index: int) -> Iterator[None]:
    try:
        yield
    except UserError as error:
        raise type(error).of_message(f"faults.{index}: {error}") from None


def any_fault(fault: Fault) -> None:
    """Accept any fault."""


class Faults:
    """The faults of one world, in the order in which they were set.

    - `seed`: the seed of probabilities and latencies.
    - `check`: raises `UserError` for a fault that applies to no request.
    - `initial`: the first faults.
    """

    __slots__ = ("_check", "_count", "_seed", "active")

    def __init__(
        self, seed: int, check: Callable[[Fault], None], initial: Iterable[Fault] = ()
    ) -> None:
        self._seed = seed
        self._check = check
        self._count = 0
        self.active: list[ActiveFault] = []
        for index, fault in enumerate(initial):
            with _indexed(index):
                self.add(fault)

    def add(self, fault: Fault) -> ActiveFault:
        """Set a fault; raises `UserError`, or `TooManyFaultsError` if the world has too many."""
        if len(self.active) >= MOST_FAULTS:
            raise TooManyFaultsError(f"there are {MOST_FAULTS} faults: delete one first")
        self._check(fault)
        self._count += 1
        self.active.append(ActiveFault(f"fault-{self._count}", fault))
        return self.active[-1]

    def get(self, fault_id: str) -> ActiveFault:
        """Return a fault by its id; raises `UnknownFaultError`."""
        match = next((fault for fault in self.active if fault.id == fault_id), None)
        if match is None:
            raise UnknownFaultError(f"there is no fault called {fault_id[:60]!a} here")
        return match

    def remove(self, fault_id: str) -> None:
        """Forget a fault; raises `UnknownFaultError`."""
        self.active.remove(self.get(fault_id))

    def clear(self) -> None:
        """Forget all faults."""
        self.active.clear()

    def strike(self, meets: Callable[[Fault], bool]) -> Strike | None:
        """Return the strike of the newest fault that applies to a request; None if none does.

        `meets` returns whether the request is one of a fault's requests. Faults older than the
        one that fires do not count the request.
        """
        for fault in reversed(self.active):
            if meets(fault.fault):
                strike = fault.strike(self._seed)
                if strike is not None:
                    return strike
        return None
