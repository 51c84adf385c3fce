"""The worlds of a new application, with the APIs whose records can be made."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from fake_server.data_files import registry
from fake_server.errors import DatasetError, DeclarationError, UserError
from fake_server.rest.api_definition import Api
from fake_server.rest.faults import require_possible
from fake_server.world.datasets.dataset import Dataset, is_bundled, load
from fake_server.world.world import World
from fake_server.world.world_settings import Settings
from fake_server.world.worlds import Worlds

ReportLine = Callable[[str], None]
"""Takes the one line that says why an API is left out."""


def begin_worlds(
    declared: Mapping[str, Api], dataset: str, settings: Settings, report: ReportLine | None
) -> Worlds:
    """Return the worlds of some APIs.

    A mistake in the records of the world `default` shows here: those that may have one are made.
    The others are made at the first request for them.

    With `report`, an API is left out whose package has a mistake: in its declarations, or in its
    section of a bundled dataset. Raises `UserError` for any other mistake.
    """
    usable = dict(declared) if report is None else _readable(declared, dataset, report)
    loaded = load(dataset, usable)
    check_fault = partial(require_possible, declared=dict(usable))
    definitions = {name: api.definition for name, api in usable.items()}
    worlds = Worlds(definitions, loaded, replace(settings, check_fault=check_fault))
    for name in definitions:
        if _is_sound(name, worlds.default):
            continue
        try:
            worlds.default.store(name)
        except UserError as mistake:
            if report is None or not _is_of_package(mistake, loaded):
                raise
            report(str(mistake))
            del usable[name]
    return (
        worlds
        if len(usable) == len(definitions)
        else begin_worlds(usable, dataset, settings, report)
    )


def _is_sound(api: str, world: World) -> bool:
    """Return whether the records of an API in a world can be made later: they have no mistake.

    They were made before, or dataset and API are both of this distribution. Records on disk are
    many: a request should not wait for them.
    """
    dataset = world.dataset
    ours = dataset.path is not None and is_bundled(dataset.path) and registry.is_bundled(api)
    return (ours and not world.on_disk) or world.has_image(api)


def _readable(declared: Mapping[str, Api], dataset: str, report: ReportLine) -> dict[str, Api]:
    """Return the APIs whose sections of a dataset can be read.

    Raises `DatasetError` for what is wrong outside of them.
    """
    try:
        load(dataset, declared)
    except DatasetError:
        load(dataset, ())
        return {name: api for name, api in declared.items() if _can_load(dataset, name, report)}
    return dict(declared)


def _can_load(dataset: str, api: str, report: ReportLine) -> bool:
    try:
        load(dataset, [api])
    except DatasetError as mistake:
        report(str(mistake))
        return False
    return True


def _is_of_package(mistake: UserError, dataset: Dataset) -> bool:
    """Return whether a mistake is one of an API's package, which has sections of its own."""
    bundled = dataset.path is not None and is_bundled(dataset.path)
    return isinstance(mistake, DeclarationError) or (bundled and isinstance(mistake, DatasetError))
