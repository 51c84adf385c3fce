"""YAML that users write, held to bounds: what reads it recurses in C, and follows every alias."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.reader import ReaderError

from fake_server.errors import UserError, YamlError
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
        raise YamlError(
            f"{place}:{line}: not YAML: the character U+{ord(found):04X} may not stand there"
        ) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise YamlError(f"{_place(place, mark)}: not YAML: {_problem(error)}") from None


def not_text(place: str, error: UnicodeDecodeError) -> UserError:
    """Return the one line for a file whose bytes are not UTF-8."""
    line = error.object[: error.start].count(b"\n") + 1
    found = error.object[error.start]
    return YamlError(f"{place}:{line}: expected text in UTF-8, found the byte 0x{found:02x}")


def _problem(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None) or " ".join(str(error).split())
    return f"{getattr(error, 'context', '')}, {problem}" if problem.startswith("but ") else problem


@dataclass(slots=True)
class _Node:
    """A list, mapping or value: its anchor, how many values it has in all, how deep it goes."""

    anchor: str | None = None
    size: int = 1
    height: int = 0

    def take(self, inner: "_Node") -> None:
        self.size += inner.size
        self.height = max(self.height, inner.height + 1)


def _require_bounded(text: str, place: str) -> None:
    """Raise `UserError` for what is nested too deeply or without end, aliases spelled out."""
    whole: dict[str | None, _Node] = {}
    around = [_Node()]
    repeated = 0
    for event in yaml.parse(text, Loader=Loader):
        node = _Node(getattr(event, "anchor", None))
        if isinstance(event, yaml.CollectionStartEvent):
            around.append(node)
        elif isinstance(event, yaml.CollectionEndEvent):
            node = around.pop()
            whole[node.anchor] = node
        elif isinstance(event, yaml.AliasEvent):
            if any(node.anchor == outer.anchor for outer in around):
                raise YamlError(f"{_place(place, event.start_mark)}: an alias contains itself")
            node = whole.get(node.anchor, node)
            repeated += node.size
        elif not isinstance(event, yaml.ScalarEvent):
            continue
        if len(around) - 1 + node.height > MOST_DEPTH:
            raise YamlError(
                f"{_place(place, event.start_mark)}: nested too deeply: expected at most"
                f" {MOST_DEPTH} lists and mappings within each other"
            )
        if repeated > MOST_REPEATED:
            raise YamlError(
                f"{_place(place, event.start_mark)}: its aliases spell out more than"
                f" {MOST_REPEATED} values"
            )
        if not isinstance(event, yaml.CollectionStartEvent):
            around[-1].take(node)


def _place(place: str, mark: Any) -> str:
    return f"{place}:{mark.line + 1}" if mark else place
