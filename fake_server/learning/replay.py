"""Replays recorded requests against a fake, and compares its answers with the recorded ones."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from fake_server.errors import DefectError
from fake_server.learning.exchange_sightings import ReadExchange
from fake_server.learning.recorded_credentials import LearnedCredentials
from fake_server.verify.outcome_errors import NoAnswerError
from fake_server.verify.server.raw_messages import Answer, ApiRequest
from fake_server.verify.server.transport import Transport

_UNSENT = re.compile(
    r":.*|host|content-length|connection|accept-encoding|if-.*|transfer-encoding|te|upgrade"
    r"|keep-alive|proxy-.*|range",
    re.IGNORECASE,
)
"""Headers of a connection, of what a client has already, and of HTTP/2."""
_DECIDED = re.compile(
    r"x-total|x-page|x-per-page|total|per-page|link|x-pagination-.*|x-application-.*|location",
    re.IGNORECASE,
)
"""Headers that the records of a dataset decide."""
_FEW = 3
_LONGEST = 60
_SECRET = 4
_WORLD = re.compile(r"/w/[^/]+(?=/)")
_NOT_MODIFIED = 304


def differences(
    reading: ReadExchange, transport: Transport, credentials: LearnedCredentials
) -> list[str]:
    """Return the differences of a replayed answer; each text names the part and both values."""
    recorded = reading.exchange.answer
    request = _replayed(recorded.request, credentials)
    try:
        raw = transport.send(request)
    except NoAnswerError as error:
        raise DefectError(f"{reading.title}: the fake did not answer: {error.seen}") from None
    answer = Answer(raw.status, raw.headers, raw.body, request, transport.base_url, recorded.mask)
    expected_status = 200 if recorded.status == _NOT_MODIFIED else recorded.status
    if answer.status != expected_status:
        return [f"status: expected {expected_status}, got {answer.status}"]
    if recorded.status == _NOT_MODIFIED:
        return []
    texts = _Substitutions(recorded, transport.base_url, credentials.stand_ins)
    lines = list(_of_headers(recorded, answer, texts))
    if request.method != "HEAD":
        lines += _of_bodies(recorded, answer, texts)
    return lines


def in_one_line(parts: list[str], recorded: Answer) -> str:
    """Return the first differences in one line, without credentials."""
    shown = "; ".join(parts[:_FEW])
    more = f"; and {len(parts) - _FEW} more" if len(parts) > _FEW else ""
    return recorded.mask.hide(" ".join((shown + more).split()))


def _replayed(request: ApiRequest, credentials: LearnedCredentials) -> ApiRequest:
    replaced = credentials.replaced(request)
    headers = tuple(
        (name, value)
        for name, value in replaced.headers
        if not _UNSENT.fullmatch(name) and f"{name}{value}".isprintable() and value.isascii()
    )
    return ApiRequest(replaced.method, _WORLD.sub("", replaced.target, count=1), headers)


class _Substitutions:
    """Replaces the host and the secrets of a recording by those of the fake."""

    def __init__(self, recorded: Answer, base_url: str, stand_ins: Mapping[str, str]) -> None:
        world = _WORLD.match(recorded.request.target)
        hosts = {recorded.base_url.rpartition("//")[2]}
        hosts |= {value for name, value in recorded.request.headers if name.lower() == "host"}
        bases = [
            f"{scheme}://{host}" for host in sorted(hosts - {""}) for scheme in ("https", "http")
        ]
        prefix = world[0] if world else ""
        pairs = {base + ending: base_url for base in bases for ending in {prefix, ""}}
        # A shorter secret, such as a documented `x`, stands in other words, too.
        secrets = {secret: text for secret, text in stand_ins.items() if len(secret) >= _SECRET}
        self._pairs = {**pairs, **secrets}
        longest_first = sorted(self._pairs, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first)))

    def mapped(self, text: str) -> str:
        """Return a recorded text as the fake would say it."""
        if not self._pairs:
            return text
        return self._pattern.sub(lambda match: self._pairs[match[0]], text)


def _of_headers(recorded: Answer, answer: Answer, texts: _Substitutions) -> Iterator[str]:
    names = {name.lower(): name for name, _ in [*recorded.headers, *answer.headers]}
    for lower, name in sorted(names.items()):
        if not _DECIDED.fullmatch(lower):
            continue
        if lower == "link":
            expected: Any = {rel: texts.mapped(url) for rel, url in recorded.links.items()}
            actual: Any = answer.links
        else:
            expected, actual = recorded.headers.get(name), answer.headers.get(name)
            expected = None if expected is None else texts.mapped(expected)
        if expected != actual:
            yield _line(name, expected, actual)


def _of_bodies(recorded: Answer, answer: Answer, texts: _Substitutions) -> Iterator[str]:
    expected_text = texts.mapped(recorded.text)
    try:
        expected, actual = json.loads(expected_text), json.loads(answer.body)
    except (ValueError, RecursionError):
        if expected_text != answer.text:
            yield _line("body", expected_text, answer.text)
        return
    yield from _of_values("body", expected, actual)


_NOTHING = object()


def _of_values(path: str, expected: Any, actual: Any) -> Iterator[str]:
    if isinstance(expected, dict) and isinstance(actual, dict):
        for name in dict.fromkeys([*expected, *actual]):
            yield from _of_values(
                f"{path}.{name}", expected.get(name, _NOTHING), actual.get(name, _NOTHING)
            )
    elif isinstance(expected, list) and isinstance(actual, list):
        if len(expected) != len(actual):
            yield f"{path}: expected {len(expected)} items, got {len(actual)}"
        for index, (member, other) in enumerate(zip(expected, actual, strict=False)):
            yield from _of_values(f"{path}[{index}]", member, other)
    elif expected != actual or isinstance(expected, bool) != isinstance(actual, bool):
        yield _line(path, expected, actual)


def _line(path: str, expected: Any, actual: Any) -> str:
    return f"{path}: expected {_shown(expected)}, got {_shown(actual)}"


def _shown(value: Any) -> str:
    if value is _NOTHING or value is None:
        return "nothing" if value is _NOTHING else "null"
    text = json.dumps(value, ensure_ascii=True)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
