"""Defects of the 42 intra API."""

from . import access, answers, filters, graphs, lists, live, locations, shared, unasked

MUTANTS = (
    *graphs.MUTANTS,
    *lists.MUTANTS,
    *filters.MUTANTS,
    *locations.MUTANTS,
    *access.MUTANTS,
    *answers.MUTANTS,
    *live.MUTANTS,
    *shared.MUTANTS,
    *unasked.MUTANTS,
)
