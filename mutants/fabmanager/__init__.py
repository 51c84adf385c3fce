"""Defects of the Fab-manager Open API."""

from . import access, body, combined, dates, filters, live, other_layers, pages, shared

MUTANTS = (
    *dates.MUTANTS,
    *filters.MUTANTS,
    *pages.MUTANTS,
    *body.MUTANTS,
    *access.MUTANTS,
    *live.MUTANTS,
    *shared.MUTANTS,
    *combined.MUTANTS,
    *other_layers.MUTANTS,
)
