"""The surface for mutants, the small defects that prove that contract tests catch defects.

A package of mutants has a tuple `MUTANTS`; `fake-server mutants` runs them. The names are part of
surface 1 and stay as they are.
"""

from fake_server.mutation.edits import ConstantEdit, MappingEdit, SourceEdit
from fake_server.mutation.mutant import ApiMutants, Mutant

__all__ = ["ApiMutants", "ConstantEdit", "MappingEdit", "Mutant", "SourceEdit"]
