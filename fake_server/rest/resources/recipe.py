"""How an API's records are made of its resources."""

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import Connection, MetaData

from fake_server.rest.resources.registry import Resources
from fake_server.world.kinds import Kind
from fake_server.world.recipe import Brief, Recipe, Section, no_secrets
from fake_server.world.records import Seeding
from fake_server.world.world import World


def _nothing(section: Section) -> None:
    return None


def _no_kinds() -> Sequence[Kind]:
    return ()


def recipe_of(
    api: str,
    resources: Resources,
    *,
    check: Callable[[Section], None] = _nothing,
    credentials: Callable[[], Sequence[Kind]] = _no_kinds,
    secrets: Callable[[World], Iterable[str]] = no_secrets,
) -> Recipe:
    """Return how the records of an API are made.

    - `check`: raises `RecordError` for what a section says amiss of no resource.
    - `credentials`: returns the kinds of records that are no resource, such as tokens; they come
      before all others.
    - `secrets`: see `Recipe`.

    The resources are imported when an image is made or records are asked for, not at a start.
    """

    def tables() -> MetaData:
        return [resource.tables for resource in resources][-1]

    def populate(connection: Connection, brief: Brief) -> None:
        check(brief.section)
        seeding = Seeding(brief, connection)
        for resource in resources:
            resource.seed(seeding)

    def kinds() -> Sequence[Kind]:
        return (*credentials(), *resources)

    return Recipe(api, tables, populate, kinds, secrets)
