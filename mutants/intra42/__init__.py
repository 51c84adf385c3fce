"""Defects of the 42 intra API."""

from . import (
    access,
    answers,
    coalitions,
    combined,
    exams,
    filters,
    graphs,
    lists,
    live,
    locations,
    login,
    other_layers,
    projects,
    quests,
    shared,
    users,
)

MUTANTS = (
    *graphs.MUTANTS,
    *lists.MUTANTS,
    *filters.MUTANTS,
    *locations.MUTANTS,
    *users.MUTANTS,
    *login.MUTANTS,
    *coalitions.MUTANTS,
    *access.MUTANTS,
    *answers.MUTANTS,
    *live.MUTANTS,
    *shared.MUTANTS,
    *combined.MUTANTS,
    *exams.MUTANTS,
    *quests.MUTANTS,
    *projects.MUTANTS,
    *other_layers.MUTANTS,
)
