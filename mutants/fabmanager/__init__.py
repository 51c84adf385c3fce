"""Defects of the Fab-manager Open API."""

from . import access, body, dates, filters, live, pages, unasked

MUTANTS = (
    *dates.MUTANTS,
    *filters.MUTANTS,
    *pages.MUTANTS,
    *body.MUTANTS,
    *access.MUTANTS,
    *live.MUTANTS,
    *unasked.MUTANTS,
)
