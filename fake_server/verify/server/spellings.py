"""The ways in which a message may spell a text, and where each character of it stands."""

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote_to_bytes

_MOST_ROUNDS = 3
"""How many times over a text may be encoded."""

_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_BACKSLASH = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2}|[\"'\\/bfnrt])"
)
_BYTE = re.compile(r"\\x[0-9a-fA-F]{2}")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8});")
_SHORT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{4,}")
CUT = re.compile(r"\s*(?://\s*(?:Output truncated)?)?\[?(?:\.\.\.|\xe2\x80\xa6|\u2026)\]?")
"""Where another program cut a text: `...` or an ellipsis, in bytes or in characters."""

_LINE_END = re.compile(r"\r?\n[ \t]*")
_SEPARATORS = re.compile(r"[\s_.:,;|&=/+#?\"'-]+")


@dataclass(frozen=True, slots=True)
class Spelling:
    """A text as it may be meant.

    - `text`: its bytes in UTF-8, each as a character.
    - `starts`, `ends`: the positions in the original at which what spells each character begins
      and ends. One escape may spell several.
    """

    text: str
    starts: list[int]
    ends: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the positions in the original of a part of the text."""
        return self.starts[start], self.ends[end - 1]


def as_bytes(text: str) -> str:
    """Return the bytes of a text in UTF-8, each as a character."""
    return text if text.isascii() else text.encode("utf-8", "surrogatepass").decode("latin-1")


def without_separators(text: str) -> str:
    """Return a text without the characters that divide words, lines and parameters."""
    return _SEPARATORS.sub("", text)


def spellings(text: str) -> Iterator[Spelling]:
    """Yield a text as it stands, and decoded up to three times.

    Percent signs, escapes of JSON and of Python, and entities of HTML are decoded, in any order.
    """
    pending = _as_they_stand(text)
    seen = {spelling.text for spelling in pending}
    for _ in range(_MOST_ROUNDS + 1):
        following: list[Spelling] = []
        for spelling in pending:
            yield spelling
            for pattern, decode in _ESCAPES:
                decoded = _decoded(spelling, pattern, decode)
                if decoded is not None and decoded.text not in seen:
                    seen.add(decoded.text)
                    following.append(decoded)
        pending = following


def base64_spellings(spelling: Spelling, least: int) -> Iterator[tuple[Spelling, bool]]:
    """Yield the decoded runs of base64 in a text, with each of their possible beginnings.

    Both alphabets, padded or not, in one line or in several; and whether an ellipsis follows.
    `least`: the least length of a text that is looked for, in bytes. A run that is cut may be
    shorter.
    """
    digits_of_least = -(-least * 8 // 6)
    sources = [spelling]
    if "\n" in spelling.text:
        sources.append(_dropped(spelling, _LINE_END))
    for source in sources:
        for run in _BASE64.finditer(source.text):
            is_cut = CUT.match(source.text, run.end()) is not None
            if len(run[0]) < digits_of_least and not is_cut:
                continue
            for offset in range(4):
                start = run.start() + offset
                digits = run[0][offset:].replace("-", "+").replace("_", "/")
                digits = digits[: len(digits) - (len(digits) % 4 == 1)]
                if len(digits) < 4:
                    continue
                with_padding = digits + "=" * (-len(digits) % 4)
                try:
                    data = base64.b64decode(with_padding).decode("latin-1")
                except (binascii.Error, ValueError):
                    continue
                yield _decoded_run(source, start, run.end(), data), is_cut


def undivided(spelling: Spelling) -> Spelling:
    """Return a text without its separators."""
    return _dropped(spelling, _SEPARATORS)


def _as_they_stand(text: str) -> list[Spelling]:
    as_latin_1 = Spelling(text, list(range(len(text))), list(range(1, len(text) + 1)))
    if text.isascii():
        return [as_latin_1]
    texts, starts = [], []
    for position, character in enumerate(text):
        encoded = as_bytes(character)
        texts.append(encoded)
        starts += [position] * len(encoded)
    in_utf8 = Spelling("".join(texts), starts, [start + 1 for start in starts])
    # Each character under U+0100 may also be one byte of a message, read as Latin-1.
    return [in_utf8, as_latin_1]


def _decoded(
    spelling: Spelling, pattern: re.Pattern[str], decode: Callable[[str], str]
) -> Spelling | None:
    """Return a spelling with its escapes of one kind decoded; None without any."""
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    for match in pattern.finditer(spelling.text):
        parts.append(spelling.text[position : match.start()])
        starts += spelling.starts[position : match.start()]
        ends += spelling.ends[position : match.start()]
        decoded = decode(match[0])
        parts.append(decoded)
        starts += [spelling.starts[match.start()]] * len(decoded)
        ends += [spelling.ends[match.end() - 1]] * len(decoded)
        position = match.end()
    if position == 0:
        return None
    parts.append(spelling.text[position:])
    starts += spelling.starts[position:]
    ends += spelling.ends[position:]
    return Spelling("".join(parts), starts, ends)


def _dropped(spelling: Spelling, pattern: re.Pattern[str]) -> Spelling:
    return _decoded(spelling, pattern, lambda text: "") or spelling


def _of_percent(escape: str) -> str:
    return unquote_to_bytes(escape).decode("latin-1")


def _of_backslash(escape: str) -> str:
    kind, digits = escape[1], escape[2:]
    if len(escape) > 10:
        pair = bytes.fromhex(digits[:4] + digits[6:])
        return as_bytes(pair.decode("utf-16-be", "surrogatepass"))
    if kind in "uUx" and digits:
        number = int(digits, 16)
        return as_bytes(chr(number)) if number < 0x110000 else escape
    return _SHORT.get(kind, kind)


def _of_byte(escape: str) -> str:
    return chr(int(escape[2:], 16))


def _of_entity(escape: str) -> str:
    return as_bytes(unescape(escape))


_ESCAPES: tuple[tuple[re.Pattern[str], Callable[[str], str]], ...] = (
    (_PERCENT, _of_percent),
    (_BACKSLASH, _of_backslash),
    # In Python's texts `\xNN` is a character, in its bytes it is a byte.
    (_BYTE, _of_byte),
    (_ENTITY, _of_entity),
)


def _decoded_run(source: Spelling, start: int, end: int, data: str) -> Spelling:
    """Return the bytes of a run of base64; the last ones end with its padding.

    Three bytes are four digits: a byte begins and ends where its group does.
    """
    padded = end
    while padded < len(source.text) and source.text[padded] == "=":
        padded += 1
    groups = [start + 4 * (index // 3) for index in range(len(data))]
    return Spelling(
        data,
        [source.starts[group] for group in groups],
        [source.ends[(group + 4 if group + 4 < end else padded) - 1] for group in groups],
    )
