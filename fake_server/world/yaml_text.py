"""YAML that users write: held to a depth, since what reads it recurses in C, without a limit."""

from collections.abc import Callable
from typing import Any

import yaml

from fake_server.world.errors import UserError

MOST_DEPTH = 50
"""How many lists and mappings may stand within each other; no dataset needs a quarter of it."""


def read_text(text: str, place: str, load: Callable[[str], Any]) -> Any:
    """Return what `load` makes of a user's YAML; `place` is the file that a mistake names.

    Raises `UserError`, one line with place and line, for what is not YAML or nested too deeply.
    """
    try:
        _require_shallow(text, place)
        return load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or " ".join(str(error).split())
        raise UserError(f"{_place(place, mark)}: not YAML: {problem}") from None


def _require_shallow(text: str, place: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MOST_DEPTH:
                where = _place(place, event.start_mark)
                raise UserError(
                    f"{where}: nested too deeply: expected at most {MOST_DEPTH} lists and mappings"
                    " within each other"
                )
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _place(place: str, mark: Any) -> str:
    return f"{place}:{mark.line + 1}" if mark else place
