"""The only source of randomness: values derived from a seed and a record's identity."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

_T = TypeVar("_T")
_BLOCK = 64
_WORD = 8
_UNVERSIONED = (1 << 128) - 1 & ~(0xF << 76 | 0x3 << 62)
_VERSION_4 = 0x4 << 76 | 0x2 << 62


class SeededRandom:
    """An endless series of random values that depends on `(seed, resource, key)` alone.

    Two instances with equal arguments return the same values in the same order. A record therefore
    stays the same when another record is added.
    """

    __slots__ = ("_block", "_blocks", "_identity", "_position")

    def __init__(self, seed: int, resource: str, key: int | str) -> None:
        self._identity = f"{seed}\0{resource}\0{key}".encode()
        self._blocks = 0
        self._block = b""
        self._position = _BLOCK

    def bits(self) -> int:
        """Return 64 random bits as an integer."""
        if self._position >= _BLOCK:
            self._block = blake2b(self._identity, salt=self._blocks.to_bytes(16)).digest()
            self._blocks += 1
            self._position = 0
        start = self._position
        self._position = start + _WORD
        return int.from_bytes(self._block[start : start + _WORD])

    def integer(self, low: int, high: int) -> int:
        """Return an integer from `low` to `high`, both included."""
        return low + self.bits() % (high - low + 1)

    def number(self, low: float, high: float) -> float:
        """Return a number from `low` to `high`, `high` excluded."""
        return low + self.bits() / 2**64 * (high - low)

    def chance(self, probability: float) -> bool:
        """Return True with `probability` (0 to 1)."""
        return self.bits() < probability * 2**64

    def choice(self, options: Sequence[_T]) -> _T:
        """Return one of `options`, all equally likely."""
        return options[self.bits() % len(options)]

    def weighted(self, options: Sequence[tuple[_T, float]]) -> _T:
        """Return an option of `(option, weight)` pairs, chosen in proportion to its weight."""
        point = self.bits() / 2**64 * sum(weight for _, weight in options)
        for option, weight in options:
            point -= weight
            if point < 0:
                return option
        return options[-1][0]

    def sample(self, options: Sequence[_T], size: int) -> list[_T]:
        """Return `size` options, each at most once, in random order; all if there are fewer."""
        remaining = list(options)
        return [
            remaining.pop(self.bits() % len(remaining)) for _ in range(min(size, len(remaining)))
        ]

    def hexadecimal(self, length: int) -> str:
        """Return `length` random lower-case hexadecimal digits."""
        words = -(-length // 16)
        return "".join(f"{self.bits():016x}" for _ in range(words))[:length]

    def uuid(self) -> str:
        """Return a random version 4 UUID in its usual spelling."""
        bits = (self.bits() << 64 | self.bits()) & _UNVERSIONED | _VERSION_4
        text = f"{bits:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
