"""The kinds of values that options take."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from math import isfinite
from typing import Any, TextIO
from urllib.parse import urlsplit

import click

from fake_server.world.instants import EARLIEST, LATEST

_LENGTH = re.compile(r"([0-9]+(?:\.[0-9]+)?)(s|ms)?")


def time(text: str) -> datetime:
    """Return the time of a text in ISO 8601, in UTC unless the text has a zone."""
    try:
        parsed = datetime.fromisoformat(text.strip())
    except ValueError:
        raise click.BadParameter(f"{text!r} is not a time such as 2026-11-21T10:00:00Z") from None
    moment = parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    if not EARLIEST <= moment < LATEST:
        raise click.BadParameter(
            f"{text!r} does not lie between {EARLIEST.year} and {LATEST.year - 1}"
        )
    return moment


def number(text: str) -> float | str:
    """Return a number; return any other text unchanged, which the server refuses."""
    try:
        value = float(text)
    except ValueError:
        return text
    return value if isfinite(value) else text


def duration(text: str) -> float | str:
    """Return seconds as a number; return any other text unchanged, for the server."""
    return number(text)


def seconds(text: str) -> float:
    """Return a number of seconds; raises `BadParameter` for one that is not above 0."""
    value = duration(text)
    if isinstance(value, str) or value <= 0:
        raise click.BadParameter(f"{text!r} is not a number of seconds, more than 0")
    return value


def latency(text: str) -> float | list[float]:
    """Return the seconds of `2s`, `100ms` or `0.1`, or two numbers for a range with `..`."""
    first, dots, last = text.partition("..")
    return [_length(text, first), _length(text, last)] if dots else _length(text, first)


def _length(text: str, part: str) -> float:
    match = _LENGTH.fullmatch(part.strip())
    if match is None:
        raise click.BadParameter(f"{text!r} is not a time such as 2s, 100ms or 100ms..900ms")
    return float(match[1]) / (1000 if match[2] == "ms" else 1)


def url(text: str) -> str:
    """Return a base URL, http or https, with host and maybe path, without a final slash."""
    if not _is_base_url(text):
        raise click.BadParameter(f"{text!r} is not a URL such as https://fake.example.org")
    return text.rstrip("/")


def _is_base_url(text: str) -> bool:
    if not text.isascii() or not text.isprintable() or " " in text:
        return False
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    has_host = bool(parts.hostname) and port != 0
    return parts.scheme in {"http", "https"} and has_host and not parts.query + parts.fragment


def token(text: str) -> str:
    """Return a control token; raises `BadParameter` for characters that a header cannot have."""
    if not text.isascii() or not text.isprintable() or " " in text:
        raise click.BadParameter("expected ASCII characters without spaces")
    return text


def records(file: TextIO) -> Any:
    """Return the content of a user's file, in YAML or JSON; raises `ClickException`."""
    from fake_server.data_files.yaml_values import read_yaml
    from fake_server.errors import UserError
    from fake_server.world.datasets.yaml_text import not_text, read_text
    from fake_server.world.json_values import as_json

    try:
        return as_json(read_text(file.read(), file.name, lambda text: read_yaml(text.encode())))
    except UserError as error:
        raise click.ClickException(str(error)) from None
    except UnicodeDecodeError as error:
        raise click.ClickException(str(not_text(file.name, error))) from None
    except ValueError as error:
        problem = " ".join(str(error).split())
        raise click.ClickException(f"{file.name}: cannot be read: {problem}") from None


def attributes(words: Iterable[str]) -> dict[str, Any]:
    """Return words `name=value` as attributes; a value is JSON, or else text."""
    from fake_server.rest.api_errors import DeepJsonError, MalformedJsonError
    from fake_server.rest.json_text import parse_json

    attributes: dict[str, Any] = {}
    for word in words:
        name, equals, text = word.partition("=")
        if not equals or not name:
            raise click.BadParameter(f"{word!r} is not an attribute such as name=value")
        try:
            attributes[name] = parse_json(text.encode(errors="surrogatepass"))
        except DeepJsonError:
            raise click.BadParameter(f"{name}: nested too deeply") from None
        except MalformedJsonError:
            attributes[name] = text
    return attributes
