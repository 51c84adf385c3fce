"""What a mutant is."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from fake_server.mutation.slips import Edit, Slip

Profile = Literal["documented", "live"]
Layer = Literal["behaviour", "schema", "shape"]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One small defect.

    - `says`: what is wrong, in one line.
    - `likely`: behaviours (globs, without the API) whose tests should see it; run first.
    - `layer`: that which should see it; `likely` is empty unless it is the behaviours'. What only
      the shapes show is no defect to the run itself: it is in the recordings.
    - `profile`: that of the run; `live` for a defect inside a quirk.
    - `stored`: the defect is in the records themselves, which so must be made anew.
    """

    api: str
    name: str
    says: str
    slip: Slip
    likely: tuple[str, ...]
    profile: Profile = "documented"
    stored: bool = False
    layer: Layer = "behaviour"

    @property
    def full_name(self) -> str:
        """The name with its API's."""
        return f"{self.api}.{self.name}"

    @property
    def first(self) -> tuple[str, ...]:
        """The globs of the behaviours to run first."""
        return tuple(f"{self.api}.{one}" for one in self.likely)

    @contextmanager
    def made(self) -> Iterator[None]:
        """Switch the defect on; applications must be made within."""
        with self.slip.made():
            yield


@dataclass(frozen=True, slots=True)
class Defects:
    """Makes the mutants of one API, whose code is in `package`."""

    api: str
    package: str

    def mutant(
        self,
        name: str,
        says: str,
        slip: Slip,
        *likely: str,
        profile: Profile = "documented",
        stored: bool = False,
    ) -> Mutant:
        """Return a mutant of this API; see `Mutant`."""
        return Mutant(self.api, name, says, slip, likely, profile, stored)

    def unasked(self, name: str, says: str, slip: Slip, layer: Layer) -> Mutant:
        """Return a mutant that no behaviour speaks of; see `Mutant`."""
        return Mutant(self.api, name, says, slip, (), layer=layer)

    def edit(self, place: str, old: str, new: str) -> Edit:
        """Return an edit in this API's package; `place` is `module:name` below it."""
        return Edit(f"{self.package}.{place}", old, new)
