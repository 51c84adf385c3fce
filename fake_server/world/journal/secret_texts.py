"""What a world's clients must keep to themselves, taken out of what its journal shows."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote_plus

REDACTED = "[redacted]"

LEAST_LENGTH = 8
"""How many characters a secret has at least to be looked for: a shorter one is an ordinary word."""

_SEPARATOR = re.compile("([&;=])")


class SecretTexts:
    """Texts that must not be shown, wherever they stand."""

    __slots__ = ("_lengths", "_texts")

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = frozenset(text for text in texts if len(text) >= LEAST_LENGTH)
        self._lengths = sorted({len(text) for text in self._texts}, reverse=True)

    def hidden(self, value: Any) -> Any:
        """Return a value, nested as JSON is, without the secrets in its texts and names."""
        if isinstance(value, str):
            return self.hidden_text(value)
        if isinstance(value, Mapping):
            return {self.hidden(name): self.hidden(inner) for name, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.hidden(inner) for inner in value]
        return value

    def hidden_text(self, text: str) -> str:
        """Return a text without the secrets in it."""
        for length in self._lengths:
            text = self._without(text, length)
        return text

    def hidden_query(self, query: str) -> str:
        """Return a query, or path, as it was spelled, but for the parts that spell a secret."""
        return "".join(REDACTED if self._spells(part) else part for part in _SEPARATOR.split(query))

    def _spells(self, part: str) -> bool:
        decoded = unquote_plus(part, errors="replace")
        return self.hidden_text(decoded) != decoded

    def _without(self, text: str, length: int) -> str:
        # A look-up for each place: there may be thousands of secrets, of few lengths.
        found, place = [], 0
        for start in range(len(text) - length + 1):
            if start >= place and text[start : start + length] in self._texts:
                found += [text[place:start], REDACTED]
                place = start + length
        return "".join([*found, text[place:]]) if found else text
