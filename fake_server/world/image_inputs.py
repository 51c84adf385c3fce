"""The inputs of an image. Equal inputs give the same image, byte for byte."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

Section = Mapping[str, Any]
"""One API's part of a dataset file, as parsed from YAML."""

DatasetPath = tuple[str | int, ...]
"""The path of a value in a dataset's section: keys and indexes."""


class ImageProgress(Protocol):
    """Receives the progress of making an image."""

    def __call__(self, label: str, done: int, total: int) -> None:
        """Report that `done` of `total` records of the kind `label` are made."""
        ...


def silent(label: str, done: int, total: int) -> None:
    """Report nothing."""


@dataclass(frozen=True, slots=True)
class ImageInputs:
    """The inputs of one API's image: a dataset's section, a seed and a start."""

    section: Section
    seed: int
    start: datetime
    progress: ImageProgress = field(default=silent, compare=False)
