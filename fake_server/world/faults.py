"""The faults of a world: which of them befalls a request, counted and drawn."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from fake_server.world.errors import TooManyFaultsError, UnknownFaultError, UserError
from fake_server.world.fault import Fault
from fake_server.world.seeded_random import SeededRandom

MOST_FAULTS = 100
"""How many faults a world may have at a time."""


class Strike(NamedTuple):
    """One firing of a fault: its `id`, and how many seconds its answer waits."""

    id: str
    fault: Fault
    wait: float


@dataclass(slots=True)
class ActiveFault:
    """A fault of a world: how many requests it `matched`, and with how many of them it `fired`."""

    id: str
    fault: Fault
    matched: int = 0
    fired: int = 0

    def strike(self, seed: int) -> Strike | None:
        """Count a request that matches, and return what befalls it."""
        self.matched += 1
        fault, later = self.fault, self.matched - self.fault.after
        if later < 1 or later % fault.every or self.fired == fault.times:
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


def faults_of(given: Iterable[Mapping[str, Any]]) -> tuple[Fault, ...]:
    """Return the faults with these attributes; raises `UserError` that says which one is wrong."""
    return tuple(_fault_at(place, attributes) for place, attributes in enumerate(given))


def _fault_at(place: int, attributes: Mapping[str, Any]) -> Fault:
    with _placed(place):
        return Fault.of(attributes)


@contextmanager
def _placed(place: int) -> Iterator[None]:
    try:
        yield
    except UserError as error:
        raise type(error)(f"faults.{place}: {error}") from None


def any_fault(fault: Fault) -> None:
    """Take any fault for possible."""


class Faults:
    """The faults of one world, in the order in which they were set.

    `seed`: what probabilities and latencies are drawn from. `check`: raises `UserError` for a
    fault that no request can meet.
    """

    __slots__ = ("_check", "_count", "_seed", "active")

    def __init__(
        self, seed: int, check: Callable[[Fault], None], initial: Iterable[Fault] = ()
    ) -> None:
        self._seed = seed
        self._check = check
        self._count = 0
        self.active: list[ActiveFault] = []
        for place, fault in enumerate(initial):
            with _placed(place):
                self.add(fault)

    def add(self, fault: Fault) -> ActiveFault:
        """Set a fault; raises `UserError`, `TooManyFaultsError` where there are too many."""
        if len(self.active) >= MOST_FAULTS:
            raise TooManyFaultsError(f"there are {MOST_FAULTS} faults: delete one first")
        self._check(fault)
        self._count += 1
        self.active.append(ActiveFault(f"fault-{self._count}", fault))
        return self.active[-1]

    def get(self, wanted: str) -> ActiveFault:
        """Return a fault by its id; raises `UnknownFaultError`."""
        found = next((one for one in self.active if one.id == wanted), None)
        if found is None:
            raise UnknownFaultError(f"there is no fault called {wanted[:60]!a} here")
        return found

    def remove(self, wanted: str) -> None:
        """Forget a fault; raises `UnknownFaultError`."""
        self.active.remove(self.get(wanted))

    def clear(self) -> None:
        """Forget all faults."""
        self.active.clear()

    def strike(self, meets: Callable[[Fault], bool]) -> Strike | None:
        """Return what befalls a request: of the faults it meets, the latest set that fires.

        Those set before the one that fires do not count the request.
        """
        for one in reversed(self.active):
            if meets(one.fault):
                strike = one.strike(self._seed)
                if strike is not None:
                    return strike
        return None
