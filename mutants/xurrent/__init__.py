"""Defects of the 4me / Xurrent API."""

from . import (
    access,
    answers,
    combined,
    duration,
    filters,
    live,
    other_layers,
    pages,
    records,
    shared,
)

MUTANTS = (
    *duration.MUTANTS,
    *records.MUTANTS,
    *filters.MUTANTS,
    *pages.MUTANTS,
    *access.MUTANTS,
    *answers.MUTANTS,
    *live.MUTANTS,
    *shared.MUTANTS,
    *combined.MUTANTS,
    *other_layers.MUTANTS,
)
