"""Mutants: one defect of the fake, and the behaviours that should catch it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from fake_server.mutation.edits import Edit, SourceEdit

Profile = Literal["documented", "live"]
Layer = Literal["behaviour", "schema", "shape"]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One small defect.

    - `says`: the defect, in one line.
    - `likely`: behaviours (globs, without the API) whose tests should catch it; they run first.
    - `layer`: the layer that should catch it; `likely` is empty unless it is the behaviours'. The
      shapes of two recordings catch a defect that breaks no run.
    - `profile`: the profile of the run; `live` for a defect inside a quirk.
    - `stored`: the defect is in the records themselves, which the run must invent again.
    """

    api: str
    name: str
    says: str
    edit: Edit
    likely: tuple[str, ...]
    profile: Profile = "documented"
    stored: bool = False
    layer: Layer = "behaviour"

    @property
    def full_name(self) -> str:
        """The name behind that of its API."""
        return f"{self.api}.{self.name}"

    @property
    def first_globs(self) -> tuple[str, ...]:
        """The globs of the behaviours that run first."""
        return tuple(f"{self.api}.{glob}" for glob in self.likely)

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Apply the defect while the block runs; create applications within it."""
        with self.edit.applied():
            yield


@dataclass(frozen=True, slots=True)
class ApiMutants:
    """Makes the mutants of one API, whose code is in `package`."""

    api: str
    package: str

    def mutant(
        self,
        name: str,
        says: str,
        edit: Edit,
        *likely: str,
        profile: Profile = "documented",
        stored: bool = False,
    ) -> Mutant:
        """Return a mutant of this API; see `Mutant`."""
        return Mutant(self.api, name, says, edit, likely, profile, stored)

    def layer_mutant(self, name: str, says: str, edit: Edit, layer: Layer) -> Mutant:
        """Return a mutant that another layer than the behaviours catches; see `Mutant`."""
        return Mutant(self.api, name, says, edit, (), layer=layer)

    def edit(self, target: str, old: str, new: str) -> SourceEdit:
        """Return an edit in this API's package; `target` is `module:name` below it."""
        return SourceEdit(f"{self.package}.{target}", old, new)
