"""Defects of the 42 intra API."""

from . import (
    access,
    answers,
    coalitions,
    combined,
    filters,
    graphs,
    lists,
    live,
    locations,
    other_layers,
    shared,
)

MUTANTS = (
    *graphs.MUTANTS,
    *lists.MUTANTS,
    *filters.MUTANTS,
    *locations.MUTANTS,
    *coalitions.MUTANTS,
    *access.MUTANTS,
    *answers.MUTANTS,
    *live.MUTANTS,
    *shared.MUTANTS,
    *combined.MUTANTS,
    *other_layers.MUTANTS,
)
