"""Bounded reading of users' YAML: the parser recurses in C and expands every alias."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml
from yaml.reader import ReaderError

from fake_server.errors import Position, UserError, YamlError
from fake_server.yaml_classes import Loader

MOST_DEPTH = 50
"""The greatest depth of nested lists and mappings; no dataset needs a quarter of it."""

MOST_REPEATED = 1_000_000
"""The greatest number of values that aliases expand to: a few lines can expand to any number."""


class _UserLoader(Loader):
    """Loads a whole number as an integer in any spelling: 2.0 is 2, as in JSON Schema."""


def _number(loader: _UserLoader, node: yaml.ScalarNode) -> float:
    number = loader.construct_yaml_float(node)
    return int(number) if number.is_integer() else number


_UserLoader.add_constructor("tag:yaml.org,2002:float", _number)


@lru_cache(maxsize=1)
def load_text(text: str) -> Any:
    """Return the content of a YAML text, to be read alone, without the bounds of `read_text`.

    A dataset is read, and then checked: a long one takes seconds each time.
    """
    return yaml.load(text, Loader=_UserLoader)


def read_text(text: str, file: str, load: Callable[[str], Any] = load_text) -> Any:
    """Return `load(text)` for a user's YAML; `file` is its name in error messages.

    Raises `UserError` (one line with file and line) for invalid YAML, too deep nesting, and aliases
    that expand to too many values.
    """
    try:
        _require_bounded(text, file)
        return load(text)
    except ReaderError as error:
        character = chr(error.character)
        line = text[: text.find(character)].count("\n") + 1
        raise YamlError(
            f"not YAML: the character U+{ord(character):04X} may not stand there",
            Position(file, line),
        ) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise YamlError(f"not YAML: {_problem(error)}", _position(file, mark)) from None


def not_text(file: str, error: UnicodeDecodeError) -> UserError:
    """Return the error for a file whose bytes are not UTF-8."""
    line = error.object[: error.start].count(b"\n") + 1
    byte = error.object[error.start]
    return YamlError(f"expected text in UTF-8, found the byte 0x{byte:02x}", Position(file, line))


def _problem(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None) or " ".join(str(error).split())
    return f"{getattr(error, 'context', '')}, {problem}" if problem.startswith("but ") else problem


@dataclass(slots=True)
class _YamlNode:
    """A list, mapping or value: its anchor, its number of values and its depth."""

    anchor: str | None = None
    size: int = 1
    height: int = 0

    def take(self, inner: "_YamlNode") -> None:
        self.size += inner.size
        self.height = max(self.height, inner.height + 1)


def _require_bounded(text: str, file: str) -> None:
    """Raise `UserError` for a text that exceeds the bounds once its aliases are expanded."""
    anchored: dict[str | None, _YamlNode] = {}
    open_nodes = [_YamlNode()]
    repeated = 0
    for event in yaml.parse(text, Loader=Loader):
        node = _YamlNode(getattr(event, "anchor", None))
        if isinstance(event, yaml.CollectionStartEvent):
            open_nodes.append(node)
        elif isinstance(event, yaml.CollectionEndEvent):
            node = open_nodes.pop()
            anchored[node.anchor] = node
        elif isinstance(event, yaml.AliasEvent):
            if any(node.anchor == outer.anchor for outer in open_nodes):
                raise YamlError("an alias contains itself", _position(file, event.start_mark))
            node = anchored.get(node.anchor, node)
            repeated += node.size
        elif not isinstance(event, yaml.ScalarEvent):
            continue
        if len(open_nodes) - 1 + node.height > MOST_DEPTH:
            raise YamlError(
                f"nested too deeply: expected at most {MOST_DEPTH} lists and mappings within each"
                " other",
                _position(file, event.start_mark),
            )
        if repeated > MOST_REPEATED:
            raise YamlError(
                f"its aliases spell out more than {MOST_REPEATED} values",
                _position(file, event.start_mark),
            )
        if not isinstance(event, yaml.CollectionStartEvent):
            open_nodes[-1].take(node)


def _position(file: str, mark: Any) -> Position:
    return Position(file, mark.line + 1 if mark else None)
