"""The times at which users are busy, so that no user is in two evaluations at once."""

from collections.abc import Iterable
from itertools import islice

from fake_server.api.invent import MINUTE

QUARTER = 15 * MINUTE
_CANDIDATES = 8
_QUARTER_MASK = 0xFFFFFFFF


class Agenda:
    """The quarters of an hour in which people evaluate or are evaluated."""

    def __init__(self) -> None:
        self._taken: set[int] = set()

    def first_free(self, people: Iterable[int], begin: int, quarters: int) -> int | None:
        """Return the first of `people` who is free for some quarters from `begin` on.

        It reserves the quarters. It tries the first eight people only, so that a crowded day takes
        no longer than another. If none of them is free, it returns None and reserves nothing.
        """
        for person in islice(people, _CANDIDATES):
            keys = {_key(person, begin + index * QUARTER) for index in range(quarters)}
            if keys.isdisjoint(self._taken):
                self._taken |= keys
                return person
        return None


def _key(person: int, begin: int) -> int:
    return person << 32 | (begin // QUARTER & _QUARTER_MASK)
