"""The records that POSTs create on a live service: how they are marked and disabled."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

MARK_TEXT = "understudy contract test"
"""The text in the mark of every record that a run creates."""


@dataclass(frozen=True, slots=True)
class RecordMark:
    """How a record of a run is recognised.

    - `field`: the attribute that holds the mark; dots lead into objects, as in `loan.note`.
    - `text`: the text in that attribute.
    - `within`: the member of a body that has the attributes, if it has it.
    - `required`: the service refuses a record without the attribute, so that a request without it
      creates nothing.
    """

    field: str
    text: str = MARK_TEXT
    required: bool = False
    within: str = ""

    def attributes(self, text: str) -> dict[str, Any]:
        """Return the attributes that hold a text as the mark."""
        value: Any = text
        for name in reversed([*self._envelope, *self.field.split(".")]):
            value = {name: value}
        nested: dict[str, Any] = value
        return nested

    @property
    def _envelope(self) -> list[str]:
        return [self.within] if self.within else []

    def value(self, attributes: Mapping[str, Any]) -> Any:
        """Return the mark in a record's attributes; None without one."""
        value: Any = attributes.get(self.within, attributes) if self.within else attributes
        for name in self.field.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
        return value


@dataclass(frozen=True, slots=True)
class DisablingRequest:
    """The request that disables a record: `method` to its own path, or to `path` below it."""

    method: str
    path: str = ""
    json: Any = None


@dataclass(frozen=True, slots=True)
class Creation:
    """A POST to `path` that creates a record; each `{…}` in it stands for one segment.

    - `owner`: the credential that stands in its path: the record is one of whom a run may write of,
      and needs no mark. "": the path names nobody.
    - `mark`: how the record is marked; None: it cannot be.
    - `disabling`: the request that disables it; None: there is none.
    - `kept_because`: why it may be created though nothing disables it; "" if it may not.
    - `emptied_lists`: lists below the record that are deleted before it is disabled.
    - `record_path`: the path of the record, with `{id}`; None: `path/{id}`.
    - `id`: the member of the answer that holds the record's id.
    """

    path: str
    mark: RecordMark | None = None
    disabling: DisablingRequest | None = None
    kept_because: str = ""
    emptied_lists: tuple[str, ...] = ()
    record_path: str | None = None
    id: str = "id"
    owner: str = ""
    pattern: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Compile the pattern of the path."""
        parts = map(re.escape, re.split(r"\{[^}]+\}", self.path))
        object.__setattr__(self, "pattern", re.compile("[^/]+".join(parts)))

    @property
    def obstacle(self) -> str:
        """Why a run must not create such a record on a live service; "" if it may."""
        if self.mark is None and not self.owner:
            return "cannot be marked"
        if self.disabling is None and not self.kept_because:
            return "cannot be put away"
        return ""

    def path_of(self, path: str, id_: object) -> str:
        """Return the path of a record that a POST to `path` created."""
        return f"{path}/{id_}" if self.record_path is None else self.record_path.format(id=id_)


def creation(raw: Mapping[str, Any]) -> Creation:
    """Return a creation as `target.yaml` writes it."""
    mark, disabling = raw.get("mark"), raw.get("away")
    return Creation(
        raw["path"],
        RecordMark(**mark) if mark else None,
        DisablingRequest(**disabling) if disabling else None,
        raw.get("stays", ""),
        tuple(raw.get("empties", ())),
        raw.get("record"),
        raw.get("id", "id"),
        raw.get("owner", ""),
    )


def owned_by(creations: Iterable[Creation], credentials: Mapping[str, str]) -> tuple[Creation, ...]:
    """Return creations with the owners that credentials name in their paths.

    Those of an owner that no credential names are left out.
    """
    return tuple(
        replace(
            creation,
            path=creation.path.replace(f"{{{creation.owner}}}", credentials[creation.owner]),
        )
        if creation.owner
        else creation
        for creation in creations
        if not creation.owner or creation.owner in credentials
    )


def creation_at(creations: Iterable[Creation], path: str) -> Creation | None:
    """Return the creation for a POST to a path; None if the target declares none."""
    return next((creation for creation in creations if creation.pattern.fullmatch(path)), None)
