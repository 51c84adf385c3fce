"""Defects of the 4me / Xurrent API."""

from . import access, answers, duration, filters, live, pages, records, shared, unasked

MUTANTS = (
    *duration.MUTANTS,
    *records.MUTANTS,
    *filters.MUTANTS,
    *pages.MUTANTS,
    *access.MUTANTS,
    *answers.MUTANTS,
    *live.MUTANTS,
    *shared.MUTANTS,
    *unasked.MUTANTS,
)
