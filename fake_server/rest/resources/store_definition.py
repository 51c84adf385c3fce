"""Makes the store definition of an API from its resources."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from fake_server.rest.resources.resource_registry import Resources, loaded
from fake_server.world.image_inputs import ImageInputs
from fake_server.world.records.definition import StoreDefinition, no_secrets
from fake_server.world.world import World

if TYPE_CHECKING:
    from sqlalchemy import Connection, MetaData

    from fake_server.world.records.kinds import RecordKind


def store_definition(
    api: str,
    resources: Resources,
    *,
    check: str | None = None,
    credentials: str | None = None,
    secrets: Callable[[World], Iterable[str]] = no_secrets,
    logins: str | None = None,
) -> StoreDefinition:
    """Return how the records of an API are made.

    - `check`: a function, as `module:name`, that raises `RecordError` for a mistake in a section
      which is of no resource.
    - `credentials`: the kinds of records that are no resource, such as tokens, as `module:name`;
      they come before all others.
    - `secrets`: see `StoreDefinition`.
    - `logins`: a function, as `module:name`, that returns the logins of a world's people.

    All of them are imported when an image is made or records are read, not at a start.
    """

    def tables() -> MetaData:
        from fake_server.rest.resources.consistency import checked_resources

        return checked_resources(api, resources)[-1].tables

    def populate(connection: Connection, inputs: ImageInputs) -> None:
        from fake_server.rest.resources.consistency import explained
        from fake_server.world.records.tables import Seeding

        if check is not None:
            loaded(check)(inputs.section)
        seeding = Seeding(inputs, connection)
        for resource in resources:
            module = f"{resources.package}.{resource.name}"
            with explained(module, "its records cannot be made"):
                resource.seed(seeding)

    def kinds() -> Sequence[RecordKind]:
        others = () if credentials is None else loaded(credentials)
        records = (
            resource
            for resource in resources
            if resource.has_records and not resource.declaration.part_of
        )
        return (*others, *records)

    def found_logins(world: World) -> Sequence[str]:
        names: Sequence[str] = () if logins is None else loaded(logins)(world)
        return names

    people = None if logins is None else found_logins
    return StoreDefinition(api, tables, populate, kinds, secrets, people)
