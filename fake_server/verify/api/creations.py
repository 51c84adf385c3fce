"""What a POST makes on a live service: how such a record is marked, and how it is put away."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

SIGN = "understudy contract test"
"""What the mark of everything that a run makes begins with, or at least has in it."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How a record of a run is recognised.

    - `field`: the attribute that holds the mark; dots lead into objects, as in `loan.note`.
    - `text`: what a marked record has in it.
    - `required`: the service refuses a record without the attribute, so that a request without it
      makes nothing.
    """

    field: str
    text: str = SIGN
    required: bool = False

    def attributes(self, text: str) -> dict[str, Any]:
        """Return the attributes that hold a text as the mark."""
        value: Any = text
        for name in reversed(self.field.split(".")):
            value = {name: value}
        found: dict[str, Any] = value
        return found

    def value(self, attributes: Mapping[str, Any]) -> Any:
        """Return the mark in a record's attributes; None without one."""
        value: Any = attributes
        for name in self.field.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
        return value


@dataclass(frozen=True, slots=True)
class Away:
    """The request that puts a record away: `method` to its own path, or to `path` below it."""

    method: str
    path: str = ""
    json: Any = None


@dataclass(frozen=True, slots=True)
class Creation:
    """A POST to `path`, whose `{…}` stand for one segment each, makes a record.

    - `mark`, `away`: how it is marked and put away; None: it cannot be.
    - `stays`: why a record may be made though nothing puts it away; "" if it may not.
    - `empties`: lists below the record that are deleted before it is put away.
    - `record`: the path under which the service shows the record, with `{id}`; None: `path/{id}`.
    - `id`: the member of the answer that holds the record's id.
    """

    path: str
    mark: Mark | None = None
    away: Away | None = None
    stays: str = ""
    empties: tuple[str, ...] = ()
    record: str | None = None
    id: str = "id"
    pattern: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Compile the path."""
        parts = map(re.escape, re.split(r"\{[^}]+\}", self.path))
        object.__setattr__(self, "pattern", re.compile("[^/]+".join(parts)))

    @property
    def obstacle(self) -> str:
        """What keeps a run from making such a record on a live service; "" if nothing does."""
        if self.mark is None:
            return "cannot be marked"
        if self.away is None and not self.stays:
            return "cannot be put away"
        return ""

    def path_of(self, path: str, id_: object) -> str:
        """Return the path of a record that a POST to `path` made."""
        return f"{path}/{id_}" if self.record is None else self.record.format(id=id_)


def creation(raw: Mapping[str, Any]) -> Creation:
    """Return a creation as `target.yaml` writes it."""
    mark, away = raw.get("mark"), raw.get("away")
    return Creation(
        raw["path"],
        Mark(**mark) if mark else None,
        Away(**away) if away else None,
        raw.get("stays", ""),
        tuple(raw.get("empties", ())),
        raw.get("record"),
        raw.get("id", "id"),
    )


def creation_at(kinds: Iterable[Creation], path: str) -> Creation | None:
    """Return the creation that a POST to a path is; None if the target names none."""
    return next((kind for kind in kinds if kind.pattern.fullmatch(path)), None)
