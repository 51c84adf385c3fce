"""YAML that users write, held to bounds: what reads it recurses in C, and follows every alias."""

from collections.abc import Callable
from typing import Any

import yaml
from yaml.reader import ReaderError

from fake_server.world.errors import UserError
from fake_server.yaml_classes import Loader

MOST_DEPTH = 50
"""How many lists and mappings may stand within each other; no dataset needs a quarter of it."""

MOST_REPEATED = 1_000_000
"""How many values aliases may stand for: a few lines of them can stand for any number."""


class _UserLoader(Loader):
    """Reads a whole number as one however it is written: 2.0 is 2, as in JSON Schema."""


def _number(loader: _UserLoader, node: yaml.ScalarNode) -> float:
    found = loader.construct_yaml_float(node)
    return int(found) if found.is_integer() else found


_UserLoader.add_constructor("tag:yaml.org,2002:float", _number)


def load_text(text: str) -> Any:
    """Return what a text holds that `read_text` has read before, or is to read."""
    return yaml.load(text, Loader=_UserLoader)


def read_text(text: str, place: str, load: Callable[[str], Any] = load_text) -> Any:
    """Return what `load` makes of a user's YAML; `place` is the file that a mistake names.

    Raises `UserError`, one line with place and line, for what is not YAML, nested too deeply, or
    without end for its aliases.
    """
    try:
        _require_bounded(text, place)
        return load(text)
    except ReaderError as error:
        found = chr(error.character)
        line = text[: text.find(found)].count("\n") + 1
        raise UserError(
            f"{place}:{line}: not YAML: the character U+{ord(found):04X} may not stand there"
        ) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise UserError(f"{_place(place, mark)}: not YAML: {_problem(error)}") from None


def not_text(place: str, error: UnicodeDecodeError) -> UserError:
    """Return the one line for a file whose bytes are not UTF-8."""
    line = error.object[: error.start].count(b"\n") + 1
    found = error.object[error.start]
    return UserError(f"{place}:{line}: expected text in UTF-8, found the byte 0x{found:02x}")


def _problem(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None) or " ".join(str(error).split())
    return f"{getattr(error, 'context', '')}, {problem}" if problem.startswith("but ") else problem


def _require_bounded(text: str, place: str) -> None:
    """Raise `UserError` for what is nested too deeply, or whose aliases stand for too much."""
    sizes: dict[str | None, int] = {}
    around: list[tuple[str | None, int]] = [(None, 0)]
    repeated = 0
    for event in yaml.parse(text, Loader=Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            around.append((event.anchor, 1))
            if len(around) > MOST_DEPTH + 1:
                raise UserError(
                    f"{_place(place, event.start_mark)}: nested too deeply: expected at most"
                    f" {MOST_DEPTH} lists and mappings within each other"
                )
            continue
        size = 1
        if isinstance(event, yaml.CollectionEndEvent):
            anchor, size = around.pop()
            sizes[anchor] = size
        elif isinstance(event, yaml.AliasEvent):
            size = sizes.get(event.anchor, 1)
            repeated += size
            if repeated > MOST_REPEATED:
                raise UserError(
                    f"{_place(place, event.start_mark)}: its aliases spell out more than"
                    f" {MOST_REPEATED} values"
                )
        elif not isinstance(event, yaml.ScalarEvent):
            continue
        outer, before = around[-1]
        around[-1] = (outer, before + size)


def _place(place: str, mark: Any) -> str:
    return f"{place}:{mark.line + 1}" if mark else place
