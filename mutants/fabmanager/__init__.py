"""Defects of the Fab-manager Open API."""

from . import (
    access,
    body,
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
    *other_layers.MUTANTS,
)
