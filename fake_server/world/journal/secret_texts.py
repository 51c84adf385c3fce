"""The secrets of a world's clients, which its journal redacts."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

REDACTED = "[redacted]"

LEAST_LENGTH = 8
"""The least length of a redacted secret, in characters. A shorter secret may be a common word."""

_LEAST_PIECE = 3
_MOST_TIMES_ENCODED = 3
_SPELLED_BYTE = re.compile(r"%[0-9A-Fa-f]{2}|.", re.DOTALL)
_SEPARATOR = re.compile(r"[&;=?#/\s]+")


class SecretTexts:
    """Secret texts, and their redaction from values, texts, paths and queries."""

    __slots__ = ("_encoded", "_texts")

    def __init__(self, texts: Iterable[str], least_length: int = LEAST_LENGTH) -> None:
        self._texts = [text for text in dict.fromkeys(texts) if len(text) >= least_length]
        self._encoded = _TextSet(map(_as_sent, self._texts))

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
        """Return a text, path or query in its own spelling, with the secrets in it redacted.

        The text may encode a secret up to three times over. A secret may have `&`, `;` and `=` in
        it.
        """
        return _without(text, list(self._within(text)))

    def pieces_within(self, spelling: str) -> "SecretTexts":
        """Return all secrets, with the pieces of those that a query or body spells.

        A reader of parameters divides a secret with `&`, `;` or `=` in it.
        """
        spelled = {
            decoded[start:end]
            for decoded, _ in _decoded(spelling)
            for start, end in self._encoded.within(decoded)
        }
        secrets = (text for text in self._texts if _as_sent(text) in spelled)
        pieces = [piece for text in secrets for piece in _SEPARATOR.split(text)]
        return SecretTexts([*self._texts, *pieces], _LEAST_PIECE) if pieces else self

    def _within(self, spelling: str) -> Iterator[tuple[int, int]]:
        for decoded, starts in _decoded(spelling):
            for start, end in self._encoded.within(decoded):
                yield starts[start], starts[end]


class _TextSet:
    """Texts that are looked for in others."""

    __slots__ = ("_lengths", "_texts")

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = frozenset(texts)
        self._lengths = sorted({len(text) for text in self._texts}, reverse=True)

    def within(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield start and end of each occurrence of one of the texts in another."""
        # A look-up at each position is fast: there may be thousands of secrets, of few lengths.
        for length in self._lengths:
            for start in range(len(text) - length + 1):
                if text[start : start + length] in self._texts:
                    yield start, start + length


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    """Return a text with spans of it redacted; spans that overlap are one."""
    parts: list[str] = []
    position = 0
    for start, end in sorted(spans):
        if start >= position:
            parts += [text[position:start], REDACTED]
        position = max(position, end)
    return "".join([*parts, text[position:]])


def _as_sent(text: str) -> str:
    """Return the bytes of a text as characters; a plus sign and a space are alike in a query."""
    return text.encode("utf-8", "surrogatepass").decode("latin-1").replace("+", " ")


def _decoded(spelling: str) -> Iterator[tuple[str, list[int]]]:
    """Yield a text as it is and decoded up to three times, with where each byte begins in it.

    The bytes are characters. The last position is the end of the text. A character under U+0100
    may be one byte of a message, or a letter that is two.
    """
    for is_message in (True, False) if not spelling.isascii() else (True,):
        text, starts = spelling, list(range(len(spelling) + 1))
        for _ in range(_MOST_TIMES_ENCODED):
            text, starts = _decoded_once(text, starts, is_message=is_message)
            yield text.replace("+", " "), starts
            is_message = True
            if "%" not in text:
                break


def _decoded_once(text: str, starts: list[int], *, is_message: bool) -> tuple[str, list[int]]:
    decoded: list[str] = []
    positions: list[int] = []
    for match in _SPELLED_BYTE.finditer(text):
        spelled = match[0]
        if len(spelled) > 1:
            characters = unquote_to_bytes(spelled).decode("latin-1")
        elif is_message and ord(spelled) < 256:
            characters = spelled
        else:
            characters = spelled.encode("utf-8", "surrogatepass").decode("latin-1")
        decoded.append(characters)
        positions += [starts[match.start()]] * len(characters)
    return "".join(decoded), [*positions, starts[-1]]
