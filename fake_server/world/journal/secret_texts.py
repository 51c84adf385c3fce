"""The secrets of a world's clients, which its journal redacts."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote_plus

REDACTED = "[redacted]"

LEAST_LENGTH = 8
"""The least length of a redacted secret, in characters. A shorter secret may be a common word."""

_SEPARATOR = re.compile("([&;=])")


class SecretTexts:
    """Secret texts, and their redaction from values, texts and queries."""

    __slots__ = ("_lengths", "_texts")

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = frozenset(text for text in texts if len(text) >= LEAST_LENGTH)
        self._lengths = sorted({len(text) for text in self._texts}, reverse=True)

    def hidden(self, value: Any) -> Any:
        """Return a JSON value with the secrets in its texts and names redacted."""
        if isinstance(value, str):
            return self.hidden_text(value)
        if isinstance(value, Mapping):
            return {self.hidden(name): self.hidden(inner) for name, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.hidden(inner) for inner in value]
        return value

    def hidden_text(self, text: str) -> str:
        """Return a text with the secrets in it redacted."""
        for length in self._lengths:
            text = self._without(text, length)
        return text

    def hidden_query(self, query: str) -> str:
        """Return a query or path in its own spelling; a part that encodes a secret is redacted."""
        return "".join(REDACTED if self._spells(part) else part for part in _SEPARATOR.split(query))

    def _spells(self, part: str) -> bool:
        decoded = unquote_plus(part, errors="replace")
        return self.hidden_text(decoded) != decoded

    def _without(self, text: str, length: int) -> str:
        # A look-up at each position is fast: there may be thousands of secrets, of few lengths.
        parts, position = [], 0
        for start in range(len(text) - length + 1):
            if start >= position and text[start : start + length] in self._texts:
                parts += [text[position:start], REDACTED]
                position = start + length
        return "".join([*parts, text[position:]]) if parts else text
