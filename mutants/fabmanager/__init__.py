"""Defects of the Fab-manager Open API."""

from . import access, body, dates, filters, live, pages, shared, unasked

MUTANTS = (
    *dates.MUTANTS,
    *filters.MUTANTS,
    *pages.MUTANTS,
    *body.MUTANTS,
    *access.MUTANTS,
    *live.MUTANTS,
    *shared.MUTANTS,
    *unasked.MUTANTS,
)
