"""The surface for mutants, the small defects that prove what an API's contract tests see.

A package of mutants has a tuple `MUTANTS`; `fake-server mutants` runs them. All names are
provisional, as those of `fake_server.contract`.
"""

from fake_server.mutation.mutant import Defects, Mutant
from fake_server.mutation.slips import Constant, Edit, Entries

__all__ = ["Constant", "Defects", "Edit", "Entries", "Mutant"]
