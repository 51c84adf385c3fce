"""Defects of the 4me / Xurrent API."""

from . import access, answers, duration, filters, live, pages, records, unasked

MUTANTS = (
    *duration.MUTANTS,
    *records.MUTANTS,
    *filters.MUTANTS,
    *pages.MUTANTS,
    *access.MUTANTS,
    *answers.MUTANTS,
    *live.MUTANTS,
    *unasked.MUTANTS,
)
