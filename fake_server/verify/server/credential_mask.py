"""Masks credentials in all that a run prints or writes."""

import base64
import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, quote_plus

from fake_server.verify.server.spellings import (
    CUT,
    Spelling,
    as_bytes,
    base64_spellings,
    spellings,
    undivided,
    without_separators,
)

_SHORTEST = 4
"""The least length of a masked value, and of a masked part of one that another program cut."""

_SHORTEST_UNDIVIDED = 8
"""The least length of a value that is recognised between separators: `1, 2, 3, 4` is no `1234`."""

_LEAST_MARGIN = 4096
_MOST_PER_CHARACTER = 12
"""Characters of the longest spelling of one character, such as `%25255C%252522`."""


@dataclass(frozen=True, slots=True)
class _Span:
    """A part of a text that spells a credential."""

    start: int
    end: int
    placeholder: str


class CredentialMask:
    """Replaces credentials in texts by placeholders such as `$TOKEN`.

    It recognises a value as it is, percent-encoded, JSON-escaped, in base64 of either alphabet,
    alone or within more, and with separators in it; each up to three times over, wholly or in
    part. It recognises the part of a value before or after an ellipsis. It leaves values of fewer
    than four characters (the documented password `x`): to replace them would destroy the text.
    """

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._forms: dict[str, str] = {}
        self._pattern: re.Pattern[str] | None = None
        self._placeholders: dict[str, str] = {}
        self._undivided: dict[str, str] = {}
        for name, value in (values or {}).items():
            self.add(name, value)

    def add(self, name: str, value: str) -> None:
        """Mask `value` from now on; its placeholder is `$NAME`, in capitals."""
        if len(value) < _SHORTEST or as_bytes(value) in self._placeholders:
            return
        placeholder = f"${name.upper()}"
        raw = value.encode("utf-8", "surrogatepass")
        for form in (value, quote(raw, safe=""), quote_plus(raw), json.dumps(value)[1:-1]):
            self._forms.setdefault(form, placeholder)
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            encoded = encode(raw).decode()
            for form in (encoded, encoded.rstrip("=")):
                self._forms.setdefault(form, f"$(printf %s {placeholder} | base64)")
        self._placeholders[as_bytes(value)] = placeholder
        if "+" in value:
            self._placeholders.setdefault(as_bytes(value.replace("+", " ")), placeholder)
        if " " in value:
            self._placeholders.setdefault(as_bytes(value.replace(" ", "+")), placeholder)
        bare = without_separators(as_bytes(value))
        if len(bare) >= _SHORTEST_UNDIVIDED:
            self._undivided.setdefault(bare, placeholder)
        longest_first = sorted(self._forms, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first)))

    def hide(self, text: str) -> str:
        """Return `text` with a placeholder for every secret in it."""
        return "".join(part for part, _ in self._parts(text))

    def brief(self, text: str, limit: int) -> str:
        """Return `text` without secrets, cut after `limit` characters."""
        longest = max(map(len, self._placeholders), default=0)
        margin = max(_LEAST_MARGIN, _MOST_PER_CHARACTER * longest)
        length = 2 * limit + margin
        while True:
            # The end of the part may cut a secret: the margin there is not shown.
            hidden = self.hide(text[:length])
            if length >= len(text) or len(hidden) >= limit + margin:
                break
            length *= 2
        return hidden if len(hidden) <= limit else f"{hidden[:limit]}… ({len(text)} characters)"

    def quoted(self, word: str) -> str:
        """Return `word` without secrets, quoted for a shell so that the placeholders expand."""
        parts = list(self._parts(word))
        if not any(is_placeholder for _, is_placeholder in parts):
            return shlex.quote(word)
        return (
            '"'
            + "".join(part if is_secret else _inside_quotes(part) for part, is_secret in parts)
            + '"'
        )

    def _parts(self, text: str) -> Iterator[tuple[str, bool]]:
        """Yield the parts of a text, and whether each is a placeholder."""
        position = 0
        for span in _united(list(self._spans(text))):
            yield text[position : span.start], False
            yield span.placeholder, True
            position = span.end
        yield text[position:], False

    def _spans(self, text: str) -> Iterator[_Span]:
        if self._pattern is None:
            return
        for match in self._pattern.finditer(text):
            yield _Span(match.start(), match.end(), self._forms[match[0]])
        least = min(map(len, self._placeholders))
        for spelling in spellings(text):
            yield from _occurrences(spelling, self._placeholders)
            yield from _occurrences(undivided(spelling), self._undivided)
            yield from self._cut_values(spelling)
            for decoded, is_cut in base64_spellings(spelling, least):
                yield from _occurrences(decoded, self._placeholders)
                if is_cut:
                    yield from self._before(decoded, len(decoded.text))

    def _cut_values(self, spelling: Spelling) -> Iterator[_Span]:
        for cut in CUT.finditer(spelling.text):
            yield from self._before(spelling, cut.start())
            yield from self._after(spelling, cut.end())

    def _before(self, spelling: Spelling, cut: int) -> Iterator[_Span]:
        """Yield the beginnings of values that end at a cut."""
        last = spelling.text[max(0, cut - _SHORTEST) : cut]
        for value, placeholder in self._placeholders.items():
            if len(last) < _SHORTEST or last not in value:
                continue
            for length in range(min(len(value) - 1, cut), _SHORTEST - 1, -1):
                if spelling.text.startswith(value[:length], cut - length):
                    yield _Span(*spelling.span(cut - length, cut), placeholder)
                    break

    def _after(self, spelling: Spelling, cut: int) -> Iterator[_Span]:
        """Yield the ends of values that begin at a cut."""
        first = spelling.text[cut : cut + _SHORTEST]
        for value, placeholder in self._placeholders.items():
            if len(first) < _SHORTEST or first not in value:
                continue
            for length in range(len(value) - 1, _SHORTEST - 1, -1):
                if spelling.text.startswith(value[-length:], cut):
                    yield _Span(*spelling.span(cut, cut + length), placeholder)
                    break


def _occurrences(spelling: Spelling, placeholders: Mapping[str, str]) -> Iterator[_Span]:
    for value, placeholder in placeholders.items():
        position = spelling.text.find(value)
        while position >= 0:
            start, end = spelling.span(position, position + len(value))
            yield _Span(start, end, placeholder)
            position = spelling.text.find(value, position + 1)


def _united(spans: list[_Span]) -> list[_Span]:
    """Return spans in order; those that overlap are one, with the placeholder of the longest."""
    united: list[_Span] = []
    longest = 0
    for span in sorted(spans, key=lambda span: span.start):
        length = span.end - span.start
        if united and span.start < united[-1].end:
            last = united[-1]
            placeholder = span.placeholder if length > longest else last.placeholder
            united[-1] = _Span(last.start, max(last.end, span.end), placeholder)
            longest = max(longest, length)
        else:
            united.append(span)
            longest = length
    return united


def _inside_quotes(text: str) -> str:
    return re.sub(r'([\\"$`])', r"\\\1", text)
