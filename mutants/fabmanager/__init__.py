"""Defects of the Fab-manager Open API."""

from . import (
    access,
    body,
    combined,
    dates,
    events,
    filters,
    live,
    machines,
    offer,
    other_layers,
    pages,
    people,
    sales,
    shared,
)

MUTANTS = (
    *dates.MUTANTS,
    *filters.MUTANTS,
    *pages.MUTANTS,
    *body.MUTANTS,
    *access.MUTANTS,
    *people.MUTANTS,
    *machines.MUTANTS,
    *events.MUTANTS,
    *live.MUTANTS,
    *offer.MUTANTS,
    *sales.MUTANTS,
    *shared.MUTANTS,
    *combined.MUTANTS,
    *other_layers.MUTANTS,
)
