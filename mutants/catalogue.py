"""All mutants by their full names."""

from mutants import fabmanager, intra42, xurrent
from mutants.mutant import Mutant

ALL: tuple[Mutant, ...] = (*fabmanager.MUTANTS, *intra42.MUTANTS, *xurrent.MUTANTS)
MUTANTS: dict[str, Mutant] = {one.full_name: one for one in ALL}
